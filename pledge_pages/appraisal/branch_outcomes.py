"""What became of pledges of the branch as a whole: found by one, confirmed by another, put on the board.

Whoever leads the pledge is neither of the two. Nothing here publishes: a version is submitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..boards.content import BranchPledge, Status
from ..boards.models import BranchPage
from ..contention import in_one_transaction
from ..embargo.approval import lock_gate
from ..embargo.models import HeldApproval
from ..labels import label_in
from ..people.models import Member
from ..pilots import roles
from ..pilots.actions import check_reason
from ..pilots.models import Pilot
from . import access
from .branch_models import BranchOutcome
from .models import Gap
from .on_page import hindrance_to, submit
from .outcomes import check_day, check_words, in_each

Standing = dict[UUID, BranchOutcome]
# What a pledge of the branch says of its outcome if it says nothing.
NOTHING: dict[str, object] = {"outcome": "", "checked_on": None, "method": "", "reason": ""}


@dataclass
class Promised:
    """A pledge of the branch as it was approved, and who leads it."""

    key: UUID
    year: int
    text: dict[str, str]
    lead_id: int | None


def standing(pilot: Pilot | int) -> Standing:
    """Return what stands of each pledge of the branch ``pilot``, by its key. One query.

    The newest counts: a correction is another one.
    """
    rows = BranchOutcome.objects.filter(
        Q(imported=True) | Q(confirmed_at__isnull=False, dropped_at=None)
    )
    return {row.pledge_key: row for row in rows.filter(pilot=pilot).order_by("found_at", "pk")}


def waiting(pilot: Pilot | int) -> QuerySet[BranchOutcome]:
    """Return what somebody found of pledges of ``pilot`` and nobody has confirmed or given up yet."""
    rows = BranchOutcome.objects.filter(pilot=pilot, imported=False)
    return rows.filter(confirmed_at=None, dropped_at=None)


def promised(pilot: Pilot) -> dict[UUID, Promised]:
    """Return the pledges of the branch that moderators approved, by their key. One query."""
    held = HeldApproval.objects.filter(
        page__gate__pilot=pilot, withdrawn_at__isnull=True, page__branchpage__isnull=False
    )
    found: dict[UUID, Promised] = {}
    for approval in held.select_related("page__locale").order_by("page"):
        if not approval.is_intact:
            continue
        for row in approval.snapshot.get("branch_pledges", []):
            key = UUID(row["key"])
            one = found.setdefault(key, Promised(key, row["year"], {}, row["lead"]))
            one.text[approval.page.locale.language_code] = row["text"]
    return found


@in_one_transaction
def find_branch_outcome(
    pilot: Pilot,
    key: UUID,
    *,
    by: User,
    outcome: str,
    method: Mapping[str, str],
    reason: Mapping[str, str] | None = None,
    checked_on: date | None = None,
) -> BranchOutcome:
    """Record what ``by`` found of a pledge of the branch. It counts once somebody else confirms it.

    ``method`` and ``reason`` have a text for each language the pledge is approved in; a reason is
    needed for everything but "fulfilled". Raises PermissionDenied, or ValidationError naming the field.
    """
    pilot = _lock(pilot)
    pledge = promised(pilot).get(key)
    if pledge is None:
        raise ValidationError(_("No such pledge of the branch was approved."), code="unknown")
    _check_checker(by, pilot, pledge)
    if waiting(pilot).filter(pledge_key=key).exists():
        raise ValidationError(_("An outcome waits to be confirmed already."), code="twice")
    row = BranchOutcome(
        pilot=pilot, pledge_key=key, year=pledge.year, outcome=outcome, found_by=by,
        method=in_each("method", method, pledge.text),
        checked_on=check_day("checked_on", checked_on, not_before=date(pledge.year, 1, 1)),
    )  # fmt: skip
    if outcome != Status.FULFILLED:
        row.reason = in_each("reason", reason or {}, pledge.text)
    row.full_clean(exclude=["pilot", "found_by"], validate_constraints=False)
    row.save()
    _write_down(row, "find_branch_outcome", by)
    return row


@in_one_transaction
def confirm_branch_outcome(row: BranchOutcome, *, by: User) -> BranchOutcome:
    """Confirm what somebody else found. Raises PermissionDenied, or ValidationError."""
    pilot = _lock(row.pilot)
    row = BranchOutcome.objects.get(pk=row.pk)
    row.pilot = pilot
    _check_checker(by, pilot, promised(pilot).get(row.pledge_key))
    _check_waits(row)
    if row.found_by_id == by.pk:
        raise PermissionDenied(_("You found it. Somebody else has to confirm it."))
    row.confirmed_by, row.confirmed_at = by, timezone.now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    _write_down(row, "confirm_branch_outcome", by)
    return row


@in_one_transaction
def drop_branch_outcome(row: BranchOutcome, *, by: User, reason: str) -> BranchOutcome:
    """Give up what was found before it is confirmed, with a reason; it may be found anew then.

    Raises PermissionDenied, StageError without a reason, or ValidationError.
    """
    reason = check_words("reason", {"": check_reason(reason)})[""]
    pilot = _lock(row.pilot)
    row = BranchOutcome.objects.get(pk=row.pk)
    row.pilot = pilot
    _check_checker(by, pilot, promised(pilot).get(row.pledge_key))
    _check_waits(row)
    row.dropped_by, row.dropped_at = by, timezone.now()
    row.save(update_fields=["dropped_by", "dropped_at"])
    _write_down(row, "drop_branch_outcome", by, reason=reason)
    return row


@in_one_transaction
def put_branch_outcomes(pilot: Pilot, *, by: User, with_draft: bool = False) -> list[BranchPage]:
    """Write what stands into a version of the board in each language, and submit it for moderation.

    A board with a newer draft that nobody approved is refused unless ``with_draft``: then it is
    written upon that draft. Raises PermissionDenied, or ValidationError saying what is in the way;
    nothing is done then.
    """
    if not access.may_write(by, pilot):
        raise PermissionDenied(_("Editors of the branch and leads put outcomes on the page."))
    known, written, left = standing(pilot), [], []
    for row in BranchPage.objects.filter(pilot=pilot).order_by("pk"):
        lock_gate(row)
        page = BranchPage.objects.select_related("locale").get(pk=row.pk)
        draft = page.get_latest_revision_as_object()
        pledges = list(draft.branch_pledges.all())
        language = page.locale.language_code
        if page.standing_approval is None or not settle(pledges, known, language):
            continue
        hindrance = hindrance_to(page, with_draft=with_draft)
        if not hindrance:
            draft.branch_pledges = pledges
            hindrance = submit(draft, page, by, "pledge_pages.put_branch_outcome", {})
        if hindrance:
            left.append(f"{page.locale.get_display_name()}: {hindrance}")
        else:
            written.append(page)
    if left or not written:
        raise ValidationError(left or [_nothing_to_put(known)], code="in_the_way")
    return written


def _nothing_to_put(known: Standing) -> str:
    if not known:
        return _("Nothing that was found of the branch's pledges is confirmed yet.")
    return _("Every approved board, or a version of it that waits for approval, says so already.")


def said_of(row: BranchOutcome | None, language: str) -> dict[str, object]:
    """Return what a pledge of the branch says in ``language`` once ``row`` is on the board."""
    if row is None:
        return NOTHING
    return {
        "outcome": row.outcome,
        "checked_on": row.checked_on,
        "method": label_in(row.method, language),
        "reason": label_in(row.reason, language),
    }


def settle(pledges: list[BranchPledge], known: Standing, language: str) -> bool:
    """Let each of ``pledges`` say in ``language`` what stands of it; return whether any changed."""
    changed = False
    for pledge in pledges:
        said = said_of(known.get(pledge.key), language)
        changed = changed or pledge.found != said
        for name, value in said.items():
            setattr(pledge, name, value)
    return changed


def _lock(pilot: Pilot) -> Pilot:
    """Return ``pilot`` afresh and locked: of two who find the same at once, one comes too late."""
    rows = Pilot.objects.select_for_update(of=("self",)).select_related("programme")
    return rows.get(pk=pilot.pk)


def _check_waits(row: BranchOutcome) -> None:
    """Raise ValidationError if ``row`` was confirmed or given up."""
    if row.stands:
        raise ValidationError(_("It was confirmed already."), code="twice")
    if row.dropped_at is not None:
        raise ValidationError(_("It was given up. Find it anew."), code="dropped")


def _check_checker(by: User, pilot: Pilot, pledge: Promised | None) -> None:
    """Raise PermissionDenied unless ``by`` checks for the branch and does not lead the pledge."""
    access.check_takes_part(by, pilot)
    if pledge is None or pledge.lead_id is None:
        return
    lead = Member.objects.filter(pk=pledge.lead_id).first()
    if lead is not None:
        access.check_not_own(by, lead)


def _write_down(row: BranchOutcome, action: str, by: User, **data: Any) -> None:
    said = {"outcome": row.outcome, **data}
    log(instance=row, action=f"pledge_pages.{action}", user=by, data=said)


# From before ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PastBranchOutcome:
    """An outcome of a pledge of the branch as older papers have it."""

    pilot: Pilot
    key: UUID
    year: int
    outcome: str
    checked_on: date | None = None

    def gaps(self) -> list[str]:
        """Return what we require today and these papers do not say."""
        found = [Gap.NO_STATEMENTS, *([Gap.NO_DAY] if self.checked_on is None else [])]
        return [str(gap.value) for gap in found]


@in_one_transaction
def import_branch_outcomes(past: Iterable[PastBranchOutcome], *, by: User) -> list[BranchOutcome]:
    """Take over ``past`` outcomes, each with the list of what is not known of it.

    One line for each branch in the audit trail says how many, and how often what was missing. Raises
    PermissionDenied unless ``by`` leads every programme, or ValidationError; nothing is done then.
    """
    made: list[BranchOutcome] = []
    rows = sorted(past, key=lambda row: row.pilot.pk)
    for _pk, group in groupby(rows, key=lambda row: row.pilot.pk):
        found = list(group)
        pilot = found[0].pilot
        if not roles.is_lead(by, pilot.programme):
            raise PermissionDenied(_("Only leads of the programme take over older outcomes."))
        made += _take_over(pilot, found, by)
    return made


def _take_over(pilot: Pilot, past: list[PastBranchOutcome], by: User) -> list[BranchOutcome]:
    known, rows = standing(pilot), []
    for one in past:
        row = BranchOutcome(
            pilot=pilot, pledge_key=one.key, year=one.year, outcome=one.outcome, imported=True,
            checked_on=one.checked_on, found_by=by, gaps=one.gaps(),
        )  # fmt: skip
        row.full_clean(exclude=["pilot", "found_by"], validate_constraints=False)
        if one.key in known:
            raise ValidationError(_("This pledge has an outcome already."), code="twice")
        known[one.key] = row
        rows.append(row)
    made = BranchOutcome.objects.bulk_create(rows)
    missing = Counter(gap for row in made for gap in row.gaps)
    data = {"count": len(made), "missing": dict(sorted(missing.items()))}
    log(instance=pilot, action="pledge_pages.import_branch_outcomes", user=by, data=data)
    return made
