"""A year-end review from its opening to grades: figures, the branch's opinion, what else followed.

Staff of the branch and leads enter figures, and nobody about themselves; a moderator or lead who is
no member of the branch proposes the grades. See ``review_hearing`` and ``closing`` for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..boards.content import YEARS
from ..contention import in_one_transaction
from ..people.models import Member
from ..pilots import roles
from ..pilots.models import Pilot
from ..rulebook import choosing
from . import access
from .access import Anyone
from .outcomes import check_day, check_words
from .review_models import MOST_ANSWERS, BranchReview, MemberReview, Sanction

# What staff enter of a member.
ENTERED = ("peer", "ballot", "satisfied", "neutral", "dissatisfied", "opinion")
SURVEY = ("satisfied", "neutral", "dissatisfied")


def reviews_seen_by(user: Anyone) -> QuerySet[BranchReview]:
    """Return the reviews that ``user`` may see: those of branches they work on or lead."""
    return BranchReview.objects.filter(pilot__in=roles.pilots_seen_by(user))


def lock(review: BranchReview) -> BranchReview:
    """Return ``review`` afresh, locked after its pilot: none who changes it overtakes another."""
    Pilot.objects.select_for_update(of=("self",)).get(pk=review.pilot_id)
    rows = BranchReview.objects.select_for_update(of=("self",))
    return rows.select_related("pilot__programme", "rulebook").get(pk=review.pk)


def lock_entry(entry: MemberReview) -> MemberReview:
    """Return ``entry`` afresh, its review locked."""
    review = lock(entry.review)
    fresh = MemberReview.objects.select_related("member__pilot").get(pk=entry.pk)
    fresh.review = review
    return fresh


def require(review: BranchReview, *states: str) -> None:
    """Raise ValidationError unless ``review`` is in one of ``states``."""
    if review.state not in states:
        raise ValidationError(
            _("This cannot be done now: “%(state)s”.") % {"state": review.get_state_display()},
            code="wrong_state",
        )


def write_down(about: Any, action: str, by: User, **data: object) -> None:
    """Write a line about a review or a member in it into the audit trail. Codes only, never a name."""
    if isinstance(about, MemberReview):
        data = {"member": about.member.code, **data}
    log(instance=about, action=f"pledge_pages.{action}", user=by, data=data)


@in_one_transaction
def open_review(
    pilot: Pilot, year: int, *, by: User, held_on: date, present: int, voters: int = 0
) -> BranchReview:
    """Open the review of ``pilot`` for ``year``, with a place for each of its active members.

    ``present`` are the members at the meeting of the day ``held_on``, by whose rules it goes;
    ``voters`` those who were given a ballot. Raises PermissionDenied, or ValidationError naming
    the field.
    """
    access.check_reviews(by, pilot)
    pilot = (
        Pilot.objects.select_for_update(of=("self",)).select_related("programme").get(pk=pilot.pk)
    )
    if year not in YEARS:
        raise ValidationError({"year": _("%s is no year of pledges.") % year})
    if BranchReview.objects.filter(pilot=pilot, year=year).exists():
        raise ValidationError({"year": _("This year has a review already.")})
    held_on = check_day("held_on", held_on, not_before=date(year, 7, 1))
    if held_on.year > year + 1:
        raise ValidationError({"held_on": _("The day lies more than a year after the year.")})
    members = list(Member.objects.filter(pilot=pilot, active=True).order_by("pk"))
    if not members:
        raise ValidationError(_("The branch has no active member."))
    _check_number("present", present, len(members), _("The branch has %d active members."))
    if present < 1:
        raise ValidationError({"present": _("Somebody has to be present.")})
    book = choosing.in_force(pilot.programme, held_on)
    if book is None or not book.grades.exists():
        raise ValidationError({"held_on": _("No rules with grades are in force on this day.")})
    review = BranchReview(
        pilot=pilot, year=year, rulebook=book, held_on=held_on, present=present, voters=voters,
        opened_by=by,
    )  # fmt: skip
    review.full_clean(validate_unique=False, validate_constraints=False)
    review.save()
    MemberReview.objects.bulk_create(MemberReview(review=review, member=one) for one in members)
    write_down(review, "open_review", by, version=book.version, count=len(members))
    return review


@in_one_transaction
def enter_figures(entry: MemberReview, *, by: User, **figures: Any) -> MemberReview:
    """Enter what was counted and said of a member; what is not in ``figures`` stays as it is.

    ``peer`` and ``ballot`` are votes by the code of a grade: those of the other members present,
    and of the ballots handed out. ``satisfied``, ``neutral`` and ``dissatisfied`` count villagers.
    ``opinion`` is the branch's, by language. Raises PermissionDenied, or ValidationError naming the
    field; nothing is entered then.
    """
    entry = lock_entry(entry)
    access.check_reviews(by, entry.review.pilot)
    access.check_not_about(by, entry.member)
    require(entry.review, BranchReview.State.OPEN)
    if unknown := set(figures) - set(ENTERED):
        raise ValidationError(_("There is no figure “%s”.") % sorted(unknown)[0])
    for name, value in figures.items():
        setattr(entry, name, checked(entry, name, value))
    check_survey(entry)
    _clean(entry, ENTERED)
    entry.save(update_fields=list(figures))
    write_down(entry, "enter_review_figures", by, figures=sorted(figures))
    return entry


@in_one_transaction
def enter_self_grade(entry: MemberReview, *, by: User, grade: str) -> MemberReview:
    """Enter the grade that the member gives themselves: by their account, or by staff for them."""
    entry = lock_entry(entry)
    access.check_speaks_for(by, entry.member)
    require(entry.review, BranchReview.State.OPEN)
    if grade not in grade_codes(entry.review):
        raise ValidationError({"grade": _("Choose a grade of the rule book.")})
    entry.self_grade = grade
    entry.save(update_fields=["self_grade"])
    write_down(
        entry, "enter_review_figures", by, figures=["self_grade"],
        on_paper=by.pk != entry.member.user_id,
    )  # fmt: skip
    return entry


def grade_codes(review: BranchReview) -> list[str]:
    """Return the codes of the grades by which ``review`` goes, the highest first."""
    return [grade.code for grade in review.rulebook.grades.all()]


def checked(entry: MemberReview, name: str, value: Any) -> Any:
    """Return a figure as it is kept; ValidationError naming the field if it cannot be so."""
    review = entry.review
    if name == "peer":
        others = review.present - 1
        said = _("%(votes)d votes, but only %(most)d other members were present.")
        return check_votes(name, value, grade_codes(review), others, said)
    if name == "ballot":
        said = _("%(votes)d votes, but only %(most)d ballots were handed out.")
        return check_votes(name, value, grade_codes(review), review.voters, said)
    if name == "opinion":
        return check_words(name, value)
    if value is not None:
        _check_number(name, value, MOST_ANSWERS, _("At most %d can be entered."))
    return value


def check_votes(
    field: str, votes: Mapping[str, Any], codes: list[str], most: int, said: str
) -> dict[str, int]:
    """Return ``votes`` for the grades ``codes``; ValidationError if there are more than ``most``."""
    if set(votes) - set(codes):
        raise ValidationError({field: _("Votes are for the grades of the rule book.")})
    counted = {code: votes.get(code) or 0 for code in codes}
    for number in counted.values():
        _check_number(field, number, MOST_ANSWERS, _("At most %d can be entered."))
    total = sum(counted.values())
    if total > most:
        raise ValidationError({field: said % {"votes": total, "most": most}})
    return counted if total else {}


def check_survey(entry: MemberReview) -> None:
    """Raise ValidationError if the survey is there in part only."""
    missing = [name for name in SURVEY if getattr(entry, name) is None]
    if missing and len(missing) < len(SURVEY):
        raise ValidationError({missing[0]: _("Enter all three numbers of the survey, or none.")})


def _check_number(field: str, number: Any, most: int, said: str) -> None:
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise ValidationError({field: _("Enter a whole number.")})
    if number > most:
        raise ValidationError({field: said % most})


def _clean(entry: MemberReview, names: tuple[str, ...]) -> None:
    entry.clean_fields(exclude=[f.name for f in entry._meta.fields if f.name not in names])


@in_one_transaction
def record_sanction(entry: MemberReview, *, by: User, what: str, basis: str, on: date) -> Sanction:
    """Record what followed for a member besides the grade. It is never shown to anybody but
    moderators and leads. Raises PermissionDenied, or ValidationError naming the field.
    """
    entry = lock_entry(entry)
    access.check_grades(by, entry.review.pilot)
    sanction = Sanction(
        entry=entry, what=check_words("what", {"": what}).get("", ""), basis=basis.strip(),
        on=check_day("on", on, not_before=date(entry.review.year, 1, 1)), by=by,
        at=timezone.now(),
    )  # fmt: skip
    sanction.full_clean(exclude=["entry", "by"])
    sanction.save()
    write_down(entry, "record_sanction", by)
    return sanction
