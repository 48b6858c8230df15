"""What Wagtail's own lists and choosers may show of gated pages."""

from django.apps import apps
from django.db.models import QuerySet
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from ..boards.models import MemberPledgePage
from ..embargo.gate import is_gated
from ..embargo.models import GatedPage
from .sight import gates_seen_by, hidden_from


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


def take_over_translations_report() -> None:
    """Keep other branches' pages out of wagtail-localize's report, which asks for no permission."""
    if not apps.is_installed("wagtail_localize"):
        return
    from wagtail_localize.views.report import TranslationsReportView

    stock = TranslationsReportView.get_queryset
    if getattr(stock, "knows_the_gate", False):
        return

    def get_queryset(view):
        seen = gates_seen_by(view.request.user).values("page")
        hidden = Page.objects.filter(gate__isnull=False).exclude(pk__in=seen)
        keys = list(hidden.values_list("translation_key", flat=True))
        return stock(view).exclude(source__object_id__in=keys).order_by("-pk")

    get_queryset.knows_the_gate = True
    TranslationsReportView.get_queryset = get_queryset


def take_over_chosen_pages() -> None:
    """Name a page that is not public by its type and number in forms where it was chosen.

    Those of redirects, sites, workflows and groups are open to people who know nothing of pilots.
    """
    stock = AdminPageChooser.get_display_title
    if getattr(stock, "knows_the_gate", False):
        return

    def get_display_title(widget, instance):
        return str(instance) if is_gated(instance) else stock(widget, instance)

    get_display_title.knows_the_gate = True
    AdminPageChooser.get_display_title = get_display_title


def take_over_redirects() -> None:
    """Do not name a page that is not public as the target of a redirect."""
    if not apps.is_installed("wagtail.contrib.redirects"):
        return
    from wagtail.contrib.redirects.views import RedirectTargetColumn

    stock = RedirectTargetColumn.get_value
    if getattr(stock, "knows_the_gate", False):
        return

    def get_value(column, instance):
        page = instance.redirect_page
        return (
            str(page.specific) if page is not None and is_gated(page) else stock(column, instance)
        )

    get_value.knows_the_gate = True
    RedirectTargetColumn.get_value = get_value
