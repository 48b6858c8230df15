"""The report of held pages: what was approved and waits for its pilot, by whom and since when."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic

from ..embargo.models import HeldApproval
from ..pilots import roles
from ..pilots.models import Pilot
from .refusals import steers, withdraw_url
from .sight import gates_seen_by, has_any_role, page_name, specific_pages
from .tables import LinkColumn


class HeldFilterSet(WagtailFilterSet):
    """Filters held pages by pilot, offering those that the reader may see."""

    pilot = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Pilot"),
        field_name="page__gate__pilot",
        queryset=lambda request: roles.pilots_seen_by(request.user),
    )

    class Meta:
        model = HeldApproval
        fields = ["pilot"]


class HeldPagesView(generic.IndexView):
    """Every held page that the reader may see, newest approval first."""

    model = HeldApproval
    page_title = gettext_lazy("Held pages")
    header_icon = "lock"
    index_url_name = "pledge_boards:held"
    index_results_url_name = "pledge_boards:held_results"
    filterset_class = HeldFilterSet
    any_permission_required = None
    paginate_by = 30
    default_ordering = ("-approved_at", "-pk")
    verbose_name_plural = gettext_lazy("held pages")

    def dispatch(self, request, *args, **kwargs):
        if not has_any_role(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def columns(self):
        return [
            TitleColumn("page", label=_("Page"), accessor="name", get_url=self.url_of),
            Column("language", label=_("Language"), accessor="language"),
            Column("pilot", label=_("Pilot"), accessor=lambda row: row.gate.pilot or "–"),
            Column("author", label=_("Written by"), accessor=lambda row: row.author or "–"),
            Column("approved_by", label=_("Approved by"), accessor="approved_by"),
            DateColumn("approved_at", label=_("Approved at"), accessor="approved_at"),
            LinkColumn(
                "withdraw",
                label=_("Action"),
                accessor="withdraw_label",
                get_url=self.withdraw_url,
                get_label=lambda row: f"{row.withdraw_label}: {row.name}",
            ),
        ]

    def get_base_queryset(self):
        gates = gates_seen_by(self.request.user)
        return HeldApproval.objects.filter(
            page__gate__in=gates, withdrawn_at__isnull=True, page__live=False
        ).select_related("approved_by", "author", "page__gate__pilot", "page__gate__programme")

    def get_table(self, object_list):
        rows = list(object_list)
        pages = specific_pages(row.page_id for row in rows)
        for row in rows:
            page = pages[row.page_id]
            row.gate = row.page.gate
            row.name, row.language = page_name(page), page.locale.get_display_name()
            row.withdraw_label = _("Withdraw approval") if self.may_withdraw(row.gate) else "–"
        return super().get_table(rows)

    @cached_property
    def _steered(self) -> dict:
        return {}

    def may_withdraw(self, gate) -> bool:
        """Return whether the reader may withdraw approvals of pages of ``gate``."""
        key = (gate.programme_id, gate.pilot_id)
        if key not in self._steered:
            self._steered[key] = steers(self.request.user, gate)
        return self._steered[key]

    def withdraw_url(self, row) -> str | None:
        """Return where the approval of this row is withdrawn, if the reader may."""
        return withdraw_url(row.page) if self.may_withdraw(row.gate) else None

    def url_of(self, row) -> str:
        """Return where what was approved can be looked at."""
        return reverse("pledge_boards:held_preview", args=[row.page_id])

    def get_list_buttons(self, instance):
        return []


def held_count(pilots: list[Pilot]) -> int:
    """Return how many pages of ``pilots`` are held."""
    return HeldApproval.objects.filter(
        page__gate__pilot__in=pilots, withdrawn_at__isnull=True, page__live=False
    ).count()
