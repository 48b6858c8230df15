"""The database that other processes work on, and what a test asks of it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction

GATED = "(SELECT page_id FROM pledge_pages_gatedpage)"


class Stored:
    """What both kinds answer."""

    # What differs of the settings of the database, for another process.
    settings: dict[str, Any]
    # The same, for one that does not wait long for the locks of others.
    impatient: dict[str, Any]

    def ask(self, sql: str) -> Any:
        """Return the one value that ``sql`` selects."""
        raise NotImplementedError

    def digest(self) -> str:
        """Return a fingerprint of every row of every table."""
        raise NotImplementedError

    @contextmanager
    def in_the_way(self) -> Iterator[None]:
        """Hold, inside the block, a lock that every change of a pilot needs."""
        raise NotImplementedError

    @property
    def stage(self) -> str:
        """The stage of the first pilot."""
        return self.ask("SELECT stage FROM pledge_pages_pilot ORDER BY id LIMIT 1")

    @property
    def live(self) -> int:
        """How many gated pages are public."""
        return self.ask(f"SELECT count(*) FROM wagtailcore_page WHERE live AND id IN {GATED}")

    @property
    def found(self) -> int:
        """How many gated pages the search index knows."""
        return self.ask(
            "SELECT count(*) FROM wagtailsearch_indexentry "
            f"WHERE CAST(object_id AS integer) IN {GATED}"
        )

    @property
    def unlocked(self) -> int:
        """How many gated pages stand open for being written."""
        return self.ask("SELECT count(*) FROM pledge_pages_gatedpage WHERE publishing")


class OfSqlite(Stored):
    """A copy of the test's database in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.unlink(missing_ok=True)
        with self._open() as copy:
            connection.connection.backup(copy)
        self.settings = {"NAME": str(file)}
        self.impatient = {"NAME": str(file), "OPTIONS": {"timeout": 0.02}}

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        opened = sqlite3.connect(self.file, isolation_level=None)
        try:
            yield opened
        finally:
            opened.close()

    def ask(self, sql: str) -> Any:
        with self._open() as reading:
            return reading.execute(sql).fetchone()[0]

    def digest(self) -> str:
        with self._open() as reading:
            return hashlib.sha256("\n".join(reading.iterdump()).encode()).hexdigest()

    @contextmanager
    def in_the_way(self) -> Iterator[None]:
        with self._open() as other:
            other.execute("BEGIN IMMEDIATE")
            yield


class OfPostgres(Stored):
    """The test's own database."""

    def __init__(self) -> None:
        name = connection.settings_dict["NAME"]
        self.settings = {"NAME": name}
        self.impatient = {"NAME": name, "OPTIONS": {"options": "-c lock_timeout=20ms"}}

    def ask(self, sql: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    def digest(self) -> str:
        with connection.cursor() as cursor:
            # A killed process may be gone before the server has noticed it.
            while self.ask(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND state <> 'idle'"
            ):
                cursor.execute("SELECT pg_sleep(0.002)")
            rows = []
            for table in sorted(connection.introspection.table_names(cursor)):
                cursor.execute(
                    "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) "
                    f'FROM "{table}" t'
                )
                rows.append((table, cursor.fetchone()[0]))
        return str(rows)

    @contextmanager
    def in_the_way(self) -> Iterator[None]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pledge_pages_pilot FOR UPDATE")
            yield
