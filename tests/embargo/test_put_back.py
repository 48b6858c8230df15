"""A real database is dumped or copied, changed, and put back, while other processes serve it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import find_program
from tests.house.source import ROOT

# From the database of the tests, which has to be there, committed.
pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = {
    "listed": 2, "board": 200, "as nowhere": False, "boards": 2, "health": 200, "restore": "ok",
}  # fmt: skip
CLOSED = {**PUBLIC, "listed": 0, "board": 404, "as nowhere": True, "boards": 0}
WAITING = {**CLOSED, "health": 503, "restore": "waits for a confirmation"}


def program_of_server(name: str) -> str:
    """Return the path of a program that comes with PostgreSQL's server, or do without it."""
    found = subprocess.run([ROOT / ".ci/find-postgres"], capture_output=True, text=True)
    folder = Path(found.stdout.strip())
    beside = (folder / name, (folder / "initdb").resolve().parent / name)
    return find_program(*(str(path) for path in beside), name)


class Site:
    """A site with a database and a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copy = folder / "copy"

    def process(self, *steps: str) -> list[dict]:
        """Let a new process take ``steps``; return what it saw."""
        result = subprocess.run(
            [sys.executable, "-m", "tests.embargo.one_process", *steps],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
                "VAR_DIR": str(self.folder),
                "ALLOWED_HOSTS": "testserver",
                "DATABASE_URL": self.url,
            },
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout.splitlines()[-1])


class FileSite(Site):
    """On SQLite."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.file = folder / "db.sqlite3"
        self.url = f"sqlite:///{self.file}"
        connection.ensure_connection()
        with closing(sqlite3.connect(self.file)) as target:
            connection.connection.backup(target)

    def save(self) -> None:
        """Make a copy."""
        self.copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.file)) as source:
            source.execute("VACUUM INTO ?", [str(self.copy)])

    def put_back_in_place(self) -> None:
        """Write the copy into the file that is there: it keeps its number."""
        number = self.file.stat().st_ino
        shutil.copyfile(self.copy, self.file)
        assert self.file.stat().st_ino == number

    def put_back_elsewhere(self) -> None:
        """Put the copy in the file's place."""
        shutil.copyfile(self.copy, self.file.with_name("new"))
        self.file.with_name("new").replace(self.file)

    def close(self) -> None:
        """Leave nothing behind; the folder goes by itself."""


class ServerSite(Site):
    """On PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.made: list[str] = []
        self.name = str(connection.settings_dict["NAME"])
        self.save()
        connection.close()
        self.put_back_elsewhere()

    @property
    def url(self) -> str:
        """The address of the database that is in use now."""
        known = connection.settings_dict
        return f"postgres://{known['USER']}@{known['HOST']}:{known['PORT']}/{self.name}"

    def process(self, *steps: str) -> list[dict]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PGPASSWORD", connection.settings_dict["PASSWORD"])
            return super().process(*steps)

    def run(self, program: str, *options: str) -> None:
        subprocess.run(
            [program_of_server(program), *options],
            env={**os.environ, "PGPASSWORD": connection.settings_dict["PASSWORD"]},
            check=True,
            capture_output=True,
        )

    def save(self) -> None:
        """Dump it."""
        self.run("pg_dump", "--format=custom", f"--file={self.copy}", f"--dbname={self.url}")

    def put_back_in_place(self) -> None:
        """Read the dump back into the same database."""
        self.restore("--clean", "--if-exists", "--no-owner")

    def put_back_elsewhere(self) -> None:
        """Read the dump into a new database, and use that."""
        self.name = f"put_back_{os.getpid()}_{len(self.made)}"
        self.made.append(self.name)
        known = connection.settings_dict
        server = (
            f"--host={known['HOST']}",
            f"--port={known['PORT']}",
            f"--username={known['USER']}",
        )
        self.run("createdb", *server, "--template=template0", self.name)
        self.restore("--no-owner")

    def restore(self, *options: str) -> None:
        self.run("pg_restore", *options, "--exit-on-error", f"--dbname={self.url}", str(self.copy))

    def close(self) -> None:
        """Drop the databases that were made."""
        for name in self.made:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site with a database that was just made."""
    made = FileSite(tmp_path) if connection.vendor == "sqlite" else ServerSite(tmp_path)
    yield made
    made.close()


def test_a_database_put_back_serves_nothing_until_a_lead_has_confirmed(site: Site) -> None:
    _built, seen = site.process("build", "look")
    assert seen == PUBLIC
    site.save()
    # Another process is no restore.
    before, _said, after = site.process("look", "suspend", "look")
    assert (before, after) == (PUBLIC, CLOSED)

    site.put_back_in_place()
    first, tried, again, confirmed, after = site.process(
        "look", "release", "look", "confirm", "look"
    )
    assert first == again == WAITING
    assert "put back from a copy" in tried["refused"]
    assert "stage change" in confirmed["said"]
    assert "SGZ village (SGZ): Approved" in confirmed["said"]
    assert after == PUBLIC
    site.save()

    # Nothing was decided since, and it lies elsewhere.
    site.put_back_elsewhere()
    waiting, _said, confirmed, after = site.process("look", "suspend_all", "confirm", "look")
    assert waiting == WAITING
    assert "It lies elsewhere" in confirmed["said"]
    assert after == CLOSED
    assert site.process("look") == [CLOSED]


def test_the_step_that_a_restore_ends_with_does_not_hide_that_there_was_one(site: Site) -> None:
    """It is the first thing done, and makes the audit trail as long as it was."""
    site.process("build")
    site.save()
    site.process("suspend")
    site.put_back_in_place()
    _said, seen = site.process("suspend_all", "look")
    assert seen == WAITING
