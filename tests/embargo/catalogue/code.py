"""The catalogue of code: actions, commands, hooks, signals, log entries, and what publishes.

What is named here was read in the sources of Wagtail 8.0, wagtail-localize 1.14, django-modelcluster
and treebeard. An entry of a newer version fails ``test_catalogue.py`` until somebody has read it.
"""

from tests.embargo.catalogue.entry import Group

NOT_PAGES = "users, images and documents: nothing gated"
ASKS = "asks, and changes nothing"
SETTING = "keeps what it is told for the function below it"
LOGGED = "written along with a row of the matrix; what it shows is in 'admin: reports'"

ACTION_CLASSES = Group(
    "",
    "Wagtail's action classes.",
    {
        "ConvertAliasPageAction": (
            "alias in the other language, then an alias of it",
            "admin: convert an alias",
        ),
        "CopyForTranslationAction": ("CopyForTranslationAction of a pledge",),
        "CopyPageAction": ("copy(keep_live=True) out of the gate", "recursive copy of the board"),
        "CopyPageForTranslationAction": ("copy_for_translation as an alias",),
        "CreateAction": ("CreateAction(publish=True), meant for other models",),
        "CreatePageAction": ("CreatePageAction(publish=True)", "API v3: create and publish"),
        "CreatePageAliasAction": ("alias beside itself", "alias on the front page"),
        "DeleteAction": "users, redirects and snippets; for pages there is DeletePageAction",
        "DeletePageAction": ("DeletePageAction of the board",),
        "EditAction": ("EditAction(publish=True), meant for other models",),
        "EditPageAction": (
            "EditPageAction(publish=True)",
            "EditPageAction(publish=True) of a new page",
        ),
        "MovePageAction": ("MovePageAction beside itself", "move to an approved branch"),
        "PublishPageRevisionAction": (
            "PublishPageRevisionAction",
            "PublishPageRevisionAction for a later date",
        ),
        "PublishRevisionAction": ("PublishRevisionAction",),
        "RevertToPageRevisionAction": ("RevertToPageRevisionAction, then published",),
        "RevertToRevisionAction": (
            "UnpublishAction, RevertToRevisionAction, PublishRevisionAction",
        ),
        "UnpublishAction": ("UnpublishAction, RevertToRevisionAction, PublishRevisionAction",),
        "UnpublishPageAction": ("unpublish the front page with all below, then publish it",),
    },
)

REGISTERED = Group(
    "registry: ",
    "Names under which APIs look actions up.",
    {
        "convert_alias": ("API v3: convert an alias",),
        "copy": ("API v3: copy, live",),
        "copy_for_translation": ("API v3: copy for translation",),
        "create": ("API v3: create and publish",),
        "create_alias": ("API v3: create an alias",),
        "delete": ("API v3: delete",),
        "edit": ("API v3: update and publish",),
        "move": ("API v3: move",),
        "publish": ("action registry: publish", "API v3: publish"),
        "revert": ("API v3: revert",),
        "unpublish": ("API v3: unpublish with all below, then publish",),
    },
)

ADMIN_API = Group(
    "admin API: ",
    "Actions of the admin's API.",
    {
        "convert_alias": ("admin API: convert an alias",),
        "copy": ("admin API: copy, live",),
        "copy_for_translation": ("admin API: copy for translation",),
        "create_alias": ("admin API: create an alias",),
        "delete": ("admin API: delete",),
        "move": ("admin API: move to an approved branch",),
        "publish": ("admin API: publish",),
        "revert_to_page_revision": ("admin API: revert",),
        "unpublish": ("admin API: unpublish with all below, then publish",),
    },
)

BULK = Group(
    "bulk: ",
    "What can be done with ticked rows.",
    {
        "auth.user assign_role": NOT_PAGES,
        "auth.user delete": NOT_PAGES,
        "auth.user set_active_state": NOT_PAGES,
        "wagtailcore.page delete": ("admin: bulk delete",),
        "wagtailcore.page move": ("admin: bulk move to an approved branch",),
        "wagtailcore.page publish": ("admin: bulk publish the page",),
        "wagtailcore.page unpublish": ("admin: bulk unpublish, then bulk publish",),
        "wagtaildocs.document add_tags": NOT_PAGES,
        "wagtaildocs.document add_to_collection": NOT_PAGES,
        "wagtaildocs.document delete": NOT_PAGES,
        "wagtailimages.image add_tags": NOT_PAGES,
        "wagtailimages.image add_to_collection": NOT_PAGES,
        "wagtailimages.image delete": NOT_PAGES,
    },
)

TASKS = Group(
    "",
    "Types of workflow tasks, and what can be said to the state of a review.",
    {
        "task: pledge_pages.embargo.models.ModerationTask": ("the author approves",),
        "task: wagtail.models.workflows.GroupApprovalTask": (
            "a stock task, approved by the author",
        ),
        "TaskState.approve()": ("task_state.approve() by the author",),
        "TaskState.cancel()": ("a task that its own moderator cancels",),
        "TaskState.log_state_change_action()": LOGGED,
        "TaskState.reject()": ("returned, and sent back by the one who returned it",),
        "WorkflowState.cancel()": ("a review cancelled by its author",),
        "WorkflowState.finish()": ("workflow_state.finish()",),
        "WorkflowState.on_finish()": ("publish_workflow_state()", "workflow_state.finish()"),
        "WorkflowState.resume()": ("returned, and sent back by the one who returned it",),
        "WorkflowState.update()": ("workflow_state.update() after all tasks are gone",),
        "WorkflowState.user_can_cancel()": ASKS,
    },
)

ACTIONS = (ACTION_CLASSES, REGISTERED, ADMIN_API, BULK, TASKS)

COMMANDS = (
    Group(
        "",
        "Management commands that touch pages.",
        {
            "create_log_entries_from_revisions": ("the other commands",),
            "deduplicate_tags": ("the other commands",),
            "fixtree": ("fixtree, set_url_paths and rebuild_references_index",),
            "move_pages": ("move_pages: everything below the board",),
            "publish_scheduled": (
                "publish_scheduled: a schedule nobody approved",
                "publish_scheduled: the held revision",
            ),
            "publish_scheduled_pages": ("revert_to_revision() for a date that has come",),
            "purge_embeds": ("the other commands",),
            "purge_revisions": ("purge_revisions, then publish the latest",),
            "rebuild_references_index": ("fixtree, set_url_paths and rebuild_references_index",),
            "remove_orphaned_tags": ("the other commands",),
            "set_url_paths": ("fixtree, set_url_paths and rebuild_references_index",),
            "sync_locale_trees": ("localize: a language that follows another",),
            "update_index": ("the site's search, its index built anew",),
            "wagtail_update_index": (
                "the site's search, its index built anew",
                "the other commands",
            ),
            "wagtail_update_image_renditions": ("the other commands",),
        },
    ),
    Group(
        "",
        "Commands that touch no page, or speak to who commands the server.",
        {
            "account_unsetmultipleprimaryemails": "mail addresses of users",
            "api_tokens": "tokens of users",
            "audit_embargo": ("what the leak check prints",),
            "check_ledgers": "prints codes to who commands the server, tested in tests/appraisal/test_sample.py",
            "confirm_restore": "our own: opens nothing, tested in tests/embargo/test_restored.py",
            "convert_mariadb_uuids": "for a database that migrate refuses",
            "enable_fuzzystrmatch": "a PostgreSQL extension",
            "enable_trigram": "a PostgreSQL extension",
            "enable_unaccent": "a PostgreSQL extension",
            "erase_photos": "our own: shows nothing, tested in tests/photos/test_withdrawn.py",
            "export_board": "writes a file for who commands the server, tested in tests/transfer",
            "export_openapi_schema": ("API v3: its description",),
            "flush": "empties the database",
            "generateschema": ("API v2: lists",),
            "import_roster": (
                "what an import of a roster prints",
                "command import_roster: a roster of a public branch",
            ),
            "import_redirects": ("redirects to the pages",),
            "invite_member": ("what an invitation says",),
            "load_demo": "the demo's: builds a site of its own, tested in tests/demo",
            "erase_reports": "erases, and prints a number; tested in tests/supervision/test_steps.py",
            "mail_waiting": ("mails about what waits",),
            "nudge": ("mails that remind",),
            "poster": "writes a file for who commands the server, tested in tests/posters/test_command.py",
            "quiet_words": "prints what is public already, tested in tests/quiet_words/test_command.py",
            "pilot": "our own steps with pilots, tested in tests/office/test_pilot_command.py",
            "reset_second_factor": "second factors of users",
            "show_references_index": "prints to who commands the server",
        },
    ),
)

HOOKS = (
    Group(
        "",
        "What others run along with pages, by Wagtail's hooks.",
        {
            "after_create_page: wagtail_localize.synctree.after_create_page": (
                "localize: a page made where another language follows",
            ),
            "before_edit_page: wagtail_localize.wagtail_hooks.before_edit_page": (
                "localize: publish in the translation's editor",
            ),
            "before_edit_snippet: wagtail_localize.wagtail_hooks.before_edit_snippet": "no snippets",
            "before_serve_document: wagtail.documents.wagtail_hooks.check_view_restrictions": ASKS,
            "before_serve_page: wagtail.wagtail_hooks.check_request_method": (
                "pages by other methods",
            ),
            "construct_admin_api: wagtail.documents.wagtail_hooks.construct_admin_api": NOT_PAGES,
            "construct_admin_api: wagtail.images.wagtail_hooks.construct_admin_api": NOT_PAGES,
            "construct_homepage_summary_items: wagtail.admin.wagtail_hooks.add_pages_summary_item": (
                "admin: dashboard",
            ),
            "construct_homepage_summary_items: wagtail.documents.wagtail_hooks.add_documents_summary_item": NOT_PAGES,
            "construct_homepage_summary_items: wagtail.images.wagtail_hooks.add_images_summary_item": NOT_PAGES,
            "on_serve_page: wagtail.wagtail_hooks.check_view_restrictions": (
                "the form that asks for a password",
            ),
            "register_page_action_menu_item: wagtail_localize.wagtail_hooks.register_convert_back_to_alias_page_action_menu_item": (
                "localize: convert to an alias",
            ),
            "register_page_action_menu_item: wagtail_localize.wagtail_hooks.register_restart_translation_page_action_menu_item": (
                "localize: stop and restart a translation, then publish",
            ),
            "register_page_header_buttons: wagtail.admin.wagtail_hooks.page_header_buttons": (
                "admin: edit",
            ),
            "register_page_header_buttons: wagtail_localize.wagtail_hooks.page_listing_more_buttons": (
                "admin: edit",
            ),
            "register_page_listing_buttons: wagtail.admin.wagtail_hooks.page_listing_buttons": (
                "admin: listing",
            ),
            "register_page_listing_more_buttons: wagtail.admin.wagtail_hooks.page_listing_more_buttons": (
                "admin: listing",
            ),
            "register_page_listing_more_buttons: wagtail_localize.wagtail_hooks.page_listing_more_buttons": (
                "admin: listing",
            ),
        },
    ),
)

REDIRECTS = ("redirects to the pages", "API v3: redirects")
INDEX = ("the site's search", "API v2: search")
MAILS = ("mails about a review",)
DELETED = ("page.delete()",)

RECEIVERS = (
    Group(
        "",
        "What others run along with the signals that pages send.",
        {
            "page_slug_changed: wagtail.contrib.redirects.signal_handlers.autocreate_redirects_on_slug_change": REDIRECTS,
            "post_page_move: wagtail.contrib.redirects.signal_handlers.autocreate_redirects_on_page_move": REDIRECTS,
            "post_delete: modelsearch.signal_handlers.post_delete_signal_handler": INDEX,
            "post_save: modelsearch.signal_handlers.post_save_signal_handler": INDEX,
            "post_delete: wagtail.signal_handlers.post_delete_page_log_deletion": (
                "admin: reports",
            ),
            "post_delete: wagtail.signal_handlers.remove_reference_index_on_delete": DELETED,
            "post_save: wagtail.signal_handlers.update_reference_index_on_save": ("admin: usage",),
            "post_delete: wagtail_localize.models.handle_translation_on_delete": DELETED,
            "pre_delete: wagtail.signal_handlers.pre_delete_page_unpublish": DELETED,
            "pre_save: wagtail.models.i18n.set_locale_on_new_instance": ("add_child(live=True)",),
            "pre_validate_delete: wagtail.models.pages.reassign_root_page_locale_on_delete": (
                "the pilot, its programme or a language deleted",
            ),
            "task_submitted: wagtail.admin.mail.GroupApprovalTaskStateSubmissionEmailNotifier": MAILS,
            "workflow_approved: wagtail.admin.mail.WorkflowStateApprovalEmailNotifier": MAILS,
            "workflow_rejected: wagtail.admin.mail.WorkflowStateRejectionEmailNotifier": MAILS,
            "workflow_submitted: wagtail.admin.mail.WorkflowStateSubmissionEmailNotifier": MAILS,
        },
    ),
)

LOG = (
    Group(
        "wagtail.",
        "Entries of the log: each says that there is something that writes it.",
        {
            "apitoken.create": NOT_PAGES,
            "apitoken.revoke": NOT_PAGES,
            "comments.create": "comments stand in drafts only",
            "comments.create_reply": "comments stand in drafts only",
            "comments.delete": "comments stand in drafts only",
            "comments.delete_reply": "comments stand in drafts only",
            "comments.edit": "comments stand in drafts only",
            "comments.edit_reply": "comments stand in drafts only",
            "comments.resolve": "comments stand in drafts only",
            "convert_alias": ("admin: convert an alias",),
            "copy": ("admin: copy, published",),
            "copy_for_translation": ("copy_for_translation as an alias",),
            "create": ("admin: create and publish",),
            "create_alias": ("admin: copy as an alias",),
            "delete": ("admin: delete",),
            "edit": ("admin: edit and publish",),
            "lock": ("admin: lock, edit and publish",),
            "moderation.approve": "of Wagtail before 2.10; nothing writes it",
            "moderation.reject": "of Wagtail before 2.10; nothing writes it",
            "move": ("admin: move to an approved branch",),
            "publish": ("page.publish(revision)",),
            "publish.schedule": ("PublishPageRevisionAction for a later date",),
            "publish.scheduled": ("publish_scheduled: a schedule nobody approved",),
            "rename": ("change the title of the row",),
            "reorder": ("admin: move to the first place",),
            "revert": ("admin: revert to an old version and publish",),
            "schedule.cancel": ("admin: unschedule",),
            "unlock": ("admin: privacy and locks",),
            "unpublish": ("admin: unpublish, then publish",),
            "unpublish.scheduled": ("expire and publish again",),
            "view_restriction.create": ("admin: make it private with a password",),
            "view_restriction.delete": ("the form that asks for a password",),
            "view_restriction.edit": ("the form that asks for a password",),
            "workflow.approve": ("the author approves",),
            "workflow.cancel": ("a review cancelled by its author",),
            "workflow.reject": ("returned, and sent back by the one who returned it",),
            "workflow.resume": ("returned, and sent back by the one who returned it",),
            "workflow.start": ("admin: submit, and approve alone",),
        },
    ),
    Group(
        "wagtail_localize.",
        "Entries of the log that wagtail-localize writes.",
        {"convert_to_alias": ("localize: convert to an alias",)},
    ),
)

PUBLISHING = (
    Group(
        "wagtail.actions.",
        "Functions that make something live, or schedule it: Wagtail's actions.",
        {
            "copy_for_translation: CopyPageForTranslationAction._copy_for_translation": (
                "copy_for_translation as an alias",
                "API v3: copy for translation",
            ),
            "copy_page: CopyPageAction._copy_page": ("copy(keep_live=True) beside itself",),
            "create: CreateAction._create": ("CreateAction(publish=True), meant for other models",),
            "create: CreateAction._save_instance": "sets live to False",
            "create_page: CreatePageAction._save_instance": "sets live to False",
            "edit: EditAction._edit": ("EditPageAction(publish=True)",),
            "publish_revision: PublishRevisionAction._publish_revision": ("PublishRevisionAction",),
            "revert_to_revision: RevertToRevisionAction.execute": (
                "revert_to_revision() for a date that has come",
            ),
            "unpublish: UnpublishAction._unpublish_object": "sets live to False",
        },
    ),
    Group(
        "wagtail.",
        "The same in the rest of Wagtail.",
        {
            "admin.api.actions.copy: CopyPageAPIAction._action_from_data": (
                "admin API: copy, live",
            ),
            "admin.views.generic.mixins: CreateEditViewOptionalFeaturesMixin.publish_action": (
                "admin: edit and publish",
            ),
            "admin.views.generic.models: RevisionsUnscheduleView.post": ("admin: unschedule",),
            "admin.views.pages.bulk_actions.publish: PublishBulkAction.execute_action": (
                "admin: bulk publish the page",
            ),
            "admin.views.pages.copy: CopyView.form_valid": ("admin: copy, published",),
            "admin.views.pages.create: CreateView.publish_action": ("admin: create and publish",),
            "admin.views.pages.create: CreateView.save_action": "sets live to False",
            "admin.views.pages.create: CreateView.submit_action": "sets live to False",
            "api.v3.routers.pages: copy": ("API v3: copy, live",),
            "api.v3.routers.pages: create_page": ("API v3: create and publish",),
            "api.v3.routers.pages: update_page": ("API v3: update and publish",),
            "management.commands.publish_scheduled: Command.handle": (
                "publish_scheduled: a schedule nobody approved",
                "expire and publish again",
            ),
            "models.draft_state: DraftStateMixin.with_content_json": (
                "from_json() with live in it, saved",
            ),
            "models.pages: AbstractPage.copy": ("copy(keep_live=True) to an approved branch",),
            "models.pages: AbstractPage.save_revision": (
                "publish_scheduled: a schedule nobody approved",
            ),
            "models.pages: AbstractPage.update_aliases": ("update_aliases()",),
            "models.pages: AbstractPage.with_content_json": ("from_json() with live in it, saved",),
            "models.revisions: Revision.publish": ("revision.publish()",),
            "models.revisions: RevisionMixin.save_revision": (
                "publish_scheduled: a schedule nobody approved",
            ),
            "snippets.api.v3.router: create_snippet": "no snippets",
            "snippets.api.v3.router: update_snippet": "no snippets",
            "workflows: publish_workflow_state": ("publish_workflow_state()",),
        },
    ),
    Group(
        "wagtail_localize.",
        "The same in wagtail-localize.",
        {
            "models: Translation.save_target": (
                "localize: save_target(publish=True)",
                "localize: save_target(publish=False)",
            ),
            "models: TranslationSource.create_or_update_translation": (
                "localize: create_or_update_translation(publish=True)",
            ),
            "operations: TranslationCreator.create_translations": (
                "localize: translate_object and its subtree",
            ),
            "views.convert: sync_alias": ("localize: sync_alias()",),
            "views.edit_translation: edit_translation": (
                "localize: publish in the translation's editor",
            ),
            "views.update_translations: UpdateTranslationsView.form_valid": (
                "localize: update translations and publish",
            ),
        },
    ),
)
