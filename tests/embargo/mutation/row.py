"""What a guard is, and what can take its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

GONE = object()


@dataclass(frozen=True)
class Guard:
    """One guard: where it stands, what takes its place, what is lost with it, who should notice."""

    # Module and name in it, as in "pledge_pages.embargo.gate:may_serve".
    target: str
    instead: Any
    says: str
    # What pytest is told to run, the likeliest first.
    tests: tuple[str, ...]
    # The database on which alone it is missed, if there is one: SQLite lets one write at a time.
    only_on: str = ""


def nothing(*_args, **_kwargs) -> None:
    """Do nothing."""


def answer(value: Any) -> Callable[..., Any]:
    """Return a function that always answers ``value``."""
    return lambda *_args, **_kwargs: value


def first(*args, **_kwargs):
    """Return the first argument as it came."""
    return args[0]


def guards(room: str, *rows: tuple) -> list[Guard]:
    """Return guards of one module."""
    return [Guard(f"pledge_pages.{room}:{name}", *rest) for name, *rest in rows]


def every(model: str) -> Callable[..., Any]:
    """Return a function that answers with every row of one of the plugin's models."""
    return lambda *_args, **_kwargs: getattr(_models(), model).objects.all()


def any_of(model: str) -> Callable[..., Any]:
    """Return a view's function that finds the row in the address, whoever asks."""
    return lambda request, pk: getattr(_models(), model).objects.get(pk=pk)


def _models() -> Any:
    """Return the plugin's models, which cannot be imported before Django has started."""
    from pledge_pages import models

    return models
