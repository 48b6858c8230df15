"""A year-end review is closed: what was found becomes appraisals, which are corrected by others only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ..contention import in_one_transaction
from ..people.models import Member
from ..people.naming import today
from ..pilots.actions import check_reason
from . import access
from .ledger_reading import waiting_in
from .models import Appeal, OutcomeDecision
from .outcomes import check_day, check_words
from .review_grades import check_places, entries_of, names_of_grades, points_now
from .review_hearing import reply_until, was_heard
from .review_models import MAX_CHANGE, Appraisal, BranchReview, Figures, MemberReview
from .reviews import lock, require, write_down

MOST_NAMED = 20


@in_one_transaction
def close_review(review: BranchReview, *, by: User) -> list[Appraisal]:
    """Close ``review``: what it found of each member stands from now on, with points as they are.

    Refused unless everyone was told and has replied or may no more, every entry of points of the
    year is confirmed, no appeal against points is open, and nobody's points changed since they were
    told. Raises PermissionDenied, or ValidationError saying all that is missing.
    """
    review = lock(review)
    access.check_grades(by, review.pilot)
    require(review, BranchReview.State.TOLD)
    entries = entries_of(review)
    # Ledgers stand still meanwhile, and nobody appeals.
    held = Member.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(held.filter(pk__in=[entry.member_id for entry in entries]))
    missing = what_is_missing(review, entries)
    if missing:
        raise ValidationError(missing, code="missing")
    made = Appraisal.objects.bulk_create(frozen(entry, by) for entry in entries)
    review.state, review.closed_by = BranchReview.State.CLOSED, by
    review.closed_at = timezone.now()
    review.save(update_fields=["state", "closed_by", "closed_at"])
    write_down(review, "close_review", by, count=len(made))
    return made


def frozen(entry: MemberReview, by: User, **more) -> Appraisal:
    """Return what was found of a member as it stands from now on, not stored yet."""
    figures = {name: getattr(entry, name) for name in Figures.FIGURES}
    return Appraisal(review=entry.review, member=entry.member, made_by=by, **figures, **more)


def what_is_missing(review: BranchReview, entries: list[MemberReview]) -> list[str]:
    """Return what stands in the way of closing ``review``, with the codes of those concerned."""
    points = points_now(review, entries)
    untold = [e.member.code for e in entries if e.told_on is None]
    waited = [e.member.code for e in entries if e.told_on is not None and not was_heard(e)]
    moved = [e.member.code for e in entries if e.points != points[e.member_id]]
    appealed = Appeal.objects.filter(
        entry__year=review.year, entry__member__pilot=review.pilot_id, verdict=""
    )
    said = [
        (_("Not told yet: %s."), untold),
        (_("May still reply: %s."), waited),
        (_("Points changed since the grades were proposed: %s. Propose them again."), moved),
        (
            _("Appeals against points are open: %s."),
            sorted(set(appealed.values_list("member__code", flat=True))),
        ),
    ]
    found = [text % _some(codes) for text, codes in said if codes]
    waiting = waiting_in(review.pilot, review.year).count()
    if waiting:
        found.append(_("Entries of points that nobody has confirmed: %d.") % waiting)
    return found


def _some(codes: list[str]) -> str:
    more = len(codes) - MOST_NAMED
    named = ", ".join(codes[:MOST_NAMED])
    return _("%(codes)s and %(more)d more") % {"codes": named, "more": more} if more > 0 else named


@in_one_transaction
def correct_appraisal(
    appraisal: Appraisal,
    *,
    by: User,
    reason: str,
    grade: str,
    told_on: date,
    told_how: str,
    opinion: Mapping[str, str] | None = None,
    reply: Mapping[str, str] | None = None,
    replied_on: date | None = None,
) -> Appraisal:
    """Let another appraisal take the place of ``appraisal``, which stays to be read.

    For a lower grade the member must have been told of it and have replied, or the days for a reply
    be over. Points are those of today. Raises PermissionDenied, or ValidationError naming the field.
    """
    reason = _reason(reason)
    review = lock(appraisal.review)
    access.check_grades(by, review.pilot)
    appraisal, entry = _to_correct(review, appraisal)
    _check_grade(review, appraisal, grade)
    said = check_words("reply", reply or {})
    figures = {name: getattr(appraisal, name) for name in Figures.FIGURES}
    figures |= _told_again(review, told_on, told_how, said, replied_on)
    _check_heard(review, appraisal, grade, figures["told_on"], heard=bool(said))
    figures |= {"grade": grade, "points": points_now(review, [entry])[entry.member_id]}
    if opinion is not None:
        figures["opinion"] = check_words("opinion", opinion)
    more = {"edition": appraisal.edition + 1, "corrects": appraisal, "reason": reason}
    made = Appraisal(review=review, member=entry.member, made_by=by, **more, **figures)
    made.full_clean(validate_unique=False, validate_constraints=False)
    made.save()
    MemberReview.objects.filter(pk=entry.pk).update(put_at=None)
    write_down(entry, "correct_appraisal", by, edition=made.edition)
    return made


def _reason(reason: str) -> str:
    reason = check_reason(reason)
    if len(reason) > MAX_CHANGE:
        raise ValidationError({"reason": _("At most %d characters.") % MAX_CHANGE})
    return reason


def _to_correct(review: BranchReview, appraisal: Appraisal) -> tuple[Appraisal, MemberReview]:
    """Return ``appraisal`` afresh and the member's place in ``review``.

    Raises ValidationError if it stands no more.
    """
    appraisal = Appraisal.objects.select_related("member").get(pk=appraisal.pk)
    if Appraisal.objects.filter(corrects=appraisal).exists():
        raise ValidationError(_("A later appraisal stands already."), code="twice")
    entries = MemberReview.objects.select_related("member")
    entry = entries.get(review=review, member=appraisal.member_id)
    entry.review = review
    return appraisal, entry


def _told_again(
    review: BranchReview,
    told_on: date,
    told_how: str,
    said: dict[str, str],
    replied_on: date | None,
) -> dict[str, Any]:
    """Return how the member was told of a correction and what they said, as it is kept."""
    told_on = check_day("told_on", told_on, not_before=review.closed_on)
    if told_how not in OutcomeDecision.Told.values:
        raise ValidationError({"told_how": _("Say how the member was told.")})
    told: dict[str, Any] = {"told_on": told_on, "told_how": told_how}
    if said:
        day = check_day("replied_on", replied_on, not_before=told_on)
        told |= {"reply": said, "replied_on": day}
    return told


def standing(review: BranchReview) -> list[Appraisal]:
    """Return the appraisals of ``review`` that no other took the place of."""
    return list(review.appraisals.filter(correction=None).select_related("member"))


def _check_grade(review: BranchReview, appraisal: Appraisal, grade: str) -> None:
    if grade not in names_of_grades(review):
        raise ValidationError({"grade": _("Choose a grade of the rule book.")})
    others = [one.grade for one in standing(review) if one.pk != appraisal.pk]
    try:
        check_places(review, [*others, grade])
    except ValidationError as error:
        raise ValidationError({"grade": error.messages}) from error


def _check_heard(
    review: BranchReview, before: Appraisal, grade: str, told_on: date, *, heard: bool
) -> None:
    """Raise ValidationError if a lower grade is given to somebody who may still reply to it."""
    order = list(names_of_grades(review))
    last = reply_until(told_on)
    if heard or last is None or order.index(grade) <= order.index(before.grade):
        return
    if today() <= last:
        raise ValidationError(
            {
                "told_on": _("The member may reply until %(day)s; it does not stand before.")
                % {"day": last}
            },
            code="window",
        )
