"""A member's own pages, to be read: pledges, what others see, outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..people.models import Member, Scope
from ..posters.previews import picture_of
from ..village.models import VillageLink
from . import deciding, offered, reviewed
from .frame import address, own_page, sealed, shown
from .own import OwnPage, hindrance, own_page_of

ROWS = 20


@own_page
def home(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Show the member's pledges as they were written last, and what is to be done."""
    own = own_page_of(member)
    context: dict[str, Any] = {"own": own}
    draft = own.draft(Scope.PUBLIC_WEB) if own is not None else None
    if own is not None and draft is not None:
        context |= {
            "view": own.view(draft, Scope.PUBLIC_WEB),
            "hindrance": hindrance(own.page),
        }
    decisions = deciding.shown_to(member, deciding.told_to(member)[: deciding.MOST])
    context["to_answer"] = [one for one in decisions if one.may_reply or one.appeal_until]
    context["reviews_to_answer"] = reviewed.to_answer(member)
    context["tasks_waiting"] = offered.waiting_for(member)
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
    own = own_page_of(member)
    draft = "draft" in request.GET
    version = None
    if own is not None:
        version = own.draft(eyes.scope) if draft else own.approved(eyes.scope)
    context: dict[str, Any] = {
        "tabs": [
            {"url": address("seen_by", one.mode), "label": one.label, "current": one is eyes}
            for one in EYES
        ],
        "own": own,
        "draft": draft,
    }
    if own is not None:
        context["notice"] = _notice(own, eyes, draft=draft, there=version is not None)
    if own is not None and version is not None:
        is_print = eyes.scope == Scope.VILLAGE_PRINT
        drawn = picture_of(version) if is_print else {"view": own.view(version, eyes.scope)}
        context |= drawn
    return shown(request, member, "seen.html", context, section="seen")


def _notice(own: OwnPage, eyes: Eyes, *, draft: bool, there: bool) -> tuple[str, str]:
    """Return shape and words for who reads what is shown below."""
    if draft:
        return "○", _("A draft: nobody has approved it, and nobody outside sees it.")
    if not there:
        return "○", _("Nothing of it is approved, so nobody outside sees anything.")
    if eyes.mode == "public":
        return own.stands
    if eyes.mode == "print":
        return "◐", _("This is what would be printed for the wall now.")
    links = VillageLink.objects.filter(pilot=own.page.gate.pilot).select_related("pilot")
    if any(link.opens for link in links):
        return "◐", _("Whoever has the village’s printed code can read it this way.")
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


@sealed
def nothing(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Answer for every other address below the room's: the same 404."""
    raise Http404
