"""The lock: what happens when it is not there, and that migrations put it back."""

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from wagtail.models import Page

from home.models import NewsPage
from pledge_pages.embargo import checks, triggers
from pledge_pages.embargo.errors import ReleaseError
from pledge_pages.embargo.triggers.tables import gated_tables
from tests.worlds import build_town


@pytest.fixture(autouse=True)
def _look_again():
    triggers.forget_verification()
    yield
    triggers.forget_verification()


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def names() -> list[str]:
    """Return the name of every trigger there should be."""
    if connection.vendor == "sqlite":
        return list(triggers.sqlite.statements(gated_tables()))
    return list(triggers.postgresql.triggers(gated_tables()))


def drop(name: str) -> None:
    if connection.vendor == "sqlite":
        run(f'DROP TRIGGER "{name}"')
    else:
        table, _event = triggers.postgresql.triggers(gated_tables())[name]
        run(f'DROP TRIGGER "{name}" ON "{table}"')


@pytest.mark.django_db
def test_every_trigger_is_there():
    assert triggers.missing() == []
    assert len(names()) > 10
    assert checks.check_triggers(databases=["default"]) == []


@pytest.mark.django_db
def test_each_missing_trigger_is_noticed_and_put_back():
    for name in names():
        drop(name)
        assert triggers.missing() == [name]
        assert [error.id for error in checks.check_triggers(databases=["default"])] == [
            "pledge_pages.E003"
        ]
        triggers.install()
        assert triggers.missing() == []


@pytest.mark.sqlite
@pytest.mark.django_db
def test_an_altered_trigger_is_noticed():
    name = "pledge_pages_gate_update"
    drop(name)
    run(f"CREATE TRIGGER {name} BEFORE UPDATE ON wagtailcore_page BEGIN SELECT 1; END")
    assert triggers.missing() == [name]


AGAIN = """CREATE OR REPLACE TRIGGER "{name}" BEFORE UPDATE {when}
    FOR EACH ROW {condition} EXECUTE FUNCTION "{name}"();
    ALTER TABLE wagtailcore_page ENABLE ALWAYS TRIGGER "{name}" """
ALTERED = {
    "disabled": 'ALTER TABLE wagtailcore_page DISABLE TRIGGER "{name}"',
    "for replicas only": 'ALTER TABLE wagtailcore_page ENABLE REPLICA TRIGGER "{name}"',
    "emptied": """CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql
        AS $$BEGIN RETURN NEW; END$$""",
    "for another column": AGAIN.replace("{when}", "OF title ON wagtailcore_page"),
    "under a condition": AGAIN.replace("{when}", "ON wagtailcore_page"),
}


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_trigger_is_noticed_on_postgresql(how):
    name = "pledge_pages_gate_update"
    condition = "WHEN (false)" if how == "under a condition" else ""
    run(ALTERED[how].format(name=name, condition=condition))
    assert triggers.missing() == [name]


@pytest.mark.django_db
def test_without_the_lock_nothing_is_served_and_nothing_released():
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    page = Page.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk).specific
    address = page.get_url()
    assert Client().get(address).status_code == 200
    board = page.get_parent().specific.get_url()
    assert board in Client().get("/sitemap.xml").content.decode()

    drop("pledge_pages_gate_birth")
    triggers.forget_verification()
    for path in (address, board, "/zh-hans/work-plan/"):
        assert Client().get(path).status_code == 404
    assert board not in Client().get("/sitemap.xml").content.decode()
    assert Client().get("/-/health/").status_code == 503
    town.hold_branch("LSW")
    with pytest.raises(ReleaseError):
        town.open("LSW")

    connection.check_constraints()  # PostgreSQL alters no table with work left to do
    triggers.install()
    assert Client().get(address).status_code == 200


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_migration_may_rebuild_the_page_table():
    """SQLite makes a table anew to alter it, and cannot while triggers name it."""
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    live = set(Page.objects.filter(live=True).values_list("pk", flat=True))
    migrated = MigrationLoader(connection).project_state().apps.get_model("wagtailcore", "Page")
    emit_pre_migrate_signal(0, False, "default")
    with connection.schema_editor() as editor:
        editor._remake_table(migrated)
    emit_post_migrate_signal(0, False, "default")

    assert triggers.missing() == []
    assert set(Page.objects.filter(live=True).values_list("pk", flat=True)) == live
    town.close("SGZ")
    assert not Page.objects.filter(gate__isnull=False, live=True).exists()


@pytest.mark.postgres
@pytest.mark.django_db
def test_migrations_leave_the_lock_in_place_on_postgresql():
    """Or every deployment would open the gate for a moment."""
    with transaction.atomic():
        emit_pre_migrate_signal(0, False, "default")
        assert triggers.missing() == []


@pytest.mark.django_db(transaction=True)
def test_a_database_with_public_boards_can_be_emptied():
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    call_command("flush", interactive=False, verbosity=0)
    assert not Page.objects.filter(gate__isnull=False).exists()
    assert triggers.missing() == []


@pytest.mark.django_db
def test_a_pilot_deleted_by_sql_takes_its_pages_out_of_sight():
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    assert Page.objects.filter(gate__isnull=False, live=True).count() == 6
    with transaction.atomic():
        run("DELETE FROM pledge_pages_pilot WHERE code = 'SGZ'")
        assert not Page.objects.filter(gate__isnull=False, live=True).exists()
        # Its pages refer to it, so that it could not be committed where that is checked.
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_public_pages_follow_what_stands_above_their_tree():
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    home = Page.objects.get(pk=town.home["zh-hans"].pk).specific
    page = Page.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    home.slug = "start"
    home.save()
    page.refresh_from_db()
    assert page.url_path.startswith("/start/work-plan/")
    # An ordinary page put first moves all others on.
    news = home.add_child(instance=NewsPage(title="News", slug="news", body="<p>News</p>"))
    first = home.get_children().exclude(pk=news.pk).first()
    news.move(first, pos="left")
    call_command("set_url_paths", verbosity=0)
    call_command("fixtree", interactive=False, verbosity=0)
    page.refresh_from_db()
    assert page.live
    assert page.get_parent().pk == town.boards["SGZ", "zh-hans"].pk
    section = home.add_child(instance=NewsPage(title="Section", slug="section", body="<p>S</p>"))
    home.move(section.get_root(), pos="last-child")
    page.refresh_from_db()
    assert page.live
    assert Client().get("/zh-hans/work-plan/village-1/").status_code == 200
