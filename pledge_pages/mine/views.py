"""A member's own pages, to be read: pledges, what others see, outcomes, points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..appraisal.ledger_lines import line_rows
from ..appraisal.ledger_models import PointEntry
from ..appraisal.ledger_reading import ledgers_of
from ..boards.models import MemberPledgePage
from ..people.models import Member, Scope
from ..posters.previews import picture_of
from ..village.models import VillageLink
from . import deciding
from .frame import address, own_page, sealed, shown
from .own import approved_of, draft_of, hindrance, page_for_reader, pages_of, stands, view_of

ROWS = 20


@own_page
def home(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Show the member's pledges as they were written last, and what is to be done."""
    page = page_for_reader(member)
    context: dict[str, Any] = {"page": page}
    if page is not None:
        shape, words = stands(page)
        context |= {
            "view": view_of(draft_of(page)),
            "shape": shape,
            "words": words,
            "newer": page.draft_state != "none" and page.standing_approval is not None,
            "hindrance": hindrance(page),
        }
    decisions = deciding.shown_to(member, deciding.told_to(member)[: deciding.MOST])
    context["to_answer"] = [one for one in decisions if one.may_reply or one.appeal_until]
    return shown(request, member, "home.html", context, section="home")


@dataclass(frozen=True)
class Eyes:
    """A kind of reader, and where they read."""

    mode: str
    label: Promise
    scope: str


EYES = (
    Eyes("public", gettext_lazy("Everyone"), Scope.PUBLIC_WEB),
    Eyes("village", gettext_lazy("The village"), Scope.VILLAGE_QR),
    Eyes("print", gettext_lazy("On paper"), Scope.VILLAGE_PRINT),
)


@own_page
def seen(request: HttpRequest, member: Member, mode: str = "public") -> HttpResponseBase:
    """Show the member's page with the eyes of one kind of reader: as approved, or as a draft."""
    eyes = next((one for one in EYES if one.mode == mode), None)
    if eyes is None:
        raise Http404
    page = page_for_reader(member)
    draft = "draft" in request.GET
    version = None if page is None else draft_of(page) if draft else approved_of(page)
    context: dict[str, Any] = {
        "tabs": [
            {"url": address("seen_by", one.mode), "label": one.label, "current": one is eyes}
            for one in EYES
        ],
        "page": page,
        "draft": draft,
        "there": version is not None,
        "other": page and (draft or page.draft_state != "none"),
    }
    if page is not None:
        context |= {"notice": _notice(page, eyes, draft=draft, there=version is not None)}
    if version is not None and eyes.mode == "print":
        context |= picture_of(version)
    elif version is not None:
        context["view"] = view_of(version, eyes.scope)
    return shown(request, member, "seen.html", context, section="seen")


def _notice(page: MemberPledgePage, eyes: Eyes, *, draft: bool, there: bool) -> tuple[str, str]:
    """Return shape and words for who reads what is shown below."""
    if draft:
        return "○", _("A draft: nobody has approved it, and nobody outside sees it.")
    if not there:
        return "○", _("Nothing of it is approved, so nobody outside sees anything.")
    if eyes.mode == "public":
        return stands(page)
    if eyes.mode == "print":
        return "◐", _("This is what would be printed for the wall now.")
    links = VillageLink.objects.filter(pilot=page.gate.pilot).select_related("pilot")
    if any(link.opens for link in links):
        return "◐", _("Whoever has the village’s printed code can read it, and nobody else by it.")
    return "○", _("Nobody reads it this way: the village has no code that is valid now.")


@own_page
def outcomes(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Show what was decided of the member's pledges, as far as they were told."""
    pages = Paginator(deciding.told_to(member), ROWS)
    page = pages.get_page(request.GET.get("p"))
    rows = deciding.shown_to(member, page.object_list)
    return shown(
        request, member, "outcomes.html", {"rows": rows, "page_of": page}, section="outcomes"
    )


@own_page
def points(request: HttpRequest, member: Member, year: int | None = None) -> HttpResponseBase:
    """Show the member's ledger of a year, entry by entry, with why each counts as it does."""
    entries = PointEntry.objects.filter(member=member)
    years = sorted(set(entries.values_list("year", flat=True).order_by()), reverse=True)
    if year is not None and year not in years:
        raise Http404
    year = year or next(iter(years), None)
    context: dict[str, Any] = {
        "year": year,
        "years": [
            {"url": address("points_of", one), "year": one, "current": one == year} for one in years
        ],
    }
    if year is not None:
        ledger = ledgers_of([member], year)[0]
        added_up = ledger.added_up()
        context |= {
            "sum": added_up,
            "rows": line_rows(ledger, added_up),
            "waiting": ledger.waiting(),
        }
    return shown(request, member, "points.html", context, section="points")


def languages_of(member: Member) -> list[str]:
    """Return the languages in which the member has a page; the one spoken now if in none."""
    return list(pages_of(member)) or [translation.get_language() or ""]


@sealed
def nothing(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Answer for every other address below the room's: the same 404."""
    raise Http404
