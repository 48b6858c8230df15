"""The catalogue of addresses: every URL pattern of the site, and the rows of the matrix that ask for it.

A pattern without a row says why it needs none. A row that is named here has to ask for the pattern:
``test_catalogue.py`` listens.
"""

from tests.embargo.catalogue.entry import Group

ADMIN_PAGES = Group(
    "admin/pages/",
    "What names no way only shows, asks, or keeps a lock or a comment.",
    {
        "": ("admin: listing from the top",),
        "<int:parent_page_id>/": (
            "a page of the other branch's own staff",
            "admin: listing",
            "admin: listing from the top",
        ),
        "<int:parent_page_id>/results/": ("admin: listing",),
        "add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/": (
            "a page of the other branch's own staff",
            "admin: create a board and publish",
            "admin: create and publish",
            "localize: a page made where another language follows",
        ),
        "add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/preview/": (
            "admin: every address there is",
        ),
        "usage/<slug:content_type_app_name>/<slug:content_type_model_name>/": (
            "admin: pages of a type",
        ),
        "create/<slug:app_label>/<slug:model_name>": ("admin: pages of a type",),
        "usage/<slug:content_type_app_name>/<slug:content_type_model_name>/results/": (
            "admin: pages of a type",
        ),
        "<int:page_id>/usage/": ("admin: usage",),
        "<int:page_id>/edit/": (
            "a page of the other branch's own staff",
            "admin: approve with changes in the same form",
            "admin: edit",
            "admin: edit and publish",
            "admin: edit and publish at a later date",
            "admin: lock, edit and publish",
            "admin: submit to a workflow without tasks",
            "admin: submit, and approve alone",
            "admin: unpublish, then publish",
            "localize: publish in the translation's editor",
            "localize: stop and restart a translation, then publish",
        ),
        "<int:page_id>/edit/preview/": (
            "admin: edit",
            "admin: preview",
        ),
        "<int:page_id>/view_draft/": ("admin: preview of the draft",),
        "<int:parent_page_id>/add_subpage/": ("admin: add below",),
        "<int:page_id>/delete/": (
            "admin: delete",
            "admin: move and copy",
        ),
        "<int:page_id>/unpublish/": (
            "admin: move and copy",
            "admin: unpublish, then publish",
        ),
        "<int:page_id>/convert_alias/": (
            "admin: convert an alias",
            "admin: move and copy",
        ),
        "search/": ("admin: search",),
        "search/results/": ("admin: search",),
        "<int:page_to_move_id>/move/": ("admin: move and copy",),
        "<int:page_to_move_id>/move/<int:destination_id>/confirm/": (
            "admin: move an ordinary public page below the closed board",
            "admin: move to an approved branch",
        ),
        "<int:page_to_move_id>/set_position/": ("admin: move to the first place",),
        "<int:page_id>/copy/": (
            "admin: copy as an alias",
            "admin: copy, published",
            "admin: move and copy",
            "admin: publish the ordinary page's mirror below the gate",
        ),
        "workflow/action/<int:page_id>/<slug:action_name>/<int:task_state_id>/": (
            "admin: a review of another page in the address",
            "admin: a stock task put into the workflow",
            "admin: approve with a comment, by the author",
            "admin: review",
            "admin: submit, and approve alone",
        ),
        "workflow/collect_action_data/<int:page_id>/<slug:action_name>/<int:task_state_id>/": (
            "admin: review",
        ),
        "workflow/confirm_cancellation/<int:page_id>/": (
            "admin: a review cancelled",
            "admin: review",
        ),
        "workflow/preview/<int:page_id>/<int:task_id>/": ("admin: review",),
        "<int:page_id>/privacy/": (
            "admin: make it private with a password",
            "admin: privacy and locks",
        ),
        "<int:page_id>/lock/": (
            "admin: lock, edit and publish",
            "admin: privacy and locks",
        ),
        "<int:page_id>/unlock/": ("admin: privacy and locks",),
        "<int:page_id>/revisions/": ("admin: history",),
        "<int:page_id>/revisions/<int:revision_id>/view/": ("admin: old versions",),
        "<int:page_id>/revisions/<int:revision_id>/revert/": (
            "admin: old versions",
            "admin: revert to an old version and publish",
        ),
        "<int:page_id>/revisions/<int:revision_id>/unschedule/": (
            "admin: old versions",
            "admin: unschedule",
        ),
        r"(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$": (
            "admin: old versions",
        ),
        "<int:page_id>/workflow_history/": ("admin: history",),
        "<int:page_id>/workflow_history/detail/<int:workflow_state_id>/": ("admin: review",),
        "<int:page_id>/history/": ("admin: history",),
        "<int:page_id>/history/results/": ("admin: history",),
    },
)

ADMIN_CHOOSERS = Group(
    "admin/choose-",
    "They show; a link is saved with the page that it is put into.",
    {
        "page/": ("admin: page chooser",),
        "page/<int:parent_page_id>/": ("admin: page chooser",),
        "page/search/": ("admin: page chooser's search",),
        "page/chosen-multiple/": ("admin: pages chosen",),
        "external-link/": ("admin: a link's address turned into a page",),
        "email-link/": ("admin: every list there is",),
        "phone-link/": ("admin: every list there is",),
        "anchor-link/": ("admin: every list there is",),
    },
)

ADMIN_API = Group(
    "admin/api/",
    "Its actions on pages are rows by name; images and documents hold nothing gated.",
    {
        "main/pages/": ("admin API: pages",),
        "main/pages/<int:pk>/": ("admin API: pages",),
        "main/pages/find/": ("admin: every list there is",),
        "main/pages/<int:pk>/action/<str:action_name>/": (
            "admin API: actions",
            "admin API: convert an alias",
            "admin API: copy for translation",
            "admin API: copy the board with all below, live",
            "admin API: copy, live",
            "admin API: create an alias",
            "admin API: delete",
            "admin API: move to an approved branch",
            "admin API: publish",
            "admin API: publish the programme",
            "admin API: revert",
            "admin API: unpublish with all below, then publish",
        ),
        "main/documents/": ("admin: every list there is",),
        "main/documents/<int:pk>/": ("admin: every address there is",),
        "main/documents/find/": ("admin: every list there is",),
        "main/images/": ("admin: every list there is",),
        "main/images/<int:pk>/": ("admin: every address there is",),
        "main/images/find/": ("admin: every list there is",),
    },
)

ADMIN_BULK = Group(
    "admin/bulk/",
    "Which actions there are stands in the catalogue of actions.",
    {
        "<str:app_label>/<str:model_name>/<str:action>/": (
            "admin: bulk delete",
            "admin: bulk move to an approved branch",
            "admin: bulk publish board and programme",
            "admin: bulk publish the front page with all below",
            "admin: bulk publish the page",
            "admin: bulk unpublish, then bulk publish",
            "admin: ticked pages",
        ),
    },
)

ADMIN_REPORTS = Group(
    "admin/reports/",
    "They show.",
    {
        "locked/": ("admin: reports",),
        "locked/results/": ("admin: every list there is",),
        "workflow/": ("admin: reports",),
        "workflow/results/": ("admin: every list there is",),
        "workflow_tasks/": ("admin: reports",),
        "workflow_tasks/results/": ("admin: every list there is",),
        "site-history/": (
            "admin: reports",
            "admin: site history by name",
        ),
        "site-history/results/": ("admin: every list there is",),
        "aging-pages/": ("admin: reports",),
        "aging-pages/results/": ("admin: every list there is",),
        "page-types-usage/": ("admin: reports",),
        "page-types-usage/results/": ("admin: every list there is",),
    },
)

ADMIN_WORKFLOWS = Group(
    "admin/workflows/",
    "What a workflow consists of: that no workflow publishes without a second person is in the ways.",
    {
        "list/": ("admin: workflows and tasks",),
        "list/results/": ("admin: every list there is",),
        "add/": ("admin: every list there is",),
        "enable/<int:pk>/": ("admin: the workflow disabled",),
        "disable/<int:pk>/": ("admin: the workflow disabled",),
        "edit/<int:pk>/": ("admin: workflows and tasks",),
        "usage/<int:pk>/": ("admin: workflows and tasks",),
        "usage/<int:pk>/results/": ("admin: every address there is",),
        "remove/<int:page_pk>/": ("admin: every address there is",),
        "remove/<int:page_pk>/<int:workflow_pk>/": (
            "admin: the workflow taken off the branch, then published",
        ),
        "tasks/add/<str:app_label>/<str:model_name>/": ("admin: every address there is",),
        "tasks/select_type/": ("admin: every list there is",),
        "tasks/index/": ("admin: workflows and tasks",),
        "tasks/index/results/": ("admin: every list there is",),
        "tasks/edit/<int:pk>/": ("admin: workflows and tasks",),
        "tasks/disable/<int:pk>/": ("admin: the moderation task disabled",),
        "tasks/enable/<int:pk>/": ("admin: the workflow disabled",),
        "task_chooser/": ("admin: workflows and tasks",),
        "task_chooser/results/": ("admin: every list there is",),
        "task_chooser/create/": ("admin: every list there is",),
        "task_chooser/<int:task_id>/": ("admin: workflows and tasks",),
    },
)

ADMIN_OURS = Group(
    "admin/pledge-boards/",
    "Our own steps with pilots, and the records of the office: tested in tests/office and tests/people.",
    {
        "checks/": ("admin: checks",),
        "checks/due/<int:pk>/": ("admin: checks",),
        "checks/open/<int:pk>/<uuid:key>/": ("admin: checks",),
        "checks/branch/<int:pk>/": ("admin: pledges of the branch",),
        "checks/branch/<int:pk>/put/": ("admin: pledges of the branch",),
        "checks/branch/<int:pk>/<uuid:key>/find/": ("admin: pledges of the branch",),
        "checks/branch/<int:pk>/<uuid:key>/confirm/": ("admin: pledges of the branch",),
        "checks/branch/<int:pk>/<uuid:key>/drop/": ("admin: pledges of the branch",),
        "checks/<int:pk>/": ("admin: checks",),
        "checks/<int:pk>/<slug:verb>/": ("admin: checks",),
        "members/account/<int:pk>/": ("admin: accounts of members",),
        "members/account/<int:pk>/confirm/": ("admin: accounts of members",),
        "members/account/<int:pk>/close/": ("admin: accounts of members",),
        "assignments/": ("admin: tasks",),
        "assignments/new/<int:pk>/": ("admin: tasks",),
        "assignments/late/<int:pk>/": ("admin: tasks",),
        "assignments/<int:pk>/": ("admin: tasks",),
        "assignments/<int:pk>/<slug:verb>/": ("admin: tasks",),
        "pilots/<int:pk>/village/": ("admin: village links",),
        "pilots/<int:pk>/print/": ("admin: print",),
        "pilots/<int:pk>/print/preview.png": ("admin: print",),
        "printed-sheets/<int:pk>/settle/": ("admin: print",),
        "overview/": ("admin: at a glance",),
        "pilots/<int:pk>/dossier/": ("admin: at a glance",),
        "pilots/<int:pk>/export/": ("admin: at a glance",),
        "pilots/<int:pk>/import/": ("admin: a roster imported",),
        "supervision/": ("admin: supervision",),
        "supervision/results/": ("admin: supervision",),
        "supervision/enter/": ("admin: supervision",),
        "supervision/<uuid:pk>/": ("admin: supervision",),
        "supervision/<uuid:pk>/<slug:step>/": ("admin: supervision",),
        "village-links/<int:pk>/": ("admin: village links",),
        "village-links/<int:pk>/replace/": ("admin: village links",),
        "village-links/<int:pk>/revoke/": ("admin: village links",),
        "village-links/<int:pk>/code.<slug:kind>": ("admin: village links",),
        "rule-books/": ("admin: rule book",),
        "rule-books/<int:pk>/": ("admin: rule book",),
        "rule-books/<int:pk>/compare/": ("admin: rule book",),
        "rule-books/<int:pk>/what-if/": ("admin: rule book",),
        "rule-books/begin/<int:pk>/": ("admin: rule book",),
        "rule-books/<int:pk>/draft/": ("admin: rule book",),
        "rule-books/<int:pk>/edit/": ("admin: rule book",),
        "rule-books/<int:pk>/approve/": ("admin: rule book",),
        "rule-books/<int:pk>/withdraw/": ("admin: rule book",),
        "rule-books/<int:pk>/clauses/new/": ("admin: rule book",),
        "rule-books/<int:pk>/clauses/<slug:code>/": ("admin: rule book",),
        "rule-books/<int:pk>/grades/new/": ("admin: rule book",),
        "rule-books/<int:pk>/grades/<slug:code>/": ("admin: rule book",),
        "points/": ("admin: points",),
        "points/<int:pk>/<int:year>/": ("admin: points",),
        "points/<int:pk>/<int:year>/open/": ("admin: points",),
        "points/<int:pk>/<int:year>/waiting/": ("admin: points",),
        "points/members/<int:pk>/<int:year>/": ("admin: points",),
        "points/members/<int:pk>/<int:year>/enter/": ("admin: points",),
        "points/entries/<int:pk>/reverse/": ("admin: points",),
        "points/entries/<int:pk>/appeal/": ("admin: points",),
        "points/entries/<int:pk>/decide/": ("admin: points",),
        "reviews/": ("admin: reviews",),
        "reviews/open/<int:pk>/": ("admin: reviews",),
        "reviews/<int:review>/": ("admin: reviews",),
        "reviews/<int:review>/<slug:verb>/": ("admin: reviews",),
        "reviews/<int:review>/members/<int:entry>/": ("admin: reviews",),
        "reviews/<int:review>/members/<int:entry>/<slug:verb>/": ("admin: reviews",),
        "pledge-templates/": ("admin: every list there is",),
        "pledge-templates/results/": ("admin: every list there is",),
        "pledge-templates/new/": ("admin: every list there is",),
        "pledge-templates/edit/<int:pk>/": ("admin: every address there is",),
        "pledge-templates/delete/<int:pk>/": ("admin: every address there is",),
        "pledge-templates/history/<int:pk>/": ("admin: every address there is",),
        "pledge-templates/history-results/<int:pk>/": ("admin: every address there is",),
        "pledge-templates/usage/<int:pk>/": ("admin: every address there is",),
        "members/": ("admin: every list there is",),
        "members/results/": ("admin: every list there is",),
        "members/new/": ("admin: every list there is",),
        "members/edit/<int:pk>/": (
            "admin: a member given an office and posts by an editor",
            "admin: a member renamed by an editor",
            "admin: the member's own data sent by the editor",
        ),
        "members/delete/<int:pk>/": ("admin: every address there is",),
        "members/history/<int:pk>/": ("admin: every address there is",),
        "members/history-results/<int:pk>/": ("admin: every address there is",),
        "members/usage/<int:pk>/": ("admin: every address there is",),
        "members/inspect/<int:pk>/": ("admin: every address there is",),
        "members/consent/paper/<int:pk>/": ("admin: scans of consents",),
        "members/consent/<int:pk>/": ("admin: every address there is",),
        "members/withdraw/<int:pk>/": ("admin: every address there is",),
        "quiet-words/": ("admin: every list there is",),
        "quiet-words/results/": ("admin: every list there is",),
        "quiet-words/new/": ("admin: every list there is",),
        "quiet-words/edit/<int:pk>/": ("admin: every address there is",),
        "quiet-words/delete/<int:pk>/": ("admin: every address there is",),
        "quiet-words/history/<int:pk>/": ("admin: every address there is",),
        "quiet-words/history-results/<int:pk>/": ("admin: every address there is",),
        "quiet-words/usage/<int:pk>/": ("admin: every address there is",),
        "pages/<int:page_id>/quiet-words/": ("admin: every address there is",),
        "categories/": ("admin: every list there is",),
        "categories/results/": ("admin: every list there is",),
        "categories/new/": ("admin: every list there is",),
        "categories/edit/<int:pk>/": ("admin: every address there is",),
        "categories/delete/<int:pk>/": ("admin: every address there is",),
        "categories/history/<int:pk>/": ("admin: every address there is",),
        "categories/history-results/<int:pk>/": ("admin: every address there is",),
        "categories/usage/<int:pk>/": ("admin: every address there is",),
        "offices/": ("admin: every list there is",),
        "offices/results/": ("admin: every list there is",),
        "offices/new/": ("admin: every list there is",),
        "offices/edit/<int:pk>/": ("admin: every address there is",),
        "offices/delete/<int:pk>/": ("admin: every address there is",),
        "offices/history/<int:pk>/": ("admin: every address there is",),
        "offices/history-results/<int:pk>/": ("admin: every address there is",),
        "offices/usage/<int:pk>/": ("admin: every address there is",),
        "posts/": ("admin: every list there is",),
        "posts/results/": ("admin: every list there is",),
        "posts/new/": ("admin: every list there is",),
        "posts/edit/<int:pk>/": ("admin: every address there is",),
        "posts/delete/<int:pk>/": ("admin: every address there is",),
        "posts/history/<int:pk>/": ("admin: every address there is",),
        "posts/history-results/<int:pk>/": ("admin: every address there is",),
        "posts/usage/<int:pk>/": ("admin: every address there is",),
        "programmes/": ("admin: every list there is",),
        "programmes/results/": ("admin: every list there is",),
        "programmes/edit/<int:pk>/": ("admin: every address there is",),
        "programmes/delete/<int:pk>/": ("admin: every address there is",),
        "programmes/history/<int:pk>/": ("admin: every address there is",),
        "programmes/history-results/<int:pk>/": ("admin: every address there is",),
        "programmes/usage/<int:pk>/": ("admin: every address there is",),
        "waves-list/": ("admin: every list there is",),
        "waves-list/results/": ("admin: every list there is",),
        "waves-list/new/": ("admin: every list there is",),
        "waves-list/edit/<int:pk>/": ("admin: every address there is",),
        "waves-list/delete/<int:pk>/": ("admin: every address there is",),
        "waves-list/history/<int:pk>/": ("admin: every address there is",),
        "waves-list/history-results/<int:pk>/": ("admin: every address there is",),
        "waves-list/usage/<int:pk>/": ("admin: every address there is",),
        "pilots/": ("admin: pledge boards",),
        "pilots/results/": ("admin: pledge boards",),
        "pilots/open/": ("admin: every list there is",),
        "programmes/open/": ("admin: every list there is",),
        "pilots/<int:pk>/": ("admin: pledge boards",),
        "pilots/<int:pk>/edit/": ("admin: pledge boards",),
        "pilots/<int:pk>/announce/": ("admin: pledge boards",),
        "pilots/<int:pk>/<slug:verb>/": ("admin: pledge boards",),
        "waves/<int:pk>/": ("admin: pledge boards",),
        "waves/<int:pk>/<slug:verb>/": ("admin: pledge boards",),
        "held/": ("admin: pledge boards",),
        "held/results/": ("admin: pledge boards",),
        "look-through/": ("admin: pledge boards",),
        "leak-checks/": ("admin: leak check",),
        "leak-checks/begin/": ("admin: leak check",),
        "leak-checks/<int:pk>/": ("admin: leak check",),
        "trail/": ("admin: every list there is",),
        "trail/file/": ("admin: every list there is",),
        "restored/": ("admin: every list there is",),
        "waiting/<slug:which>/": ("admin: every address there is",),
        "pages/<int:page_id>/held/": ("admin: pledge boards",),
        "pages/<int:page_id>/library/": ("admin: pledges from the library",),
        "pages/<int:page_id>/translation/": ("admin: every address there is",),
        "pages/<int:page_id>/withdraw/": (
            "admin: pledge boards",
            "admin: withdraw an approval, as its author",
        ),
    },
)

ADMIN_LOCALIZE = Group(
    "admin/localize/",
    "Translations are saved as drafts; snippets are none of ours.",
    {
        "jsi18n/": ("admin: every list there is",),
        "submit/page/<int:page_id>/": (
            "admin: translations",
            "localize: submit the page for translation",
        ),
        "submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/": (
            "admin: every address there is",
        ),
        "update/<int:translation_source_id>/": (
            "admin: translations",
            "localize: update translations and publish",
        ),
        "translate/<int:translation_id>/strings/<int:string_segment_id>/edit/": (
            "admin: translations",
            "localize: a translated string",
        ),
        "translate/<int:translation_id>/overrides/<int:overridable_segment_id>/edit/": (
            "localize: what a translation overrides",
        ),
        "translate/<int:translation_id>/pofile/download/": ("admin: translations",),
        "translate/<int:translation_id>/pofile/upload/": (
            "localize: a file of translations uploaded",
        ),
        "translate/<int:translation_id>/machine_translate/": ("admin: translations",),
        "translate/<int:translation_id>/preview/": (
            "admin: translations",
            "localize: a translated string",
        ),
        "translate/<int:translation_id>/preview/<str:mode>/": ("admin: every address there is",),
        "translate/<int:translation_id>/disable/": (
            "admin: translations",
            "localize: stop and restart a translation, then publish",
        ),
        "page/<int:page_id>/convert_to_alias/": (
            "admin: translations",
            "localize: convert to an alias",
        ),
        "reports/translations/": ("admin: translations",),
        "api/snippets/<slug:app_label>/<slug:model_name>/": ("admin: every address there is",),
        "api/snippets/<slug:app_label>/<slug:model_name>/<str:pk>/": (
            "admin: every address there is",
        ),
        "reports/translations/results/": ("admin: translations",),
    },
)

ADMIN_REDIRECTS = Group(
    "admin/redirects/",
    "Another address for a page, which it answers as the page's own does.",
    {
        "": ("admin: redirects",),
        "results/": ("admin: every list there is",),
        "add/": ("admin: a redirect to it",),
        "<int:redirect_id>/": ("admin: redirects",),
        "<int:redirect_id>/delete/": ("admin: every address there is",),
        "import/": ("admin: every list there is",),
        "import/process/": ("admin: every list there is",),
    },
)

ADMIN_USERS = Group(
    "admin/users/",
    "Users: names, passwords, groups. Who is in a group of a pilot has its rights.",
    {
        "": ("admin: every list there is",),
        "results/": ("admin: every list there is",),
        "new/": ("admin: every list there is",),
        "edit/<int:pk>/": ("admin: every address there is",),
        "delete/<int:pk>/": ("admin: every address there is",),
        "history/<int:pk>/": ("admin: every address there is",),
        "history-results/<int:pk>/": ("admin: every address there is",),
        "usage/<int:pk>/": ("admin: every address there is",),
        "copy/<int:pk>/": ("admin: every address there is",),
    },
)

ADMIN_GROUPS = Group(
    "admin/groups/",
    "Groups and their permissions, which do not flow through a gate.",
    {
        "": ("admin: every list there is",),
        "results/": ("admin: every list there is",),
        "new/": ("admin: every list there is",),
        "edit/<int:pk>/": ("admin: every address there is",),
        "delete/<int:pk>/": ("admin: every address there is",),
        "history/<int:pk>/": ("admin: every address there is",),
        "history-results/<int:pk>/": ("admin: every address there is",),
        "usage/<int:pk>/": ("admin: every address there is",),
    },
)

ADMIN_TOKENS = Group(
    "admin/api-tokens/",
    "Tokens, which may do what their user may.",
    {
        "": ("admin: every list there is",),
        "results/": ("admin: every list there is",),
        "new/": ("admin: every list there is",),
        "edit/<int:pk>/": ("admin: every address there is",),
        "delete/<int:pk>/": ("admin: every address there is",),
        "history/<int:pk>/": ("admin: every address there is",),
        "history-results/<int:pk>/": ("admin: every address there is",),
        "usage/<int:pk>/": ("admin: every address there is",),
    },
)

ADMIN_SITES = Group(
    "admin/sites/",
    "Host names and front pages: a hidden page stays hidden as a site's front page.",
    {
        "": ("admin: every list there is",),
        "results/": ("admin: every list there is",),
        "new/": ("admin: every list there is",),
        "edit/<int:pk>/": ("admin: every address there is",),
        "delete/<int:pk>/": ("admin: every address there is",),
        "history/<int:pk>/": ("admin: every address there is",),
        "history-results/<int:pk>/": ("admin: every address there is",),
        "usage/<int:pk>/": ("admin: every address there is",),
        "copy/<int:pk>/": ("admin: every address there is",),
    },
)

ADMIN_LOCALES = Group(
    "admin/locales/",
    "Languages; a tree that follows another is made of drafts.",
    {
        "": ("admin: every list there is",),
        "results/": ("admin: every list there is",),
        "new/": ("admin: every list there is",),
        "edit/<int:pk>/": ("admin: every address there is",),
        "delete/<int:pk>/": ("admin: every address there is",),
        "history/<int:pk>/": ("admin: every address there is",),
        "history-results/<int:pk>/": ("admin: every address there is",),
        "usage/<int:pk>/": ("admin: every address there is",),
        "copy/<int:pk>/": ("admin: every address there is",),
    },
)

ADMIN_COLLECTIONS = Group(
    "admin/collections/",
    "Folders of images and documents, which hold nothing gated.",
    {
        "": ("admin: every list there is",),
        "add/": ("admin: every list there is",),
        "<int:pk>/": ("admin: every address there is",),
        "<int:pk>/delete/": ("admin: every address there is",),
        "<int:collection_id>/privacy/": ("admin: every address there is",),
    },
)

ADMIN_IMAGES = Group(
    "admin/images/",
    "Wagtail's library of images; members' photos are not in it.",
    {
        "chooser/": ("admin: every list there is",),
        "chooser/results/": ("admin: every list there is",),
        "chooser/chosen/<str:pk>/": ("admin: every address there is",),
        "chooser/chosen-multiple/": ("admin: every list there is",),
        "chooser/create/": ("admin: every list there is",),
        "chooser/<int:image_id>/select_format/": ("admin: every address there is",),
        "": ("admin: every list there is",),
        "results/": ("admin: every list there is",),
        "<int:image_id>/": ("admin: every address there is",),
        "<int:image_id>/delete/": ("admin: every address there is",),
        "<int:image_id>/generate_url/": ("admin: every address there is",),
        "<int:image_id>/generate_url/output/": ("admin: every address there is",),
        "<int:image_id>/preview/<str:filter_spec>/": ("admin: every address there is",),
        "add/": ("admin: every list there is",),
        "usage/<int:image_id>/": ("admin: every address there is",),
        "multiple/add/": ("admin: every list there is",),
        "multiple/<int:image_id>/": ("admin: every address there is",),
        "multiple/create_from_uploaded_image/<int:uploaded_file_id>/": (
            "admin: every address there is",
        ),
        "multiple/<int:image_id>/delete/": ("admin: every address there is",),
        "multiple/delete_upload/<int:uploaded_file_id>/": ("admin: every address there is",),
    },
)

ADMIN_DOCUMENTS = Group(
    "admin/documents/",
    "Wagtail's library of documents; evidence is not in it.",
    {
        "chooser/": ("admin: every list there is",),
        "chooser/results/": ("admin: every list there is",),
        "chooser/chosen/<str:pk>/": ("admin: every address there is",),
        "chooser/chosen-multiple/": ("admin: every list there is",),
        "chooser/create/": ("admin: every list there is",),
        "": ("admin: every list there is",),
        "results/": ("admin: every list there is",),
        "add/": ("admin: every list there is",),
        "edit/<int:document_id>/": ("admin: where a document is used",),
        "delete/<int:document_id>/": ("admin: every address there is",),
        "multiple/add/": ("admin: every list there is",),
        "multiple/<int:doc_id>/": ("admin: every address there is",),
        "multiple/create_from_uploaded_document/<int:uploaded_file_id>/": (
            "admin: every address there is",
        ),
        "multiple/<int:doc_id>/delete/": ("admin: every address there is",),
        "multiple/delete_upload/<int:uploaded_file_id>/": ("admin: every address there is",),
        "usage/<int:document_id>/": ("admin: where a document is used",),
    },
)

ADMIN_REST = Group(
    "admin/",
    "The user's own settings, signing in and out, scripts and icons.",
    {
        "login/": ("signing in, and on to a page",),
        "password_reset/": ("signing in, and on to a page",),
        "": (
            "a page of the other branch's own staff",
            "admin: dashboard",
        ),
        "test404/": "always answers 404",
        "failwhale/": "an error on purpose, to see the error page",
        "tag-autocomplete/": ("admin: every list there is",),
        "tag-autocomplete/<slug:app_name>/<slug:model_name>/": ("admin: every address there is",),
        "account/": ("admin: dashboard",),
        "logout/": "ends a session",
        "dismissibles/": ("admin: every list there is",),
        "editing-sessions/ping/<str:app_label>/<str:model_name>/<str:object_id>/<int:session_id>/": (
            "admin: who else is editing",
        ),
        "editing-sessions/release/<int:session_id>/": ("admin: every address there is",),
        "block-preview/": ("admin: every list there is",),
        "embeds/chooser/": ("admin: every list there is",),
        "embeds/chooser/upload/": ("admin: every list there is",),
        "snippets/": ("admin: every list there is",),
        "sprite/": ("admin: every list there is",),
        "password_reset/done/": ("admin: every list there is",),
        "password_reset/confirm/<uidb64>/<token>/": "needs a token sent by mail",
        "password_reset/complete/": ("admin: every list there is",),
        "jsi18n/": ("admin: every list there is",),
        ".*/$": "answers 404 to every other address",
    },
)

ACCOUNT = Group(
    "account/",
    "Signing in with a second factor: about the user only.",
    {
        "password/": ("every other address there is",),
        "second-factor/": ("every other address there is",),
        "second-factor/code/": ("every other address there is",),
        "second-factor/code-again/": ("every other address there is",),
        "second-factor/set-up/": ("every other address there is",),
        "second-factor/remove/": ("every other address there is",),
        "second-factor/recovery-codes/": ("every other address there is",),
        "second-factor/recovery-codes/new/": ("every other address there is",),
        "second-factor/recovery-codes/file/": ("every other address there is",),
    },
)

API_V1 = Group(
    "api/v1/",
    "Our own API; its operations are listed by method in the catalogue of operations.",
    {
        "": ("API v1: its description",),
        "openapi.json": (
            "API v1: copies that were kept",
            "API v1: its description",
        ),
        "boards/": (
            "API v1: boards",
            "API v1: copies that were kept",
            "a site whose front page it is",
        ),
        "boards/<code>/": (
            "API v1: boards",
            "API v1: copies that were kept",
        ),
        "boards/<code>/questions/": ("API v1: questions",),
        "members/<public_id>/": (
            "API v1: copies that were kept",
            "API v1: members",
        ),
        "pages/<int:page_id>/workflow/": ("API v1: workflow",),
        "pages/<int:page_id>/workflow/submit": ("API v1: workflow",),
        "pages/<int:page_id>/workflow/approve": ("API v1: workflow",),
        "pages/<int:page_id>/workflow/reject": ("API v1: workflow",),
        "pages/<int:page_id>/workflow/withdraw": ("API v1: workflow",),
        "(?:.*/)?$": "answers 404 to every other address",
    },
)

API_V2 = Group(
    "api/v2/",
    "It only shows.",
    {
        "pages/": (
            "API v2: lists",
            "API v2: relatives",
            "API v2: search",
            "APIs: how many, and in which order",
            "a news page that links to the pages",
        ),
        "pages/<int:pk>/": (
            "API v2: one page",
            "a news page that links to the pages",
        ),
        "pages/find/": ("API v2: one page",),
        "images/": ("lists of images and documents",),
        "images/<int:pk>/": ("every other address there is",),
        "images/find/": ("every other address there is",),
        "documents/": ("lists of images and documents",),
        "documents/<int:pk>/": ("every other address there is",),
        "documents/find/": ("every other address there is",),
    },
)

API_V3 = Group(
    "api/v3-preview/",
    "Wagtail's preview; its operations are listed by method in the catalogue of operations.",
    {
        "openapi.json": ("API v3: its description",),
        "docs/": ("API v3: who one is, sites, types, snippets",),
        "pages/": (
            "API v3: create and publish",
            "API v3: lists",
            "API v3: relatives",
            "API v3: whether a page is there",
            "APIs: how many, and in which order",
        ),
        "pages/find/": ("API v3: one page",),
        "pages/<page_id>/": (
            "API v3: actions",
            "API v3: delete",
            "API v3: one page",
            "API v3: update and publish",
            "API v3: update the board and publish",
            "API v3: update, naming an ordinary type",
            "API v3: whether a page is there",
            "a news page that links to the pages",
        ),
        "pages/<page_id>/revisions/": (
            "API v3: revisions",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/revisions/<revision_id>/": (
            "API v3: revisions",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/publish/": (
            "API v3: actions",
            "API v3: publish",
            "API v3: publish the programme",
            "API v3: unpublish with all below, then publish",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/unpublish/": (
            "API v3: actions",
            "API v3: unpublish with all below, then publish",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/copy/": (
            "API v3: actions",
            "API v3: copy the programme with all below, live",
            "API v3: copy, live",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/move/": (
            "API v3: actions",
            "API v3: move",
            "API v3: move an ordinary page below the closed board",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/delete/": (
            "API v3: delete",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/revert/": (
            "API v3: actions",
            "API v3: revert",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/convert_alias/": (
            "API v3: actions",
            "API v3: convert an alias",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/create_alias/": (
            "API v3: actions",
            "API v3: create an alias",
            "API v3: create an alias of the board",
            "API v3: whether a page is there",
        ),
        "pages/<page_id>/actions/copy_for_translation/": (
            "API v3: actions",
            "API v3: copy for translation",
            "API v3: whether a page is there",
        ),
        "schema/": ("API v3: its description",),
        "schema/<type_name>/": ("API v3: who one is, sites, types, snippets",),
        "sites/": ("API v3: its description",),
        "sites/<site_id>/": ("API v3: who one is, sites, types, snippets",),
        "whoami/": ("API v3: who one is, sites, types, snippets",),
        "redirects/": ("API v3: redirects",),
        "redirects/find/": ("API v3: redirects",),
        "redirects/<redirect_id>/": ("API v3: redirects",),
        "snippets/<type>/": ("API v3: who one is, sites, types, snippets",),
        "snippets/<type>/<pk>/": ("API v3: who one is, sites, types, snippets",),
        "snippets/<type>/<pk>/revisions/": ("every other address there is",),
        "snippets/<type>/<pk>/revisions/<revision_id>/": ("every other address there is",),
        "snippets/<type>/<pk>/actions/delete/": ("every other address there is",),
        "snippets/<type>/<pk>/actions/publish/": ("every other address there is",),
        "snippets/<type>/<pk>/actions/unpublish/": ("every other address there is",),
        "snippets/<type>/<pk>/actions/revert/": ("every other address there is",),
        "snippets/<type>/<pk>/actions/copy_for_translation/": ("every other address there is",),
        "documents/": ("API v3: who one is, sites, types, snippets",),
        "documents/<document_id>/": ("API v3: who one is, sites, types, snippets",),
        "images/": ("API v3: who one is, sites, types, snippets",),
        "images/<image_id>/": ("API v3: who one is, sites, types, snippets",),
        "": ("API v3: who one is, sites, types, snippets",),
    },
)

FILES = Group(
    "documents/",
    "It only shows.",
    {
        r"(\d+)/(.*)$": (
            "errors",
            "files where the web server keeps them",
        ),
        "authenticate_with_password/<int:restriction_id>/": ("errors",),
    },
)

MEDIA = Group(
    "media/",
    "It only shows.",
    {
        "(?P<path>(?!documents/).+)$": ("files where the web server keeps them",),
    },
)

PHOTOS = Group(
    "photos/",
    "It only shows.",
    {
        "evidence/<str:token>.<str:extension>": (
            "a piece of evidence marked as public",
            "errors",
            "photos and evidence",
        ),
        "<str:token>/<str:spec>.jpg": (
            "another member's photo",
            "errors",
            "pages asked for conditionally",
            "photos and evidence",
            "the file behind a public photo exchanged",
        ),
        "(?P<rest>.*)$": "answers 404 to every other address",
    },
)

SUPERVISION = Group(
    "supervision/",
    "Forms about public pages, and receipts; tested in tests/supervision.",
    {
        "receipt/": ("supervision: a receipt",),
        "<str:word>/": ("supervision: the form", "supervision: the form sent"),
        "(?P<rest>.*)$": "answers 404 to every other address",
    },
)

VILLAGE_SUPERVISION = Group(
    "v/supervision/",
    "The same for whoever has the village's code; tested in tests/supervision.",
    {
        "": ("supervision in the village view",),
        "receipt/": ("supervision in the village view",),
        "<str:public_id>/": ("supervision in the village view",),
    },
)

VILLAGE = Group(
    "v/",
    "It only shows, to whoever has the village's code; tested in tests/village.",
    {
        "": ("the village view",),
        "photos/<str:token>/<str:spec>.jpg": ("the village view",),
        "evidence/<str:token>.<str:extension>": ("the village view",),
        "<str:word>/": ("codes of a village", "the village view"),
        "<str:word>": ("codes of a village",),
        "(?P<rest>.*)$": "answers 404 to every other address",
    },
)

MINE = Group(
    "(?P<language>[a-z]{2,3}(?:-[a-z]{2,8})?)/mine/",
    "A member's own pages, for the member's account; tested in tests/mine.",
    {
        **dict.fromkeys(
            (
                "", "pledges/<uuid:key>/report/", "seen/", "seen/<str:mode>/", "outcomes/",
                "outcomes/<int:pk>/reply/", "outcomes/<int:pk>/appeal/", "consent/", "points/",
                "points/<int:year>/", "tasks/", "tasks/<int:pk>/<slug:verb>/",
                "points/entries/<int:pk>/appeal/", "reviews/", "reviews/<int:year>/own-view/",
                "reviews/<int:year>/reply/",
            ),
            ("a member's own pages",),
        ),
        **dict.fromkeys(
            ("sign-in/", "sign-out/", "password/<str:uidb64>/<str:token>/"),
            ("signing in to members' own pages",),
        ),
        "(?P<rest>.*)$": "answers 404 to every other address",
    },
)  # fmt: skip

PAGES = Group(
    "<language>/",
    "Pages, search, and the form that asks for a password.",
    {
        "search/": (
            "the site's search",
            "the site's search, its index built anew",
        ),
        "_util/login/": ("signing in, and on to a page",),
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
            "the form that asks for a password",
        ),
        r"((?:[\w\-]+/)*)$": (
            "a news page that links to the pages",
            "errors",
            "pages asked for conditionally",
            "pages at their own addresses",
            "pages by other methods",
            "pages on other hosts",
            "pages under the other language's prefix",
            "pages with a query",
            "pages with another spelling",
            "redirects to the pages",
            "the front pages",
        ),
    },
)

REST = Group(
    "",
    "For programs.",
    {
        "robots.txt": ("every other address there is",),
        "sitemap.xml": ("the site map",),
        "-/health/": ("health",),
    },
)

ADDRESSES = (
    ADMIN_PAGES,
    ADMIN_CHOOSERS,
    ADMIN_API,
    ADMIN_BULK,
    ADMIN_REPORTS,
    ADMIN_WORKFLOWS,
    ADMIN_OURS,
    ADMIN_LOCALIZE,
    ADMIN_REDIRECTS,
    ADMIN_USERS,
    ADMIN_GROUPS,
    ADMIN_TOKENS,
    ADMIN_SITES,
    ADMIN_LOCALES,
    ADMIN_COLLECTIONS,
    ADMIN_IMAGES,
    ADMIN_DOCUMENTS,
    ADMIN_REST,
    ACCOUNT,
    API_V1,
    API_V2,
    API_V3,
    FILES,
    MEDIA,
    PHOTOS,
    SUPERVISION,
    VILLAGE_SUPERVISION,
    VILLAGE,
    MINE,
    PAGES,
    REST,
)
