"""Whether a pilot is ready to be approved: a checklist as data, to which rooms below add rows.

A room registers its rows when Django starts (``apps.py``), for this one knows none of them. A row
says what is counted, which number is wanted and who counts it, for many pilots at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from .. import conf
from .models import Pilot
from .stages import StrOrPromise


@dataclass(frozen=True)
class Unsaid:
    """In place of a number: why none is said, though something was counted."""

    why: StrOrPromise


# Counts for these pilots on that day: a number by the pilot's id, none where there is nothing to count.
Count = Callable[[Sequence[Pilot], date], Mapping[int, int | Unsaid]]


@dataclass(frozen=True)
class Row:
    """One line of the checklist. The number has to reach the target, or not exceed it."""

    code: str
    label: StrOrPromise
    count: Count
    target: int
    at_most: bool = False
    unit: str = ""
    # Where it stands among the others.
    place: int = 100

    @property
    def wanted(self) -> int:
        """The target, which the setting READINESS_TARGETS can change."""
        return conf.get("READINESS_TARGETS").get(self.code, self.target)


@dataclass(frozen=True)
class Finding:
    """What a row comes to for one pilot; the number is None if there is nothing to count, or none said."""

    row: Row
    number: int | None
    # Why no number is said.
    why: StrOrPromise = ""

    SHAPES: ClassVar[dict[bool | None, str]] = {True: "●", False: "○", None: "–"}

    @property
    def met(self) -> bool | None:
        """Whether the number is what is wanted; None if there is none."""
        if self.number is None:
            return None
        wanted = self.row.wanted
        return self.number <= wanted if self.row.at_most else self.number >= wanted

    @property
    def shape(self) -> str:
        """The shape that stands beside the word."""
        return self.SHAPES[self.met]

    @property
    def word(self) -> str:
        """Met, not yet, nothing to count, or why no number is said."""
        if self.met is None:
            return str(self.why) or _("nothing to count yet")
        return _("met") if self.met else _("not yet")

    @property
    def shown(self) -> str:
        """The number with its unit."""
        return "–" if self.number is None else f"{self.number}{self.row.unit}"

    @property
    def target(self) -> str:
        """What is wanted, in words."""
        form = _("at most %(number)s") if self.row.at_most else _("at least %(number)s")
        return form % {"number": f"{self.row.wanted}{self.row.unit}"}


_rows: dict[str, Row] = {}


def register(*rows: Row) -> None:
    """Add rows to the checklist; one with the code of another takes its place."""
    for row in rows:
        _rows[row.code] = row


def checklist() -> list[Row]:
    """Return the rows in their order."""
    return sorted(_rows.values(), key=lambda row: (row.place, row.code))


def findings(pilots: Iterable[Pilot], on: date) -> dict[int, list[Finding]]:
    """Return what the checklist comes to for each of ``pilots`` on the day ``on``, by their ids.

    A few queries for each row, whatever the number of pilots.
    """
    pilots = list(pilots)
    found: dict[int, list[Finding]] = {pilot.pk: [] for pilot in pilots}
    for row in checklist() if pilots else []:
        numbers = row.count(pilots, on)
        for pilot in pilots:
            found[pilot.pk].append(_finding(row, numbers.get(pilot.pk)))
    return found


def _finding(row: Row, number: int | Unsaid | None) -> Finding:
    return Finding(row, None, number.why) if isinstance(number, Unsaid) else Finding(row, number)


def percent(part: int, whole: int) -> int:
    """Return a share in whole percent, rounded down: what is not all is not a hundred."""
    return part * 100 // whole
