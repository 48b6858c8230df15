"""Ways of a database console that put a row in another's place, or a page at another address.

SQLite's OR REPLACE deletes rows without firing a trigger on their deletion; PostgreSQL's upsert
updates them.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from wagtail.models import Page

from home.models import NewsPage
from pledge_pages.models import GatedPage, MemberPledgePage, Pilot, Pledge
from tests.embargo.scene import LEAK, LIVE, Scene
from tests.embargo.ways.row import EITHER, way


def put_again(model: type[models.Model], pk: int, **changes) -> None:
    """Insert the row ``pk`` once more, with other values, in its own place."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {key} = %s", [pk])
        columns = [column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone(), strict=True)) | changes
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join(["%s"] * len(columns))
        if connection.vendor == "sqlite":
            statement = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"
        else:
            settings = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in columns)
            statement = (
                f"INSERT INTO {table} ({names}) VALUES ({marks}) "
                f"ON CONFLICT ({key}) DO UPDATE SET {settings}"
            )
        cursor.execute(statement, [row[name] for name in columns])


def take_place(model: type[models.Model], pk: int, **changes) -> None:
    """Update the row ``pk`` so that it takes the place of another."""
    words = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"
    settings = ", ".join(f'"{name}" = %s' for name in changes)
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"{words} {model._meta.db_table} SET {settings} WHERE {key} = %s",
            [*changes.values(), pk],
        )


def ordinary() -> int:
    """Return the content type of pages that are nobody's secret."""
    return ContentType.objects.get_for_model(NewsPage).pk


# Rows put in another's place -------------------------------------------------------------------


@way("SQL: the pilot put again as approved", ends=EITHER)
def approve_pilot(scene: Scene):
    """A stage that no trigger on updates sees."""
    put_again(Pilot, scene.town.pilots["SGZ"].pk, stage="approved")
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("SQL: the pilot put again as suspended", columns=(LIVE,), ends=EITHER)
def suspend_pilot(scene: Scene):
    """A stage that ends without hiding anything."""
    put_again(Pilot, scene.town.pilots["SGZ"].pk, stage="suspended")


@way("SQL: the pilot's number given to one that is approved")
def swap_pilots(scene: Scene):
    """Whose pages they are is told by the number."""
    ids = dict(Pilot.objects.values_list("code", "pk"))
    take_place(Pilot, ids["LSW"], id=ids["SGZ"])


@way("SQL: the pilot's code given to another", columns=(LIVE,))
def take_code(scene: Scene):
    """There is one pilot of a code, so the other makes room."""
    take_place(Pilot, Pilot.objects.get(code="LSW").pk, code="SGZ")


@way("SQL: the page put again as live")
def page_live(scene: Scene):
    """An insertion that is a change."""
    put_again(Page, scene.pk, live=True, title=LEAK)


@way("SQL: the page put again as an ordinary one")
def page_ordinary(scene: Scene):
    """Without its type, but with its title and its place."""
    put_again(Page, scene.pk, live=True, title=LEAK, content_type_id=ordinary())


@way("SQL: the programme's page put again as an ordinary one", alone=True)
def programme_ordinary(scene: Scene):
    """No gate stands above this page."""
    put_again(Page, scene.programme_page().pk, live=True, content_type_id=ordinary())


@way("SQL: an ordinary page in the place of the programme's", alone=True)
def programme_replaced(scene: Scene):
    """What hangs below would hang below a page without a gate."""
    take_place(Page, scene.news.pk, path=scene.programme_page().path)


@way("SQL: the page given another number", columns=(LIVE,))
def page_number(scene: Scene):
    """The gate knows the page by its number."""
    take_place(Page, scene.board().pk, id=990_000)


@way("SQL: the gate put again with an approved pilot")
def gate_again(scene: Scene):
    """A page's pilot is decided once."""
    other = Pilot.objects.get(code="LSW").pk
    put_again(GatedPage, scene.pk, pilot_id=other, publishing=True)
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("SQL: the row of the page's type put again", columns=(LIVE,))
def type_again(scene: Scene):
    """Whose promises they are."""
    put_again(MemberPledgePage, scene.pk, member_id=scene.town.members["SGZ-M002"].pk)


@way("SQL: a promise put again on a draft", columns=(LIVE,))
def promise_again(scene: Scene):
    """A part of what is public goes elsewhere."""
    draft = scene.town.pages["SGZ-M002", "zh-hans"].pk
    put_again(Pledge, scene.page.pledges.first().pk, page_id=draft)


@way("SQL: a promise of a draft in the place of a public one", columns=(LIVE,))
def promise_replaced(scene: Scene):
    """Which disappears without having been deleted."""
    draft = Pledge.objects.filter(page=scene.town.pages["SGZ-M002", "zh-hans"].pk).first()
    take_place(Pledge, draft.pk, id=scene.page.pledges.first().pk)


# Another address ---------------------------------------------------------------------------------


@way("Page.objects.update(url_path)", columns=(LIVE,))
def update_address(scene: Scene):
    """Where links and site map say that a public page stands."""
    Page.objects.filter(pk=scene.pk).update(url_path=f"/home/{LEAK}/")


@way("change the url_path", columns=(LIVE,))
def save_address(scene: Scene):
    """The same by saving the page."""
    page = Page.objects.get(pk=scene.pk)
    page.url_path = f"/home/{LEAK}/"
    page.save(clean=False)


@way("Page.objects.update(url_path) of the programme's page", columns=(LIVE,))
def update_programme_address(scene: Scene):
    """The address of the head of the tree."""
    Page.objects.filter(pk=scene.programme_page().pk).update(url_path=f"/home/{LEAK}/")


@way("the path set to the branch's board in another language", columns=(LIVE,))
def path_to_other_language(scene: Scene):
    """The same pilot, another address."""
    board = scene.town.boards["SGZ", "en"]
    path = Page.objects.get(pk=board.pk).path + "00ZZ"
    Page.objects.filter(pk=scene.pk).update(path=path)


@way("the path set to the site's home")
def path_to_home(scene: Scene):
    """Out from under every gate."""
    home = Page.objects.get(pk=scene.home.pk)
    Page.objects.filter(pk=scene.pk).update(path=home.path + "00ZZ", depth=home.depth + 1)


@way("the path of the board set to the site's home")
def board_path_to_home(scene: Scene):
    """A board without its programme."""
    home = Page.objects.get(pk=scene.home.pk)
    page = scene.board()
    Page.objects.filter(pk=page.pk).update(path=home.path + "00ZZ", depth=home.depth + 1)
