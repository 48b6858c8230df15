"""Charts as plain numbers, for templates to draw as SVG: what of how much, where, how long.

A chart is never alone: the same numbers stand beside it in words, with a shape for each kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .views_of import StatusCounts

# A piece that is narrower has no number in the bar; the table beside it has them all.
NAMED_FROM = 0.07


@dataclass(frozen=True)
class Piece:
    """One piece of a bar; ``x``, ``middle`` and ``width`` are SVG lengths such as "12.50%"."""

    code: str
    label: str
    number: int
    share: str
    x: str
    middle: str
    width: str
    named: bool


@dataclass(frozen=True)
class Column:
    """One column of a small chart of months; ``height`` and ``y`` are in its own units."""

    label: str
    number: int
    x: int
    y: int
    height: int


def pieces(counts: StatusCounts) -> list[Piece]:
    """Cut ``counts`` into the pieces of a bar, each as wide as its share; none where there is none."""
    found, before, total = [], 0, counts.total
    for code, label, number in counts.as_rows:
        if number:
            found.append(
                Piece(
                    code=code,
                    label=str(label),
                    number=number,
                    share=share_of(number, total),
                    x=f"{before / total:.2%}",
                    middle=f"{(before + number / 2) / total:.2%}",
                    width=f"{number / total:.2%}",
                    named=number / total >= NAMED_FROM,
                )
            )
            before += number
    return found


def share_of(number: int, total: int) -> str:
    """Return a share in whole percent; what is more than nothing is not rounded down to it."""
    if not total:
        return "–"
    percent = number * 100 / total
    return "<1%" if 0 < percent < 0.5 else f"{percent:.0f}%"


COLUMN, GAP, HEIGHT = 14, 4, 40


def columns(rows: Iterable[tuple[str, int]]) -> Sequence[Column]:
    """Return a column for each (label, number), the highest as high as the chart."""
    rows = list(rows)
    most = max((number for _label, number in rows), default=0) or 1
    found = []
    for place, (label, number) in enumerate(rows):
        height = max(2, round(number * HEIGHT / most)) if number else 0
        found.append(Column(label, number, place * (COLUMN + GAP), HEIGHT - height, height))
    return found
