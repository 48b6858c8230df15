"""What a row of the catalogue is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.embargo.scene import COLUMNS, Scene

# How a way may end. Nothing is public by it in any case.
REFUSED = "refused"  # an error that names the reason
KEPT = "kept"  # saved, held or without effect
EITHER = "either"  # the one or the other, by who tries and at which stage


@dataclass(frozen=True)
class Way:
    """One way to make something public: how it is tried, by whom, and how it has to end."""

    name: str
    says: str
    run: Callable[[Scene], Any]
    actors: tuple[str, ...]
    ends: str
    columns: tuple[str, ...]
    # Whether it is tried while no pilot of the programme is approved.
    alone: bool


class Unfit(Exception):
    """A way cannot be tried as things stand: what it is about is not there. No refusal of anybody's."""


def fits(there: object) -> None:
    """Say that a way is only for when ``there`` is so."""
    if not there:
        raise Unfit


WAYS: list[Way] = []


def way(
    name: str,
    *,
    ends: str = REFUSED,
    columns: tuple[str, ...] = COLUMNS,
    actors: tuple[str, ...] = ("script",),
    alone: bool = False,
) -> Callable[[Callable[[Scene], Any]], Callable[[Scene], Any]]:
    """Put a function into the catalogue as the row ``name``; its docstring says what it does."""

    def add(run: Callable[[Scene], Any]) -> Callable[[Scene], Any]:
        WAYS.append(Way(name, run.__doc__ or "", run, actors, ends, columns, alone))
        return run

    return add


BY_HAND = ("superuser", "editor")
