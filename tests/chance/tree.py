"""What people and scripts do with the tree of pages: copy, mirror, move, publish many at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Locale, Page

from pledge_pages.models import GatedPage
from tests.chance.ground import Ground
from tests.chance.hands import JSON, done
from tests.chance.model import PageState


def picture() -> set[tuple]:
    """Return where every gated page stands, what it mirrors, and whether it is live."""
    pages = Page.objects.filter(pk__in=GatedPage.objects.values("page"))
    return set(pages.values_list("pk", "path", "alias_of", "live", "live_revision"))


def copy(ground: Ground, state: PageState, who: str, way: str, to: Page) -> bool:
    """Copy a page with all that is below it, published if it went by that."""
    page = ground.page(state)
    if way == "script":
        return done(
            lambda: CopyPageAction(
                page, to=to, recursive=True, keep_live=True, update_attrs={"slug": "second"},
                user=ground.user(who),
            ).execute(skip_permission_checks=True)
        )  # fmt: skip
    if way == "admin":
        form = {"new_title": page.title, "new_slug": "second", "new_parent_page": str(to.pk),
                "copy_subpages": "on", "publish_copies": "on"}  # fmt: skip
        address = reverse("wagtailadmin_pages:copy", args=[page.pk])
        return done(lambda: ground.browsers[who].post(address, form))
    said = {"destination_id": to.pk, "keep_live": True, "recursive": True, "slug": "second"}
    return by_v3(ground, state, who, "copy", said)


def mirror(ground: Ground, state: PageState, who: str, way: str, to: Page, language: str) -> bool:
    """Make an alias of a page below ``to``; a script may have it follow in another language."""
    page, locale = ground.page(state), Locale.objects.get(language_code=language)
    if way == "script":
        return done(
            lambda: CreatePageAliasAction(
                page, parent=to, update_slug="mirror", update_locale=locale, user=ground.user(who),
                reset_translation_key=False,
            ).execute(skip_permission_checks=True)
        )  # fmt: skip
    if way == "translation":
        return done(lambda: page.copy_for_translation(locale, alias=True))
    if way == "admin":
        form = {"new_title": page.title, "new_slug": "mirror", "new_parent_page": str(to.pk),
                "alias": "on"}  # fmt: skip
        address = reverse("wagtailadmin_pages:copy", args=[page.pk])
        return done(lambda: ground.browsers[who].post(address, form))
    said = {"destination_id": to.pk, "recursive": True, "slug": "mirror"}
    return by_v3(ground, state, who, "create_alias", said)


def move(ground: Ground, state: PageState, who: str, way: str, to: Page) -> bool:
    """Move a page below ``to``, or to the first place where it is."""
    page = ground.page(state)
    if way == "script":
        return done(lambda: page.move(to, pos="first-child", user=ground.user(who)))
    if way == "admin":
        address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, to.pk])
        return done(lambda: ground.browsers[who].post(address))
    if way == "order":
        address = reverse("wagtailadmin_pages:set_page_position", args=[page.pk])
        return done(lambda: ground.browsers[who].post(f"{address}?position=0"))
    return by_v3(ground, state, who, "move", {"destination_id": to.pk, "position": "first-child"})


def publish_ticked(ground: Ground, states: Iterable[PageState], who: str, *, below: bool) -> bool:
    """Publish the pages that are ticked in a list, with all below them if ``below``."""
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    query = "&".join(f"id={state.pk}" for state in states)
    form = {"include_descendants": "on"} if below else {}
    return done(
        lambda: ground.browsers[who].post(f"{address}?{query}&next=/admin/pages/", form)
    )  # fmt: skip


def by_v3(ground: Ground, state: PageState, who: str, action: str, said: dict) -> bool:
    """Take an action with a page by Wagtail's API."""
    address = f"/api/v3-preview/pages/{state.pk}/actions/{action}/"
    return done(lambda: ground.programs[who].post(address, said, content_type=JSON))
