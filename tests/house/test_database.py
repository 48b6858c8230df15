"""How the site's connection to its SQLite file is set up."""

from pathlib import Path

import pytest
from django.db import IntegrityError
from django.db.utils import ConnectionHandler

from cms.settings.base import database

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def connection(tmp_path: Path):
    """A connection to a new file, as the site's settings make it."""
    settings = database("", tmp_path / "db.sqlite3") | {"CONN_MAX_AGE": 0}
    connection = ConnectionHandler({"default": settings})["default"]
    with connection.temporary_connection():
        yield connection
    connection.close()


def value(connection, name: str):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


def test_readers_and_a_writer_do_not_wait_for_each_other(connection, tmp_path: Path) -> None:
    assert value(connection, "journal_mode") == "wal"
    assert value(connection, "synchronous") == 1
    assert (tmp_path / "db.sqlite3").exists()


def test_a_second_writer_waits_for_the_first(connection) -> None:
    assert value(connection, "busy_timeout") == 20_000
    assert connection.transaction_mode == "IMMEDIATE"


def test_a_row_that_refers_to_none_is_refused(connection) -> None:
    assert value(connection, "foreign_keys") == 1
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        cursor.execute("CREATE TABLE b (a INTEGER REFERENCES a (id))")
        with pytest.raises(IntegrityError):
            cursor.execute("INSERT INTO b VALUES (1)")
