"""What a deed is: one thing that somebody does, how likely it is, and when it can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.chance.machine import Chance

Data = st.DataObject


@dataclass(frozen=True)
class Deed:
    """One kind of step, and how often it is drawn beside the others."""

    name: str
    do: Callable[[Chance, Data], None]
    weight: int
    when: Callable[[Chance], object]


DEEDS: dict[str, Deed] = {}


def deed(weight: int, when: Callable[[Chance], object] = lambda town: True):
    """Put a function into the list of deeds."""

    def add(do: Callable[[Chance, Data], None]) -> Callable[[Chance, Data], None]:
        DEEDS[do.__name__] = Deed(do.__name__, do, weight, when)
        return do

    return add


class Draws:
    """Counts what was drawn in a run: Hypothesis begins with a run in which it draws only zeros."""

    number = 0


def pick(data: Data, choices, label: str):
    """Draw one of ``choices``, each as likely as the others."""
    Draws.number += 1
    number = data.draw(st.integers(0, 2**32 - 1), label=label)
    choices = list(choices)
    return choices[shuffled(number or Draws.number) % len(choices)]


def shuffled(number: int) -> int:
    """Return another number: Hypothesis likes the first of everything, a town should not."""
    return number * 0x9E3779B97F4A7C15 % 2**64 >> 24
