"""Ways past Python: querysets, bulk operations and plain SQL. Only the triggers see these."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from treebeard.mp_tree import MP_MoveHandler
from wagtail.models import Page, Revision

from home.models import NewsPage
from pledge_pages.models import (
    BranchPage,
    GatedPage,
    HeldApproval,
    MemberPledgePage,
    Pilot,
    Pledge,
    Programme,
    ProgrammePage,
    ProgressUpdate,
)
from tests.embargo.scene import CLOSED, DRAFT, LEAK, LIVE, Scene
from tests.embargo.ways.row import EITHER, KEPT, way

NOT_LIVE = (*CLOSED, DRAFT)


def sql(statement: str, *values) -> None:
    """Run one statement as it stands."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@way("Page.objects.update(live=True)", columns=NOT_LIVE)
def update_live(scene: Scene):
    """One line that publishes half a site."""
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("MemberPledgePage.objects.update(live=True)", columns=NOT_LIVE)
def update_specific_live(scene: Scene):
    """The same through the page's own class."""
    MemberPledgePage.objects.filter(pk=scene.pk).update(live=True)


@way("update(live=True) for every page of the site")
def update_all_live(scene: Scene):
    """The whole tree."""
    Page.objects.update(live=True)


@way("bulk_update", columns=NOT_LIVE)
def bulk_update(scene: Scene):
    """No save(), no signals."""
    page = Page.objects.get(pk=scene.pk)
    page.live = True
    Page.objects.bulk_update([page], ["live"])


@way("bulk_create of a live page")
def bulk_create(scene: Scene):
    """A row of the base table, of a gated type."""
    board = scene.board()
    Page.objects.bulk_create(
        [
            Page(
                title=LEAK, draft_title=LEAK, slug="leak", live=True, path=board.path + "00ZZ",
                depth=board.depth + 1, url_path=board.url_path + "leak/", locale=board.locale,
                content_type=ContentType.objects.get_for_model(MemberPledgePage),
            )
        ]
    )  # fmt: skip


@way("bulk_create of an ordinary live page below the gate", columns=CLOSED)
def bulk_create_ordinary(scene: Scene):
    """A row of the base table, of an ordinary type."""
    board = scene.board()
    Page.objects.bulk_create(
        [
            Page(
                title=LEAK, draft_title=LEAK, slug="leak", live=True, path=board.path + "00ZZ",
                depth=board.depth + 1, url_path=board.url_path + "leak/", locale=board.locale,
                content_type=ContentType.objects.get_for_model(NewsPage),
            )
        ]
    )  # fmt: skip


@way("SQL: UPDATE … SET live", columns=NOT_LIVE)
def sql_update(scene: Scene):
    """What a database console can do."""
    sql("UPDATE wagtailcore_page SET live = %s WHERE id = %s", True, scene.pk)


@way("SQL: INSERT of a live page of a gated type")
def sql_insert(scene: Scene):
    """A copy of the row, live from birth."""
    copy_row(scene, ContentType.objects.get_for_model(BranchPage).pk)


@way("SQL: INSERT of a live ordinary page below the gate", columns=CLOSED)
def sql_insert_ordinary(scene: Scene):
    """A type that is not gated."""
    copy_row(scene, ContentType.objects.get_for_model(NewsPage).pk)


def copy_row(scene: Scene, content_type: int) -> None:
    """Insert a copy of the page's row, live, of another type."""
    columns = [f.column for f in Page._meta.local_concrete_fields if f.column != "id"]
    quoted = {column: f'"{column}"' for column in columns}
    new = quoted | {
        "path": "%s", "live": "%s", "content_type_id": "%s", "slug": "'leak'",
        "translation_key": "%s",
    }  # fmt: skip
    key = Page._meta.get_field("translation_key").get_db_prep_value(
        scene.programme_page().pk and scene.home.translation_key, connection
    )
    values = {"path": scene.board().path + "00ZZ", "live": True, "content_type_id": content_type,
              "translation_key": key}  # fmt: skip
    ordered = [values[column] for column in columns if column in values]
    sql(
        f"INSERT INTO wagtailcore_page ({', '.join(quoted.values())}) "
        f"SELECT {', '.join(new.values())} FROM wagtailcore_page WHERE id = %s",
        *ordered,
        scene.pk,
    )


@way("swap the content type, then live")
def swap_type(scene: Scene):
    """A gated page dressed up as an ordinary one."""
    ordinary = ContentType.objects.get_for_model(NewsPage)
    Page.objects.filter(pk=scene.pk).update(content_type=ordinary)
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("delete the gate, swap the type, then live", columns=NOT_LIVE)
def strip_the_gate(scene: Scene):
    """The board below an open programme page, stripped of all that marks it."""
    board = scene.board()
    GatedPage.objects.filter(page=board).delete()
    ordinary = ContentType.objects.get_for_model(NewsPage)
    Page.objects.filter(pk=board.pk).update(content_type=ordinary)
    Page.objects.filter(pk=board.pk).update(live=True)


@way("an ordinary page dressed up as a gated one", columns=NOT_LIVE)
def dress_up(scene: Scene):
    """Live as news, then turned into a board."""
    gated = ContentType.objects.get_for_model(BranchPage)
    Page.objects.filter(pk=scene.news.pk).update(content_type=gated)


@way("delete the gate, then live", ends=EITHER)
def delete_gate(scene: Scene):
    """Without its gate a gated type can never be public; a public one vanishes."""
    GatedPage.objects.filter(pk=scene.pk).delete()
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("give the gate to an approved pilot")
def change_gate(scene: Scene):
    """Which pilot a page belongs to is decided once."""
    other = Pilot.objects.get(code="LSW")
    GatedPage.objects.filter(pk=scene.pk).update(pilot=other)
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("give the gate to the programme")
def gate_without_pilot(scene: Scene):
    """A programme's gate opens with any pilot."""
    GatedPage.objects.filter(pk=scene.pk).update(pilot=None)


@way("GatedPage.publishing, set by hand", columns=CLOSED)
def forced_publishing(scene: Scene):
    """The flag of the publication opens nothing while the pilot is closed."""
    GatedPage.objects.update(publishing=True)
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("stage set to approved by hand", columns=CLOSED)
def raw_stage(scene: Scene):
    """Past the action: a pilot is approved by a recorded step only."""
    Pilot.objects.filter(code="SGZ").update(stage="approved")


@way("SQL: a pilot made as approved", columns=CLOSED)
def born_approved(scene: Scene):
    """Not even a new one, whose pages would be public with their approval."""
    pilot = Pilot.objects.get(code="SGZ")
    pilot.pk, pilot.code, pilot.stage = None, "XXX", "approved"
    Pilot.objects.bulk_create([pilot])


@way("stage set to approved by hand, then live", columns=CLOSED)
def raw_stage_and_live(scene: Scene):
    """A page goes live by approval only, at whatever stage."""
    Pilot.objects.filter(code="SGZ").update(stage="approved")
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("pilot.save() with the stage approved, then live", columns=CLOSED)
def save_stage(scene: Scene):
    """The same through the model."""
    pilot = Pilot.objects.get(code="SGZ")
    pilot.stage = "approved"
    pilot.save()
    Page.objects.filter(pk=scene.pk).update(live=True)


@way("the pilot given to another programme")
def other_programme(scene: Scene):
    """Which programme a pilot belongs to is decided once."""
    other = Programme.objects.create(code="X", public_name={}, neutral_name={})
    Pilot.objects.filter(code="SGZ").update(programme=other)


@way("Page.objects.update(title)", columns=(LIVE,))
def update_title(scene: Scene):
    """Words of a public page."""
    Page.objects.filter(pk=scene.pk).update(title=LEAK)


@way("Page.objects.update(slug)", columns=(LIVE,))
def update_slug(scene: Scene):
    """Address of a public page."""
    Page.objects.filter(pk=scene.pk).update(slug=LEAK)


@way("Page.objects.update(locale)", columns=(LIVE,))
def update_language(scene: Scene):
    """Language of a public page."""
    Page.objects.filter(pk=scene.pk).update(locale=scene.other_language)


@way("BranchPage.objects.update(introduction)", columns=(LIVE,))
def update_introduction(scene: Scene):
    """Words of a public board."""
    BranchPage.objects.filter(pk=scene.board().pk).update(introduction=LEAK)


@way("ProgrammePage.objects.update(introduction)", columns=(LIVE,))
def update_programme(scene: Scene):
    """Words of a public index."""
    ProgrammePage.objects.filter(pk=scene.programme_page().pk).update(introduction=LEAK)


@way("Pledge.objects.update(text)", columns=(LIVE,))
def update_pledge(scene: Scene):
    """A row of a public page."""
    Pledge.objects.filter(page=scene.pk).update(text=LEAK)


@way("Pledge.objects.bulk_create()", columns=(LIVE,))
def bulk_create_pledge(scene: Scene):
    """One more row."""
    pledge = scene.page.pledges.first()
    pledge.pk, pledge.text, pledge.key = None, LEAK, scene.home.translation_key
    pledge.translation_key = scene.home.translation_key
    Pledge.objects.bulk_create([pledge])


@way("Pledge.objects.delete()", columns=(LIVE,), ends=KEPT)
def delete_pledges(scene: Scene):
    """Public promises made unsaid: the page is hidden."""
    Pledge.objects.filter(page=scene.pk)._raw_delete("default")


@way("SQL: UPDATE of a progress update", columns=(LIVE,))
def sql_update_progress(scene: Scene):
    """What a database console can do."""
    sql(f"UPDATE {ProgressUpdate._meta.db_table} SET text = %s WHERE page_id = %s", LEAK, scene.pk)


@way("SQL: rows of a draft given to a public page", columns=(LIVE,))
def sql_move_rows(scene: Scene):
    """The draft's rows change hands."""
    draft = scene.town.pages["SGZ-M002", "zh-hans"].pk
    Pledge.objects.filter(page=draft).update(page=scene.pk)


@way("SQL: the member shown", columns=(LIVE,))
def update_member(scene: Scene):
    """Whose promises they are."""
    other = scene.town.members["SGZ-M002"]
    MemberPledgePage.objects.filter(pk=scene.pk).update(member=other)


@way("the path set to an approved branch")
def raw_path(scene: Scene):
    """A move without moving."""
    path = scene.board("LSW").path + "00ZZ"
    Page.objects.filter(pk=scene.pk).update(path=path)


@way("treebeard's own move")
def treebeard_move(scene: Scene):
    """Past Wagtail's move and its signal."""
    page = Page.objects.get(pk=scene.pk)
    MP_MoveHandler(page, Page.objects.get(pk=scene.board("LSW").pk), "last-child").process()


@way("treebeard's own move of an ordinary page below the closed board", columns=CLOSED)
def treebeard_move_in(scene: Scene):
    """An ordinary public page, brought under the gate."""
    page = Page.objects.get(pk=scene.news.pk)
    MP_MoveHandler(page, Page.objects.get(pk=scene.board().pk), "last-child").process()


@way("live_revision and dates set by hand", ends=KEPT)
def raw_bookkeeping(scene: Scene):
    """Columns that only say that a page is public."""
    revision = scene.leaking_revision()
    Page.objects.filter(pk=scene.pk).update(
        live_revision=revision, has_unpublished_changes=False, last_published_at=timezone.now(),
        first_published_at=timezone.now(), expired=False,
    )  # fmt: skip


@way("the content of the live revision overwritten", ends=KEPT)
def overwrite_revision_row(scene: Scene):
    """What visitors read is in the page's rows, not in its revision."""
    content = scene.leaking().serializable_data()
    Revision.objects.filter(object_id=str(scene.pk)).update(content=content)


@way("an approval forged, then scheduled", ends=KEPT, columns=CLOSED)
def forged_approval(scene: Scene):
    """Even with an approval nothing is public while the pilot is closed."""
    revision = scene.leaking_revision()
    HeldApproval.objects.filter(page=scene.pk).update(snapshot=revision.content, revision=revision)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())
    revision.refresh_from_db()
    revision.publish(log_action="wagtail.publish.scheduled")
