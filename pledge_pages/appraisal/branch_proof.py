"""No outcome of a pledge of the branch in review or in public that two people did not find.

Registered with ``embargo.objections`` when Django starts, as ``proof`` is for members' pledges.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from wagtail.models import Page

from ..boards.models import BranchPage
from ..embargo.objections import PageCheck
from .branch_outcomes import NOTHING, Standing, said_of, standing
from .proof import OutcomeError


def check_review(page: Page) -> None:
    """Before a version is submitted or approved: raise OutcomeError if an outcome does not stand.

    So too if one that was approved and stands is not said any more.
    """
    if not isinstance(page, BranchPage):
        return
    before = _told_before(page)
    if before or _told_of(page):
        known = standing(page.pilot_id)
        _check(page, known)
        still = {pledge.key for pledge in page.branch_pledges.all() if pledge.outcome}
        gone = [text for key, text in before.items() if key in known and key not in still]
        if gone:
            said = _("“%(pledge)s”: what was decided of it stands, and stays on the page.")
            raise OutcomeError(" ".join(said % {"pledge": text[:60]} for text in gone))


def public_check(opening: frozenset[int]) -> PageCheck:
    """Return the same check for pages about to be public."""

    def check(page: Page) -> None:
        if isinstance(page, BranchPage) and _told_of(page):
            _check(page, standing(page.pilot_id))

    return check


def _told_of(page: BranchPage) -> list:
    return [pledge for pledge in page.branch_pledges.all() if pledge.found != NOTHING]


def _told_before(page: BranchPage) -> dict[UUID, str]:
    """Return the pledges of which the approved version of ``page`` says an outcome: text by key."""
    approval = page.standing_approval
    rows = approval.snapshot.get("branch_pledges", []) if approval is not None else []
    return {UUID(row["key"]): row["text"] for row in rows if row.get("outcome")}


def _check(page: BranchPage, known: Standing) -> None:
    """Raise OutcomeError, naming each pledge of which something else or nothing was decided."""
    undecided = _(
        "“%(pledge)s”: nobody has decided this outcome. It is found and confirmed by two people."
    )
    other = _(
        "“%(pledge)s”: it says something else than was decided. Put the outcome on the page anew."
    )
    language = page.locale.language_code
    problems = [
        (other if pledge.key in known else undecided) % {"pledge": pledge.text[:60]}
        for pledge in _told_of(page)
        if pledge.found != said_of(known.get(pledge.key), language)
    ]
    if problems:
        raise OutcomeError(" ".join(problems))
