"""Wiring with Wagtail's admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from .embargo.refused_action import take_over_publish
from .office import (
    choosers,
    door,
    editing,
    explorer,
    home,
    library,
    log,
    mail,
    members,
    menu,
    overtaken,
    people_filters,
    policies,
    printed_rows,
    quiet_pages,
    quiet_terms,
    reference,
    report_rows,
    restored,
    task_rows,
    translating,
)

door.take_over_door()
editing.take_over_status_panel()
editing.take_over_saved_message()
overtaken.take_over_saving()
explorer.take_over_explorer()
explorer.take_over_bulk_screens()
explorer.take_over_unpublish_button()
choosers.take_over_types_report()
choosers.take_over_translations_report()
choosers.take_over_redirects()
library.take_over_file_forms()
choosers.take_over_chosen_pages()
people_filters.take_over_people_filters()
mail.take_over_mails()
translating.take_over_translating()

for model, policy in policies.policies().items():
    register_permission_policy(model, policy)

# Last, so that it wraps whatever else was registered.
hooks.register("register_actions", take_over_publish, order=1000)
hooks.register("register_log_actions", log.register)
hooks.register("register_admin_menu_item", menu.menu_item)
hooks.register("register_admin_urls", menu.urlpatterns)
hooks.register("register_reports_menu_item", menu.report_item)
hooks.register("construct_homepage_panels", home.build_home)
hooks.register("construct_homepage_panels", restored.warn)
hooks.register("construct_homepage_panels", printed_rows.warn)
hooks.register("construct_homepage_panels", report_rows.show_waiting)
hooks.register("construct_homepage_panels", task_rows.show_late)
hooks.register("construct_homepage_summary_items", explorer.count_own_pages, order=1000)

hooks.register("construct_page_action_menu", editing.word_actions)
hooks.register("register_page_listing_more_buttons", editing.offer_withdrawal)
hooks.register("register_page_header_buttons", editing.offer_withdrawal)
# Before wagtail-localize's, which shows an editor of its own.
hooks.register("before_edit_page", editing.before_edit, order=-1)
hooks.register("before_edit_page", quiet_pages.warn, order=-1)
hooks.register("before_create_page", editing.before_create)
hooks.register("before_publish_page", quiet_pages.before_publish)
hooks.register("before_bulk_action", quiet_pages.before_bulk_publish)
hooks.register("before_unpublish_page", editing.before_unpublish)
hooks.register("before_bulk_action", editing.before_bulk_action)
hooks.register("construct_page_chooser_queryset", choosers.only_public)

for viewset in (members.MemberViewSet, quiet_terms.QuietTermViewSet, *reference.VIEWSETS):
    hooks.register("register_admin_viewset", viewset)
