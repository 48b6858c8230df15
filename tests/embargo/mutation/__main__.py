"""Switches off every guard, one at a time, and runs the tests that should notice.

    python -m tests.embargo.mutation [--only WORD] [--jobs N] [--write]

For each guard the likeliest tests run first, and then more; the first that fails is named. With
``--write`` the outcome goes into docs/reference/mutation.md. On PostgreSQL: prefix
``.ci/with-postgres``, and leave ``--jobs`` at 1.
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
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.embargo.mutation.guards import Guard

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference" / "mutation.md"
# A test that leaves in a new database what migrations put there.
NO_TRANSACTION = "tests/embargo/test_explanations.py::TestOnAPublicPage"
# A test that fails, or a fixture that does: both are seen.
SEEN = re.compile(r"^(?:FAILED|ERROR) (\S+::[^\n]*?)(?: - |$)", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What came of switching one guard off."""

    target: str
    says: str
    # The test that noticed, or an empty string.
    noticed_by: str


def main() -> int:
    """Run, print a line for each guard, and return 1 if one was not missed by any test."""
    options = parse()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    from django.db import connection

    from tests.embargo.mutation.guards import guards_on

    chosen = [guard for guard in guards_on(connection.vendor) if options.only in guard.target]
    with ThreadPoolExecutor(options.jobs) as pool, TemporaryDirectory() as folder:
        outcomes = []
        bench = Bench(Path(folder))
        for outcome in pool.map(bench.switch_off, chosen):
            print(f"{'noticed' if outcome.noticed_by else 'NOT NOTICED':11}  {outcome.target}"
                  f"  {outcome.noticed_by}", flush=True)  # fmt: skip
            outcomes.append(outcome)
    lost = [outcome for outcome in outcomes if not outcome.noticed_by]
    print(f"{len(outcomes)} guards, {len(lost)} not noticed")
    if options.write:
        write(outcomes)
    return 1 if lost else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="guards with this in their name")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument("--write", action="store_true", help="write docs/reference/mutation.md")
    return parser.parse_args()


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

    def switch_off(self, guard: Guard) -> Outcome:
        """Run the tests of one guard until one of them fails."""
        for tests in guard.tests:
            anyway: list[str] = []
            while len(anyway) < 3:
                noticed = self.first_failure(guard.target, tests, anyway)
                if not noticed:
                    break
                if self.passes(noticed):
                    return Outcome(guard.target, guard.says, noticed)
                anyway.append(noticed)
        return Outcome(guard.target, guard.says, "")

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

    def passes(self, test: str) -> bool:
        """Return whether a test passes with every guard in its place, or else it proves nothing."""
        if test not in self.passing:
            self.passing[test] = self.on_a_copy("", test).returncode == 0
        return self.passing[test]

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


def write(outcomes: list[Outcome]) -> None:
    """Write the section of the database in use on the page of the reference."""
    from django.db import connection

    rows = "\n".join(
        f"| `{o.target.removeprefix('pledge_pages.')}` | {o.says} | "
        f"{shortened(o.noticed_by) if o.noticed_by else '**not noticed**'} |"
        for o in outcomes
    )
    noticed = sum(bool(outcome.noticed_by) for outcome in outcomes)
    begin, end = f"<!-- {connection.vendor} -->\n", f"<!-- end of {connection.vendor} -->\n"
    before, _mark, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    section = (
        f"Last run: {date.today():%d %B %Y}. {noticed} of {len(outcomes)} were noticed.\n\n"
        f"| Guard | What is lost without it | First test that failed |\n|---|---|---|\n{rows}\n"
    )
    PAGE.write_text(before + begin + section + end + after, encoding="utf-8")


def shortened(test: str) -> str:
    """Return a test's name without the folders before its file."""
    return "`" + test.removeprefix("tests/").replace("|", "/") + "`"


if __name__ == "__main__":
    sys.exit(main())
