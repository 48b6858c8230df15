"""Grades of a year-end review: what the rules come to, and what the branch proposes within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ..contention import in_one_transaction
from ..pilots.actions import check_reason
from ..rulebook.models import Grade
from . import access
from .grading import GradeRule, Standing, grade_all
from .ledger_reading import ledgers_of
from .outcomes import check_words
from .review_models import MAX_CHANGE, BranchReview, MemberReview
from .reviews import lock, require, write_down
from .survey import Survey
from .what_if import grade_rule


@dataclass(frozen=True)
class Choice:
    """The grade that the branch proposes for a member, and why, if the rules come to another."""

    grade: str
    reason: str = ""


def survey_of(entry) -> Survey | None:
    """Return what villagers said of a member, or None if they were not asked."""
    numbers = (entry.satisfied, entry.neutral, entry.dissatisfied)
    return None if None in numbers else Survey(*numbers)


def entries_of(review: BranchReview) -> list[MemberReview]:
    """Return everyone in ``review``, in the order of the board."""
    found = list(review.entries.select_related("member__office", "member__pilot"))
    for entry in found:
        entry.review = review
    return found


def points_now(review: BranchReview, entries: list[MemberReview]) -> dict[int, int]:
    """Return what the ledger of each member comes to now, by the member's id. Two queries."""
    ledgers = ledgers_of([entry.member for entry in entries], review.year)
    return {ledger.member.pk: ledger.added_up().total for ledger in ledgers}


def standing_of(entry: MemberReview, points: int, best: str) -> Standing:
    """Return ``entry`` as the arithmetic takes it: equals are told apart by votes for ``best``."""
    survey = survey_of(entry)
    votes = entry.peer.get(best, 0) + entry.ballot.get(best, 0)
    return Standing(entry.pk, points, survey.percent if survey else None, votes)


def suggestions(
    review: BranchReview, entries: list[MemberReview], points: Mapping[int, int]
) -> dict[int, str]:
    """Return the grade that the rules come to for each of ``entries``, by their ids."""
    grades = list(review.rulebook.grades.all())
    best = grades[0].code if grades else ""
    standings = [standing_of(entry, points[entry.member_id], best) for entry in entries]
    given = grade_all(standings, [grade_rule(grade) for grade in grades])
    return {key: code for key, (code, _why) in given.items() if isinstance(key, int)}


@in_one_transaction
def propose_grades(
    review: BranchReview, *, by: User, choices: Mapping[int, Choice] | None = None
) -> BranchReview:
    """Grade everyone in ``review``: by the rules, or as ``choices`` (by the entry's id) say.

    Nobody gets a better grade than points and villagers allow, and no grade is given more often
    than its share; another grade than the rules come to needs a reason. Whoever gets another one
    than they were told is told and heard again. Raises PermissionDenied, or ValidationError.
    """
    review = lock(review)
    access.check_grades(by, review.pilot)
    require(review, BranchReview.State.OPEN, BranchReview.State.TOLD)
    entries, choices = entries_of(review), choices or {}
    points = points_now(review, entries)
    suggested = suggestions(review, entries, points)
    check_places(review, [_chosen(entry, suggested, choices).grade for entry in entries])
    for entry in entries:
        choice = _chosen(entry, suggested, choices)
        _check_choice(review, entry, choice, suggested.get(entry.pk, ""), points[entry.member_id])
        _give(entry, choice, suggested.get(entry.pk, ""), points[entry.member_id])
    changed = _store(entries)
    review.state, review.graded_by, review.graded_at = BranchReview.State.TOLD, by, timezone.now()
    review.save(update_fields=["state", "graded_by", "graded_at"])
    others = sum(entry.grade != entry.suggested for entry in entries)
    write_down(review, "propose_grades", by, count=len(entries), changed=changed, others=others)
    return review


def _chosen(
    entry: MemberReview, suggested: Mapping[int, str], choices: Mapping[int, Choice]
) -> Choice:
    return choices.get(entry.pk) or Choice(suggested.get(entry.pk, ""))


def check_places(review: BranchReview, given: list[str]) -> None:
    """Raise ValidationError, saying how many are allowed, if a grade is given too often."""
    for grade in review.rulebook.grades.all():
        allowed, number = grade_rule(grade).places(len(given)), given.count(grade.code)
        if number > allowed:
            raise ValidationError(
                _("“%(grade)s” is for at most %(allowed)d of %(members)d; %(number)d have it.")
                % {
                    "grade": grade, "allowed": allowed, "members": len(given), "number": number,
                },
                code="share",
            )  # fmt: skip


def _check_choice(
    review: BranchReview, entry: MemberReview, choice: Choice, suggested: str, points: int
) -> None:
    grades = {grade.code: grade for grade in review.rulebook.grades.all()}
    if choice.grade not in grades:
        raise ValidationError(_("%s: choose a grade of the rule book.") % entry.member.code)
    rule = grade_rule(grades[choice.grade])
    if not is_allowed(entry, rule, points):
        raise ValidationError(
            _("%(code)s: the rules do not allow “%(grade)s” with %(points)d points.")
            % {"code": entry.member.code, "grade": grades[choice.grade], "points": points},
            code="not_allowed",
        )
    reason = check_words("reason", {"": choice.reason}).get("", "")
    if len(reason) > MAX_CHANGE:
        raise ValidationError(
            _("%(code)s: the reason is longer than %(most)d characters.")
            % {"code": entry.member.code, "most": MAX_CHANGE}
        )
    if choice.grade != suggested and not reason:
        raise ValidationError(
            _("%(code)s: say why not “%(grade)s”, which the rules come to.")
            % {"code": entry.member.code, "grade": grades.get(suggested, "–")},
            code="reason",
        )


def is_allowed(entry: MemberReview, rule: GradeRule, points: int) -> bool:
    """Return whether points and villagers are enough for a grade, whoever else has it."""
    if rule.threshold is not None and points < rule.threshold:
        return False
    survey = survey_of(entry)
    if rule.min_satisfaction is None or survey is None or survey.percent is None:
        return True
    return survey.percent >= rule.min_satisfaction


def _give(entry: MemberReview, choice: Choice, suggested: str, points: int) -> None:
    """Put grade and points down; whoever was told of others has to be told and heard anew."""
    reason = choice.reason.strip() if choice.grade != suggested else ""
    if (entry.grade, entry.points) != (choice.grade, points):
        entry.told_on, entry.told_how, entry.told_by, entry.reply_to = None, "", None, ""
    entry.grade, entry.points, entry.suggested = choice.grade, points, suggested
    entry.grade_reason = reason


GIVEN = [
    "grade", "points", "suggested", "grade_reason", "told_on", "told_how", "told_by", "reply_to",
]  # fmt: skip


def _store(entries: list[MemberReview]) -> int:
    """Store what was given; return how many have another grade or other points than before."""
    before = MemberReview.objects.in_bulk([entry.pk for entry in entries])
    changed = [
        entry
        for entry in entries
        if (before[entry.pk].grade, before[entry.pk].points) != (entry.grade, entry.points)
    ]
    MemberReview.objects.bulk_update(entries, GIVEN)
    return len(changed)


@in_one_transaction
def reopen_figures(review: BranchReview, *, by: User, reason: str) -> BranchReview:
    """Let figures be entered again, before the review is closed; grades are proposed anew then.

    Raises PermissionDenied, StageError without a reason, or ValidationError.
    """
    reason = check_reason(reason)
    review = lock(review)
    access.check_grades(by, review.pilot)
    require(review, BranchReview.State.TOLD)
    review.state = BranchReview.State.OPEN
    review.save(update_fields=["state"])
    write_down(review, "reopen_review", by, reason=reason)
    return review


def names_of_grades(review: BranchReview) -> dict[str, Grade]:
    """Return the grades by which ``review`` goes by their codes, the highest first."""
    return {grade.code: grade for grade in review.rulebook.grades.all()}
