"""Adds up points: base, what is added and deducted, limits, what was taken back. Plain Python.

Which clause brings how many points, and up to how many, is data: here is the arithmetic alone.
The order in which entries are given does not matter; they count in the order of their days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Period(StrEnum):
    """How long a limit lasts."""

    YEAR = "year"
    QUARTER = "quarter"


class Why(StrEnum):
    """Why an entry counts as it does."""

    COUNTED = "counted"
    # The clause has a limit, and it is reached: fewer points count, or none.
    CAPPED = "capped"
    # So has the sum of all that is deducted in a quarter.
    QUARTER_CAPPED = "quarter_capped"
    TAKEN_BACK = "taken_back"
    TAKES_BACK = "takes_back"
    # Nobody but its author has seen it.
    WAITING = "waiting"
    # Of a version that is tried only: it does not have the clause, or spares the person.
    NO_CLAUSE = "no_clause"
    SPARED = "spared"


@dataclass(frozen=True)
class Rule:
    """One clause: the points of an entry, and the most that it adds or deducts in a period."""

    code: str
    points: int
    cap: int | None = None
    period: Period = Period.YEAR


@dataclass(frozen=True)
class Rules:
    """One version: its clauses in force, which of them is the base, its limit for a quarter."""

    version: str
    clauses: Mapping[str, Rule]
    base: str = ""
    quarter_cap: int | None = None


@dataclass(frozen=True)
class Entry:
    """One line of a ledger. ``key`` is its own; ``reverses`` is the key of what it takes back."""

    key: int
    on: date
    code: str
    points: int
    version: str
    reverses: int | None = None
    confirmed: bool = True


@dataclass(frozen=True)
class Line:
    """An entry with the points that count of it, and why."""

    entry: Entry
    counted: int
    why: Why


@dataclass(frozen=True)
class Ledger:
    """A ledger added up: its lines in the order of their days, and base + added - deducted."""

    lines: tuple[Line, ...]
    base: int
    added: int
    deducted: int

    @property
    def total(self) -> int:
        """What it comes to."""
        return self.base + self.added - self.deducted


@dataclass
class _Limits:
    """What is used up of each limit so far: (what it is on, the period) -> points."""

    used: dict[tuple[str, str], int] = field(default_factory=dict)

    def within(self, name: str, period: str, points: int, cap: int | None) -> int:
        """Return how many of ``points`` still count, and note them as used."""
        key = (name, period)
        used = self.used.get(key, 0)
        room = abs(points) if cap is None else max(0, min(abs(points), cap - used))
        self.used[key] = used + room
        return room if points >= 0 else -room


def add_up(entries: Iterable[Entry], books: Mapping[str, Rules]) -> Ledger:
    """Return the ledger of ``entries``, each under the version that it was made under.

    Raises KeyError for an entry of a version that is not in ``books``.
    """
    settled, live = _settle(entries)
    return _ledger([*settled, *_limited(live, books)], books)


def add_up_under(entries: Iterable[Entry], rules: Rules, *, spared: bool = False) -> Ledger:
    """Return the ledger as it would be if all had happened under ``rules``.

    ``spared`` says that the person loses no points under them.
    """
    settled, live = _settle(entries)
    moved = []
    for entry in live:
        rule = rules.clauses.get(entry.code)
        there = replace(entry, points=rule.points if rule else 0, version=rules.version)
        if rule is None:
            settled.append(Line(there, 0, Why.NO_CLAUSE))
        elif spared and rule.points < 0:
            settled.append(Line(there, 0, Why.SPARED))
        else:
            moved.append(there)
    books = {rules.version: rules}
    return _ledger([*settled, *_limited(moved, books)], books)


def quarter_of(day: date) -> str:
    """Return the quarter in which ``day`` lies, such as 2026-3."""
    return f"{day.year}-{(day.month + 2) // 3}"


def _settle(entries: Iterable[Entry]) -> tuple[list[Line], list[Entry]]:
    """Return the lines that do not count whatever the rules are, and the entries that may."""
    given = list(entries)
    keys = {entry.key for entry in given}
    taken_back = {entry.reverses for entry in given if entry.reverses is not None}
    lines, live = [], []
    for entry in given:
        if entry.key in taken_back:
            lines.append(Line(entry, 0, Why.TAKEN_BACK))
        elif entry.reverses in keys:
            lines.append(Line(entry, 0, Why.TAKES_BACK))
        elif not entry.confirmed:
            lines.append(Line(entry, 0, Why.WAITING))
        else:
            live.append(entry)
    return lines, live


def _limited(live: list[Entry], books: Mapping[str, Rules]) -> list[Line]:
    """Return the lines of entries that count, as far as the limits let them."""
    limits, lines = _Limits(), []
    for entry in sorted(live, key=_place):
        rules = books[entry.version]
        rule = rules.clauses.get(entry.code)
        counted, why = entry.points, Why.COUNTED
        if rule is not None and rule.cap is not None:
            period = quarter_of(entry.on) if rule.period == Period.QUARTER else ""
            counted = limits.within(f"{entry.code} {rule.period}", period, counted, rule.cap)
            why = Why.CAPPED if counted != entry.points else why
        if counted < 0 and entry.code != rules.base:
            left = limits.within("-", quarter_of(entry.on), counted, rules.quarter_cap)
            why = Why.QUARTER_CAPPED if left != counted else why
            counted = left
        lines.append(Line(entry, counted, why))
    return lines


def _ledger(lines: list[Line], books: Mapping[str, Rules]) -> Ledger:
    base = added = deducted = 0
    for line in lines:
        if line.entry.version in books and line.entry.code == books[line.entry.version].base:
            base += line.counted
        elif line.counted > 0:
            added += line.counted
        else:
            deducted -= line.counted
    return Ledger(tuple(sorted(lines, key=lambda line: _place(line.entry))), base, added, deducted)


def _place(entry: Entry) -> tuple[date, int]:
    return entry.on, entry.key
