"""A database that was put back from a copy: nothing of any pilot is served until a lead confirms."""

from io import StringIO

import pytest
from django.core.files.storage import InMemoryStorage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, TestCase
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from cms import health
from pledge_pages.embargo import checks, confirmation, marks, restored
from pledge_pages.embargo.errors import ReleaseError
from pledge_pages.models import HeldApproval, Whereabouts
from pledge_pages.pilots.errors import NotAllowed, StageError
from tests.embargo import api_surfaces, surfaces  # noqa: F401 - they fill the table
from tests.embargo.scene import OPEN, public_picture
from tests.embargo.view import ANYONE, SURFACES, View
from tests.worlds import build_town

BOARD = "/zh-hans/work-plan/village-1/"


@pytest.fixture(autouse=True)
def _look_again():
    restored.forget_verification()
    yield
    restored.forget_verification()


@pytest.fixture
def outside(monkeypatch) -> InMemoryStorage:
    """A storage of the test's own for what is kept outside of the database."""
    storage = InMemoryStorage()
    monkeypatch.setattr(marks, "_storage", [lambda: storage])
    return storage


class Broken(InMemoryStorage):
    """A storage that does not answer."""

    def listdir(self, path):
        raise ConnectionError("no route to host")


@pytest.fixture
def town(db):
    """A town whose first branch is public."""
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    return town


def record() -> marks.Record:
    """Return what the database has recorded."""
    return restored._record(restored._row("default"))


def note(steps: int = 0, lines: int = 0) -> None:
    """Leave a mark outside of so many decisions more than the database knows of."""
    here = record()
    marks.write(Whereabouts.objects.get().key, (here[0] + steps, here[1], here[2] + lines))
    Whereabouts.objects.update(marked=True)


def look_again() -> int:
    """Let the process look afresh; return the status of a board that was public."""
    restored.forget_verification()
    return Client().get(BOARD).status_code


def move() -> None:
    Whereabouts.objects.update(place="elsewhere")


def confirm(by) -> None:
    confirmation.confirm(by=by, reason="looked at each pilot")


def public() -> set[int]:
    return set(Page.objects.filter(gate__isnull=False, live=True).values_list("pk", flat=True))


PUBLIC = [
    pytest.param(entry, reader, id=f"{entry.name} | {reader}")
    for entry in SURFACES
    if ANYONE in entry.readers
    for reader in entry.readers
]


class TestWaiting:
    state = OPEN

    @pytest.mark.parametrize(("entry", "reader"), PUBLIC)
    def test_nothing_is_seen(self, world, entry, reader, monkeypatch):
        monkeypatch.delitem(health.CHECKS, "restore")  # an answer 503 is not for this test
        move()
        world.hides_everything = True
        view = View(world, reader)
        entry.look(view)
        assert view.seen
        found = view.found()
        assert {kind: found[kind] for kind in found if kind not in entry.allowed} == {}, entry.says

    def test_what_was_public_is_public_again_and_nothing_else(self, world):
        world.close("LSW")
        before = public_picture()
        move()
        assert look_again() == 404
        assert public() == set()
        confirm(world.lead)
        assert public_picture() == before
        assert look_again() == 200


# What is taken for a restore ----------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_database_is_none():
    Whereabouts.objects.update(place="of a template, perhaps")
    assert restored.find() is None
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    assert restored.find() is None
    assert look_again() == 200


@pytest.mark.parametrize(("steps", "lines"), [(1, 0), (0, 1)])
def test_a_database_that_knows_less_than_was_written_down_is_one(town, outside, steps, lines):
    note()
    assert look_again() == 200
    note(steps, lines)
    finding = restored.find()
    assert (finding.lost_steps, finding.lost_lines, finding.moved) == (steps, lines, False)
    assert look_again() == 404


def test_marks_that_are_gone_close_a_server_and_hide_nothing_from_a_command(town, outside):
    note()
    marks.wipe(Whereabouts.objects.get().key)
    restored.forget_verification()
    assert restored.verified() is False
    assert public()
    assert look_again() == 404
    assert not public()


def test_marks_that_were_put_back_too_are_noticed(town, tmp_path, settings):
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path
    note()
    assert look_again() == 200
    (mark,) = (tmp_path / "marks").iterdir()
    copy = mark.with_name("copy")
    copy.write_bytes(mark.read_bytes())
    copy.replace(mark)
    assert restored.find().moved
    assert look_again() == 404


def test_a_lost_row_is_noticed(town):
    Whereabouts.objects.all().delete()
    assert look_again() == 404
    confirm(town.lead)
    assert look_again() == 200


def test_what_was_noticed_stands_until_it_is_confirmed(town, outside):
    note(steps=1)
    assert look_again() == 404
    town.to_stage("LSW", "quiet")  # two steps: it knows more than the mark again
    assert restored.find().lost_steps == 1


def test_a_process_that_runs_on_looks_again(town, monkeypatch):
    assert look_again() == 200
    move()
    assert Client().get(BOARD).status_code == 200
    monkeypatch.setattr(restored, "_believed", {"default": 0.0})
    assert Client().get(BOARD).status_code == 404


# The marks ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_every_decision_leaves_one_mark_of_all_there_is(outside):
    town = build_town(members=1)
    town.to_stage("SGZ", "agreed")
    key = Whereabouts.objects.get().key
    assert list(marks.read(key, marks.listed()).records.values()) == [record()]
    town.hold(town.pages["SGZ-M001", "en"], "SGZ")
    town.to_stage("SGZ", "quiet")
    assert list(marks.read(key, marks.listed()).records.values()) == [record()]
    assert Whereabouts.objects.get().marked
    call_command("flush", interactive=False, verbosity=0)
    assert marks.listed() == []
    assert Whereabouts.objects.get().key != key


def test_a_commit_that_a_test_plays_leaves_none(town, outside):
    with TestCase.captureOnCommitCallbacks(execute=True):
        town.to_stage("LSW", "agreed")
    assert marks.listed() == []


def test_a_decision_made_while_another_process_looks_is_not_lost(town, outside, monkeypatch):
    note()
    stock = restored._row

    def row_then_decision(using):
        row = stock(using)
        monkeypatch.undo()
        monkeypatch.setattr(marks, "_storage", [lambda: outside])
        town.to_stage("LSW", "agreed")
        note()
        return row

    monkeypatch.setattr(restored, "_row", row_then_decision)
    assert restored.find() is None


def test_a_storage_that_does_not_answer_keeps_a_new_process_shut_and_no_other(town, monkeypatch):
    monkeypatch.setattr(marks, "_storage", [Broken])
    assert look_again() == 404
    assert public()  # it may answer in a moment
    monkeypatch.undo()
    assert look_again() == 200
    monkeypatch.setattr(marks, "_storage", [Broken])
    monkeypatch.setattr(restored, "_believed", {"default": 0.0})
    assert Client().get(BOARD).status_code == 200
    town.close("SGZ")  # whatever the storage does
    assert Client().get(BOARD).status_code == 404


# Confirming ---------------------------------------------------------------------------------


def test_nothing_is_released_until_then(town):
    town.hold_branch("LSW")
    move()
    restored.forget_verification()
    with pytest.raises(ReleaseError), override("en"):
        town.open("LSW")
    confirm(town.lead)
    town.open("LSW")


def test_what_is_scheduled_waits_and_stops_no_other_page(town):
    move()
    look_again()
    page = town.pages["SGZ-M001", "en"]
    rows = Revision.objects.filter(pk=HeldApproval.objects.get(page=page).revision_id)
    rows.update(approved_go_live_at=timezone.now())
    call_command("publish_scheduled", verbosity=0)
    assert rows.get().approved_go_live_at
    assert not public()


def test_leads_confirm_with_a_reason_and_it_is_in_the_trail(town):
    move()
    look_again()
    for by, reason, error in (
        (town.editor("SGZ"), "because", NotAllowed),
        (town.moderator("SGZ"), "because", NotAllowed),
        (town.lead, "  ", StageError),
    ):
        with pytest.raises(error):
            confirmation.confirm(by=by, reason=reason)
    assert look_again() == 404
    confirm(town.lead)
    line = ModelLogEntry.objects.get(action="pledge_pages.confirm_restore")
    assert (line.user, line.data["reason"]) == (town.lead, "looked at each pilot")
    hidden = PageLogEntry.objects.filter(action="pledge_pages.hide_restored")
    assert {line.data["pilot"] for line in hidden if "pilot" in line.data} == {"SGZ"}
    with pytest.raises(StageError):
        confirm(town.lead)


def test_a_confirmation_that_fails_leaves_all_as_it_was(town, monkeypatch):
    move()
    look_again()

    def fail(*args, **kwargs):
        assert restored.verified()  # as a publication asks
        raise ZeroDivisionError

    monkeypatch.setattr(confirmation.release, "reopen_pilots", fail)
    with pytest.raises(ZeroDivisionError):
        confirm(town.lead)
    assert restored.verified() is False
    assert restored.find().moved
    assert Client().get(BOARD).status_code == 404


def test_a_pilot_suspended_in_between_stays_hidden(town):
    move()
    look_again()
    town.close("SGZ")
    confirm(town.lead)
    assert look_again() == 404


def command(**options) -> str:
    out = StringIO()
    with override("en"):
        call_command("confirm_restore", stdout=out, **options)
    return out.getvalue()


def test_the_command_says_what_was_noticed_and_confirms_it(town, outside):
    assert "nothing to confirm" in command(by="lead", reason="x")
    note(steps=2, lines=1)
    text = command(dry_run=True)
    assert "At least 2 stage changes made since are not in it" in text
    assert "SGZ village (SGZ): Approved" in text
    for options in ({}, {"by": "lead"}, {"by": "nobody", "reason": "x"},
                    {"by": "editor_sgz", "reason": "x"}):  # fmt: skip
        with pytest.raises(CommandError):
            command(**options)
    assert look_again() == 404
    count = Page.objects.filter(gate__pilot__code="SGZ").count() + 2
    assert f"public again: {count}" in command(by="lead", reason="all is well")
    assert look_again() == 200


def test_checks_and_health_say_so(town):
    assert checks.check_restored(databases=["default"]) == []
    move()
    (error,) = checks.check_restored(databases=["default"])
    assert error.id == "pledge_pages.E005"
    restored.forget_verification()
    answer = Client().get("/-/health/")
    assert (answer.status_code, answer.json()["restore"]) == (503, "waits for a confirmation")
    assert answer.json()["embargo"] == "ok"


def test_a_look_costs_few_queries_and_a_request_none(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert restored.notice() is None
    Client().get(BOARD)
    with django_assert_max_num_queries(0):
        restored.look()
        assert restored.verified()


def test_a_process_without_a_database_serves_on(monkeypatch, client, db):
    def fail(*args, **kwargs):
        raise connection.Database.OperationalError("gone")

    monkeypatch.setattr(restored, "find", fail)
    restored.look()
