"""Switches off every guard, one at a time, and runs the tests that should notice.

    python -m tests.embargo.mutation [--only WORD] [--new] [--first] [--jobs N] [--write]
    python -m tests.embargo.mutation --scout [--jobs N]

For each guard the likeliest tests run first, and then more; the first that fails is named. With
``--write`` each outcome goes into docs/reference/mutation.md as it comes, in the place of the last one
of that guard; ``--new`` leaves out those that are noticed there already. With ``--first`` only the
likeliest tests run, and only what is noticed is written. On PostgreSQL: prefix ``.ci/with-postgres``,
and leave ``--jobs`` at 1.

``--scout`` runs the tests once and notes which of them meet which refusal of the plugin's.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import django

from tests.embargo.mutation.page import Outcome

if TYPE_CHECKING:
    from tests.embargo.mutation.guards import Guard

ROOT = Path(__file__).resolve().parents[3]
# Where refusals are met: everything but what runs for long, and what drives a browser.
SCOUTED = [
    f"tests/{room}"
    for room in (
        "office", "appraisal", "supervision", "rulebook", "people", "photos", "posters", "village",
        "quiet_words", "api", "boards", "announcement", "leak_check", "search", "embargo",
    )
]  # fmt: skip
# The matrix, of thousands: it is tried for a refusal that no other test meets.
NOT_SCOUTED = ("tests/embargo/test_surfaces.py", "tests/embargo/test_ways.py")
# A test that leaves in a new database what migrations put there.
NO_TRANSACTION = "tests/embargo/test_explanations.py::TestOnAPublicPage"
# After how many guards the tests that noticed are tried with all of them in place.
BATCH = 20
# A test that fails, or a fixture that does: both are seen.
SEEN = re.compile(r"^(?:FAILED|ERROR) (\S+::[^\n]*?)(?: - |$)", re.MULTILINE)


def main() -> int:
    """Run, print a line for each guard, and return 1 if one was not missed by any test."""
    options = parse()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    from django.db import connection

    from tests.embargo.mutation import page
    from tests.embargo.mutation.guards import guards_on

    if options.scout:
        return scout(options.jobs)
    known = page.noticed(connection.vendor) if options.new else set()
    listed = guards_on(connection.vendor)
    chosen = [
        replace(guard, tests=guard.tests[:1]) if options.first else guard
        for guard in listed
        if options.only in guard.target and guard.target not in known
    ]
    with ThreadPoolExecutor(options.jobs) as pool, TemporaryDirectory() as folder:
        outcomes = []
        bench = Bench(Path(folder))
        for outcome in bench.switch_off_each(chosen, pool):
            print(f"{'noticed' if outcome.noticed_by else 'NOT NOTICED':11}  {outcome.target}"
                  f"  {outcome.noticed_by}", flush=True)  # fmt: skip
            outcomes.append(outcome)
            if options.write and (outcome.noticed_by or not options.first):
                page.put_down(connection.vendor, outcome, [guard.target for guard in listed])
    lost = [outcome for outcome in outcomes if not outcome.noticed_by]
    print(f"{len(outcomes)} guards, {len(lost)} not noticed")
    return 1 if lost else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="guards with this in their name")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument(
        "--new", action="store_true", help="guards that are not noticed on the page"
    )
    parser.add_argument("--first", action="store_true", help="only the likeliest tests of each")
    parser.add_argument("--write", action="store_true", help="write docs/reference/mutation.md")
    parser.add_argument("--scout", action="store_true", help="note which test meets which refusal")
    return parser.parse_args()


def scout(jobs: int) -> int:
    """Run the tests once, and write down which of them meet which refusal."""
    from tests.embargo.mutation import refusals

    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.embargo.mutation.plugin", "-p",
             "no:cacheprovider", "-q", "--tb=no", f"-n{jobs}", *SCOUTED,
             *(f"--ignore={tests}" for tests in NOT_SCOUTED)],
            cwd=ROOT, env=os.environ | {"PLEDGE_PAGES_MUTATION": f"scout:{folder}"}, check=False,
        )  # fmt: skip
        refusals.write_who_met_them(Path(folder))
    unmet = [name for name, tests in refusals.met_by().items() if not tests]
    print(f"{len(unmet)} refusals are met by no test", *unmet, sep="\n")
    return done.returncode or bool(unmet)


class Bench:
    """Runs tests in copies of one database, for making it takes longer than most tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count()
        self.passing: dict[str, bool] = {}
        self.stock = self.place("stock")
        made = self.pytest("", NO_TRANSACTION, "--reuse-db", "--create-db", database=self.stock)
        if made.returncode:
            raise SystemExit(made.stdout + made.stderr)

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

    def switch_off_each(self, guards: list[Guard], pool: ThreadPoolExecutor) -> Iterator[Outcome]:
        """Switch guards off, a few before their noticing tests are tried with all in place."""
        for start in range(0, len(guards), BATCH):
            anyway: dict[Guard, list[str]] = {guard: [] for guard in guards[start : start + BATCH]}
            while anyway:
                found = dict(
                    zip(anyway, pool.map(self.noticed, anyway, anyway.values()), strict=True)
                )
                self.try_with_all({test for test in found.values() if test})
                for guard, test in found.items():
                    if test and not self.passing[test] and len(anyway[guard]) < 3:
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
        done = self.on_a_copy(
            target, "-x", *shlex.split(tests), *(f"--deselect={name}" for name in but)
        )
        seen = SEEN.search(done.stdout)
        if done.returncode == 1 and seen:
            return seen[1].strip()
        if done.returncode:
            print(f"{target}: pytest ended with {done.returncode}\n{done.stdout}")
        return ""

    def try_with_all(self, tests: set[str]) -> None:
        """Note which tests pass with every guard in its place, or else they prove nothing."""
        new = sorted(tests - self.passing.keys())
        if new:
            failed = {name.strip() for name in SEEN.findall(self.on_a_copy("", *new).stdout)}
            self.passing |= {test: test not in failed for test in new}

    def on_a_copy(self, target: str, *tests: str) -> subprocess.CompletedProcess:
        """Run pytest on a database of its own."""
        with self.copy() as copy:
            return self.pytest(target, "--reuse-db", *tests, database=copy)

    def pytest(self, target: str, *tests: str, database: str) -> subprocess.CompletedProcess:
        """Run pytest with the guard ``target`` switched off."""
        told = {"PLEDGE_PAGES_MUTATION": target, "PLEDGE_PAGES_MUTATION_DATABASE": database}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.embargo.mutation.plugin", "-p",
             "no:randomly", "-p", "no:cacheprovider", "-q", "--tb=no", "-n0", *tests],
            cwd=ROOT, env=os.environ | told, capture_output=True, text=True, check=False,
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
