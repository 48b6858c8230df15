"""Points that were given before this site was: they come in by one action, in one line of the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..labels import Labels
from ..people.models import Member
from ..pilots import roles
from ..pilots.models import Programme
from ..rulebook.models import RuleBook
from .ledger_models import PointEntry

# What the history does not say of an entry, and one that is made here has.
MISSING = ("entered_by", "second_person", "evidence")


@dataclass(frozen=True)
class PastEntry:
    """An entry as it was made. ``name`` is its own, ``takes_back`` the name of another before it."""

    name: str
    member: Member
    year: int
    version: str
    clause: str
    points: int
    on: date
    reason: Labels = field(default_factory=dict)
    ref: str = ""
    pledge_key: UUID | None = None
    outcome: str = ""
    takes_back: str = ""


@in_one_transaction
def import_points(
    programme: Programme,
    entries: Iterable[PastEntry],
    *,
    by: User,
    books: Mapping[str, RuleBook],
) -> list[PointEntry]:
    """Bring in entries that were made before, as they were; they count without a confirmation.

    ``books`` are the versions by their names. One line in the trail says how many there are and
    what is not known of them. Raises PermissionDenied unless ``by`` leads the programme, or
    ValidationError; then nothing was brought in.
    """
    if not roles.is_lead(by, programme):
        raise PermissionDenied(_("Only leads of the programme bring in points from before."))
    if any(book.programme_id != programme.pk for book in books.values()):
        raise ValidationError(_("These versions belong to another programme."))
    given = list(entries)
    rows: dict[str, PointEntry] = {}
    for past in given:
        if past.member.pilot.programme_id != programme.pk or past.name in rows:
            raise ValidationError(_("%s does not belong here, or comes twice.") % past.name)
        rows[past.name] = _row(past, books, by)
    plain = [rows[past.name] for past in given if not past.takes_back]
    PointEntry.objects.bulk_create(plain)
    counter = []
    for past in given:
        if past.takes_back:
            row, taken = rows[past.name], rows.get(past.takes_back)
            if taken is None or taken.pk is None or taken.points != -row.points:
                raise ValidationError(_("%s takes back what is not there.") % past.name)
            row.reversal_of = taken
            counter.append(row)
    PointEntry.objects.bulk_create(counter)
    log(
        instance=programme,
        action="pledge_pages.import_points",
        user=by,
        data={
            "ledgers": len({(past.member.pk, past.year) for past in given}),
            "entries": len(given),
            "missing": list(MISSING),
        },
    )
    return [rows[past.name] for past in given]


def _row(past: PastEntry, books: Mapping[str, RuleBook], by: User) -> PointEntry:
    if past.version not in books:
        raise ValidationError(_("There is no version %s of the rule book.") % past.version)
    row = PointEntry(
        member=past.member,
        year=past.year,
        rulebook=books[past.version],
        clause=past.clause,
        points=past.points,
        on=past.on,
        reason=dict(past.reason),
        ref=past.ref,
        pledge_key=past.pledge_key,
        outcome=past.outcome,
        source=PointEntry.Source.HISTORY,
        entered_by=by,
        entered_at=timezone.make_aware(datetime.combine(past.on, time(12))),
    )
    # Members and versions are at hand, and were not looked up one by one.
    row.full_clean(
        exclude=["member", "rulebook", "entered_by"],
        validate_unique=False,
        validate_constraints=False,
    )
    return row
