"""A process that waits at the door: Django is loaded, and the plugin is about to be connected.

Most of a short test's time goes into loading Django and Wagtail, and into looking for migrations. Here
it goes there once. Each line of standard input asks for a run of pytest, as JSON; a fork switches the
guard off, goes through the door, and runs it on the copy of a database that it was given. What it printed
comes back as a line of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

# What takes long to load and has nothing to do with Django.
LIBRARIES = ("faker", "hypothesis", "openpyxl", "pydantic", "pytest", "segno", "typst")
ROOT = Path(__file__).resolve().parents[3]
ALWAYS = [
    "-p", "no:randomly", "-p", "no:cacheprovider", "-q", "--tb=no", "-n0", "--reuse-db",
    # Of no use where no traceback is shown.
    "--assert=plain",
]  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One run of pytest that is asked for."""

    # The guard to switch off, or "" for none.
    target: str
    arguments: tuple[str, ...]
    # The test database: a file on SQLite.
    database: str
    # Whether the database is there, with all that belongs in it but a trigger that is left out.
    made: bool = True


@dataclass(frozen=True)
class Ended:
    """What came of it."""

    code: int
    output: str


class Waiting:
    """The process that waits, seen from outside."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, run: Run) -> Ended:
        """Let a fork do ``run``, and wait for it."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(asdict(run)), file=self.process.stdin, flush=True)
        return Ended(**json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        """End it."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def main() -> int:
    """Wait in the parent, and never return; run pytest in each fork."""
    import django
    import pytest

    for library in LIBRARIES:
        import_module(library)

    from pledge_pages.apps import PledgePagesConfig

    stock_ready = PledgePagesConfig.ready
    asked: list[Run] = []

    def ready(config: PledgePagesConfig) -> None:
        asked.append(next_to_do())
        go_through(asked[0])
        stock_ready(config)

    PledgePagesConfig.ready = ready  # type: ignore[assignment]
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    django.setup()
    return pytest.main([*ALWAYS, *asked[0].arguments])


def next_to_do() -> Run:
    """Return, in a fork, what it is to do. The parent ends here when nobody asks any more."""
    for line in sys.stdin:
        with TemporaryFile("w+", encoding="utf-8", errors="replace") as file:
            fork = os.fork()
            if not fork:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
                fields = json.loads(line)
                return Run(**fields | {"arguments": tuple(fields["arguments"])})
            code = os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1])
            file.seek(0)
            print(json.dumps(asdict(Ended(code, file.read()))), flush=True)
    # No handlers of the tests' settings: the folder of uploads is the forks'.
    os._exit(0)


def go_through(run: Run) -> None:
    """Take the database that was given, and switch the guard off."""
    from django.db import connections
    from django.db.backends.base.creation import BaseDatabaseCreation

    from tests.embargo.mutation.switching import switch_off

    connections.settings["default"]["TEST"]["NAME"] = run.database
    if run.target:
        switch_off(run.target)
    if run.made and not run.target.startswith("trigger:"):
        BaseDatabaseCreation.create_test_db = take_as_it_is  # type: ignore[assignment]


def take_as_it_is(creation, *_args, **_kwargs) -> str:
    """Connect to the test database without a look at its migrations: it is a copy of one that has them."""
    from django.conf import settings

    name = creation._get_test_db_name()
    creation.connection.close()
    settings.DATABASES[creation.connection.alias]["NAME"] = name
    creation.connection.settings_dict["NAME"] = name
    creation.connection.ensure_connection()
    return name


if __name__ == "__main__":
    sys.exit(main())
