"""Nothing of a page that is not public can be seen, by anyone it is not meant for, anywhere."""

import pytest

from tests.embargo import admin_surfaces, surfaces  # noqa: F401 - they fill the table
from tests.embargo.scene import OPEN, QUIET, SUSPENDED
from tests.embargo.view import ANYONE, SURFACES, View

HIDDEN = [
    pytest.param(state, entry, reader, id=f"{entry.name} | {reader} | {state}")
    for state in (QUIET, SUSPENDED)
    for entry in SURFACES
    for reader in entry.readers
]
SHOWN = [
    pytest.param(OPEN, entry, id=entry.name) for entry in SURFACES if entry.open_shows
]
FOR_STAFF = [
    pytest.param(QUIET, entry, id=entry.name) for entry in SURFACES if entry.staff_sees
]


@pytest.mark.parametrize(("state", "entry", "reader"), HIDDEN, indirect=["state"])
def test_nothing_hidden_is_seen(world, entry, reader):
    world.hides_everything = True
    view = View(world, reader)
    entry.look(view)
    assert view.seen
    assert view.found() == {}, entry.says


@pytest.mark.parametrize(("state", "entry"), SHOWN, indirect=["state"])
def test_the_same_look_finds_it_once_the_pilot_is_approved(world, entry):
    world.hides_everything = False
    view = View(world, ANYONE)
    entry.look(view)
    assert set(entry.open_shows) <= set(view.found())


@pytest.mark.parametrize(("state", "entry"), FOR_STAFF, indirect=["state"])
def test_the_same_look_finds_it_for_those_it_is_meant_for(world, entry):
    world.hides_everything = False
    view = View(world, entry.staff)
    entry.look(view)
    assert set(entry.staff_sees) <= set(view.found())
