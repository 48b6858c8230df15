"""What Wagtail's own lists and choosers may show of gated pages."""

from django.db.models import QuerySet
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView

from ..boards.models import MemberPledgePage
from ..embargo.models import GatedPage
from .sight import gates_seen_by, hidden_from

EXPLORER = "wagtailadmin/pages/explorable_index_results.html"
OWN_EXPLORER = "pledge_pages/office/explorer_results.html"


def only_public(pages: QuerySet, request) -> QuerySet:
    """Leave out of page choosers what is not public: a link would show its title.

    Members' pages are offered only to staff of their branch: the chooser shows the full name.
    """
    own = gates_seen_by(request.user).values("page")
    strangers = MemberPledgePage.objects.exclude(pk__in=own).values_list("pk", flat=True)
    closed = GatedPage.objects.filter(page__live=False).values_list("pk", flat=True)
    # By the id alone: the chooser's search can filter by nothing that is not in the index.
    return pages.exclude(pk__in=closed).exclude(pk__in=strangers)


def take_over_types_report() -> None:
    """Keep other branches' pages out of the report on page types, which asks for no permission."""
    stock = PageTypesUsageReportView.decorate_paginated_queryset
    if getattr(stock, "knows_the_gate", False):
        return

    def decorate_paginated_queryset(view, page_types):
        rows = list(stock(view, page_types))
        last = {row.last_edited_page.pk for row in rows if row.last_edited_page}
        hidden = hidden_from(view.request.user, last)
        for row in rows:
            if row.last_edited_page and row.last_edited_page.pk in hidden:
                row.last_edited_page = None
        return rows

    decorate_paginated_queryset.knows_the_gate = True
    PageTypesUsageReportView.decorate_paginated_queryset = decorate_paginated_queryset


def take_over_explorer() -> None:
    """Let the explorer say why a gated page has no address.

    Wagtail's says that no site is set up there.
    """
    if ExplorableIndexView.results_template_name == EXPLORER:
        ExplorableIndexView.results_template_name = OWN_EXPLORER
