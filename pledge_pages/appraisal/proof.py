"""No outcome in review or in public without a decision behind it that is final and not frozen.

Registered with ``embargo.objections`` when Django starts, so that every way in asks it.
"""

from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.models import Page

from ..boards.content import Pledge
from ..boards.models import MemberPledgePage
from ..embargo.errors import EmbargoError
from ..embargo.objections import PageCheck
from . import days
from .models import OutcomeDecision, State
from .on_page import NOTHING, said_of
from .pledges import Known, final_decisions

# What the member says may come later than the rest: a page without it may stay, not be approved anew.
LATER = ("reply", "replied_on")


class OutcomeError(EmbargoError):
    """A page with an outcome that no decision bears out; the message names the pledge and why."""


def check_review(page: Page) -> None:
    """Before a version is submitted or approved: raise OutcomeError if an outcome is not decided.

    So too if one that was approved and stands is not said any more, or its pledge is gone.
    """
    if not isinstance(page, MemberPledgePage):
        return
    told_before = _told_before(page)
    if told_before or _told_of(page):
        known = final_decisions(members=[page.member_id]).get(page.member_id, {})
        _check(page, known, strict=True)
        _check_kept(page, told_before, known)


def public_check(opening: frozenset[int]) -> PageCheck:
    """Return the same check for pages about to be public; decisions are read once for a branch."""
    branches: dict[int, dict[int, Known]] = {}

    def check(page: Page) -> None:
        if not isinstance(page, MemberPledgePage) or not _told_of(page):
            return
        pilot = page.member.pilot_id
        if pilot not in branches:
            branches[pilot] = final_decisions(pilot=pilot)
        _check(page, branches[pilot].get(page.member_id, {}), strict=False)

    return check


def _told_of(page: MemberPledgePage) -> list[Pledge]:
    """Return the pledges of ``page`` that say anything of an outcome."""
    return [pledge for pledge in page.pledges.all() if pledge.found != NOTHING]


def _check(page: MemberPledgePage, known: Known, *, strict: bool) -> None:
    language = page.locale.language_code
    problems = []
    for pledge in _told_of(page):
        problem = objection_to(pledge, known.get(pledge.key), language, strict=strict)
        if problem:
            problems.append(f"“{pledge.text[:60]}”: {problem}")
    if problems:
        raise OutcomeError(" ".join(problems))


def _told_before(page: MemberPledgePage) -> dict[UUID, str]:
    """Return the pledges of which the approved version of ``page`` says an outcome: text by key."""
    approval = page.standing_approval
    rows = approval.snapshot.get("pledges", []) if approval is not None else []
    return {UUID(row["key"]): row["text"] for row in rows if row.get("outcome")}


def _check_kept(page: MemberPledgePage, told_before: dict[UUID, str], known: Known) -> None:
    """Raise OutcomeError if an outcome that stands would go off the board with this version."""
    still = {pledge.key for pledge in _told_of(page)}
    problems = [
        _("“%(pledge)s”: what was decided of it stands, and stays on the page.")
        % {"pledge": text[:60]}
        for key, text in told_before.items()
        if key not in still
        and (decision := known.get(key)) is not None
        and decision.state == State.FINAL
        and days.may_be_posted(decision)
    ]
    if problems:
        raise OutcomeError(" ".join(problems))


def objection_to(
    pledge: Pledge, decision: OutcomeDecision | None, language: str, *, strict: bool = True
) -> str:
    """Return what speaks against what ``pledge`` says of its outcome, or ''."""
    if decision is None:
        return _(
            "nobody has decided this outcome. Have it checked, and put it on the page from there."
        )
    if decision.state == State.FROZEN:
        return _(
            "an appeal against this outcome is open. It cannot be approved before that is decided."
        )
    if decision.state != State.FINAL:
        return _("this outcome stands no more. Take it off the page.")
    if not days.may_be_posted(decision):
        return _("the days for an appeal are not over. It cannot be posted before %(day)s.") % {
            "day": days.posted_from(decision)
        }
    said, wanted = pledge.found, said_of(decision, language)
    later = () if strict or said["reply"] else LATER
    if any(said[name] != wanted[name] for name in NOTHING if name not in later):
        return _("it says something else than was decided. Put the outcome on the page anew.")
    return ""
