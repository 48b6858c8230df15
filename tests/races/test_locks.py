"""A publication and a suspension at the same moment, on PostgreSQL: the one waits for the other."""

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction
from wagtail.models import Page

from pledge_pages.embargo.approval import lock_gate
from pledge_pages.models import MemberPledgePage, Pilot
from tests.worlds import build_town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    return town


@pytest.fixture
def other():
    """A second connection, which gives up at once if it has to wait for a lock."""
    connection = connections.create_connection("default")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
        yield cursor
    connection.close()


def member_page(town) -> MemberPledgePage:
    return MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)


def live_gated() -> set[int]:
    return set(Page.objects.filter(gate__isnull=False, live=True).values_list("pk", flat=True))


def suspend(cursor) -> None:
    cursor.execute(f"UPDATE {Pilot._meta.db_table} SET stage = 'suspended' WHERE code = 'SGZ'")


def publish(cursor, pk: int) -> None:
    cursor.execute("UPDATE pledge_pages_gatedpage SET publishing = true WHERE page_id = %s", [pk])
    cursor.execute("UPDATE wagtailcore_page SET live = true WHERE id = %s", [pk])


def test_a_suspension_waits_for_a_publication_and_hides_it(town, other):
    page = town.submit(member_page(town), town.editor("SGZ"))
    with transaction.atomic():
        town.approve(page, town.moderator("SGZ"))
        with pytest.raises(OperationalError):
            suspend(other)
    suspend(other)
    assert live_gated() == set()


def test_who_decides_upon_a_page_holds_its_row(town, other):
    page = member_page(town)
    with transaction.atomic():
        lock_gate(page)
        with pytest.raises(OperationalError):
            other.execute("SELECT id FROM wagtailcore_page WHERE id = %s FOR UPDATE", [page.pk])


def test_a_publication_waits_for_a_suspension_and_is_refused(town, other):
    page = member_page(town)
    with transaction.atomic():
        town.close("SGZ")
        with pytest.raises(OperationalError):
            publish(other, page.pk)
    with pytest.raises(IntegrityError):
        publish(other, page.pk)
    assert live_gated() == set()


def test_a_new_ordinary_page_waits_for_the_suspension_of_the_branch_above_it(town, other):
    page = member_page(town)
    with transaction.atomic():
        town.close("SGZ")
        with pytest.raises(OperationalError):
            other.execute(copied(page.path + "0001"))
    with pytest.raises(IntegrityError):
        other.execute(copied(page.path + "0001"))


COLUMNS = ", ".join(
    f'"{field.column}"' for field in Page._meta.local_concrete_fields if field.column != "id"
)


def copied(path: str) -> str:
    """Return SQL that makes a live copy of the front page at ``path``."""
    values = COLUMNS.replace('"path"', f"'{path}'").replace(
        '"translation_key"', "gen_random_uuid()"
    )
    return f"""INSERT INTO wagtailcore_page ({COLUMNS}) SELECT {values} FROM wagtailcore_page
        WHERE slug = 'home'"""
