"""Ways of a script: Wagtail's Python interface, its actions, commands and workflows."""

import json
import uuid
from datetime import timedelta

from django.core import serializers
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from wagtail.actions import action_registry
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.edit_page import EditPageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import GroupApprovalTask, Page, Revision, Workflow, WorkflowPage, WorkflowTask
from wagtail.workflows import publish_workflow_state

from home.models import NewsPage
from pledge_pages.models import MemberPledgePage, Pledge, Programme, ProgrammePage
from tests.embargo.scene import CLOSED, DRAFT, LEAK, LIVE, Scene
from tests.embargo.ways.row import EITHER, KEPT, fits, way
from tests.worlds import build_member

# Publishing --------------------------------------------------------------------------------


@way("page.publish(revision)")
def page_publish(scene: Scene):
    """The method that everything is meant to go through."""
    scene.page.publish(scene.leaking_revision())


@way("revision.publish()")
def revision_publish(scene: Scene):
    """As most scripts do it."""
    scene.leaking_revision().publish(user=scene.town.admin)


@way("revision.publish() of what is held", columns=(*CLOSED, LIVE))
def publish_the_held_revision(scene: Scene):
    """The very revision that a moderator approved, before its time."""
    approval = scene.page.standing_approval
    fits(approval and approval.revision)
    approval.revision.publish(user=scene.town.moderator("SGZ"))


@way("revision.publish() that says it comes from the scheduler", ends=KEPT)
def publish_as_the_scheduler(scene: Scene):
    """The gate asks what was approved, not who says so."""
    scene.leaking_revision().publish(log_action="wagtail.publish.scheduled")


@way("PublishPageRevisionAction")
def publish_action(scene: Scene):
    """Past any publish() of the page's class."""
    PublishPageRevisionAction(scene.leaking_revision(), user=scene.town.admin).execute(
        skip_permission_checks=True
    )


@way("PublishRevisionAction")
def generic_publish_action(scene: Scene):
    """Wagtail's action for anything with drafts, not meant for pages."""
    PublishRevisionAction(scene.leaking_revision()).execute(skip_permission_checks=True)


@way("action registry: publish")
def registered_publish(scene: Scene):
    """The action that API v3 looks up on the base class."""
    action = action_registry.get_action_class(Page, "publish")
    action(scene.leaking_revision(), user=scene.town.admin).execute(skip_permission_checks=True)


@way("PublishPageRevisionAction for a later date", ends=EITHER)
def publish_later(scene: Scene):
    """Scheduled by hand; then the hour comes."""
    page = scene.leaking()
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision(user=scene.user, clean=False)
    PublishPageRevisionAction(revision).execute(skip_permission_checks=True)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())
    call_command("publish_scheduled", verbosity=0)


@way("publish_scheduled: a schedule nobody approved", ends=KEPT)
def forged_schedule(scene: Scene):
    """The column that the scheduler goes by, set by hand."""
    revision = scene.leaking_revision()
    moment = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
    call_command("publish_scheduled", verbosity=0)


@way("publish_scheduled: the held revision", ends=KEPT, columns=CLOSED)
def early_schedule(scene: Scene):
    """What was approved, scheduled while the pilot is closed."""
    approval = scene.page.standing_approval
    fits(approval and approval.revision)
    revision = approval.revision
    moment = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
    call_command("publish_scheduled", verbosity=0)


@way("unpublish and publish again")
def republish(scene: Scene):
    """Taken down by hand, and brought back by hand."""
    scene.page.unpublish()
    scene.leaking_revision().publish()


@way("expire and publish again")
def expire(scene: Scene):
    """Taken down by the scheduler, and brought back by hand."""
    Page.objects.filter(pk=scene.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    scene.leaking_revision().publish()


# Saving ------------------------------------------------------------------------------------


@way("page.live = True; save()")
def save_live(scene: Scene):
    """The flag and the content, saved on the page's own class."""
    page = scene.leaking()
    page.live = True
    page.title = LEAK
    page.save(clean=False)


@way("base page.live = True; save()")
def save_base_live(scene: Scene):
    """The same through the base class, which knows nothing of ours."""
    page = Page.objects.get(pk=scene.pk)
    page.live, page.seo_title = True, LEAK
    page.save(clean=False)


@way("save(update_fields=['live'])", columns=(*CLOSED, DRAFT))
def save_live_field(scene: Scene):
    """The flag alone."""
    page = scene.page
    page.live = True
    page.save(update_fields=["live"], clean=False)


@way("save_base(raw=True)", ends=KEPT)
def save_raw(scene: Scene):
    """As fixtures are saved: no signal may ask questions; the page is hidden."""
    page = scene.page
    page.live, page.seo_title = True, LEAK
    page.save_base(raw=True)


@way("change the title of the row", columns=(LIVE,))
def change_title(scene: Scene):
    """Public words changed past every revision."""
    page = Page.objects.get(pk=scene.pk)
    page.title = LEAK
    page.save(clean=False)


@way("change a title while pretending the page is not live", columns=(LIVE,))
def change_title_unseen(scene: Scene):
    """Python's guard looks at the instance; the trigger at the row."""
    page = Page.objects.get(pk=scene.pk)
    page.live, page.title = False, LEAK
    page.save(update_fields=["title"], clean=False)


@way("change the slug", columns=(LIVE,))
def change_slug(scene: Scene):
    """Another address for public words."""
    page = Page.objects.get(pk=scene.pk)
    page.slug = "elsewhere"
    page.save(clean=False)


@way("change the member shown", columns=(LIVE,))
def change_member(scene: Scene):
    """A field of the page's own type."""
    page = scene.page
    page.member = scene.town.members["SGZ-M002"]
    page.save(clean=False)


@way("change the introduction of a public board", columns=(LIVE,))
def change_board(scene: Scene):
    """The board above the page."""
    board = scene.board()
    board.introduction = LEAK
    board.save(clean=False)


@way("change the language of the row", columns=(LIVE,))
def change_language(scene: Scene):
    """Public words under another language's flag."""
    page = scene.page
    page.locale = scene.other_language
    page.save(clean=False)


@way("live_revision, first_published_at and the like", ends=EITHER)
def bookkeeping(scene: Scene):
    """Columns that say a page is public do not make it so."""
    revision = scene.leaking_revision()
    page = scene.page
    page.live_revision, page.has_unpublished_changes = revision, False
    page.first_published_at = page.last_published_at = timezone.now()
    page.save(clean=False)


# The rows of a page ------------------------------------------------------------------------


@way("pledge.save() on a public page", columns=(LIVE,))
def save_child(scene: Scene):
    """A row of the page's content, on its own."""
    pledge = scene.page.pledges.first()
    pledge.text = LEAK
    pledge.save()


@way("a new pledge on a public page", columns=(LIVE,))
def add_child_row(scene: Scene):
    """One more row."""
    pledge = scene.page.pledges.first()
    pledge.pk, pledge.text, pledge.key = None, LEAK, scene.page.translation_key
    pledge.translation_key = scene.page.translation_key
    pledge.save()


@way("a deleted pledge on a public page", columns=(LIVE,))
def delete_child_row(scene: Scene):
    """One row less."""
    scene.page.pledges.first().delete()


@way("page.pledges.commit()", columns=(LIVE,))
def commit_children(scene: Scene):
    """The rows written by modelcluster, without the page."""
    page = scene.leaking()
    page.pledges.commit()


@way("move a row to another page", columns=(LIVE,))
def hand_over_child(scene: Scene):
    """A draft's row given to a public page."""
    draft = MemberPledgePage.objects.get(pk=scene.town.pages["SGZ-M002", "zh-hans"].pk)
    pledge = draft.pledges.first()
    pledge.page = scene.page
    pledge.save()


# Making pages ------------------------------------------------------------------------------


def new_page(scene: Scene, **attributes) -> MemberPledgePage:
    """Return an unsaved page of a member who has none yet."""
    member = build_member(
        scene.town, "SGZ", 9, scene.page.member.office, scene.page.member.posts.first()
    )
    page = MemberPledgePage(member=member, locale=scene.page.locale, **attributes)
    pledge = scene.page.pledges.first()
    page.pledges = [
        Pledge(year=2026, category=pledge.category, text=LEAK, measure="1", due=pledge.due,
               locale=page.locale)
    ]  # fmt: skip
    return page


@way("add_child(live=True)", ends=KEPT)
def add_live_child(scene: Scene):
    """Born public; the stock way of nearly every tutorial."""
    scene.board().add_child(instance=new_page(scene, live=True))


@way("add_sibling(live=True)", ends=KEPT)
def add_live_sibling(scene: Scene):
    """Born beside a page."""
    scene.page.add_sibling(instance=new_page(scene, live=True))


@way("EditPageAction(publish=True) of a new page")
def create_action(scene: Scene):
    """What API v3 runs, without its form."""
    page = new_page(scene)
    scene.board().add_child(instance=page)
    EditPageAction(page, publish=True, clean=False).execute(skip_permission_checks=True)


@way("EditPageAction(publish=True)")
def edit_action(scene: Scene):
    """The same for a page that is there."""
    EditPageAction(scene.leaking(), publish=True, clean=False).execute(skip_permission_checks=True)


@way("page of an ordinary type below the gate, born live", ends=EITHER)
def ordinary_child(scene: Scene):
    """A type that is not gated, made by a script where no editor could make it."""
    if scene.column not in CLOSED:
        scene.board().add_child(instance=NewsPage(title="fine", slug="fine", live=False))
        return
    scene.board().add_child(instance=NewsPage(title=LEAK, slug="leak", body=LEAK, live=True))


@way("page of an ordinary type below the gate, published", columns=CLOSED)
def publish_ordinary_child(scene: Scene):
    """A draft at first."""
    page = NewsPage(title=LEAK, slug="leak", body=LEAK, live=False)
    scene.board().add_child(instance=page)
    page.save_revision().publish()


@way("page of an ordinary type two steps below the gate", columns=CLOSED)
def publish_ordinary_grandchild(scene: Scene):
    """The gate stands further up."""
    page = NewsPage(title=LEAK, slug="leak", body=LEAK, live=False)
    scene.page.add_child(instance=page)
    page.save_revision().publish()


# Copies and aliases ------------------------------------------------------------------------


@way("copy(keep_live=True) beside itself")
def copy_beside(scene: Scene):
    """A second page of the same member."""
    scene.page.copy(update_attrs={"slug": "copied"}, keep_live=True)


@way("copy(keep_live=True) to an approved branch")
def copy_elsewhere(scene: Scene):
    """Out of the closed pilot, into one that is open."""
    scene.page.copy(to=scene.board("LSW"), keep_live=True)


@way("copy(keep_live=True) out of the gate")
def copy_out(scene: Scene):
    """To the front page."""
    CopyPageAction(scene.page, to=scene.home, keep_live=True).execute(skip_permission_checks=True)


@way("recursive copy of the programme")
def copy_programme(scene: Scene):
    """The whole tree at once."""
    scene.programme_page().copy(recursive=True, keep_live=True, update_attrs={"slug": "second"})


@way("recursive copy of the board")
def copy_board(scene: Scene):
    """A board with its pages."""
    scene.board().copy(recursive=True, keep_live=True, update_attrs={"slug": "second"})


@way("copy of a public page below the closed board", columns=CLOSED)
def copy_in(scene: Scene):
    """Public words, brought under a gate that is closed."""
    scene.other_page().copy(to=scene.board(), keep_live=True)


@way("copy of a public ordinary page below the closed board", ends=KEPT, columns=CLOSED)
def copy_ordinary_in(scene: Scene):
    """An ordinary type, brought under the gate."""
    scene.news.copy(to=scene.board(), keep_live=True)


@way("alias beside itself")
def alias_beside(scene: Scene):
    """A mirror page."""
    CreatePageAliasAction(scene.page, update_slug="mirror").execute()


@way("alias in an approved branch")
def alias_elsewhere(scene: Scene):
    """A mirror where the gate is open."""
    CreatePageAliasAction(scene.page, parent=scene.board("LSW")).execute()


@way("alias on the front page")
def alias_out(scene: Scene):
    """A mirror outside of every gate."""
    CreatePageAliasAction(scene.board(), parent=scene.home, recursive=True).execute()


@way("alias of a public page below the closed board", columns=CLOSED)
def alias_in(scene: Scene):
    """A mirror of public words, under a closed gate."""
    CreatePageAliasAction(scene.other_page(), parent=scene.board()).execute()


@way("alias of an ordinary public page below the closed board", ends=KEPT, columns=CLOSED)
def alias_ordinary_in(scene: Scene):
    """It has to stay a draft, though its source is public."""
    CreatePageAliasAction(scene.news, parent=scene.board()).execute()


@way("republish the source of such an alias", columns=CLOSED)
def publish_source_of_alias(scene: Scene):
    """Publishing a page publishes its aliases."""
    CreatePageAliasAction(scene.news, parent=scene.board()).execute()
    news = scene.news
    news.title = "Work brief"
    news.save_revision().publish()


@way("alias in the other language, then an alias of it", ends=EITHER)
def alias_of_alias(scene: Scene):
    """Mirrors of mirrors are published along with their source."""
    language, board = scene.other_language, scene.board(language="en")
    source = new_page(scene)
    scene.board().add_child(instance=source)
    mirror = CreatePageAliasAction(
        source, parent=board, update_locale=language, reset_translation_key=False
    ).execute()
    ConvertAliasPageAction(mirror).execute()
    mirror.get_latest_revision().publish()


@way("update_aliases()", ends=EITHER)
def update_aliases(scene: Scene):
    """The step of publishing that writes the mirrors, on its own."""
    Page.objects.filter(pk=scene.translation.pk).update(alias_of=scene.pk)
    scene.leaking().update_aliases()


@way("copy_for_translation as an alias", ends=EITHER)
def copy_for_translation(scene: Scene):
    """A page that has no translation yet."""
    page = new_page(scene)
    scene.board().add_child(instance=page)
    copied = CopyPageForTranslationAction(page, scene.other_language, alias=True).execute()
    page.save_revision(clean=False)
    copied.live = True
    copied.save(clean=False)


# Moving ------------------------------------------------------------------------------------


@way("move to an approved branch")
def move_elsewhere(scene: Scene):
    """Out of the closed pilot, into one that is open."""
    scene.page.move(scene.board("LSW"), pos="last-child")


@way("move the whole board out of the gate")
def move_board_out(scene: Scene):
    """To the front page."""
    scene.board().move(scene.home, pos="last-child")


@way("move the page to the other language's board")
def move_to_other_language(scene: Scene):
    """Another address within the same pilot."""
    scene.page.move(scene.board(language="en"), pos="last-child")


@way("move a public page of another pilot below the closed board")
def move_in(scene: Scene):
    """Under a gate that is closed."""
    scene.other_page().move(scene.board(), pos="last-child")


@way("move an ordinary public page below the closed board", columns=CLOSED)
def move_ordinary_in(scene: Scene):
    """An ordinary type, under the gate."""
    scene.news.move(scene.board(), pos="last-child")


@way("move_pages: everything below the board")
def move_pages_command(scene: Scene):
    """Wagtail's command."""
    call_command("move_pages", scene.board().pk, scene.board("LSW").pk, verbosity=0)


# Workflows ---------------------------------------------------------------------------------


def submit(scene: Scene, workflow: Workflow | None = None):
    """Submit a draft that a moderator of the branch wrote; return its state."""
    author = scene.town.moderator("SGZ")
    scene.leaking().save_revision(user=author, clean=False)
    page = scene.page
    return (workflow or page.get_workflow()).start(page, author)


@way("a workflow without tasks")
def empty_workflow(scene: Scene):
    """It is finished the moment it starts."""
    submit(scene, Workflow.objects.create(name="nothing to do"))


@way("a stock task, approved by the author")
def stock_task(scene: Scene):
    """Wagtail's own approval task knows nothing of second persons."""
    author = scene.town.moderator("SGZ")
    task = GroupApprovalTask.objects.create(name="stock")
    task.groups.set(author.groups.all())
    workflow = Workflow.objects.create(name="stock")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.filter(page=scene.programme_page()).delete()
    WorkflowPage.objects.create(page=scene.board(), workflow=workflow)
    submit(scene, workflow).current_task_state.specific.approve(user=author)


@way("the author approves")
def approve_own(scene: Scene):
    """Through the task, as the admin does."""
    state = submit(scene).current_task_state
    state.task.specific.on_action(state, scene.town.moderator("SGZ"), "approve")


@way("a superuser approves what they wrote")
def superuser_approves_own(scene: Scene):
    """A superuser may do much, but not this."""
    scene.leaking().save_revision(user=scene.town.admin, clean=False)
    page = scene.page
    state = page.get_workflow().start(page, scene.town.editor("SGZ")).current_task_state
    state.task.specific.on_action(state, scene.town.admin, "approve")


@way("a copy without an author is approved by who submitted it")
def approve_without_author(scene: Scene):
    """Copies and machine translations are revisions that nobody wrote."""
    scene.leaking().save_revision(user=None, clean=False)
    page = scene.page
    state = page.get_workflow().start(page, scene.town.admin).current_task_state
    state.task.specific.on_action(state, scene.town.admin, "approve")


@way("a moderator of another branch approves")
def foreign_moderator(scene: Scene):
    """Not their branch."""
    state = submit(scene).current_task_state
    state.task.specific.on_action(state, scene.town.moderator("LSW"), "approve")


@way("workflow_state.finish()")
def finish_workflow(scene: Scene):
    """Past the task, by nobody in particular."""
    submit(scene).finish()


@way("task_state.approve() by the author")
def approve_task_state(scene: Scene):
    """Past the task's on_action."""
    submit(scene).current_task_state.approve(user=scene.town.moderator("SGZ"))


@way("publish_workflow_state()")
def publish_state(scene: Scene):
    """What Wagtail does at the end of a workflow."""
    publish_workflow_state(submit(scene), user=scene.town.admin)


@way("overwritten after it was submitted, then approved")
def overwrite_then_approve(scene: Scene):
    """The moderator would approve what they did not read."""
    page = scene.page.get_latest_revision_as_object()
    revision = page.save_revision(user=scene.user, clean=False)
    page = scene.page
    state = page.get_workflow().start(page, scene.user).current_task_state
    scene.leaking().save_revision(user=scene.user, clean=False, overwrite_revision=revision)
    state.refresh_from_db()
    state.task.specific.on_action(state, scene.town.moderator("SGZ"), "approve")


@way("approved by a second person while the pilot is closed", ends=KEPT, columns=CLOSED)
def approve_rightly(scene: Scene):
    """The one way in: it ends in a hold."""
    page = scene.page.get_latest_revision_as_object()
    page.save_revision(user=scene.user, clean=False)
    scene.town.approve(
        scene.town.submit(scene.page, scene.town.editor("SGZ")), scene.town.moderator("SGZ")
    )
    assert scene.page.standing_approval is not None


@way("approved for a later date", ends=KEPT, columns=(*CLOSED, DRAFT))
def approve_for_later(scene: Scene):
    """Approved rightly, with a date that has not come; the scheduler runs."""
    page = scene.page.get_latest_revision_as_object()
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(user=scene.user, clean=False)
    page = scene.page
    page.get_workflow().start(page, scene.user)
    scene.town.approve(page, scene.town.moderator("SGZ"))
    call_command("publish_scheduled", verbosity=0)


# Fixtures and commands ---------------------------------------------------------------------


@way("loaddata: a page that is there, live", ends=KEPT)
def load_existing(scene: Scene):
    """Fixtures are saved raw."""
    rows = json.loads(serializers.serialize("json", [Page.objects.get(pk=scene.pk)]))
    rows[0]["fields"].update(live=True, title=LEAK)
    for item in serializers.deserialize("json", json.dumps(rows)):
        item.save()


@way("loaddata: a new page, live", ends=KEPT)
def load_new(scene: Scene):
    """Its gate comes later in the file, or never."""
    rows = json.loads(serializers.serialize("json", [Page.objects.get(pk=scene.pk), scene.page]))
    path = scene.board().path + "00ZZ"
    for row in rows:
        row["pk"] = 90_001
    rows[0]["fields"].update(live=True, title=LEAK, slug="leak", path=path, alias_of=None)
    rows[0]["fields"].update(translation_key=str(uuid.uuid4()))
    rows[1]["fields"]["page_ptr"] = 90_001
    for item in serializers.deserialize("json", json.dumps(rows)):
        item.save()


@way("from_json() with live in it, saved")
def save_from_json(scene: Scene):
    """A page brought back from its own serialisation."""
    content = scene.leaking().serializable_data() | {"live": True}
    MemberPledgePage.from_serializable_data(content).save(clean=False)


@way("fixtree, set_url_paths and rebuild_references_index", ends=KEPT,
     columns=("suspended", DRAFT, LIVE))  # fmt: skip
def maintenance(scene: Scene):
    """Wagtail's commands that touch every page."""
    scene.leaking_revision()
    for command in ("fixtree", "set_url_paths", "rebuild_references_index"):
        options = {"interactive": False} if command == "fixtree" else {}
        call_command(command, verbosity=0, stdout=open("/dev/null", "w"), **options)  # noqa: PTH123, SIM115


@way("purge_revisions, then publish the latest", ends=EITHER)
def purge_and_publish(scene: Scene):
    """Nothing but the newest draft is left."""
    scene.leaking_revision()
    call_command("purge_revisions", verbosity=0)
    scene.page.get_latest_revision().publish()


@way("publish with cancelling workflows switched off")
@override_settings(WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH=False, WAGTAIL_WORKFLOW_ENABLED=False)
def other_settings(scene: Scene):
    """Settings of the host project do not open the gate."""
    scene.leaking_revision().publish()


@way("the programme's own page", columns=CLOSED, alone=True)
def publish_programme(scene: Scene):
    """Its title is the name nobody may know yet."""
    scene.programme_page().get_latest_revision().publish(user=scene.town.admin)


@way("the page of another programme")
def other_programme(scene: Scene):
    """Made by a script where the admin offers no such type, then published."""
    programme = Programme.objects.create(code="X", public_name={"en": LEAK}, neutral_name={})
    page = ProgrammePage(programme=programme, title=LEAK, slug="leak", live=True)
    scene.home.add_child(instance=page)
    page.save_revision().publish(user=scene.town.admin)


@way("specific_deferred, saved live", columns=(*CLOSED, DRAFT))
def save_deferred(scene: Scene):
    """An instance that was loaded in part."""
    page = Page.objects.get(pk=scene.pk).specific_deferred
    page.live = True
    page.save(clean=False)
