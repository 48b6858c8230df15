"""What is different between two versions of the rules, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from .actions import CHANGEABLE, CLAUSE_FIELDS, GRADE_FIELDS
from .models import RuleBook

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class FieldChange:
    """One field that is not the same: its name for people, and both values."""

    field: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """A clause or grade that was added, removed or changed; what it says now, or said last."""

    kind: str
    code: str
    row: models.Model
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All that is different between two versions."""

    before: RuleBook
    after: RuleBook
    head: tuple[FieldChange, ...]
    clauses: tuple[Change, ...]
    grades: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same, apart from what they are called."""
        return not (self.head or self.clauses or self.grades)


def compare(before: RuleBook, after: RuleBook) -> Comparison:
    """Return what ``after`` says differently from ``before``. Four queries at most."""
    head = [name for name in CHANGEABLE if name not in ("version", "effective_on")]
    return Comparison(
        before,
        after,
        tuple(_fields(before, after, head)),
        tuple(_rows(before.clauses.all(), after.clauses.all(), CLAUSE_FIELDS)),
        tuple(_rows(before.grades.all(), after.grades.all(), GRADE_FIELDS)),
    )


def _fields(
    before: models.Model, after: models.Model, names: Iterable[str]
) -> Iterable[FieldChange]:
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            label = str(getattr(before._meta.get_field(name), "verbose_name", name))
            yield FieldChange(name, label, old, new)


def _rows(before: Iterable[Any], after: Iterable[Any], names: tuple[str, ...]) -> Iterable[Change]:
    old, new = {row.code: row for row in before}, {row.code: row for row in after}
    for code in [*new, *(code for code in old if code not in new)]:
        if code not in old:
            yield Change(ADDED, code, new[code])
        elif code not in new:
            yield Change(REMOVED, code, old[code])
        else:
            fields = tuple(_fields(old[code], new[code], names))
            if fields:
                yield Change(CHANGED, code, new[code], fields)
