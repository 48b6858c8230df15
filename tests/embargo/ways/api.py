"""Ways of a program: the admin's API, with a session, and API v3, with a token."""

from wagtail.models import Page

from pledge_pages.models import MemberPledgePage
from tests.embargo.scene import CLOSED, LEAK, LIVE, Scene
from tests.embargo.ways.row import BY_HAND, EITHER, REFUSED, way
from tests.worlds import build_member


def admin_api(scene: Scene, action: str, page: Page | None = None, **data):
    """Call an action of the admin's API."""
    pk = (page or scene.page).pk
    return scene.client.post(
        f"/admin/api/main/pages/{pk}/action/{action}/", data, content_type="application/json"
    )


def v3(scene: Scene, action: str, page: Page | None = None, **data):
    """Call an action of API v3."""
    pk = (page or scene.page).pk
    return scene.api("post", f"{pk}/actions/{action}/", data)


# The admin's API ---------------------------------------------------------------------------


@way("admin API: publish", actors=BY_HAND)
def admin_publish(scene: Scene):
    """Straight to the action, past the page's class."""
    scene.leaking_revision()
    return admin_api(scene, "publish")


@way("admin API: publish the programme", actors=BY_HAND, alone=True, columns=CLOSED)
def admin_publish_programme(scene: Scene):
    """Its title is the name nobody may know yet."""
    return admin_api(scene, "publish", scene.programme_page())


@way("admin API: copy, live", actors=BY_HAND)
def admin_copy(scene: Scene):
    """To an approved branch."""
    target = scene.board("LSW").pk
    return admin_api(
        scene, "copy", destination_page_id=target, keep_live=True, slug="leak", title=LEAK
    )


@way("admin API: copy the board with all below, live", actors=BY_HAND)
def admin_copy_board(scene: Scene):
    """A second board."""
    return admin_api(scene, "copy", scene.board(), recursive=True, keep_live=True, slug="leak")


@way("admin API: create an alias", actors=BY_HAND)
def admin_alias(scene: Scene):
    """A mirror on the front page."""
    return admin_api(
        scene, "create_alias", destination_page_id=scene.home.pk, recursive=True, update_slug="leak"
    )


@way("admin API: convert an alias", actors=BY_HAND, ends=EITHER)
def admin_convert(scene: Scene):
    """A mirror becomes a page of its own."""
    Page.objects.filter(pk=scene.translation.pk).update(alias_of=scene.pk)
    return admin_api(scene, "convert_alias", scene.translation)


@way("admin API: copy for translation", actors=BY_HAND, ends=EITHER)
def admin_translate(scene: Scene):
    """As an alias, with all below."""
    return admin_api(
        scene, "copy_for_translation", locale="en", alias=True, recursive=True, copy_parents=True
    )


@way("admin API: revert", actors=BY_HAND, ends=EITHER)
def admin_revert(scene: Scene):
    """An older draft becomes the newest draft."""
    revision = scene.leaking_revision()
    scene.page.save_revision(user=scene.user)
    return admin_api(scene, "revert_to_page_revision", revision_id=revision.pk)


@way("admin API: move to an approved branch", actors=BY_HAND)
def admin_move(scene: Scene):
    """Out of the closed pilot."""
    return admin_api(scene, "move", destination_page_id=scene.board("LSW").pk)


@way("admin API: unpublish with all below, then publish", actors=BY_HAND, columns=(LIVE,))
def admin_republish(scene: Scene):
    """Down and up again."""
    admin_api(scene, "unpublish", recursive=True)
    return admin_api(scene, "publish")


# API v3 ------------------------------------------------------------------------------------


@way("API v3: create and publish", actors=BY_HAND, ends=EITHER)
def v3_create(scene: Scene):
    """One request."""
    member = build_member(
        scene.town, "SGZ", 9, scene.page.member.office, scene.page.member.posts.first()
    )
    answer = scene.api("post", "", {
        "meta": {"type": "pledge_pages.MemberPledgePage", "parent_id": scene.board().pk,
                 "action": "publish"},
        "title": LEAK, "slug": "leak", "member": member.pk,
    })  # fmt: skip
    assert not MemberPledgePage.objects.filter(member=member, live=True).exists()
    return answer


@way("API v3: update and publish", actors=BY_HAND)
def v3_update(scene: Scene):
    """One request."""
    return scene.api("patch", f"{scene.pk}/", {
        "meta": {"type": "pledge_pages.MemberPledgePage", "action": "publish"}, "title": LEAK,
    })  # fmt: skip


@way("API v3: update the board and publish", actors=BY_HAND)
def v3_update_board(scene: Scene):
    """A page that holds others."""
    return scene.api("patch", f"{scene.board().pk}/", {
        "meta": {"type": "pledge_pages.BranchPage", "action": "publish"}, "title": LEAK,
    })  # fmt: skip


@way("API v3: update, naming an ordinary type", actors=BY_HAND)
def v3_update_as_other(scene: Scene):
    """The caller says what type it is."""
    return scene.api("patch", f"{scene.pk}/", {
        "meta": {"type": "home.NewsPage", "action": "publish"}, "title": LEAK,
    })  # fmt: skip


@way("API v3: publish", actors=BY_HAND)
def v3_publish(scene: Scene):
    """The action is looked up on the base class."""
    scene.leaking_revision()
    return v3(scene, "publish")


@way("API v3: publish the programme", actors=BY_HAND, alone=True, columns=CLOSED)
def v3_publish_programme(scene: Scene):
    """Its title is the name nobody may know yet."""
    return v3(scene, "publish", scene.programme_page())


@way("API v3: copy, live", actors=BY_HAND)
def v3_copy(scene: Scene):
    """To an approved branch."""
    return v3(scene, "copy", destination_id=scene.board("LSW").pk, keep_live=True, slug="leak")


@way("API v3: copy the programme with all below, live", actors=BY_HAND)
def v3_copy_programme(scene: Scene):
    """The whole tree."""
    return v3(scene, "copy", scene.programme_page(), recursive=True, keep_live=True, slug="leak")


@way("API v3: create an alias", actors=BY_HAND)
def v3_alias(scene: Scene):
    """A mirror on the front page."""
    return v3(scene, "create_alias", destination_id=scene.home.pk, recursive=True, slug="leak")


@way("API v3: create an alias of the board", actors=BY_HAND)
def v3_alias_board(scene: Scene):
    """A mirror of the board beside it."""
    return v3(scene, "create_alias", scene.board(), recursive=True, slug="leak")


@way("API v3: convert an alias", actors=BY_HAND, ends=EITHER)
def v3_convert(scene: Scene):
    """A mirror becomes a page of its own."""
    Page.objects.filter(pk=scene.translation.pk).update(alias_of=scene.pk)
    return v3(scene, "convert_alias", scene.translation)


@way("API v3: copy for translation", actors=BY_HAND, ends=EITHER)
def v3_translate(scene: Scene):
    """As an alias, with all below."""
    return v3(
        scene, "copy_for_translation", locale="en", alias=True, recursive=True, copy_parents=True
    )


@way("API v3: revert", actors=BY_HAND, ends=EITHER)
def v3_revert(scene: Scene):
    """An older draft becomes the newest draft."""
    revision = scene.leaking_revision()
    scene.page.save_revision(user=scene.user)
    return v3(scene, "revert", revision_id=revision.pk)


@way("API v3: move", actors=BY_HAND, ends=REFUSED)
def v3_move(scene: Scene):
    """To an approved branch."""
    return v3(scene, "move", destination_id=scene.board("LSW").pk, position="last-child")


@way("API v3: move an ordinary page below the closed board", actors=BY_HAND, columns=CLOSED)
def v3_move_in(scene: Scene):
    """Public words, under a gate that is closed."""
    return v3(scene, "move", scene.news, destination_id=scene.board().pk, position="last-child")


@way("API v3: unpublish with all below, then publish", actors=BY_HAND, columns=(LIVE,))
def v3_republish(scene: Scene):
    """Down and up again."""
    v3(scene, "unpublish", recursive=True)
    return v3(scene, "publish")
