"""Looks through what is public for quiet words in the admin, part by part, for leads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from ..pilots import roles
from ..pilots.models import Pilot, Programme
from ..pilots.stages import Stage
from ..quiet_words.reading import live_objects
from ..quiet_words.refusing import issues_standing
from ..quiet_words.watching import Issue, Watch
from ..quiet_words.wording import LAWFUL, sentence
from .sight import leads_any, page_name

# Rows that one request looks at, so that it ends in a moment however large the site is.
PART = 200


@dataclass(frozen=True)
class Place:
    """One public row, and what stands on it that must not; ``others`` counts others' secrets."""

    name: str
    url: str
    sentences: list[str]
    others: int


def force_of(programmes: models.QuerySet[Programme]) -> list[tuple[Programme, str]]:
    """Return each programme with a sentence that says whether its words are in force now."""
    approved: dict[int, list[str]] = {}
    public = Pilot.objects.filter(programme__in=programmes, stage=Stage.APPROVED)
    for of, code in public.order_by("code").values_list("programme", "code"):
        approved.setdefault(of, []).append(code)
    return [
        (
            programme,
            _("Not in force: announced by %(pilots)s.")
            % {"pilots": ", ".join(approved[programme.pk])}
            if programme.pk in approved
            else _("In force: none of its pilots is approved."),
        )
        for programme in programmes
    ]


def part_of(number: int) -> tuple[list[models.Model], int]:
    """Return the rows of part ``number`` (counted from 1) of all that is public, and their number."""
    start, total, rows = (number - 1) * PART, 0, []
    for _model, found in live_objects():
        count = found.count()
        first, last = max(start - total, 0), start + PART - total
        if first < count and last > 0:
            rows += islice(found[first : min(last, count)], PART)
        total += count
    return rows, total


class QuietScanView(WagtailAdminTemplateMixin, TemplateView):
    """What is public now and says what must not be, as far as one part of the site goes."""

    template_name = "pledge_pages/office/quiet_scan.html"
    page_title = gettext_lazy("Look through the site")
    header_icon = "password"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Let in leads and administrators."""
        if not leads_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_quiet_terms:index"), "label": _("Quiet words")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        asked = self.request.GET.get("p", "")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
        number = max(number, 1)
        rows, total = part_of(number)
        led = roles.led_programmes(self.request.user)
        start = (number - 1) * PART
        context.update(
            places=self.places(rows, set(led.values_list("pk", flat=True))),
            force=force_of(led),
            lawful=LAWFUL,
            first=start + 1,
            last=start + len(rows),
            total=total,
            looked=bool(rows),
            previous=number - 1,
            following=number + 1 if start + len(rows) < total else 0,
        )
        return context

    def places(self, rows: list[models.Model], led: set[int]) -> list[Place]:
        """Return the rows on which something stands, for a reader who leads the programmes ``led``."""
        watch, found = Watch(), []
        for row in rows:
            issues = issues_standing(row, watch)
            if issues:
                found.append(place_of(row, issues, led))
        return found


def place_of(row: models.Model, issues: list[Issue], led: set[int]) -> Place:
    """Return what is told of one row: words of programmes that the reader does not lead are not."""
    own = [sentence(issue) for issue in issues if issue.programme in led]
    is_page = isinstance(row, Page)
    name = page_name(row) if is_page else f"{row._meta.verbose_name} {row.pk}"
    url = reverse("wagtailadmin_pages:edit", args=[row.pk]) if is_page else ""
    return Place(str(name), url, own, len(issues) - len(own))
