"""Towns that are built once for many tests. What a test changes in one is undone after it.

Building a town takes longer than most tests::

    town = staged(build_village)

is a fixture that gives each test the town that ``build_village`` makes. One town stands at a time: tests
of a module that use none come first, and between those that use different ones the town is taken down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import transaction

if TYPE_CHECKING:
    from tests.worlds import Town


@dataclass(frozen=True)
class Staged:
    """What is built, and on what day."""

    build: Callable[[], Town]
    at: datetime | None = None


def staged(build: Callable[[], Town], at: datetime | None = None) -> Any:
    """Return a fixture: the town that ``build`` makes, as of ``at``, as it was built."""

    def town(_on_stage: Town, db: None) -> Town:
        return _on_stage.for_one_test()

    town.staged = Staged(build, at)  # type: ignore[attr-defined]
    return pytest.fixture(town)


@pytest.fixture(scope="module")
def _on_stage(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Town]:
    """The town that stands, until a test of the module needs another."""
    wanted: Staged = request.param
    standing = time_machine.travel(wanted.at, tick=False) if wanted.at else nullcontext()
    with django_db_blocker.unblock(), transaction.atomic(), standing:
        yield wanted.build()
        transaction.set_rollback(True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tell the stage what the fixtures of a test are built on; pytest brings together what is alike."""
    definitions = [metafunc._arg2fixturedefs.get(name, [])[-1:] for name in metafunc.fixturenames]
    wanted = {
        found
        for (definition,) in filter(None, definitions)
        if (found := getattr(definition.func, "staged", None))
    }
    if wanted:
        (one,) = wanted
        metafunc.parametrize(
            "_on_stage", [one], indirect=True, scope="module", ids=[pytest.HIDDEN_PARAM]
        )


def by_what_stands(items: list[pytest.Item]) -> None:
    """Bring together, within each module, what needs the same town; what needs none comes first."""

    def town_of(item: pytest.Item) -> str:
        staged = getattr(item, "callspec", None) and item.callspec.params.get("_on_stage")
        return repr(staged) if staged else ""

    items[:] = [
        item
        for _module, alike in groupby(items, key=lambda item: item.nodeid.partition("::")[0])
        for item in sorted(alike, key=town_of)
    ]
