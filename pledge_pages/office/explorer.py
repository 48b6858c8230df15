"""Wagtail's explorer, bulk actions and count of pages offer and show only what is possible."""

from django.contrib.auth.models import User
from wagtail.admin.site_summary import PagesSummaryItem
from wagtail.admin.ui.tables.pages import BulkActionsColumn
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.wagtail_hooks import PageListingUnpublishButton
from wagtail.models import Page
from wagtail.permissions import policy_registry

from ..embargo.gate import is_gated

# Wagtail's template -> ours.
TEMPLATES = {
    "template_name": (
        "wagtailadmin/pages/explorable_index.html",
        "pledge_pages/office/explorer.html",
    ),
    "results_template_name": (
        "wagtailadmin/pages/explorable_index_results.html",
        "pledge_pages/office/explorer_results.html",
    ),
}


def take_over_explorer() -> None:
    """Let the explorer say why a gated page has no address, and offer no bulk action in vain.

    Wagtail's says that no site is set up there, and offers to publish and move.
    """
    for attribute, (stock, own) in TEMPLATES.items():
        if getattr(ExplorableIndexView, attribute) == stock:
            setattr(ExplorableIndexView, attribute, own)
    stock_table = ExplorableIndexView.get_table
    if getattr(stock_table, "knows_the_gate", False):
        return

    def get_table(view, object_list):
        if is_gated(view.parent_page) and not view.permissions.can_add_subpage():
            kept = [c for c in view.explorable_columns if not isinstance(c, BulkActionsColumn)]
            view.explorable_columns = kept
        return stock_table(view, object_list)

    get_table.knows_the_gate = True
    ExplorableIndexView.get_table = get_table


def take_over_bulk_screens() -> None:
    """Name pages by their title for staff where a bulk action leaves them out.

    Wagtail has the plain page there, whose title says nothing in our case.
    """
    stock = PageBulkAction.get_context_data
    if getattr(stock, "knows_the_gate", False):
        return

    def get_context_data(action, **kwargs):
        context = stock(action, **kwargs)
        for value in context.values():
            for entry in value if isinstance(value, list) else ():
                if isinstance(entry, dict) and isinstance(entry.get("item"), Page):
                    entry["item"] = entry["item"].specific_deferred
        return context

    get_context_data.knows_the_gate = True
    PageBulkAction.get_context_data = get_context_data


def take_over_unpublish_button() -> None:
    """Offer no "Unpublish" for gated pages: their staff have "Take down and withdraw approval"."""
    stock = PageListingUnpublishButton.is_shown
    if getattr(stock, "knows_the_gate", False):
        return

    def is_shown(button, user):
        return not is_gated(button.page) and stock(button, user)

    is_shown.knows_the_gate = True
    PageListingUnpublishButton.is_shown = is_shown


class OwnPagesSummaryItem(PagesSummaryItem):
    """The number of pages on the admin's home: of those that the reader finds in the explorer."""

    template_name = "pledge_pages/office/pages_summary.html"

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        return {**context, "total_pages": explorable_pages(self.request.user)}


def explorable_pages(user: User) -> int:
    """Return how many pages ``user`` finds in the explorer, the root of the tree not counted."""
    pages = policy_registry.get_by_type(Page).explorable_instances(user)
    return pages.filter(depth__gt=1).distinct().count()


def count_own_pages(request, items: list) -> None:
    """Let the admin's home count no pages of branches that are not the reader's."""
    for index, item in enumerate(items):
        if type(item) is PagesSummaryItem:
            items[index] = OwnPagesSummaryItem(request)
