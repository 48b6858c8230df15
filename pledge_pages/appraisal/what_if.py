"""What if a year had been scored by another version of the rules: who changes, and by how much.

It reads only. What came about by a clause counts as the other version has that clause; what no
clause of it names does not count. What moderators never confirmed, and what was taken back, stays
out on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from ..people.models import Member
from ..pilots.models import Pilot
from ..rulebook import choosing
from ..rulebook.models import Grade, RuleBook
from .grading import GradeRule, Standing, grade_all
from .ledger import is_spared
from .ledger_reading import MemberLedger, ledgers_of, members_with_points, rules_of
from .scoring import Ledger, add_up_under


@dataclass(frozen=True)
class Outcome:
    """One member before and after: the ledgers, and the grades by points and shares."""

    member: Member
    before: Ledger
    after: Ledger
    grade_before: Grade | None
    grade_after: Grade | None

    @property
    def change(self) -> int:
        """By how many points the total changes."""
        return self.after.total - self.before.total

    @property
    def is_changed(self) -> bool:
        """Whether the total or the grade is another."""
        return self.change != 0 or _code(self.grade_before) != _code(self.grade_after)


@dataclass(frozen=True)
class WhatIf:
    """A branch's year under another version: who changes comes first, the most at the top."""

    pilot: Pilot
    year: int
    book: RuleBook
    outcomes: tuple[Outcome, ...]

    @property
    def changed(self) -> int:
        """How many members change."""
        return sum(outcome.is_changed for outcome in self.outcomes)

    @property
    def most(self) -> int:
        """By how many points the member changes who changes most."""
        return max((abs(outcome.change) for outcome in self.outcomes), default=0)


def what_if(pilot: Pilot, year: int, book: RuleBook) -> WhatIf:
    """Return ``year`` of ``pilot`` as it is, beside what it would be under ``book``.

    Grades go by points and shares alone: nobody's satisfaction is asked here.
    """
    ledgers = [one for one in ledgers_of(members_with_points(pilot, year), year) if one.entries]
    rules = rules_of(book)
    before = {one.member.pk: one.added_up() for one in ledgers}
    after = {
        one.member.pk: add_up_under(one.scored(), rules, spared=is_spared(one.member, book))
        for one in ledgers
    }
    own_book = _own_book(pilot, ledgers)
    graded_before, graded_after = grades_by(before, own_book), grades_by(after, book)
    outcomes = [
        Outcome(
            one.member,
            before[one.member.pk],
            after[one.member.pk],
            graded_before.get(one.member.pk),
            graded_after.get(one.member.pk),
        )
        for one in ledgers
    ]
    outcomes.sort(key=lambda one: (not one.is_changed, -abs(one.change), one.member.code))
    return WhatIf(pilot, year, book, tuple(outcomes))


def grades_by(ledgers: dict[int, Ledger], book: RuleBook | None) -> dict[int, Grade]:
    """Return the grades that ``book`` gives for these ledgers of one branch, by their keys."""
    if book is None:
        return {}
    rows = {grade.code: grade for grade in book.grades.all()}
    standings = [Standing(key, ledger.total) for key, ledger in ledgers.items()]
    given = grade_all(standings, [grade_rule(grade) for grade in rows.values()])
    return {key: rows[code] for key, (code, _why) in given.items() if isinstance(key, int)}


def grade_rule(grade: Grade) -> GradeRule:
    """Return ``grade`` as the arithmetic takes it."""
    return GradeRule(
        grade.code,
        grade.threshold,
        grade.share_part,
        grade.share_whole,
        grade.min_satisfaction,
    )


def _own_book(pilot: Pilot, ledgers: list[MemberLedger]) -> RuleBook | None:
    """Return the version by whose grades the year goes: the newest that an entry is pinned to."""
    books = [book for one in ledgers if (book := one.newest_book())]
    newest = max(books, key=lambda book: (book.effective_on, book.pk), default=None)
    return newest or choosing.in_force(pilot.programme, timezone.localdate())


def _code(grade: Grade | None) -> str:
    return grade.code if grade else ""
