"""What is done with points: entered, confirmed by another, taken back; nothing is ever changed.

A branch's editors, moderators and leads enter. A moderator or lead who is not the author confirms,
and until then an entry does not count. A moderator or lead who is not the author takes back; the
author may, as long as nobody has confirmed. Nobody does any of it in a ledger of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..boards.content import YEARS, latest_due
from ..contention import in_one_transaction
from ..labels import Labels
from ..people.accounts import is_account_of
from ..people.models import Member
from ..pilots import roles
from ..pilots.actions import check_reason
from ..pilots.models import Pilot, Role
from ..rulebook import choosing
from ..rulebook.models import Clause, RuleBook
from .ledger_models import PointConfirmation, PointEntry

# Entries in one ledger, and entries confirmed at once.
MOST_ENTRIES = 400
MOST_AT_ONCE = 500

Anyone = User | AnonymousUser


def may_enter(user: Anyone, pilot: Pilot) -> bool:
    """Return whether ``user`` may see the ledgers of ``pilot`` and enter points: staff and leads."""
    return roles.sees_drafts(user, pilot)


def may_decide(user: Anyone, pilot: Pilot) -> bool:
    """Return whether ``user`` may confirm what others entered, and take back: moderators, leads."""
    return roles.is_lead(user, pilot.programme) or roles.has_role(user, Role.Kind.MODERATOR, pilot)


@in_one_transaction
def enter_points(
    member: Member,
    *,
    year: int,
    clause: str,
    on: date,
    by: User,
    reason: Labels | None = None,
    ref: str = "",
    pledge_key: UUID | None = None,
) -> PointEntry:
    """Enter what ``clause`` brings into the ledger of ``member``, by the rules of the day ``on``.

    ``ref`` says where the evidence or decision is. Raises PermissionDenied, or ValidationError
    naming the field.
    """
    member = _open(member, by)
    check_day(year, on)
    book = choosing.book_for(member.pilot.programme, on)
    rule = choosing.clause_of(book, clause)
    if rule.trigger == Clause.Trigger.COUNTER:
        raise ValidationError({"clause": _("It only takes an entry back: choose that entry.")})
    if rule.trigger == Clause.Trigger.BASE and standing(member, year, clause=clause):
        raise ValidationError({"clause": _("The base of this year is entered already.")})
    if is_spared(member, book) and rule.worth < 0:
        raise ValidationError(
            {
                "clause": _("“%(office)s” loses no points by version %(version)s.")
                % {"office": member.office, "version": book.version}
            }
        )
    entry = PointEntry(
        member=member, year=year, clause=clause, on=on, rulebook=book, points=rule.worth,
        reason=dict(reason or {}), ref=ref.strip(), pledge_key=pledge_key, entered_by=by,
    )  # fmt: skip
    _check_double(entry)
    return _enter(entry)


@in_one_transaction
def enter_for_outcome(
    *,
    member: Member,
    year: int,
    pledge_key: UUID,
    outcome: str,
    on: date,
    by: User,
    ref: str = "",
) -> PointEntry | None:
    """Enter what the ``outcome`` of a pledge brings by the rules of the day ``on``; once only.

    An entry that stands for the same pledge and outcome is returned as it is. One for another
    outcome of the pledge, which was corrected, is taken back. Returns None where the rules have no
    clause for the outcome, or spare the member. Like every entry it counts once it is confirmed.
    Raises PermissionDenied, or ValidationError naming the field.
    """
    _open(member, by)
    return bring_in_outcome(
        member=member, year=year, pledge_key=pledge_key, outcome=outcome, on=on, by=by, ref=ref
    )


@in_one_transaction
def bring_in_outcome(
    *,
    member: Member,
    year: int,
    pledge_key: UUID,
    outcome: str,
    on: date,
    by: User,
    ref: str = "",
) -> PointEntry | None:
    """Do what :func:`enter_for_outcome` does, for whoever was allowed to decide the outcome."""
    member = lock_member(member.pk)
    check_day(year, on)
    if outcome not in Clause.Trigger.values:
        raise ValidationError({"outcome": _("There is no outcome “%s”.") % outcome})
    book = choosing.book_for(member.pilot.programme, on)
    earlier = [entry for entry in standing(member, year, pledge_key=pledge_key) if entry.outcome]
    for entry in earlier:
        if entry.outcome == outcome:
            return entry
    for entry in earlier:
        _take_back(entry, on=on, by=by, reason={}, ref=ref or "outcome")
    rule = choosing.clause_for(book, outcome)
    if rule is None or (is_spared(member, book) and rule.worth < 0):
        return None
    return _enter(
        PointEntry(
            member=member, year=year, clause=rule.code, on=on, rulebook=book, points=rule.worth,
            pledge_key=pledge_key, outcome=outcome, ref=ref.strip(), entered_by=by,
            source=PointEntry.Source.OUTCOME,
        )
    )  # fmt: skip


@in_one_transaction
def drop_outcome(*, member: Member, year: int, pledge_key: UUID, by: User, ref: str) -> int:
    """Take back what an outcome of a pledge brought that stands no more; returns how many entries.

    For whoever was allowed to set the outcome aside.
    """
    member = lock_member(member.pk)
    kept = [entry for entry in standing(member, year, pledge_key=pledge_key) if entry.outcome]
    for entry in kept:
        _take_back(entry, on=timezone.localdate(), by=by, reason={}, ref=ref)
    return len(kept)


@in_one_transaction
def open_year(pilot: Pilot, year: int, *, on: date, by: User) -> int:
    """Enter the base of ``year`` for every active member of ``pilot`` who has none; returns how many.

    Raises PermissionDenied, or ValidationError naming the field.
    """
    if not may_enter(by, pilot):
        raise PermissionDenied(
            _("You may not enter points of the branch %(code)s.") % {"code": pilot.code}
        )
    check_day(year, on)
    book = choosing.book_for(pilot.programme, on)
    base = choosing.clause_for(book, Clause.Trigger.BASE)
    if base is None:
        raise ValidationError(_("Version %s has no base.") % book.version)
    count = 0
    for member in Member.objects.filter(pilot=pilot, active=True).order_by("pk"):
        # Nobody opens their own ledger: a colleague does.
        if is_account_of(by, member) or standing(member, year, clause=base.code):
            continue
        enter_points(member, year=year, clause=base.code, on=on, by=by)
        count += 1
    return count


@in_one_transaction
def confirm_entries(entries: Iterable[PointEntry], *, by: User) -> int:
    """Let entries count that others made; returns how many did not before.

    All of them or none: raises PermissionDenied, or ValidationError, if one cannot be confirmed.
    """
    wanted = sorted({entry.pk for entry in entries})
    if len(wanted) > MOST_AT_ONCE:
        raise ValidationError(_("Confirm at most %d at once.") % MOST_AT_ONCE)
    found = PointEntry.objects.filter(pk__in=wanted)
    # One after the other: whoever takes an entry back meanwhile has to wait, or we do.
    for member in sorted(set(found.values_list("member", flat=True))):
        lock_member(member)
    count = 0
    for entry in found.select_related("member__pilot__programme", "confirmation").order_by("pk"):
        _check_decider(entry.member, by)
        if entry.entered_by_id == by.pk:
            raise PermissionDenied(_("Somebody else has to confirm what you entered."))
        if counts(entry):
            continue
        if PointEntry.objects.filter(reversal_of=entry).exists():
            raise ValidationError(_("An entry that was taken back is not confirmed any more."))
        PointConfirmation.objects.create(entry=entry, by=by)
        log(instance=entry, action="pledge_pages.confirm_points", user=by, data=_said(entry))
        count += 1
    return count


@in_one_transaction
def reverse_entry(
    entry: PointEntry, *, by: User, reason: str, on: date | None = None, ref: str = ""
) -> PointEntry:
    """Take ``entry`` back by an entry against it, which counts at once; today if ``on`` is None.

    Raises PermissionDenied, StageError without a reason, or ValidationError.
    """
    reason = check_reason(reason)
    member = lock_member(entry.member_id)
    entry = PointEntry.objects.select_related("rulebook").get(pk=entry.pk)
    entry.member = member
    unseen = not PointConfirmation.objects.filter(entry=entry).exists()
    imported = entry.source == PointEntry.Source.HISTORY
    if by.pk == entry.entered_by_id and unseen and not imported:
        _check_staff(member, by)
    else:
        _check_decider(member, by)
        if by.pk == entry.entered_by_id:
            raise PermissionDenied(_("Somebody else has to take back what you entered."))
    if entry.reversal_of_id:
        raise ValidationError(_("What takes an entry back is not taken back: enter it anew."))
    if PointEntry.objects.filter(reversal_of=entry).exists():
        raise ValidationError(_("This entry is taken back already."))
    day = on or timezone.localdate()
    if day < entry.on:
        raise ValidationError({"on": _("It cannot be taken back before it was made.")})
    if day > timezone.localdate():
        raise ValidationError({"on": _("The day lies in the future.")})
    said = {get_language() or settings.LANGUAGE_CODE: reason}
    return _take_back(entry, on=day, by=by, reason=said, ref=ref)


@in_one_transaction
def take_back_after_appeal(entry: PointEntry, *, by: User, ref: str) -> PointEntry:
    """Take ``entry`` back, for whoever was allowed to uphold an appeal against it."""
    entry.member = lock_member(entry.member_id)
    return _take_back(entry, on=timezone.localdate(), by=by, reason={}, ref=ref)


def standing(member: Member, year: int, **wanted) -> list[PointEntry]:
    """Return the entries of a ledger that were not taken back, nor take others back."""
    rows = PointEntry.objects.filter(member=member, year=year, reversal=None, reversal_of=None)
    return list(rows.filter(**wanted).order_by("on", "pk"))


def counts(entry: PointEntry) -> bool:
    """Return whether ``entry`` counts, unless it was taken back: no more eyes have to see it."""
    if entry.reversal_of_id or entry.source == PointEntry.Source.HISTORY:
        return True
    return hasattr(entry, "confirmation")


def is_spared(member: Member, book: RuleBook) -> bool:
    """Return whether ``member`` loses no points by ``book``."""
    return member.office.code in book.spared


def check_day(year: int, on: date) -> None:
    """Raise ValidationError unless something of ``year`` may have happened on ``on``."""
    if year not in YEARS:
        raise ValidationError({"year": _("%s is no year of pledges.") % year})
    if on > timezone.localdate():
        raise ValidationError({"on": _("The day lies in the future.")})
    first, last = date(year, 1, 1), latest_due(year)
    if not first <= on <= last:
        raise ValidationError(
            {
                "on": _("What belongs to %(year)d happened from %(first)s to %(last)s.")
                % {"year": year, "first": first, "last": last}
            }
        )


def lock_member(member_pk: int) -> Member:
    """Return a member, whose ledgers nobody else writes until the transaction ends."""
    members = Member.objects.select_for_update(of=("self",), no_key=True)
    return members.select_related("pilot__programme", "office").get(pk=member_pk)


def _open(member: Member, by: User) -> Member:
    """Return ``member``, locked. Raises PermissionDenied unless ``by`` may enter points."""
    member = lock_member(member.pk)
    _check_staff(member, by)
    return member


def _check_staff(member: Member, by: User) -> None:
    if not may_enter(by, member.pilot):
        raise PermissionDenied(
            _("You may not enter points of the branch %(code)s.") % {"code": member.pilot.code}
        )
    _check_other(member, by)


def _check_decider(member: Member, by: User) -> None:
    if not may_decide(by, member.pilot):
        raise PermissionDenied(
            _("Only moderators of the branch %(code)s and leads confirm and take back.")
            % {"code": member.pilot.code}
        )
    _check_other(member, by)


def _check_other(member: Member, by: User) -> None:
    if is_account_of(by, member):
        raise PermissionDenied(_("Nobody writes in their own ledger."))


def _check_double(entry: PointEntry) -> None:
    """Raise ValidationError if a standing entry says the very same: a form was sent twice."""
    names = ("clause", "on", "ref", "pledge_key")
    same = standing(entry.member, entry.year, **{name: getattr(entry, name) for name in names})
    if any(other.reason == entry.reason for other in same):
        raise ValidationError(
            _("The same entry is there already. If there is another, say in what it differs.")
        )


def _enter(entry: PointEntry) -> PointEntry:
    number = PointEntry.objects.filter(member=entry.member_id, year=entry.year).count()
    if number >= MOST_ENTRIES:
        raise ValidationError(_("There are %d entries in this ledger, which is the most.") % number)
    # The member was locked for this: what the database would check again is not.
    entry.full_clean(validate_unique=False, validate_constraints=False)
    entry.save()
    action = "reverse_points" if entry.reversal_of_id else "enter_points"
    log(
        instance=entry,
        action=f"pledge_pages.{action}",
        user=entry.entered_by,
        data=_said(entry),
    )
    return entry


def _take_back(entry: PointEntry, *, on: date, by: User, reason: Labels, ref: str) -> PointEntry:
    """Enter what takes ``entry`` back. The caller has checked and locked."""
    book = choosing.in_force(entry.member.pilot.programme, on) or entry.rulebook
    counter = choosing.clause_for(book, Clause.Trigger.COUNTER)
    return _enter(
        PointEntry(
            member=entry.member, year=entry.year, clause=counter.code if counter else entry.clause,
            on=on, rulebook=book, points=-entry.points, pledge_key=entry.pledge_key,
            reason=dict(reason), ref=ref.strip(), reversal_of=entry, entered_by=by,
            source=PointEntry.Source.HAND,
        )
    )  # fmt: skip


def _said(entry: PointEntry) -> dict[str, object]:
    """Return what the trail says of ``entry``: codes and numbers."""
    return {
        "member": entry.member.code,
        "year": entry.year,
        "clause": entry.clause,
        "points": entry.points,
        "entry": entry.pk,
    }
