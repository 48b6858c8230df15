"""Ways of a person at Wagtail's admin: real requests, by a superuser and by the branch's editor."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Workflow, WorkflowPage
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from pledge_pages.models import MemberPledgePage
from tests.embargo.scene import CLOSED, DRAFT, LEAK, LIVE, Scene
from tests.embargo.ways.row import BY_HAND, EITHER, KEPT, REFUSED, fits, way
from tests.worlds import build_member


def url(name: str, *arguments) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=arguments)


def form_of(page: MemberPledgePage, text: str = LEAK) -> dict[str, str]:
    """Return what the editor of a member's page sends, with ``text`` as its pledge."""
    pledge = page.pledges.first()
    row = {
        "id": str(pledge.pk or ""), "year": "2026", "category": str(pledge.category_id),
        "text": text, "measure": "12", "baseline": "", "due": "2026-12-31", "kind": "voluntary",
        "scope": "own", "progress": pledge.progress, "percent": "0", "outcome": "",
        "checked_on": "", "method": "", "reason": "", "reply": "", "replied_on": "",
    }  # fmt: skip
    return nested_form_data(
        {
            "member": str(page.member_id),
            "pledges": inline_formset([row], initial=1 if pledge.pk else 0),
            "tasks": inline_formset([]),
            "updates": inline_formset([]),
            "amendments": inline_formset([]),
            "comments": inline_formset([]),
        }
    )


def edit(scene: Scene, client: Client | None = None, **buttons: str):
    """Send the editor's form, with the name of the button that was pressed."""
    page = scene.page.get_latest_revision_as_object()
    answer = (client or scene.client).post(url("edit", scene.pk), form_of(page) | buttons)
    # Or the form was not filled in properly.
    fits(b"error-message" not in answer.content)
    return answer


@way("admin: create and publish", actors=BY_HAND)
def create_and_publish(scene: Scene):
    """The add view inserts the row as live, and publishes it."""
    member = build_member(
        scene.town, "SGZ", 9, scene.page.member.office, scene.page.member.posts.first()
    )
    page = MemberPledgePage(member=member)
    pledge = scene.page.pledges.first()
    pledge.pk = None
    page.pledges = [pledge]
    board = scene.board()
    address = url("add", "pledge_pages", "memberpledgepage", board.pk)
    answer = scene.client.post(address, form_of(page) | {"action-publish": "1"})
    assert MemberPledgePage.objects.filter(member=member).exists()
    return answer


@way("admin: create a board and publish", actors=BY_HAND)
def create_board(scene: Scene):
    """A type that the admin does not offer."""
    address = url("add", "pledge_pages", "branchpage", scene.programme_page().pk)
    return scene.client.post(address, {"title": LEAK, "slug": "leak", "action-publish": "1"})


@way("admin: edit and publish", actors=BY_HAND)
def edit_and_publish(scene: Scene):
    """The publish button, which the page does not show."""
    return edit(scene, **{"action-publish": "1"})


@way("admin: edit and publish at a later date", actors=BY_HAND)
def edit_and_schedule(scene: Scene):
    """With dates of going live and expiry."""
    moment = timezone.localtime(timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    return edit(scene, go_live_at=moment, **{"action-publish": "1"})


@way("admin: submit, and approve alone", actors=BY_HAND, ends=EITHER)
def submit_and_approve(scene: Scene):
    """Write, submit and approve, all by one person."""
    client = scene.client
    edit(scene, client, **{"action-submit": "1"})
    state = scene.page.current_workflow_task_state
    fits(state)
    return client.post(url("workflow_action", scene.pk, "approve", state.pk))


@way("admin: approve with changes in the same form", actors=("superuser",), ends=EITHER,
     columns=(*CLOSED, LIVE))  # fmt: skip
def change_and_approve(scene: Scene):
    """The moderator's form carries words that the editor never wrote."""
    page = scene.page.get_latest_revision_as_object()
    page.save_revision(user=scene.town.editor("SGZ"), clean=False)
    page = scene.page
    page.get_workflow().start(page, scene.town.editor("SGZ"))
    shown = page.latest_revision
    return edit(
        scene,
        **{"action-workflow-action": "true", "workflow-action-name": "approve"},
        loaded_revision_id=str(shown.pk), loaded_revision_created_at=shown.created_at.isoformat(),
    )  # fmt: skip


@way("admin: approve what the form did not show", actors=("superuser",), columns=(*CLOSED, LIVE))
def approve_unread(scene: Scene):
    """Taken back and submitted with other words while the moderator's form stood open."""
    page = scene.page.get_latest_revision_as_object()
    shown = page.save_revision(user=scene.town.editor("SGZ"), clean=False)
    page.save_revision(user=scene.town.editor("SGZ"), clean=False)
    scene.page.get_workflow().start(scene.page, scene.town.editor("SGZ"))
    return edit(
        scene,
        **{"action-workflow-action": "true", "workflow-action-name": "approve"},
        loaded_revision_id=str(shown.pk), loaded_revision_created_at=shown.created_at.isoformat(),
    )  # fmt: skip


@way("admin: submit to a workflow without tasks", actors=BY_HAND)
def submit_to_nothing(scene: Scene):
    """The workflow that an administrator forgot to fill."""
    WorkflowPage.objects.filter(page=scene.board()).delete()
    WorkflowPage.objects.create(page=scene.board(), workflow=Workflow.objects.create(name="-"))
    return edit(scene, **{"action-submit": "1"})


@way("admin: bulk publish the page", actors=BY_HAND, ends=EITHER)
def bulk_publish(scene: Scene):
    """Ticked in a listing."""
    return bulk(scene, "publish", scene.pk)


@way("admin: bulk publish the front page with all below", actors=BY_HAND, ends=EITHER)
def bulk_publish_site(scene: Scene):
    """The whole site in one go."""
    return bulk(scene, "publish", scene.home.pk, include_descendants="on")


@way("admin: bulk publish board and programme", actors=BY_HAND, ends=EITHER, alone=True)
def bulk_publish_programme(scene: Scene):
    """Everything above the page."""
    ids = (scene.programme_page().pk, scene.board().pk)
    return bulk(scene, "publish", *ids, include_descendants="on")


def bulk(scene: Scene, action: str, *ids: int, **data: str):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    query = "&".join(f"id={pk}" for pk in ids)
    return scene.client.post(f"{address}?{query}&next=/admin/pages/", data)


@way("admin: bulk move to an approved branch", actors=BY_HAND, ends=EITHER)
def bulk_move(scene: Scene):
    """Ticked in a listing."""
    return bulk(scene, "move", scene.pk, chooser=str(scene.board("LSW").pk))


@way("admin: move to an approved branch", actors=BY_HAND)
def move(scene: Scene):
    """The move form's last step."""
    return scene.client.post(url("move_confirm", scene.pk, scene.board("LSW").pk))


@way("admin: move an ordinary public page below the closed board", actors=BY_HAND, columns=CLOSED)
def move_in(scene: Scene):
    """Under a gate that is closed."""
    return scene.client.post(url("move_confirm", scene.news.pk, scene.board().pk))


@way("admin: move to the first place", actors=BY_HAND)
def reorder(scene: Scene):
    """A board's order is by office, not by hand."""
    return scene.client.post(url("set_page_position", scene.pk) + "?position=1")


@way("admin: copy, published", actors=BY_HAND, ends=EITHER)
def copy(scene: Scene):
    """With all boxes ticked."""
    return scene.client.post(
        url("copy", scene.pk),
        {"new_title": LEAK, "new_slug": "leak", "new_parent_page": str(scene.board("LSW").pk),
         "copy_subpages": "on", "publish_copies": "on"},
    )  # fmt: skip


@way("admin: copy as an alias", actors=BY_HAND, ends=EITHER)
def copy_as_alias(scene: Scene):
    """A mirror on the front page."""
    return scene.client.post(
        url("copy", scene.pk),
        {"new_title": LEAK, "new_slug": "leak", "new_parent_page": str(scene.home.pk),
         "alias": "on"},
    )  # fmt: skip


@way("admin: convert an alias", actors=BY_HAND, ends=EITHER)
def convert_alias(scene: Scene):
    """A mirror becomes a page of its own."""
    Page.objects.filter(pk=scene.translation.pk).update(alias_of=scene.pk)
    return scene.client.post(url("convert_alias", scene.translation.pk))


@way("admin: revert to an old version and publish", actors=BY_HAND)
def revert(scene: Scene):
    """An older draft, brought back."""
    revision = scene.leaking_revision()
    page = revision.as_object()
    return scene.client.post(
        url("revisions_revert", scene.pk, revision.pk), form_of(page) | {"action-publish": "1"}
    )


@way("admin: unpublish, then publish", actors=BY_HAND, ends=EITHER, columns=(DRAFT, LIVE))
def unpublish_and_publish(scene: Scene):
    """Down and up again."""
    client = scene.client
    client.post(url("unpublish", scene.pk), {"include_descendants": "on"})
    return edit(scene, client, **{"action-publish": "1"})


@way("admin: unschedule", actors=BY_HAND)
def unschedule(scene: Scene):
    """Taking something off the schedule is the gate's business."""
    revision = scene.leaking_revision()
    return scene.client.post(url("revisions_unschedule", scene.pk, revision.pk))


@way("admin: make it private with a password", actors=BY_HAND, ends=REFUSED)
def password(scene: Scene):
    """A password page would show title and address to everyone."""
    return scene.client.post(
        url("set_privacy", scene.pk), {"restriction_type": "password", "password": "x"}
    )


@way("admin: preview", actors=BY_HAND, ends=KEPT)
def preview(scene: Scene):
    """A preview is for who is logged in, and saves nothing."""
    client = scene.client
    page = scene.page.get_latest_revision_as_object()
    client.post(url("preview_on_edit", scene.pk), form_of(page))
    return client.get(url("preview_on_edit", scene.pk))


@way("admin: lock, edit and publish", actors=BY_HAND, ends=EITHER)
def lock(scene: Scene):
    """A lock is not a licence."""
    client = scene.client
    client.post(url("lock", scene.pk))
    return edit(scene, client, **{"action-publish": "1"})


@way("admin: publish the ordinary page's mirror below the gate", actors=("superuser",), ends=EITHER,
     columns=CLOSED)  # fmt: skip
def copy_news_in(scene: Scene):
    """An ordinary page copied under the closed board, published."""
    return scene.client.post(
        url("copy", scene.news.pk),
        {"new_title": LEAK, "new_slug": "leak", "new_parent_page": str(scene.board().pk),
         "publish_copies": "on"},
    )  # fmt: skip
