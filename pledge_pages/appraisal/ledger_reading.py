"""Reads ledgers: the entries of members, added up, in few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from ..people.models import Member
from ..pilots.models import Pilot
from ..rulebook.models import Clause, RuleBook
from .ledger import counts
from .ledger_models import PointEntry
from .scoring import Entry, Ledger, Period, Rule, Rules, add_up


@dataclass
class MemberLedger:
    """A member's ledger of a year: the entries as they are kept, and what they come to."""

    member: Member
    year: int
    entries: list[PointEntry] = field(default_factory=list)

    def scored(self) -> list[Entry]:
        """Return the entries as the arithmetic takes them."""
        return [scored(entry) for entry in self.entries]

    def added_up(self) -> Ledger:
        """Return the ledger, added up by the versions that its entries are pinned to."""
        return add_up(self.scored(), rules_by_version(entry.rulebook for entry in self.entries))

    def waiting(self) -> int:
        """Return how many entries wait for somebody to confirm them."""
        taken = {entry.reversal_of_id for entry in self.entries}
        return sum(not counts(entry) and entry.pk not in taken for entry in self.entries)

    def newest_book(self) -> RuleBook | None:
        """Return the newest version that an entry is pinned to, None if there is no entry."""
        books = [entry.rulebook for entry in self.entries]
        return max(books, key=lambda book: (book.effective_on, book.pk), default=None)


def scored(entry: PointEntry) -> Entry:
    """Return ``entry`` as the arithmetic takes it."""
    return Entry(
        key=entry.pk,
        on=entry.on,
        code=entry.clause,
        points=entry.points,
        version=entry.rulebook.version,
        reverses=entry.reversal_of_id,
        confirmed=counts(entry),
    )


def rules_of(book: RuleBook) -> Rules:
    """Return ``book`` as the arithmetic takes it: its clauses in force."""
    clauses, base = {}, ""
    for clause in book.clauses.all():
        if clause.in_force and clause.trigger != Clause.Trigger.COUNTER:
            # Not `worth`, which would fetch the book for each.
            is_base = clause.trigger == Clause.Trigger.BASE
            points = book.base if is_base else clause.points or 0
            clauses[clause.code] = Rule(clause.code, points, clause.cap, Period(clause.cap_period))
            base = clause.code if is_base else base
    return Rules(book.version, clauses, base, book.quarter_cap)


def rules_by_version(books: Iterable[RuleBook]) -> dict[str, Rules]:
    """Return the rules of ``books`` by version; they are of one programme."""
    return {version: rules_of(book) for version, book in {b.version: b for b in books}.items()}


def entries_of(members: Iterable[Member], year: int) -> QuerySet[PointEntry]:
    """Return the entries of ``members`` for ``year``, with all that adding up asks for."""
    return (
        PointEntry.objects.filter(member__in=members, year=year)
        .select_related("rulebook", "confirmation", "entered_by", "appeal")
        .prefetch_related("rulebook__clauses")
        .order_by("on", "pk")
    )


def ledgers_of(members: Iterable[Member], year: int) -> list[MemberLedger]:
    """Return the ledgers of ``members`` for ``year``, in their order. Two queries."""
    ledgers = {member.pk: MemberLedger(member, year) for member in members}
    for entry in entries_of([ledger.member for ledger in ledgers.values()], year):
        ledgers[entry.member_id].entries.append(entry)
    return list(ledgers.values())


def members_with_points(pilot: Pilot, year: int) -> QuerySet[Member]:
    """Return the members of ``pilot`` who are active, or have entries for ``year``."""
    written = PointEntry.objects.filter(year=year, member__pilot=pilot).values("member")
    members = Member.objects.filter(Q(active=True) | Q(pk__in=written), pilot=pilot)
    return members.select_related("office").order_by("office__rank", "code")


def years_of(pilots: Iterable[Pilot]) -> dict[int, list[int]]:
    """Return the years for which there are entries, newest first, by branch. One query."""
    written = PointEntry.objects.filter(member__pilot__in=pilots)
    found: dict[int, list[int]] = {}
    for pilot, year in sorted(set(written.values_list("member__pilot", "year").order_by())):
        found.setdefault(pilot, []).insert(0, year)
    return found


def waiting_in(pilot: Pilot, year: int) -> QuerySet[PointEntry]:
    """Return the entries of ``pilot`` for ``year`` that wait for somebody to confirm them."""
    return (
        PointEntry.objects.filter(member__pilot=pilot, year=year)
        .filter(confirmation=None, reversal_of=None, reversal=None)
        .exclude(source=PointEntry.Source.HISTORY)
        .select_related("member__office", "rulebook", "entered_by")
        .order_by("on", "pk")
    )
