"""What Wagtail lets anyone do with a gated page: less than with an ordinary one."""

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import GroupPagePermission, Page
from wagtail.permissions import policy_registry

from tests.worlds import Town, build_town, make_user

pytestmark = pytest.mark.django_db

SOMEBODY_ELSE = "editor of the rest of the site"
EVERYONE = ("admin", "lead", "moderator", "editor", SOMEBODY_ELSE)
# Nobody, an administrator neither: pages go public by approval, and stay where they were made.
NEVER = (
    "can_publish",
    "can_publish_subpage",
    "can_set_view_restrictions",
    "can_unschedule",
    "can_reorder_children",
    "can_move",
    "can_copy",
)


@pytest.fixture
def town() -> Town:
    return build_small_town()


def build_small_town(*, hold: bool = True) -> Town:
    town = build_town(("SGZ",), members=1)
    if hold:
        town.hold_branch("SGZ")
    town.users[SOMEBODY_ELSE] = somebody_else()
    return town


def may(town: Town, who: str, page: Page):
    """Return what Wagtail says that somebody may do with ``page``."""
    users = {
        "admin": town.admin,
        "lead": town.lead,
        "moderator": town.moderator("SGZ"),
        "editor": town.editor("SGZ"),
        **town.users,
    }
    return Page.objects.get(pk=page.pk).specific.permissions_for_user(users[who])


def somebody_else():
    """Return a user with every permission for pages, given at the root of the site."""
    user = make_user("chief")
    group = user.groups.create(name="chiefs")
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page"
    ):
        GroupPagePermission.objects.create(
            group=group, page=Page.objects.get(depth=1), permission=permission
        )
    return user


@pytest.mark.parametrize("state", ["drafted", "held", "public"])
@pytest.mark.parametrize("who", EVERYONE)
def test_nobody_publishes_restricts_orders_moves_or_copies(who, state):
    town = build_small_town(hold=state != "drafted")
    if state == "public":
        town.open("SGZ")
    programme_page = town.programme_pages["zh-hans"]
    board, member = town.boards["SGZ", "zh-hans"], town.pages["SGZ-M001", "zh-hans"]
    for page, parent in ((board, programme_page), (member, board)):
        tester = may(town, who, page)
        assert [name for name in NEVER if getattr(tester, name)()] == []
        # Not even to where it stands already, as Wagtail reorders.
        assert not tester.can_copy_to(Page.objects.get(pk=parent.pk))
        assert not tester.can_move_to(Page.objects.get(pk=parent.pk))


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("admin", True),
        ("lead", True),
        ("moderator", True),
        ("editor", False),
        (SOMEBODY_ELSE, False),
    ],
)
def test_moderators_and_leads_take_down_what_is_public(town, who, allowed):
    town.open("SGZ")
    assert may(town, who, town.pages["SGZ-M001", "zh-hans"]).can_unpublish() is allowed


@pytest.mark.parametrize("who", EVERYONE)
def test_what_was_approved_is_not_deleted(town, who):
    assert not may(town, who, town.pages["SGZ-M001", "zh-hans"]).can_delete()
    assert not may(town, who, town.boards["SGZ", "zh-hans"]).can_delete()


def test_permissions_given_above_a_gate_stop_at_it(town):
    page = town.pages["SGZ-M001", "zh-hans"]
    outside = may(town, SOMEBODY_ELSE, page)
    assert not outside.can_edit()
    assert not outside.can_delete()
    assert not outside.can_add_subpage()
    assert may(town, "editor", page).can_edit()
    policy = policy_registry.get_by_type(Page)
    row = Page.objects.get(pk=page.pk)
    users = {who: town.users[who] for who in (SOMEBODY_ELSE, "editor_sgz")}
    reached = [
        who for who, u in users.items() if policy.user_has_permission_for_instance(u, "change", row)
    ]
    assert reached == ["editor_sgz"]
    assert users[SOMEBODY_ELSE] not in policy.users_with_permission_for_instance("change", row)
