"""A programme at a glance: waves and pilots with their stages, the checklist of each, and its trend."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..boards.charts import HEIGHT, Column, columns
from ..boards.readiness import updates_by_month
from ..pilots import roles
from ..pilots.models import Pilot
from ..pilots.readiness import Finding, findings
from .sight import leads_any
from .tables import stage_context

# Pilots on one page: each has a table of its own.
ROWS = 12


@dataclass(frozen=True)
class Seen:
    """One pilot at a glance."""

    pilot: Pilot
    stage: dict[str, str]
    findings: list[Finding]
    trend: list[Column]

    @property
    def met(self) -> int:
        """How many rows of the checklist are met."""
        return sum(found.met is True for found in self.findings)

    @property
    def updates(self) -> int:
        """How many updates there were in the months of the trend."""
        return sum(column.number for column in self.trend)

    @property
    def height(self) -> int:
        """How high the chart is."""
        return HEIGHT


def seen(pilots: list[Pilot]) -> list[Seen]:
    """Return ``pilots`` at a glance. A number of queries that does not grow with them."""
    today = timezone.localdate()
    found, months = findings(pilots, today), updates_by_month(pilots, today)
    return [
        Seen(
            pilot,
            stage_context(pilot),
            found[pilot.pk],
            list(columns((f"{day:%Y-%m}", number) for day, number in months[pilot.pk])),
        )
        for pilot in pilots
    ]


class OverviewView(WagtailAdminTemplateMixin, TemplateView):
    """The pilots of the programmes that the reader leads, wave by wave; for leads only."""

    template_name = "pledge_pages/office/overview.html"
    page_title = gettext_lazy("At a glance")
    header_icon = "table"

    def dispatch(self, request, *args, **kwargs):
        if not leads_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        led = roles.led_programmes(self.request.user)
        pilots = Pilot.objects.filter(programme__in=led).select_related("programme", "wave")
        pages = WagtailPaginator(pilots.order_by("programme", "wave__number", "code"), ROWS)
        asked = self.request.GET.get("p", 1)
        page = pages.get_page(asked)
        context = super().get_context_data(**kwargs)
        context.update(
            page_of_pilots=page,
            elided_page_range=pages.get_elided_page_range(asked),
            rows=seen(list(page.object_list)),
        )
        return context


def views() -> list:
    """Return the addresses of these views below the office's."""
    return [path("overview/", OverviewView.as_view(), name="overview")]
