"""The admin offers nothing that it always refuses, and tells numbers and names of one's own."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from tests.office.test_editing import said, under_review, url
from tests.office.test_other_branches import site_editor

pytestmark = pytest.mark.django_db


def bulk(action: str) -> str:
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])


def people(town) -> list:
    return [town.editor("SGZ"), town.moderator("SGZ"), town.lead, town.admin]


@pytest.mark.parametrize("state", ["draft", "review", "held", "public"])
def test_no_menu_of_a_gated_page_offers_what_is_always_refused(
    town, sign_in, member_page, board, state
):
    if state == "review":
        under_review(town, member_page)
    if state == "held":
        town.hold(member_page(), "SGZ")
    if state == "public":
        town.hold_branch("SGZ")
        town.open("SGZ")
    page = member_page()
    refused = [url(view, page.pk) for view in ("copy", "move", "unpublish")]
    if state in ("held", "public"):
        refused.append(url("delete", page.pk))
    for user in people(town):
        client = sign_in(user)
        for address in (url("edit", page.pk), reverse("wagtailadmin_explore", args=[board().pk])):
            body = client.get(address, follow=True).content.decode()
            assert [link for link in refused if link in body] == [], (user, address)
            assert 'name="action-publish"' not in body


def test_a_draft_may_be_deleted_by_who_made_it(town, sign_in, member_page, board):
    body = sign_in(town.editor("SGZ")).get(url("edit", member_page().pk)).content.decode()
    assert url("delete", member_page().pk) in body


def test_bulk_actions_on_a_board_are_those_that_can_work(town, sign_in, board):
    address = reverse("wagtailadmin_explore", args=[board().pk])
    for user in (town.editor("SGZ"), town.admin):
        body = sign_in(user).get(address).content.decode()
        assert bulk("delete") in body
        assert not [a for a in ("publish", "unpublish", "move") if bulk(a) in body]
    for user in (town.moderator("SGZ"), town.lead):
        body = sign_in(user).get(address).content.decode()
        assert "/admin/bulk/" not in body
        assert "data-bulk-action-checkbox" not in body


def test_bulk_actions_on_ordinary_pages_are_all_there(town, sign_in):
    address = reverse("wagtailadmin_explore", args=[town.home["zh-hans"].pk])
    body = sign_in(town.admin).get(address).content.decode()
    for action in ("publish", "unpublish", "move", "delete"):
        assert bulk(action) in body


@pytest.mark.parametrize("action", ["publish", "unpublish", "move", "delete"])
def test_a_bulk_action_names_pages_by_the_names_their_staff_know(
    town, sign_in, member_page, action
):
    town.hold_branch("SGZ")
    town.open("SGZ")
    page = member_page()
    body = sign_in(town.lead).get(f"{bulk(action)}?id={page.pk}").content.decode()
    assert "史长SGZ1 (SGZ-M001)" in body
    assert f">{page.title}<" not in body


def test_the_number_of_pages_on_the_home_page_is_that_of_one_s_own(town, sign_in):
    # Of each branch two boards and six members' pages; above them two programme pages and homes.
    expected = {
        town.editor("SGZ"): "12 pages",
        town.moderator("LSW"): "12 pages",
        town.lead: "20 pages",
        town.admin: "20 pages",
        site_editor(): "2 pages",
    }
    for user, words in expected.items():
        body = sign_in(user).get(reverse("wagtailadmin_home")).content.decode()
        assert f">{words}<" in body, user


def test_a_moderator_returns_a_page_and_does_not_just_take_it_out_of_review(
    town, sign_in, member_page
):
    page = under_review(town, member_page)
    cancel = 'name="action-cancel-workflow"'
    moderator = sign_in(town.moderator("SGZ"))
    assert cancel not in moderator.get(url("edit", page.pk)).content.decode()
    moderator.post(url("edit", page.pk), {"action-cancel-workflow": "true"})
    assert member_page().review_state == "pending"
    editor = sign_in(town.editor("SGZ"))
    assert cancel in editor.get(url("edit", page.pk)).content.decode()
    editor.post(url("edit", page.pk), {"action-cancel-workflow": "true"})
    assert member_page().review_state == "private"


def test_the_submit_button_says_what_it_does_in_the_reader_s_language(town, sign_in, member_page):
    workflow = member_page().get_workflow()
    client = sign_in(town.editor("SGZ"))
    assert "Submit for moderation" in client.get(url("edit", member_page().pk)).content.decode()
    page = under_review(town, member_page)
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, town.moderator("SGZ"), "reject", comment="why?")
    body = client.get(url("edit", page.pk)).content.decode()
    assert "Submit again" in body
    assert f"Submit to {workflow.name}" not in body
    assert f"Resubmit to {state.task.name}" not in body


def test_a_publication_asked_for_is_refused_by_where_the_page_stands(town, sign_in, member_page):
    client = sign_in(town.admin)

    def answer(page: Page) -> str:
        return said(client.post(url("edit", page.pk), {"action-publish": "true"}))

    assert "submit it for moderation" in answer(member_page())
    assert "is in review: it goes public only by" in answer(under_review(town, member_page))
    held = town.hold(member_page("SGZ-M002"), "SGZ")
    assert "approved already, and goes public by itself" in answer(held)
