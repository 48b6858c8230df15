"""Nothing of a page that is not public can be seen, by anyone it is not meant for, anywhere."""

import pytest

from tests.embargo import admin_surfaces, surfaces  # noqa: F401 - they fill the table
from tests.embargo.scene import OPEN, QUIET, SUSPENDED
from tests.embargo.view import ANYONE, SURFACES, Surface, View

EVERY_READER = pytest.mark.parametrize(
    ("entry", "reader"),
    [
        pytest.param(entry, reader, id=f"{entry.name} | {reader}")
        for entry in SURFACES
        for reader in entry.readers
    ],
)


def named(entries: list[Surface]) -> list:
    return [pytest.param(entry, id=entry.name) for entry in entries]


def check_hidden(world, entry: Surface, reader: str) -> None:
    world.hides_everything = True
    view = View(world, reader)
    entry.look(view)
    assert view.seen
    assert view.found() == {}, entry.says


class TestNeverPublic:
    state = QUIET

    @EVERY_READER
    def test_nothing_is_seen(self, world, entry, reader):
        check_hidden(world, entry, reader)

    @pytest.mark.parametrize("entry", named([e for e in SURFACES if e.staff_sees]))
    def test_those_it_is_meant_for_see_it(self, world, entry):
        world.hides_everything = False
        view = View(world, entry.staff)
        entry.look(view)
        assert set(entry.staff_sees) <= set(view.found())


class TestSuspended:
    state = SUSPENDED

    @EVERY_READER
    def test_nothing_is_seen_any_more(self, world, entry, reader):
        check_hidden(world, entry, reader)


class TestApproved:
    state = OPEN

    @pytest.mark.parametrize("entry", named([e for e in SURFACES if e.open_shows]))
    def test_everyone_sees_it(self, world, entry):
        world.hides_everything = False
        view = View(world, ANYONE)
        entry.look(view)
        assert set(entry.open_shows) <= set(view.found())
