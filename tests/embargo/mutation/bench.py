"""Runs the tests of a guard without it, each run on a copy of one database."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tests.embargo.mutation.forking import Ended, Run, Waiting
from tests.embargo.mutation.page import Outcome

if TYPE_CHECKING:
    from tests.embargo.mutation.guards import Guard

# A test that leaves in a new database what migrations put there.
NO_TRANSACTION = "tests/embargo/test_explanations.py::TestOnAPublicPage"
# After how many guards the tests that noticed are tried with all of them in place.
BATCH = 20
# How often another test is looked for when the one that noticed fails with all guards in place, too.
TRIES = 3
# A test that fails, or a fixture that does: both are seen.
SEEN = re.compile(r"^(?:FAILED|ERROR) (\S+::[^\n]*?)(?: - |$)", re.MULTILINE)


class Bench:
    """Where guards are switched off, some at a time."""

    def __init__(self, folder: Path, jobs: int, stack: ExitStack) -> None:
        self.folder = folder
        self.numbers = count()
        self.passing: dict[str, bool] = {}
        self.pool = stack.enter_context(ThreadPoolExecutor(jobs))
        self.idle: SimpleQueue[Waiting] = SimpleQueue()
        for _job in range(jobs):
            waiting = Waiting()
            stack.callback(waiting.close)
            self.idle.put(waiting)
        self.stock = self.place("stock")
        made = self.run(Run("", (NO_TRANSACTION, "--create-db"), self.stock, made=False))
        if made.code:
            raise SystemExit(made.output)

    def place(self, name: str) -> str:
        """Return what a test database is called: a file on SQLite."""
        from django.db import connection

        on_sqlite = connection.vendor == "sqlite"
        return str(self.folder / f"{name}.sqlite3") if on_sqlite else f"mutation_{name}"

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give a copy of the stock, and take it away again."""
        from django.db import connection

        copy = self.place(str(next(self.numbers)))
        if connection.vendor == "sqlite":
            shutil.copy(self.stock, copy)
            yield copy
            for left in self.folder.glob(f"{Path(copy).name}*"):
                left.unlink()
            return
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{self.stock}"')
            yield copy
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')

    def switch_off_each(self, guards: list[Guard]) -> Iterator[Outcome]:
        """Switch guards off, a few before their noticing tests are tried with all in place."""
        for start in range(0, len(guards), BATCH):
            anyway: dict[Guard, list[str]] = {guard: [] for guard in guards[start : start + BATCH]}
            while anyway:
                noticed = self.pool.map(self.noticed, anyway, anyway.values())
                found = dict(zip(anyway, noticed, strict=True))
                self.try_with_all({test for test in found.values() if test})
                for guard, test in found.items():
                    if test and not self.passing[test] and len(anyway[guard]) < TRIES:
                        anyway[guard].append(test)
                        continue
                    del anyway[guard]
                    noticed_by = test if test and self.passing[test] else ""
                    yield Outcome(guard.target, guard.says, noticed_by)

    def noticed(self, guard: Guard, but: list[str]) -> str:
        """Run the tests of one guard until one of them fails, and return that one."""
        found = (self.first_failure(guard.target, tests, but) for tests in guard.tests)
        return next(filter(None, found), "")

    def first_failure(self, target: str, tests: str, but: list[str]) -> str:
        """Return the first test that fails without the guard ``target``, or an empty string."""
        ended = self.on_a_copy(
            target, "-x", *shlex.split(tests), *(f"--deselect={name}" for name in but)
        )
        seen = SEEN.search(ended.output)
        if ended.code == 1 and seen:
            return seen[1].strip()
        if ended.code:
            print(f"{target}: pytest ended with {ended.code}\n{ended.output}")
        return ""

    def try_with_all(self, tests: set[str]) -> None:
        """Note which tests pass with every guard in its place, or else they prove nothing."""
        new = sorted(tests - self.passing.keys())
        if new:
            failed = {name.strip() for name in SEEN.findall(self.on_a_copy("", *new).output)}
            self.passing |= {test: test not in failed for test in new}

    def on_a_copy(self, target: str, *arguments: str) -> Ended:
        """Run pytest with the guard ``target`` switched off, on a database of its own."""
        with self.copy() as copy:
            return self.run(Run(target, arguments, copy))

    def run(self, run: Run) -> Ended:
        """Let a process do it that has nothing else to do."""
        waiting = self.idle.get()
        try:
            return waiting.ask(run)
        finally:
            self.idle.put(waiting)
