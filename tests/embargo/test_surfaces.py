"""Nothing of a page that is not public can be seen, by anyone it is not meant for, anywhere."""

import pytest
from django.db import transaction

from pledge_pages.models import Pilot
from tests.embargo import admin_surfaces, api_surfaces, surfaces  # noqa: F401 - they fill the table
from tests.embargo.catalogue.requested import idle, listening
from tests.embargo.scene import OPEN, QUIET, SUSPENDED
from tests.embargo.view import ANYONE, SURFACES, Surface, View


def by_readers(entries: list[Surface]):
    """Name every surface with each of its readers."""
    rows = [
        pytest.param(entry, reader, id=f"{entry.name} | {reader}")
        for entry in entries
        for reader in entry.readers
    ]
    return pytest.mark.parametrize(("entry", "reader"), rows)


def named(entries: list[Surface]) -> list:
    return [pytest.param(entry, id=entry.name) for entry in entries]


def check_hidden(world, entry: Surface, reader: str, note) -> None:
    note("row", entry.name)
    note("reader", reader)
    world.hides_everything = True
    view = View(world, reader)
    with listening() as heard:
        entry.look(view)
    if reader == entry.readers[0]:
        assert idle(entry.name, heard) == [], "named in the catalogue, and not asked for"
    assert view.seen
    found = view.found()
    assert {kind: found[kind] for kind in found if kind not in entry.allowed} == {}, entry.says


class TestNeverPublic:
    state = QUIET

    @by_readers(SURFACES)
    def test_nothing_is_seen(self, world, entry, reader, record_property):
        check_hidden(world, entry, reader, record_property)

    @pytest.mark.parametrize("entry", named([e for e in SURFACES if e.staff_sees]))
    def test_those_it_is_meant_for_see_it(self, world, entry):
        world.hides_everything = False
        view = View(world, entry.staff)
        entry.look(view)
        assert set(entry.staff_sees) <= set(view.found())


class TestSuspended:
    state = SUSPENDED

    # For staff of other branches the admin makes no difference between the two.
    @by_readers([entry for entry in SURFACES if ANYONE in entry.readers])
    def test_nothing_is_seen_any_more(self, world, entry, reader, record_property):
        check_hidden(world, entry, reader, record_property)


class TestApproved:
    state = OPEN

    @pytest.mark.parametrize("entry", named([e for e in SURFACES if e.open_shows]))
    def test_everyone_sees_it(self, world, entry):
        world.hides_everything = False
        view = View(world, ANYONE)
        entry.look(view)
        assert set(entry.open_shows) <= set(view.found())

    def test_a_suspension_empties_every_surface_that_was_looked_at(self, world):
        public = [entry for entry in SURFACES if entry.open_shows]
        world.hides_everything = False
        for entry in public:
            with transaction.atomic():
                entry.look(View(world, ANYONE))
                transaction.set_rollback(True)
        for code in ("SGZ", "LSW"):
            world.close(code)
        world.hides_everything = True
        for entry in public:
            view = View(world, ANYONE)
            with transaction.atomic():
                entry.look(view)
                transaction.set_rollback(True)
            assert view.found() == {}, entry.name

    @pytest.mark.parametrize("stage", ["quiet", "suspended", "ended"])
    def test_a_stage_changed_by_hand_hides_the_branch_from_pages_that_stay(self, world, stage):
        addresses = [*View(world, ANYONE).addresses(), "/zh-hans/", "/en/", "/api/v1/boards/"]
        for address in addresses:
            View(world, ANYONE).get(address)
        Pilot.objects.filter(code="SGZ").update(stage=stage)
        view = View(world, ANYONE)
        for address in addresses:
            view.get(address)
        assert not {"board", "name", "pledge", "file"} & set(view.found())
