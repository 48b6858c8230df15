"""Takes over outcomes that were decided before there were records of how: lists what is missing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..people.models import Member
from ..pilots.models import Pilot
from ..pilots.roles import is_lead
from .models import CheckerStatement, Gap, OutcomeDecision, State


@dataclass(frozen=True)
class PastOutcome:
    """An outcome as older papers have it: what was found, by whom, and what the member said."""

    member: Member
    key: UUID
    year: int
    outcome: str
    checked_on: date
    method: dict[str, str]
    reason: dict[str, str] = field(default_factory=dict)
    reply: dict[str, str] = field(default_factory=dict)
    replied_on: date | None = None
    # Members of the branch who checked it; codes of those of whom there is no record; codes of
    # those from outside.
    checkers: tuple[Member, ...] = ()
    unknown: tuple[str, ...] = ()
    outsiders: tuple[str, ...] = ()

    def gaps(self) -> list[str]:
        """Return what we require today and these papers do not say."""
        found = [Gap.NO_STATEMENTS]
        if self.outcome != "fulfilled":
            found.append(Gap.NOT_TOLD)
            if self.replied_on is None:
                found.append(Gap.NO_WINDOW)
        if self.replied_on is not None:
            found.append(Gap.NO_SCAN)
        if not self.outsiders:
            found.append(Gap.NO_OUTSIDER)
        return [str(gap.value) for gap in found]


@in_one_transaction
def import_outcomes(past: Iterable[PastOutcome], *, by: User) -> list[OutcomeDecision]:
    """Take over ``past`` outcomes as final decisions, each with the list of what is not known.

    One line for each branch in the audit trail says how many, and how often what was missing.
    They count as on the page already; pages are written and approved as always. Raises
    PermissionDenied unless ``by`` leads every programme, or ValidationError; nothing is done then.
    """
    rows = sorted(past, key=lambda row: row.member.pilot_id)
    made: list[OutcomeDecision] = []
    for _pilot_id, group in groupby(rows, key=lambda row: row.member.pilot_id):
        found = list(group)
        pilot = found[0].member.pilot
        if not is_lead(by, pilot.programme):
            raise PermissionDenied(_("Only leads of the programme take over older outcomes."))
        made += _take_over(pilot, found, by)
    return made


def _take_over(pilot: Pilot, rows: list[PastOutcome], by: User) -> list[OutcomeDecision]:
    decisions = [_decision(pilot, row, by) for row in rows]
    for row, decision in zip(rows, decisions, strict=True):
        _check(row, decision)
    made = OutcomeDecision.objects.bulk_create(decisions)
    CheckerStatement.objects.bulk_create(
        statement
        for row, decision in zip(rows, made, strict=True)
        for statement in _statements(row, decision)
    )
    missing = Counter(gap for decision in made for gap in decision.gaps)
    log(
        instance=pilot,
        action="pledge_pages.import_outcomes",
        user=by,
        data={"count": len(made), "missing": dict(sorted(missing.items()))},
    )
    return made


def _decision(pilot: Pilot, row: PastOutcome, by: User) -> OutcomeDecision:
    at = timezone.make_aware(datetime.combine(row.checked_on, time(17)))
    return OutcomeDecision(
        pilot=pilot,
        member=row.member,
        pledge_key=row.key,
        year=row.year,
        outcome=row.outcome,
        method=row.method,
        reason=row.reason,
        checked_on=row.checked_on,
        opened_by=by,
        opened_at=at,
        reply=row.reply,
        replied_on=row.replied_on,
        reply_by=by if row.replied_on else None,
        state=State.FINAL,
        final_at=at,
        final_by=by,
        put_at=at,
        imported=True,
        gaps=row.gaps(),
    )


def _check(row: PastOutcome, decision: OutcomeDecision) -> None:
    """Raise ValidationError, naming the pledge, for what no paper can make good."""
    try:
        decision.full_clean(validate_constraints=False)
        if row.member in row.checkers:
            raise ValidationError(_("The member cannot be one of the checkers."))
        if len({*row.checkers, *row.unknown, *row.outsiders}) < 2:
            raise ValidationError(_("Two checkers are needed."))
        standing = OutcomeDecision.objects.filter(member=row.member, pledge_key=row.key)
        if standing.filter(final_at__isnull=False).exists():
            raise ValidationError(_("This pledge has an outcome already."), code="twice")
    except ValidationError as error:
        raise ValidationError(
            f"{row.member.code}, {row.key}: {' '.join(error.messages)}"
        ) from error


def _statements(row: PastOutcome, decision: OutcomeDecision) -> Iterable[CheckerStatement]:
    at = decision.opened_at
    for member in row.checkers:
        yield CheckerStatement(decision=decision, checker_member=member, at=at)
    for code in (*row.unknown, *row.outsiders):
        outside = code in row.outsiders
        yield CheckerStatement(decision=decision, checker_code=code, outside=outside, at=at)
