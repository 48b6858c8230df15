"""The towns, and the database as another process sees it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from pledge_pages.embargo import restored
from pledge_pages.pilots.actions import take_step
from tests.races import elsewhere
from tests.races.stage import Memory
from tests.races.stored import OfPostgres, OfSqlite, Stored
from tests.worlds import Town, build_town

MEMBERS = int(os.environ.get("PLEDGE_PAGES_CRASH_MEMBERS", "1"))


@pytest.fixture(scope="session")
def _fork_server() -> None:
    elsewhere.start()


@pytest.fixture
def ready_town() -> Town:
    """One branch, ready to be released: its Chinese pages are approved, the English are drafts."""
    town = build_town(codes=("SGZ",), members=MEMBERS)
    town.approve(town.submit(town.programme_pages["zh-hans"], town.admin), town.lead)
    town.hold(town.boards["SGZ", "zh-hans"], "SGZ")
    for (_member, language), page in town.pages.items():
        if language == "zh-hans":
            town.hold(page, "SGZ")
    take_step(
        town.to_stage("SGZ", "reviewed"), "concur", by=town.moderator("SGZ"), reason="it works"
    )
    return town


@pytest.fixture
def stored(_fork_server, tmp_path: Path) -> Callable[[], Stored]:
    """A function that returns the database as it is now, for other processes to work on."""
    return lambda: (
        OfPostgres() if connection.vendor == "postgresql" else OfSqlite(tmp_path / "db.sqlite3")
    )


@pytest.fixture
def memory(monkeypatch) -> Iterator[Memory]:
    """What every table holds at the beginning, to go back to; PostgreSQL only."""
    # Every restored beginning is a database put back from a copy, and rightly closed as such.
    monkeypatch.setattr(restored, "find", lambda using=None: None)
    memory = Memory()
    yield memory
    memory.forget()
