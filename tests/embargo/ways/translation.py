"""Ways of wagtail-localize: translations, mirrors and trees kept in step."""

from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import LocaleSynchronization, Translation, TranslationSource
from wagtail_localize.operations import translate_object, translate_page_subtree
from wagtail_localize.synctree import synchronize_tree
from wagtail_localize.views.convert import sync_alias

from tests.embargo.scene import LEAK, LIVE, Scene
from tests.embargo.ways.row import BY_HAND, EITHER, KEPT, fits, way


def translation_of(scene: Scene) -> Translation:
    """Return the English translation of the page, with its source updated to a leaking draft."""
    source, _created = TranslationSource.update_or_create_from_instance(scene.leaking())
    found, _created = Translation.objects.get_or_create(
        source=source, target_locale=scene.other_language
    )
    return found


def localize(name: str, *arguments) -> str:
    return reverse(f"wagtail_localize:{name}", args=arguments)


@way("localize: save_target(publish=True)", ends=KEPT)
def save_target(scene: Scene):
    """Writes the translation's row, then publishes it."""
    translation_of(scene).save_target(user=scene.town.admin, publish=True)


@way("localize: save_target(publish=False)", ends=KEPT)
def save_target_draft(scene: Scene):
    """On a public translation it rewrites the public row at once."""
    translation_of(scene).save_target(user=scene.town.admin, publish=False)


@way("localize: create_or_update_translation(publish=True)", ends=KEPT)
def create_or_update(scene: Scene):
    """One step further down."""
    translation_of(scene).source.create_or_update_translation(
        scene.other_language, publish=True, fallback=True
    )


@way("localize: the board's translation", ends=KEPT)
def save_board_target(scene: Scene):
    """A page that holds others."""
    board = scene.board()
    board.introduction = f"<p>{LEAK}</p>"
    board.title = LEAK
    source, _created = TranslationSource.update_or_create_from_instance(board)
    found = Translation.objects.create(source=source, target_locale=scene.other_language)
    found.save_target(publish=True)


@way("localize: translate_object and its subtree", ends=EITHER)
def translate_tree(scene: Scene):
    """What the translate form runs."""
    locales = Locale.objects.filter(pk=scene.other_language.pk)
    translate_object(scene.board(), locales)
    translate_page_subtree(scene.board().pk, locales, None, scene.town.admin)


@way("localize: sync_trees", ends=KEPT)
def sync_trees(scene: Scene):
    """Mirrors for every page that has no translation."""
    Page.objects.filter(pk=scene.translation.pk).update(alias_of=scene.pk)
    synchronize_tree(Locale.objects.get(language_code="zh-hans"), scene.other_language)


@way("localize: a language that follows another", ends=KEPT)
def locale_synchronization(scene: Scene):
    """Saving the setting copies the tree; the command does it again."""
    LocaleSynchronization.objects.create(
        locale=scene.other_language, sync_from=Locale.objects.get(language_code="zh-hans")
    )
    call_command("sync_locale_trees", verbosity=0)


@way("localize: sync_alias()")
def sync_one_alias(scene: Scene):
    """Copies words and public state of one language onto another."""
    if scene.page.live:
        sync_alias(scene.leaking(), scene.translation)
    else:
        source = scene.leaking()
        source.live = True
        sync_alias(source, scene.translation)


@way("localize: convert to an alias", actors=BY_HAND, ends=EITHER)
def convert_to_alias(scene: Scene):
    """The editor's button: the translation follows its source from now on."""
    translation_of(scene)
    return scene.client.post(localize("convert_to_alias", scene.translation.pk))


@way("localize: submit the page for translation", actors=BY_HAND, ends=EITHER)
def submit_page(scene: Scene):
    """The translate form, with the subtree."""
    Page.objects.filter(pk=scene.translation.pk).update(alias_of=scene.pk)
    return scene.client.post(
        localize("submit_page_translation", scene.pk),
        {"locales": [scene.other_language.pk], "include_subtree": "on"},
    )


@way("localize: update translations and publish", actors=BY_HAND, ends=EITHER)
def update_translations(scene: Scene):
    """The sync form, with its box ticked."""
    source = translation_of(scene).source
    scene.leaking_revision()
    return scene.client.post(
        localize("update_translations", source.pk), {"publish_translations": "on"}
    )


@way("localize: publish in the translation's editor", actors=BY_HAND, ends=EITHER)
def publish_translation(scene: Scene):
    """Takes the place of the page's editor."""
    translation_of(scene)
    address = reverse("wagtailadmin_pages:edit", args=[scene.translation.pk])
    return scene.client.post(address, {"action": "publish"})


@way("localize: save and submit what was translated", actors=BY_HAND, ends=KEPT)
def finish_translation(scene: Scene):
    """Our own last step of a translation: it ends in a draft under review."""
    translation_of(scene)
    address = reverse("pledge_boards:translation", args=[scene.translation.pk])
    return scene.client.post(address, {"submit": "1"})


@way("localize: stop and restart a translation, then publish", actors=BY_HAND, ends=EITHER)
def restart(scene: Scene):
    """Out of step and into step again."""
    found, client = translation_of(scene), scene.client
    client.post(localize("stop_translation", found.pk))
    address = reverse("wagtailadmin_pages:edit", args=[scene.translation.pk])
    client.post(address, {"localize-restart-translation": "1"})
    return client.post(address, {"action": "publish"})


@way("localize: a translated string", actors=BY_HAND, ends=EITHER)
def translate_string(scene: Scene):
    """One string in the translation's editor, then published."""
    found, client = translation_of(scene), scene.client
    segment = found.source.stringsegment_set.first()
    client.put(
        localize("edit_string_translation", found.pk, segment.pk),
        f"value={LEAK}", content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    found.save_target(publish=True)
    return client.get(localize("preview_translation", found.pk))


@way("localize: the public translation's words", columns=(LIVE,), ends=KEPT)
def public_translation(scene: Scene):
    """Both languages are public; the source's words change and are carried over."""
    fits(scene.translation.live)
    found = translation_of(scene)
    found.save_target(user=None, publish=True)
    assert scene.translation.live
