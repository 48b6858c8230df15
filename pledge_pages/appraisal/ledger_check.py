"""Looks through all ledgers for what does not add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from ..people.models import Member
from ..rulebook.models import Clause, RuleBook
from .ledger import counts
from .ledger_models import PointEntry
from .ledger_reading import MemberLedger, ledgers_of

# (member, year, total) that something else has written down; see :func:`compare_with`.
Stated = Callable[[int | None], Iterable[tuple[Member, int, int]]]
_stated: list[Stated] = []


@dataclass(frozen=True)
class Fault:
    """Something in a ledger that does not add up: codes and numbers, and no name."""

    member: str
    year: int
    said: str

    def __str__(self) -> str:
        return f"{self.member} {self.year}: {self.said}"


def compare_with(stated: Stated) -> None:
    """Let the totals that ``stated(year)`` yields (all years if None) be compared with the entries.

    Rooms that write totals down register when Django starts.
    """
    if stated not in _stated:
        _stated.append(stated)


def find_faults(year: int | None = None) -> Iterator[Fault]:
    """Yield what does not add up, in ``year`` or in all of them."""
    written = PointEntry.objects.filter(Q() if year is None else Q(year=year))
    for one_year in sorted(set(written.values_list("year", flat=True))):
        members = Member.objects.filter(point_entries__year=one_year).distinct().order_by("code")
        for ledger in ledgers_of(members.select_related("office"), one_year):
            yield from faults_of(ledger)
    for source in _stated:
        for member, one_year, total in source(year):
            counted = ledgers_of([member], one_year)[0].added_up().total
            if counted != total:
                yield Fault(member.code, one_year, f"{total} is written down, it is {counted}")


def faults_of(ledger: MemberLedger) -> Iterator[Fault]:
    """Yield what does not add up in one ledger."""
    rows = {entry.pk: entry for entry in ledger.entries}
    taken_back = {entry.reversal_of_id for entry in ledger.entries}
    bases = 0
    for entry in ledger.entries:
        clauses = {clause.code: clause for clause in entry.rulebook.clauses.all()}
        said = _fault_of(entry, clauses.get(entry.clause), rows)
        if said:
            yield Fault(ledger.member.code, ledger.year, f"entry {entry.pk}: {said}")
        live = counts(entry) and entry.pk not in taken_back
        bases += live and _is(clauses.get(entry.clause), Clause.Trigger.BASE)
    if bases != 1:
        yield Fault(ledger.member.code, ledger.year, f"{bases} entries of the base, not 1")
    added_up = ledger.added_up()
    if added_up.total != sum(line.counted for line in added_up.lines):
        yield Fault(ledger.member.code, ledger.year, "base, added and deducted do not reconcile")


def _fault_of(entry: PointEntry, clause: Clause | None, rows: dict[int, PointEntry]) -> str:
    if entry.reversal_of_id:
        taken = rows.get(entry.reversal_of_id)
        if taken is None:
            return "takes back an entry of another ledger"
        return "" if taken.points == -entry.points else "takes back other points than there were"
    book: RuleBook = entry.rulebook
    if clause is None:
        return f"version {book.version} has no clause {entry.clause}"
    worth = book.base if _is(clause, Clause.Trigger.BASE) else clause.points
    if worth != entry.points:
        return f"{entry.points} points, {entry.clause} of version {book.version} has {worth}"
    return ""


def _is(clause: Clause | None, trigger: str) -> bool:
    return clause is not None and clause.trigger == trigger
