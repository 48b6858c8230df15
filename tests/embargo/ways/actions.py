"""Ways by Wagtail's action classes that no other row takes, and by what runs along with a page."""

from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from wagtail.actions.copy_for_translation import CopyForTranslationAction
from wagtail.actions.create import CreateAction
from wagtail.actions.create_page import CreatePageAction
from wagtail.actions.edit import EditAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.revert_to_revision import RevertToRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Site
from wagtail_localize.models import LocaleSynchronization

from pledge_pages.models import Pledge
from tests.embargo.scene import CLOSED, LEAK, LIVE, Scene
from tests.embargo.ways.row import BY_HAND, EITHER, KEPT, way
from tests.embargo.ways.scripts import new_page
from tests.embargo.ways.translation import translation_of

FEW = ("quiet", "suspended", LIVE)


@way("CreatePageAction(publish=True)", columns=FEW)
def create_page(scene: Scene):
    """What API v3 runs for a new page."""
    page = new_page(scene)
    page.slug = "leak"
    form = SimpleNamespace(is_valid=lambda: True, save=lambda commit=True: page, save_m2m=int)
    CreatePageAction(
        page, scene.board(), user=scene.town.admin, form=form, publish=True, clean=False
    ).execute(skip_permission_checks=True)


@way("CreateAction(publish=True), meant for other models", ends=EITHER, columns=FEW)
def create_model(scene: Scene):
    """It knows nothing of trees, nor of pages."""
    page = new_page(scene)
    scene.board().add_child(instance=page)
    CreateAction(page, user=scene.town.admin, publish=True, clean=False).execute(
        skip_permission_checks=True
    )


@way("EditAction(publish=True), meant for other models", columns=FEW)
def edit_model(scene: Scene):
    """Straight to the revision."""
    EditAction(scene.leaking(), user=scene.town.admin, publish=True, clean=False).execute(
        skip_permission_checks=True
    )


@way("UnpublishAction, RevertToRevisionAction, PublishRevisionAction", columns=FEW)
def generic_actions(scene: Scene):
    """The three that anything with drafts has, one after the other."""
    revision, page = scene.leaking_revision(), scene.page
    UnpublishAction(page).execute(skip_permission_checks=True)
    newer = RevertToRevisionAction(scene.page, revision).execute(skip_permission_checks=True)
    PublishRevisionAction(newer).execute(skip_permission_checks=True)


@way("CopyForTranslationAction of a pledge", ends=EITHER, columns=FEW)
def translate_row(scene: Scene):
    """A row of a public page, copied into the other language."""
    pledge = Pledge.objects.filter(page=scene.pk).first()
    pledge.text = LEAK
    copied = CopyForTranslationAction(
        pledge, Locale.objects.get(language_code="en"), user=scene.town.admin
    ).execute(skip_permission_checks=True)
    copied.save()


@way("MovePageAction beside itself", ends=EITHER, columns=FEW)
def move_left(scene: Scene):
    """Another place in the same tree."""
    MovePageAction(
        scene.page, scene.board().get_children().first(), pos="left", user=scene.town.admin
    ).execute(skip_permission_checks=True)


@way("localize: a page made where another language follows", actors=("superuser",), ends=EITHER,
     columns=FEW)  # fmt: skip
def after_create(scene: Scene):
    """wagtail-localize's hook makes its mirror in the other language."""
    LocaleSynchronization.objects.create(
        locale=scene.other_language, sync_from=Locale.objects.get(language_code="zh-hans")
    )
    from tests.embargo.ways.admin import create_and_publish

    return create_and_publish(scene)


@way("localize: a file of translations uploaded", actors=BY_HAND, ends=EITHER, columns=FEW)
def upload_translations(scene: Scene):
    """Every string of the page at once, then published."""
    found = translation_of(scene)
    for entry in (file := found.export_po()):
        entry.msgstr = LEAK
    scene.client.post(
        reverse("wagtail_localize:upload_pofile", args=[found.pk]),
        {"file": SimpleUploadedFile("x.po", str(file).encode())},
    )
    found.save_target(publish=True)


@way("localize: what a translation overrides", actors=BY_HAND, ends=EITHER, columns=FEW)
def override(scene: Scene):
    """Values that are the translation's own."""
    found = translation_of(scene)
    segment = found.source.overridablesegment_set.first()
    answer = scene.client.put(
        reverse("wagtail_localize:edit_override", args=[found.pk, segment.pk if segment else 1]),
        data="value=1", content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    found.save_target(publish=True)
    return answer


@way("the site's front page changed to it", ends=KEPT, columns=CLOSED)
def site_root(scene: Scene):
    """The board at the site's bare address."""
    for site in Site.objects.all():
        site.root_page = scene.board()
        site.save()


@way("admin: a redirect to it", actors=("superuser",), ends=EITHER, columns=FEW)
def redirect_to(scene: Scene):
    """Another address for the same page; what was its own stays its own."""
    Redirect.objects.create(old_path=f"/zh-hans/{LEAK}", redirect_page=scene.page)
    return scene.client.post(
        reverse("wagtailredirects:add"),
        {"old_path": "/other", "redirect_page": scene.pk, "is_permanent": "on"},
    )


@way("the other commands", ends=KEPT, columns=FEW)
def other_commands(scene: Scene):
    """Those that touch pages, their index, their log or their files."""
    scene.leaking_revision()
    for command in ("create_log_entries_from_revisions", "wagtail_update_index",
                    "wagtail_update_image_renditions", "purge_embeds", "deduplicate_tags",
                    "remove_orphaned_tags"):  # fmt: skip
        call_command(command, verbosity=0)
