"""What the admin says of a year-end review: what is there of each member, what is missing, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from ..appraisal import closing
from ..appraisal.review_grades import survey_of
from ..appraisal.review_hearing import reply_until, was_heard
from ..appraisal.review_models import BranchReview, MemberReview
from ..labels import label_in

# State -> shape, so that it is not told by colour or words alone.
SHAPES = {
    BranchReview.State.OPEN: "○",
    BranchReview.State.TOLD: "◑",
    BranchReview.State.CLOSED: "●",
}


@dataclass(frozen=True)
class EntryRow:
    """One member in a review, as the list shows them."""

    entry: MemberReview
    name: str
    url: str
    grade: str
    # Whether it is another grade than the rules come to.
    differs: bool
    missing: list[str]
    next: str


def review_url(review: BranchReview) -> str:
    """Return the address of a review's page."""
    return reverse("pledge_boards:review", args=[review.pk])


def entry_url(entry: MemberReview) -> str:
    """Return the address of a member's page in a review."""
    return reverse("pledge_boards:review_entry", args=[entry.review_id, entry.pk])


def grade_names(review: BranchReview) -> dict[str, str]:
    """Return the names of the grades by which ``review`` goes by their codes, the highest first."""
    return {grade.code: str(grade) for grade in review.rulebook.grades.all()}


def missing_of(entry: MemberReview, review: BranchReview) -> list[str]:
    """Return what was not entered of a member."""
    there = {
        _("own view"): entry.self_grade,
        _("votes of the others"): entry.peer,
        _("ballot"): entry.ballot or not review.voters,
        _("survey"): survey_of(entry),
        _("opinion"): label_in(entry.opinion),
    }
    return [name for name, found in there.items() if not found]


def next_of(entry: MemberReview, review: BranchReview) -> str:
    """Return in words how far it has come with a member, and what comes next."""
    if review.state == BranchReview.State.OPEN:
        return _("figures are entered")
    if review.is_closed:
        return _("submitted with the page") if entry.put_at else _("not on the page yet")
    if entry.told_on is None:
        return _("to be told")
    if was_heard(entry):
        return _("told and heard")
    return _("may reply until %(day)s") % {"day": reply_until(entry.told_on)}


def entry_rows(entries: Iterable[MemberReview], review: BranchReview) -> list[EntryRow]:
    """Return the rows of ``entries``, which were fetched with their members."""
    names, rows = grade_names(review), []
    closed = {one.member_id: one for one in closing.standing(review)} if review.is_closed else {}
    for entry in entries:
        entry.review = review
        rows.append(
            EntryRow(
                entry,
                entry.member.staff_name,
                entry_url(entry),
                names.get(entry.grade, ""),
                bool(entry.grade) and entry.grade != entry.suggested,
                closed[entry.member_id].gaps_said
                if entry.member_id in closed
                else missing_of(entry, review),
                next_of(entry, review),
            )
        )
    return rows


def votes_of(votes: dict[str, int], names: dict[str, str]) -> list[tuple[str, int]]:
    """Return (grade, votes), the highest grade first; nothing if nothing was entered."""
    return [(name, votes.get(code, 0)) for code, name in names.items()] if votes else []
