"""The process dies in the middle of a release or a suspension: all of it is done, or nothing.

It is killed (SIGKILL) before each statement in turn, on the database in use; on SQLite on a copy of
it in a file. ``PLEDGE_PAGES_CRASH_MEMBERS`` says how many members the branch has (1), and
``PLEDGE_PAGES_CRASH_EVERY`` at which statements it dies (1: at each).
"""

import os
from collections.abc import Callable

import pytest

from tests.races import elsewhere
from tests.races.conftest import MEMBERS
from tests.races.elsewhere import AFTER_COMMIT, BEFORE_COMMIT
from tests.races.stored import Stored

pytestmark = [pytest.mark.django_db(transaction=True)]

EVERY = int(os.environ.get("PLEDGE_PAGES_CRASH_EVERY", "1"))
WHO = ("SGZ", "lead")
VERBS = (elsewhere.release, elsewhere.suspend)


@pytest.fixture(params=VERBS, ids=lambda act: act.__name__)
def act(request) -> Callable:
    return request.param


@pytest.fixture
def kept(act: Callable, ready_town, stored) -> Stored:
    """The database, ready for the action."""
    kept = stored()
    if act is elsewhere.suspend:
        assert elsewhere.run(elsewhere.release, *WHO, database=kept.settings).error is None
    return kept


def test_killed_at_any_statement_it_is_whole_or_nothing(act, kept, record_property):
    before, at, killed = kept.digest(), 0, 0
    while elsewhere.run(act, *WHO, database=kept.settings, die_at=at).killed:
        if kept.digest() != before:
            break  # it died in what it does once all is committed
        at, killed = at + EVERY, killed + 1
    # For the record of a long run: ``--junitxml=FILE``.
    record_property("killed", killed)
    record_property("statements", at)
    assert at > 20, "it was killed nowhere"
    assert_whole(act, kept)


def test_killed_at_the_commit_it_is_nothing_before_and_whole_after(act, kept):
    before = kept.digest()
    assert elsewhere.run(act, *WHO, database=kept.settings, die_at=BEFORE_COMMIT).killed
    assert kept.digest() == before
    assert elsewhere.run(act, *WHO, database=kept.settings, die_at=AFTER_COMMIT).killed
    assert_whole(act, kept)


def assert_whole(act: Callable, kept: Stored) -> None:
    """Fail unless all that belongs to it was done: stage, pages, search index, lock."""
    opened = act is elsewhere.release
    assert kept.stage == ("approved" if opened else "suspended")
    assert kept.live == (2 + MEMBERS if opened else 0)
    assert kept.found == kept.live
    assert kept.unlocked == 0
