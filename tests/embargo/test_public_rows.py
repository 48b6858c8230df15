"""Every table that is a part of public pages is watched: rows come, change and go by approval only."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from wagtail.models import Page

from home.models import AnnouncementPage
from pledge_pages.embargo.announcement import announce
from pledge_pages.embargo.triggers.tables import UNRECORDED, Watched, gated_tables
from pledge_pages.models import (
    BranchPage,
    BranchPledge,
    GatedPage,
    MemberPledgePage,
    Pilot,
    PledgeAmendment,
    PledgeTask,
)
from tests.staging import staged
from tests.worlds import Town, build_town

pytestmark = pytest.mark.django_db

REFUSED = "what is public changes by approval only"
WATCHED = gated_tables().watched
TEXTS = (models.CharField, models.TextField)


def build() -> Town:
    """Build a public branch with a row in every table."""
    town = build_town(("SGZ",), members=1)
    for language in ("zh-hans", "en"):
        board = BranchPage.objects.get(pk=town.boards["SGZ", language].pk)
        page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", language].pk)
        pledge = page.pledges.get()
        BranchPledge.objects.create(
            page=board, locale=board.locale, year=2026, category=pledge.category, text="Lamps"
        )
        PledgeTask.objects.create(
            page=page, locale=page.locale, pledge_key=pledge.key, text="Mend the lamp"
        )
        PledgeAmendment.objects.create(
            page=page, locale=page.locale, pledge_key=pledge.key, on=date(2026, 5, 1),
            old_text="Three lamps", new_text="Two lamps", reason="one was mended already",
        )  # fmt: skip
    town.hold_branch("SGZ")
    home = Page.objects.get(pk=town.home["zh-hans"].pk).specific
    pilot = Pilot.objects.get(code="SGZ")
    town.hold(announce(pilot, AnnouncementPage(title="It is open", slug="open"), below=home,
                       by=town.lead), "SGZ")  # fmt: skip
    town.open("SGZ")
    return town


town = staged(build)


def tables(wanted: Callable[[Watched], bool] = lambda watched: True) -> list:
    return [pytest.param(watched, id=watched.table) for watched in WATCHED if wanted(watched)]


def public_row(watched: Watched) -> dict[str, Any]:
    """Return one row of the table that is a part of a public page, column by column."""
    live = GatedPage.objects.filter(page__live=True).values_list("page_id", flat=True)
    places = ", ".join(["%s"] * len(live))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {watched.table} WHERE {watched.page_column} IN ({places})", list(live)
        )
        row = cursor.fetchone()
        assert row is not None, f"the town has no public row in {watched.table}"
        return dict(zip([column[0] for column in cursor.description], row, strict=True))


def model_of(watched: Watched) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == watched.table)


def run(sql: str, values: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize("watched", tables())
def test_no_content_of_a_public_row_is_changed_by_sql(town, watched):
    row, key = public_row(watched), model_of(watched)._meta.pk.column
    fields = {field.column: field for field in model_of(watched)._meta.local_concrete_fields}
    column = next(
        (name for name in watched.content if isinstance(fields[name], TEXTS)), watched.content[0]
    )
    other = f"{column} || 'x'" if isinstance(fields[column], TEXTS) else f"{column} + 90000"
    with pytest.raises(DatabaseError, match=REFUSED):
        run(f"UPDATE {watched.table} SET {column} = {other} WHERE {key} = %s", [row[key]])


@pytest.mark.parametrize("watched", tables())
def test_no_row_is_given_to_a_public_page_by_sql(town, watched):
    row = public_row(watched)
    if watched.is_child:
        row["id"] += 90_000
    else:  # on SQLite it would take the place of the one that is there
        assert model_of(watched)._meta.pk.column == watched.page_column
    replacing = "OR REPLACE" if connection.vendor == "sqlite" else ""
    columns, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    with pytest.raises(DatabaseError, match=REFUSED):
        run(
            f"INSERT {replacing} INTO {watched.table} ({columns}) VALUES ({places})",
            list(row.values()),
        )


@pytest.mark.parametrize("watched", tables(lambda watched: watched.is_child))
def test_a_page_that_loses_a_public_row_by_sql_is_hidden(town, watched):
    row = public_row(watched)
    run(f"DELETE FROM {watched.table} WHERE id = %s", [row["id"]])
    assert not Page.objects.get(pk=row[watched.page_column]).live


def test_a_page_that_loses_its_gate_by_sql_is_hidden(town):
    page = town.pages["SGZ-M001", "zh-hans"].pk
    assert Page.objects.get(pk=page).live
    run(f"DELETE FROM {GatedPage._meta.db_table} WHERE page_id = %s", [page])
    assert not Page.objects.get(pk=page).live


# Pages, gates and pilots ------------------------------------------------------------------------

PAGE, GATE, PILOT = (model._meta.db_table for model in (Page, GatedPage, Pilot))
BY_SQL = {
    "its title is changed": (f"UPDATE {PAGE} SET title = 'x' WHERE id = %s", "public by approval only"),
    "its address is changed": (f"UPDATE {PAGE} SET url_path = '/x/' WHERE id = %s", "keeps its address"),
    "it becomes another type": (
        f"UPDATE {PAGE} SET content_type_id = content_type_id + 1 WHERE id = %s", "keeps its type",
    ),
    "its gate is turned": (f"UPDATE {GATE} SET top = NOT top WHERE page_id = %s", "stays with its pilot"),
}  # fmt: skip


@pytest.mark.parametrize("what", BY_SQL)
def test_a_public_page_and_its_gate_stay_as_they_are(town, what):
    statement, said = BY_SQL[what]
    with pytest.raises(DatabaseError, match=said):
        run(statement, [town.pages["SGZ-M001", "zh-hans"].pk])


def test_no_page_of_a_pilot_is_born_public(town):
    source = Page.objects.filter(pk=town.pages["SGZ-M001", "zh-hans"].pk).values().get()
    born = source | {
        "id": source["id"] + 90_000, "path": source["path"][:-4] + "ZZZZ", "slug": "born",
        "url_path": "/born/", "translation_key": uuid4(),
    }  # fmt: skip
    with pytest.raises(DatabaseError, match="never born live"):
        Page.objects.bulk_create([Page(**born)])


def test_a_pilot_is_approved_by_a_recorded_step_and_is_not_born_so(town):
    values = {"programme": town.programme, "wave": Pilot.objects.get().wave}
    with pytest.raises(DatabaseError, match=UNRECORDED), transaction.atomic():
        Pilot.objects.bulk_create([Pilot(code="NEW", stage="approved", **values)])
    (new,) = Pilot.objects.bulk_create([Pilot(code="NEW", **values)])
    with pytest.raises(DatabaseError, match=UNRECORDED):
        run(f"UPDATE {PILOT} SET stage = 'approved' WHERE id = %s", [new.pk])


def test_a_pilot_stays_in_its_programme(town):
    with pytest.raises(DatabaseError, match="pledge_pages: "):
        run(f"UPDATE {PILOT} SET programme_id = programme_id + 1 WHERE code = %s", ["SGZ"])


def test_a_pilot_that_is_closed_by_sql_takes_its_pages_out_of_sight(town):
    run(f"UPDATE {PILOT} SET stage = 'quiet' WHERE code = %s", ["SGZ"])
    assert not Page.objects.filter(gate__isnull=False, live=True).exists()
