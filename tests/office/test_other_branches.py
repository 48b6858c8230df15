"""Nobody learns anything of another branch in the admin, whatever address they try."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from pledge_pages.models import Member
from tests.office.conftest import speak_english
from tests.worlds import make_user

pytestmark = [
    pytest.mark.django_db,
    # wagtail-localize pages through a list in no order.
    pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results"),
]

# Addresses that belong to the office, to Wagtail's admin and to wagtail-localize.
NAMESPACES = ("wagtailadmin", "wagtail_localize", "wagtail_bulk", "pledge_")
# They end the session, raise on purpose, or need no account.
LEFT_OUT = ("logout", "error_test", "login", "password_reset", "sprite", "javascript_catalog")


def addresses(resolver: URLResolver, namespace: str = ""):
    """Yield the name and parameters of every address below ``resolver``."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            below = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, below)
        elif pattern.name:
            converters = getattr(pattern.pattern, "converters", {})
            names = list(converters) or list(pattern.pattern.regex.groupindex)
            yield namespace + pattern.name, names


def site_editor():
    """Make somebody who edits and publishes the whole site but has no role in any branch."""
    group = Group.objects.create(name="site editors")
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    root = Page.get_first_root_node()
    for codename in ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page"):
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=codename
        )
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)
    user = make_user("site_editor")
    user.groups.add(group)
    speak_english(user)
    return user


@pytest.fixture
def secrets(town, member_page, board) -> list[str]:
    """A branch with pages in every state, and the words that give it away."""
    town.to_stage("SGZ", "quiet")
    town.submit(member_page(), town.editor("SGZ"))
    town.hold(member_page("SGZ-M002"), "SGZ")
    town.hold(board(), "SGZ")
    ids = Member.objects.filter(pilot__code="SGZ").values_list("public_id", flat=True)
    return [*ids, "长SGZ", "SGZ村", "SGZ village", "Changsgz", "SGZ-M0"]


def values_for(town, page, board) -> dict:
    """Return a value for each parameter in an address: ids of the other branch's things."""
    task_state = page.current_workflow_task_state
    return {
        "page_id": page.pk,
        "pk": page.pk,
        "parent_page_id": board.pk,
        "page_to_move_id": page.pk,
        "destination_id": board.pk,
        "revision_id": page.latest_revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "task_state_id": task_state.pk,
        "task_id": task_state.task_id,
        "workflow_state_id": task_state.workflow_state_id,
        "action_name": "approve",
        "action": "delete",
        "content_type_app_name": "pledge_pages",
        "content_type_model_name": "memberpledgepage",
        "app_label": "wagtailcore",
        "model_name": "page",
        "object_id": page.pk,
        "session_id": 1,
        "verb": "suspend",
        "which": "review",
    }


def body_of(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace") + response.headers.get("Location", "")


@pytest.mark.parametrize("who", ["editor_lsw", "moderator_lsw", "site_editor"])
def test_no_address_of_the_admin_gives_another_branch_away(
    town, sign_in, member_page, board, secrets, who
):
    user = site_editor() if who == "site_editor" else town.users[who]
    client = sign_in(user)
    values = values_for(town, member_page(), board())
    leaks, tried = [], 0
    for name, parameters in addresses(get_resolver()):
        if not name.startswith(NAMESPACES) or any(part in name for part in LEFT_OUT):
            continue
        kwargs = {parameter: values.get(parameter, member_page().pk) for parameter in parameters}
        try:
            address = reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
        tried += 1
        body = body_of(client.get(address))
        leaks += [(name, secret) for secret in secrets if secret in body]
    assert tried > 100
    assert leaks == []


def test_no_search_chooser_or_list_of_ids_gives_another_branch_away(
    town, sign_in, member_page, board, secrets
):
    page, top = member_page(), board()
    bulk = [
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        for action in ("move", "delete", "publish", "unpublish")
    ]
    chooser = reverse("wagtailadmin_choose_page")
    tries = [
        *(f"{address}?id={page.pk}" for address in bulk),
        *(f"{address}?id=all&childOf={top.pk}" for address in bulk),
        reverse("wagtailadmin_choose_page_chosen_multiple") + f"?id={page.pk}",
        *(
            f"{chooser}?page_type=pledge_pages.{name}"
            for name in ("memberpledgepage", "branchpage", "programmepage", "MemberPledgePage")
        ),
        reverse("wagtailadmin_choose_page_search") + "?q=SGZ",
        reverse("wagtailadmin_choose_page_search") + f"?q={page.title}",
        reverse("wagtailadmin_pages:search") + f"?q={page.title}",
        reverse("wagtailadmin_explore_root") + "?q=SGZ&search_all=1",
        reverse("wagtailadmin_api:pages:listing") + f"?search={page.title}&fields=*",
        reverse("wagtailadmin_api:pages:listing") + f"?child_of={top.pk}&for_explorer=1",
        reverse("wagtailadmin_api:pages:detail", args=[page.pk]),
        reverse("wagtailadmin_reports:site_history") + "?label=SGZ",
        reverse("pledge_members:index") + "?q=SGZ",
        reverse("pledge_members:index") + f"?pilot={town.pilots['SGZ'].pk}",
        reverse("pledge_boards:held") + f"?pilot={town.pilots['SGZ'].pk}",
    ]
    for user in (town.editor("LSW"), site_editor()):
        client = sign_in(user)
        for address in tries:
            body = body_of(client.get(address))
            # What was asked for is repeated in the answer's search box and filters.
            found = [s for s in secrets if s in body and s not in address]
            assert found == [], address


def test_the_home_page_forgets_the_branch_that_one_has_left(town, sign_in, member_page):
    user = town.editor("SGZ")
    client = sign_in(user)
    town.submit(member_page(), user)
    data = {"locked": True, "locked_by": user, "locked_at": timezone.now()}
    Page.objects.filter(pk=member_page("SGZ-M002").pk).update(**data)
    assert "SGZ-M002" in body_of(client.get(reverse("wagtailadmin_home")))
    user.groups.clear()
    user.groups.add(Group.objects.get(name="LSW editors"))
    body = body_of(client.get(reverse("wagtailadmin_home")))
    assert "SGZ-M" not in body


def test_choosers_offer_what_is_public_and_nothing_else(town, sign_in, board):
    town.hold_branch("SGZ")
    town.open("SGZ")
    stranger = site_editor()
    programme_page = board().get_parent()
    for user in (town.admin, town.editor("LSW"), stranger):
        client = sign_in(user)
        address = reverse("wagtailadmin_choose_page_child", args=[programme_page.pk])
        body = client.get(address).json()["html"]
        assert "SGZ村" in body
        assert "LSW村" not in body
    # The chooser shows a member's full name, whatever the member allowed: staff only.
    address = reverse("wagtailadmin_choose_page_child", args=[board().pk])
    assert "SGZ-M0" in sign_in(town.editor("SGZ")).get(address).json()["html"]
    assert "SGZ-M0" not in sign_in(stranger).get(address).json()["html"]


def test_what_another_branch_s_staff_post_changes_nothing(town, sign_in, member_page, board):
    page = town.hold(member_page(), "SGZ")
    for user in (town.editor("LSW"), town.moderator("LSW"), site_editor()):
        client = sign_in(user)
        for name, *args in (
            ("wagtailadmin_pages:delete", page.pk),
            ("wagtailadmin_pages:lock", page.pk),
            ("wagtailadmin_pages:copy", page.pk),
            ("wagtailadmin_pages:unpublish", page.pk),
            ("wagtailadmin_pages:edit", page.pk),
            ("pledge_boards:withdraw", page.pk),
            ("pledge_boards:step", town.pilots["SGZ"].pk, "agree"),
            ("pledge_members:delete", town.members["SGZ-M003"].pk),
            ("pledge_members:withdraw_consent", town.members["SGZ-M003"].pk),
        ):
            client.post(reverse(name, args=args), {"reason": "x", "subject": "name"})
    assert member_page().review_state == "held"
    assert not member_page().locked
    assert Member.objects.filter(code="SGZ-M003").exists()
    assert not town.members["SGZ-M003"].consents.filter(state="withdrawn").exists()
    town.pilots["SGZ"].refresh_from_db()
    assert town.pilots["SGZ"].stage == "proposed"


def test_a_hidden_page_cannot_be_told_from_one_that_is_not_there(town, sign_in):
    """Ids are given in order: whoever counts the refusals would know how much others write."""
    stranger = sign_in(town.editor("LSW"))
    hidden = town.pages["SGZ-M001", "en"].pk
    for view in ("edit", "usage", "history", "view_draft", "delete", "copy", "move", "unpublish"):
        answers = [
            stranger.get(reverse(f"wagtailadmin_pages:{view}", args=[pk])) for pk in (hidden, 99999)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], view
        assert answers[0].content == answers[1].content, view
