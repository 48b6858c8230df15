"""The catalogue of operations: every method of every address of our own API and of API v3."""

from tests.embargo.catalogue.entry import Group

LIBRARY = "Wagtail's libraries of images and documents hold nothing gated"
SITES = "front pages: what a hidden page shows as one is in 'a site whose front page it is'"
SNIPPETS = "the site has no snippets, so that no type is accepted"

API_V1 = Group(
    "",
    "",
    {
        "GET api/v1/": ("API v1: its description",),
        "GET api/v1/boards/": (
            "API v1: boards",
            "API v1: copies that were kept",
            "a site whose front page it is",
        ),
        "GET api/v1/boards/<code>/": (
            "API v1: boards",
            "API v1: copies that were kept",
        ),
        "GET api/v1/boards/<code>/questions/": ("API v1: questions",),
        "GET api/v1/members/<public_id>/": (
            "API v1: copies that were kept",
            "API v1: members",
        ),
        "GET api/v1/pages/<page_id>/workflow/": ("API v1: workflow",),
        "POST api/v1/pages/<page_id>/workflow/approve": ("API v1: workflow",),
        "POST api/v1/pages/<page_id>/workflow/reject": ("API v1: workflow",),
        "POST api/v1/pages/<page_id>/workflow/submit": ("API v1: workflow",),
        "POST api/v1/pages/<page_id>/workflow/withdraw": ("API v1: workflow",),
    },
)

API_V3 = Group(
    "",
    "",
    {
        "GET api/v3-preview/documents/": ("API v3: who one is, sites, types, snippets",),
        "POST api/v3-preview/documents/": LIBRARY,
        "DELETE api/v3-preview/documents/<document_id>/": LIBRARY,
        "GET api/v3-preview/documents/<document_id>/": (
            "API v3: who one is, sites, types, snippets",
        ),
        "PATCH api/v3-preview/documents/<document_id>/": LIBRARY,
        "GET api/v3-preview/images/": ("API v3: who one is, sites, types, snippets",),
        "POST api/v3-preview/images/": LIBRARY,
        "DELETE api/v3-preview/images/<image_id>/": LIBRARY,
        "GET api/v3-preview/images/<image_id>/": ("API v3: who one is, sites, types, snippets",),
        "PATCH api/v3-preview/images/<image_id>/": LIBRARY,
        "GET api/v3-preview/pages/": (
            "API v3: lists",
            "API v3: relatives",
            "APIs: how many, and in which order",
        ),
        "POST api/v3-preview/pages/": (
            "API v3: create and publish",
            "API v3: whether a page is there",
        ),
        "DELETE api/v3-preview/pages/<page_id>/": (
            "API v3: delete",
            "API v3: whether a page is there",
        ),
        "GET api/v3-preview/pages/<page_id>/": (
            "API v3: one page",
            "API v3: whether a page is there",
            "a news page that links to the pages",
        ),
        "PATCH api/v3-preview/pages/<page_id>/": (
            "API v3: actions",
            "API v3: update and publish",
            "API v3: update the board and publish",
            "API v3: update, naming an ordinary type",
            "API v3: whether a page is there",
        ),
        "POST api/v3-preview/pages/<page_id>/actions/convert_alias/": (
            "API v3: actions",
            "API v3: convert an alias",
            "API v3: whether a page is there",
        ),
        "POST api/v3-preview/pages/<page_id>/actions/copy/": (
            "API v3: actions",
            "API v3: copy the programme with all below, live",
            "API v3: copy, live",
            "API v3: whether a page is there",
        ),
        "POST api/v3-preview/pages/<page_id>/actions/copy_for_translation/": (
            "API v3: actions",
            "API v3: copy for translation",
            "API v3: whether a page is there",
        ),
        "POST api/v3-preview/pages/<page_id>/actions/create_alias/": (
            "API v3: actions",
            "API v3: create an alias",
            "API v3: create an alias of the board",
            "API v3: whether a page is there",
        ),
        "DELETE api/v3-preview/pages/<page_id>/actions/delete/": (
            "API v3: delete",
            "API v3: whether a page is there",
        ),
        "POST api/v3-preview/pages/<page_id>/actions/move/": (
            "API v3: actions",
            "API v3: move",
            "API v3: move an ordinary page below the closed board",
            "API v3: whether a page is there",
        ),
        "POST api/v3-preview/pages/<page_id>/actions/publish/": (
            "API v3: actions",
            "API v3: publish",
            "API v3: publish the programme",
            "API v3: unpublish with all below, then publish",
            "API v3: whether a page is there",
        ),
        "POST api/v3-preview/pages/<page_id>/actions/revert/": (
            "API v3: actions",
            "API v3: revert",
            "API v3: whether a page is there",
        ),
        "POST api/v3-preview/pages/<page_id>/actions/unpublish/": (
            "API v3: actions",
            "API v3: unpublish with all below, then publish",
            "API v3: whether a page is there",
        ),
        "GET api/v3-preview/pages/<page_id>/revisions/": (
            "API v3: revisions",
            "API v3: whether a page is there",
        ),
        "GET api/v3-preview/pages/<page_id>/revisions/<revision_id>/": (
            "API v3: revisions",
            "API v3: whether a page is there",
        ),
        "GET api/v3-preview/pages/find/": ("API v3: one page",),
        "GET api/v3-preview/redirects/": ("API v3: redirects",),
        "POST api/v3-preview/redirects/": ("API v3: redirects",),
        "DELETE api/v3-preview/redirects/<redirect_id>/": ("API v3: redirects",),
        "GET api/v3-preview/redirects/<redirect_id>/": ("API v3: redirects",),
        "PUT api/v3-preview/redirects/<redirect_id>/": ("API v3: redirects",),
        "GET api/v3-preview/redirects/find/": ("API v3: redirects",),
        "GET api/v3-preview/schema/": ("API v3: its description",),
        "GET api/v3-preview/schema/<type_name>/": ("API v3: who one is, sites, types, snippets",),
        "GET api/v3-preview/sites/": ("API v3: its description",),
        "POST api/v3-preview/sites/": SITES,
        "DELETE api/v3-preview/sites/<site_id>/": SITES,
        "GET api/v3-preview/sites/<site_id>/": ("API v3: who one is, sites, types, snippets",),
        "PUT api/v3-preview/sites/<site_id>/": SITES,
        "GET api/v3-preview/snippets/<type>/": ("API v3: who one is, sites, types, snippets",),
        "POST api/v3-preview/snippets/<type>/": SNIPPETS,
        "DELETE api/v3-preview/snippets/<type>/<pk>/": SNIPPETS,
        "GET api/v3-preview/snippets/<type>/<pk>/": ("API v3: who one is, sites, types, snippets",),
        "PATCH api/v3-preview/snippets/<type>/<pk>/": SNIPPETS,
        "POST api/v3-preview/snippets/<type>/<pk>/actions/copy_for_translation/": SNIPPETS,
        "DELETE api/v3-preview/snippets/<type>/<pk>/actions/delete/": SNIPPETS,
        "POST api/v3-preview/snippets/<type>/<pk>/actions/publish/": SNIPPETS,
        "POST api/v3-preview/snippets/<type>/<pk>/actions/revert/": SNIPPETS,
        "POST api/v3-preview/snippets/<type>/<pk>/actions/unpublish/": SNIPPETS,
        "GET api/v3-preview/snippets/<type>/<pk>/revisions/": SNIPPETS,
        "GET api/v3-preview/snippets/<type>/<pk>/revisions/<revision_id>/": SNIPPETS,
        "GET api/v3-preview/whoami/": ("API v3: who one is, sites, types, snippets",),
    },
)

OPERATIONS = (API_V1, API_V3)
