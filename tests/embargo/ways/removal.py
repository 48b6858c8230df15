"""Ways of taking something away: what hides or deletes a page must show nothing else by it."""

from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale, Page, Revision

from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.models import HeldApproval, MemberPledgePage, Pilot
from tests.embargo.scene import DRAFT, LEAK, LIVE, Scene
from tests.embargo.ways.admin import bulk, url
from tests.embargo.ways.api import admin_api
from tests.embargo.ways.row import BY_HAND, EITHER, KEPT, REFUSED, way

OPENED = ("quiet", "suspended", DRAFT, LIVE)


@way("page.delete()", ends=EITHER, columns=OPENED)
def delete(scene: Scene):
    """What was approved has to be withdrawn first."""
    scene.page.delete()


@way("DeletePageAction of the board", columns=OPENED)
def delete_board(scene: Scene):
    """With all that is below."""
    DeletePageAction(scene.board(), user=scene.town.admin).execute(skip_permission_checks=True)


@way("Page.objects.delete()", ends=EITHER, columns=OPENED)
def delete_queryset(scene: Scene):
    """Many at a time."""
    Page.objects.filter(path__startswith=scene.board().path).delete()


@way("admin: delete", actors=BY_HAND, ends=EITHER, columns=OPENED)
def admin_delete(scene: Scene):
    """The form's last step."""
    return scene.client.post(url("delete", scene.pk))


@way("admin: bulk delete", actors=BY_HAND, ends=EITHER, columns=OPENED)
def bulk_delete(scene: Scene):
    """Ticked in a listing."""
    return bulk(scene, "delete", scene.pk, scene.board().pk)


@way("admin: bulk unpublish, then bulk publish", actors=BY_HAND, ends=EITHER, columns=OPENED)
def bulk_unpublish(scene: Scene):
    """The front page with all below, down and up again."""
    bulk(scene, "unpublish", scene.home.pk, include_descendants="on")
    return bulk(scene, "publish", scene.home.pk, include_descendants="on")


@way("admin API: delete", actors=BY_HAND, ends=EITHER, columns=OPENED)
def admin_api_delete(scene: Scene):
    """The page, then the board."""
    admin_api(scene, "delete")
    return admin_api(scene, "delete", scene.board())


@way("API v3: delete", actors=BY_HAND, ends=EITHER, columns=OPENED)
def v3_delete(scene: Scene):
    """By its method and by its action."""
    scene.api("delete", f"{scene.pk}/")
    return scene.api("delete", f"{scene.board().pk}/actions/delete/")


@way("unpublish the front page with all below, then publish it", ends=EITHER, columns=OPENED)
def unpublish_site(scene: Scene):
    """Nothing comes back by it but the front page."""
    action = UnpublishPageAction(scene.home, user=scene.town.admin, include_descendants=True)
    action.execute(skip_permission_checks=True)
    home = scene.home
    home.save_revision().publish()


@way("the approval's row deleted, then published", columns=OPENED)
def delete_approval(scene: Scene):
    """Without any approval nothing is public by hand."""
    HeldApproval.objects.filter(page=scene.pk).delete()
    scene.leaking_revision().publish()


@way("all revisions deleted", ends=KEPT, columns=OPENED)
def delete_revisions(scene: Scene):
    """What is public stays as it is; what is held has its own copy."""
    Revision.objects.filter(object_id=str(scene.pk)).delete()


@way("RevertToPageRevisionAction, then published", columns=OPENED)
def revert_action(scene: Scene):
    """An older draft becomes the newest draft."""
    revision = scene.leaking_revision()
    newer = RevertToPageRevisionAction(scene.page, revision, user=scene.town.admin).execute(
        skip_permission_checks=True
    )
    newer.publish()


@way("revert_to_revision() for a date that has come", ends=KEPT, columns=OPENED)
def revert_scheduled(scene: Scene):
    """A revision that says of itself that its hour has come."""
    from django.core.management import call_command
    from django.utils import timezone

    revision = scene.leaking_revision()
    RevertToPageRevisionAction(
        scene.page, revision, user=scene.town.admin, approved_go_live_at=timezone.now()
    ).execute(skip_permission_checks=True)
    call_command("publish_scheduled_pages", verbosity=0)


@way("the pilot, its programme or a language deleted", ends=EITHER, columns=OPENED)
def delete_pilot(scene: Scene):
    """Pages hold on to what they belong to."""
    pilot = Pilot.objects.get(code="SGZ")
    for row in (pilot, pilot.programme, pilot.wave, Locale.objects.get(language_code="zh-hans")):
        try:
            row.delete()
        except ProtectedError:
            continue
        except EmbargoError as error:
            raise error
    assert MemberPledgePage.objects.filter(pk=scene.pk).exists()


@way("admin: withdraw an approval, as its author", actors=("editor",), ends=REFUSED,
     columns=(LIVE,))  # fmt: skip
def withdraw(scene: Scene):
    """Only moderators and leads may."""
    return scene.client.post(reverse("pledge_boards:withdraw", args=[scene.pk]), {"reason": LEAK})
