"""The audit trail: the database itself keeps every line as it was written."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connection, transaction
from django.db.migrations import Migration
from django.db.models import ProtectedError
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from pledge_pages.embargo import checks, triggers
from pledge_pages.embargo.approval import withdraw
from pledge_pages.embargo.triggers import trail
from pledge_pages.models import Consent, Member, Pilot, Transition
from pledge_pages.people.actions import record_consent, withdraw_consent
from pledge_pages.photos.actions import add_evidence, check_evidence, delete_evidence
from pledge_pages.pilots.actions import take_step
from tests.photos.pictures import jpeg
from tests.worlds import build_town

MODELS = (Transition, PageLogEntry, ModelLogEntry)


@pytest.fixture
def town(db):
    """A town with at least one line in each table."""
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    withdraw_consent(town.members["SGZ-M001"], by=town.editor("SGZ"), subject="photo")
    return town


def lines(model):
    """Return the lines that ``model`` holds."""
    rows = model.objects.all()
    return rows if model is Transition else rows.filter(action__startswith="pledge_pages.")


def names() -> list[str]:
    """Return the name of every trigger of the trail."""
    if connection.vendor == "sqlite":
        return list(trail.sqlite_statements())
    return list(trail.postgresql_triggers())


def drop(name: str) -> None:
    table = "" if connection.vendor == "sqlite" else f' ON "{trail.postgresql_triggers()[name][0]}"'
    run(f'DROP TRIGGER "{name}"{table}')


def run(sql: str, parameters=()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def refused(act) -> None:
    """Check that the database refuses to ``act``, and that nothing came of it."""
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    with pytest.raises(IntegrityError, match="audit trail"), transaction.atomic():
        act()
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before


# What the database refuses -------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_no_line_is_changed_or_deleted(town, model):
    table, line = model._meta.db_table, lines(model).first()
    moment = "at" if model is Transition else "timestamp"
    refused(lambda: run(f"UPDATE {table} SET {moment} = {moment} WHERE id = %s", [line.pk]))
    refused(lambda: run(f"DELETE FROM {table} WHERE id = %s", [line.pk]))
    refused(lambda: run(f"DELETE FROM {table}"))
    refused(lambda: lines(model).filter(pk=line.pk).delete())
    refused(lambda: lines(model).update(**{moment: None}))
    refused(lambda: model.objects.bulk_update([line], [moment]))
    refused(line.save)
    refused(lambda: model.objects.filter(pk=line.pk).update(id=line.pk + 1000))


@pytest.mark.sqlite
@pytest.mark.parametrize("model", MODELS)
def test_no_line_is_replaced(town, model):
    """SQLite takes the old row away then without telling the trigger on its deletion."""
    table, line = model._meta.db_table, lines(model).first()
    columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if not f.primary_key)
    other = lines(model).last().pk
    refused(
        lambda: run(
            f"INSERT OR REPLACE INTO {table} (id, {columns}) "
            f"SELECT {line.pk}, {columns} FROM {table} WHERE id = {other}"
        )
    )


@pytest.mark.sqlite
def test_no_line_makes_way_for_another_row(town):
    line = lines(ModelLogEntry).first()
    log(instance=town.members["SGZ-M001"], action="wagtail.edit")
    other = ModelLogEntry.objects.get(action="wagtail.edit", object_id=line.object_id)
    sql = "UPDATE OR REPLACE wagtailcore_modellogentry SET id = %s WHERE id = %s"
    refused(lambda: run(sql, [line.pk, other.pk]))


@pytest.mark.postgres
@pytest.mark.parametrize("model", MODELS)
def test_no_table_with_lines_is_truncated(town, model):
    connection.check_constraints()  # which PostgreSQL would complain of first
    refused(lambda: run(f"TRUNCATE {model._meta.db_table} CASCADE"))


def test_wagtails_own_lines_stay_wagtails(town):
    member = town.members["SGZ-M001"]
    log(instance=member, action="wagtail.edit")
    log(instance=town.pages["SGZ-M001", "en"], action="wagtail.edit")
    for model in (PageLogEntry, ModelLogEntry):
        own = model.objects.filter(action="wagtail.edit")
        assert own.update(label="x") > 0
        refused(lambda own=own: own.update(action="pledge_pages.hold"))
        own.delete()


# Whether the lock is there ------------------------------------------------------------------


@pytest.mark.django_db
def test_each_missing_trigger_is_noticed_and_put_back():
    assert triggers.missing_trail() == []
    tables = len(trail.lines())
    assert len(names()) == tables * (3 if connection.vendor == "sqlite" else 2)
    for name in names():
        drop(name)
        assert triggers.missing_trail() == [name]
        assert [error.id for error in checks.check_trail(databases=["default"])] == [
            "pledge_pages.E004"
        ]
        assert Client().get("/-/health/").json()["trail"] == f"missing: {name}"
        triggers.install()
        assert triggers.missing_trail() == checks.check_trail(databases=["default"]) == []


def test_a_missing_trigger_of_the_trail_shuts_no_board(town):
    """To hide the boards would bring no line back."""
    drop(names()[0])
    triggers.forget_verification()
    assert Client().get("/zh-hans/work-plan/village-1/").status_code == 200


ALTERED = {
    "disabled": "ALTER TABLE pledge_pages_transition DISABLE TRIGGER {name}",
    "emptied": """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        AS $$BEGIN RETURN NEW; END$$""",
    "for statements": """CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OR DELETE
        ON pledge_pages_transition FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        ALTER TABLE pledge_pages_transition ENABLE ALWAYS TRIGGER {name}""",
}


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("how", ["disabled", "emptied", "for statements"])
def test_an_altered_trigger_is_noticed_on_postgresql(how):
    name = "pledge_pages_trail_pledge_pages_transition"
    run(ALTERED[how].format(name=name))
    assert triggers.missing_trail() == [name]


@pytest.mark.postgres
@pytest.mark.django_db
def test_only_a_migration_of_its_tables_lifts_it_on_postgresql():
    """Which may have to rewrite lines; a deployment without one leaves it alone."""
    with transaction.atomic():
        for app, missing in (("auth", 0), ("wagtailcore", len(names()))):
            plan = [(Migration("0099_some", app), False)]
            emit_pre_migrate_signal(0, False, "default", plan=plan)
            assert len(triggers.missing_trail()) == missing
            assert triggers.missing() == []
        emit_post_migrate_signal(0, False, "default")
        assert triggers.missing_trail() == []


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_trail_and_leaves_the_lock():
    town = build_town(members=1)
    town.to_stage("SGZ", "agreed")
    call_command("flush", interactive=False, verbosity=0)
    assert not Transition.objects.exists()
    assert triggers.missing_trail() == []


def test_what_is_lifted_is_back_whatever_happens(town):
    def break_off() -> None:
        with triggers.trail_lifted():
            lines(Transition).delete()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert triggers.missing_trail() == []
    assert lines(Transition).exists()


# What is deleted around a line ---------------------------------------------------------------


def test_pages_members_and_users_go_and_their_lines_stay(town):
    page = Page.objects.get(pk=town.pages["LSW-M001", "en"].pk).specific
    log(instance=page, action="pledge_pages.refuse_schedule", user=town.editor("LSW"))
    consent = town.members["LSW-M001"]
    withdraw_consent(consent, by=town.editor("LSW"), subject="photo")
    counts = [lines(model).count() for model in (PageLogEntry, ModelLogEntry)]
    for language in ("zh-hans", "en"):
        Page.objects.get(pk=town.pages["LSW-M001", language].pk).specific.delete()
    Member.objects.get(pk=consent.pk).delete()
    town.editor("LSW").delete()
    assert [lines(model).count() for model in (PageLogEntry, ModelLogEntry)] == counts
    assert not Consent.objects.filter(member=consent.pk).exists()


def test_a_pilot_that_took_a_step_stays_and_one_that_did_not_goes(town):
    lead = {"programme": town.programme, "lead": town.lead}
    idle = Pilot.objects.create(code="IDLE", name={"en": "Idle"}, **lead)
    moved = Pilot.objects.create(code="MOVED", name={"en": "Moved"}, **lead)
    take_step(moved, "agree", by=town.lead, reason="go on")
    idle.delete()
    with pytest.raises(ProtectedError, match="Transition"):
        moved.delete()
    assert set(Pilot.objects.filter(code__in=["IDLE", "MOVED"])) == {moved}


# What a line says ----------------------------------------------------------------------------


def test_every_decision_leaves_a_line_that_names_its_branch_and_nobody(town):
    editor, member = town.editor("SGZ"), town.members["SGZ-M001"]
    record_consent(
        member, by=editor, scope="public_web", subject="name", level="full",
        given_on=date(2025, 3, 24), method="paper",
    )  # fmt: skip
    evidence = add_evidence(
        member.pilot,
        io.BytesIO(jpeg()),
        by=editor,
        kind="photo",
        title={"en": f"{member.staff_name}’s gate"},
    )
    check_evidence(evidence, by=editor, public=True)
    delete_evidence(evidence, by=editor)
    town.close("SGZ")
    withdraw(
        Page.objects.get(pk=town.pages["SGZ-M001", "en"].pk).specific,
        by=town.moderator("SGZ"),
        reason="a mistake",
    )
    written = [*lines(PageLogEntry), *lines(ModelLogEntry)]
    assert {line.action.removeprefix("pledge_pages.") for line in written} == {
        "hold", "publish", "suspend", "withdraw", "record_consent", "withdraw_consent",
        "add_evidence", "check_evidence", "delete_evidence",
    }  # fmt: skip
    assert {line.data["programme"] for line in written} == {"PP"}
    # The programme's own pages belong to no branch.
    assert {line.data.get("pilot") for line in written if line.label != "PP"} >= {"SGZ"}
    told = " ".join(f"{line.label} {line.data}" for line in written)
    assert "SGZ-M001" in told
    for word in (member.staff_name, member.given_name, member.given_name_latin, "党员承诺制"):
        assert word not in told
