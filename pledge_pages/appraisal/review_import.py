"""Takes over reviews that were held before there were records of how: lists what is missing and differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..people.models import Member
from ..pilots.models import Pilot
from ..pilots.roles import is_lead
from ..rulebook import choosing
from .closing import frozen
from .review_grades import points_now, suggestions, survey_of
from .review_hearing import reply_until
from .review_models import Appraisal, BranchReview, MemberReview, ReviewGap
from .reviews import check_survey, checked


@dataclass(frozen=True)
class PastReview:
    """What older papers say of one member: what is not there is None or empty."""

    member: Member
    points: int
    grade: str
    peer: dict[str, int] = field(default_factory=dict)
    ballot: dict[str, int] = field(default_factory=dict)
    # Satisfied, neutral, not satisfied, and the percentage as it was written down.
    survey: tuple[int, int, int] | None = None
    percent: int | None = None
    opinion: dict[str, str] = field(default_factory=dict)
    told_on: date | None = None

    def gaps(self) -> list[str]:
        """Return what we require today and these papers do not say."""
        found = [ReviewGap.NO_SELF, ReviewGap.NO_HOW, ReviewGap.NO_REPLY, ReviewGap.NO_SECOND]
        if not self.ballot:
            found.insert(1, ReviewGap.NO_BALLOT)
        return [str(gap.value) for gap in found]


@dataclass(frozen=True)
class Difference:
    """A figure of older papers that our arithmetic does not come to: codes and numbers, no name."""

    member: str
    figure: str
    said: object
    counted: object


@dataclass
class TakenOver:
    """The review as it was taken over, and what differs."""

    review: BranchReview
    differences: list[Difference] = field(default_factory=list)


@in_one_transaction
def import_review(
    pilot: Pilot,
    year: int,
    past: Iterable[PastReview],
    *,
    by: User,
    held_on: date,
    present: int,
    closed_on: date | None = None,
) -> TakenOver:
    """Take over the review of ``pilot`` for ``year``; with ``closed_on`` what it found stands.

    Points are what the ledgers come to and grades what was given; what the papers say otherwise is
    listed. One line in the audit trail says how many, what is missing and how much differs. Raises
    PermissionDenied unless ``by`` leads the programme, or ValidationError; nothing is done then.
    """
    if not is_lead(by, pilot.programme):
        raise PermissionDenied(_("Only leads of the programme take over older reviews."))
    rows = list(past)
    if BranchReview.objects.filter(pilot=pilot, year=year).exists():
        raise ValidationError({"year": _("This year has a review already.")})
    review = _review(pilot, year, by=by, held_on=held_on, present=present)
    entries = [_entry(review, row) for row in rows]
    MemberReview.objects.bulk_create(entries)
    points = points_now(review, entries)
    for entry in entries:
        entry.points = points[entry.member_id]
    suggested = suggestions(review, entries, points)
    for entry in entries:
        entry.suggested = suggested.get(entry.pk, "")
    MemberReview.objects.bulk_update(entries, ["points", "suggested"])
    if closed_on is not None:
        _close(review, entries, rows, by=by, on=closed_on)
    taken = TakenOver(review, list(_differences(rows, entries)))
    missing = Counter(gap for row in rows for gap in row.gaps())
    data = {
        "year": year, "count": len(rows), "missing": dict(sorted(missing.items())),
        "differences": dict(Counter(one.figure for one in taken.differences)),
    }  # fmt: skip
    log(instance=pilot, action="pledge_pages.import_reviews", user=by, data=data)
    return taken


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _review(pilot: Pilot, year: int, *, by: User, held_on: date, present: int) -> BranchReview:
    review = BranchReview(
        pilot=pilot, year=year, rulebook=choosing.book_for(pilot.programme, held_on),
        held_on=held_on, present=present, state=BranchReview.State.TOLD, opened_by=by,
        opened_at=_at(held_on), graded_by=by, graded_at=_at(held_on), imported=True,
    )  # fmt: skip
    review.full_clean(validate_unique=False, validate_constraints=False)
    review.save()
    return review


def _entry(review: BranchReview, row: PastReview) -> MemberReview:
    """Return a member's place in ``review``; ValidationError, naming the member, if it cannot be so."""
    satisfied, neutral, dissatisfied = row.survey or (None, None, None)
    entry = MemberReview(
        review=review, member=row.member, opinion=row.opinion, grade=row.grade,
        satisfied=satisfied, neutral=neutral, dissatisfied=dissatisfied, told_on=row.told_on,
    )  # fmt: skip
    try:
        entry.peer = checked(entry, "peer", row.peer)
        check_survey(entry)
        if row.grade not in {grade.code for grade in review.rulebook.grades.all()}:
            raise ValidationError(_("There is no grade “%s”.") % row.grade)
        if row.told_on is not None and row.told_on < review.held_on:
            raise ValidationError(_("The member was told before the review was held."))
        if row.member.pilot_id != review.pilot_id:
            raise ValidationError(_("The member belongs to another branch."))
        entry.clean_fields(exclude=["review", "member"])
    except ValidationError as error:
        raise ValidationError(f"{row.member.code}: {' '.join(error.messages)}") from error
    return entry


def _close(
    review: BranchReview, entries: list[MemberReview], rows: list[PastReview], *, by: User, on: date
) -> None:
    """Let stand what was found; ValidationError if somebody was not told or may still reply."""
    for entry in entries:
        last = reply_until(entry.told_on)
        if last is None or on <= last:
            raise ValidationError(
                _("%s was not told, or could still reply on that day.") % entry.member.code
            )
    Appraisal.objects.bulk_create(
        frozen(entry, by, imported=True, gaps=row.gaps(), made_at=_at(on))
        for entry, row in zip(entries, rows, strict=True)
    )
    review.state, review.closed_by = BranchReview.State.CLOSED, by
    review.closed_at = _at(on)
    review.save(update_fields=["state", "closed_by", "closed_at"])


def _differences(rows: list[PastReview], entries: list[MemberReview]) -> Iterable[Difference]:
    for row, entry in zip(rows, entries, strict=True):
        survey = survey_of(entry)
        percent = survey.percent if survey else None
        for figure, said, counted in (
            ("points", row.points, entry.points),
            ("grade", row.grade, entry.suggested),
            ("percent", row.percent, percent),
        ):
            if said is not None and said != counted:
                yield Difference(row.member.code, figure, said, counted)
