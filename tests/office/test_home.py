"""The admin's home tells each person what waits for them, in bounded lists with links."""

import pytest
from django.urls import reverse

from pledge_pages.models import Category, Member, Office
from pledge_pages.pilots.actions import take_step
from tests.office.test_other_branches import site_editor
from tests.worlds import build_member, build_member_page

pytestmark = pytest.mark.django_db


def home(client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


def reject(town, page, comment: str) -> None:
    state = page.current_workflow_task_state
    moderator = town.moderator("SGZ")
    state.task.specific.on_action(state, moderator, "reject", comment=comment)


def test_an_editor_sees_returned_pages_with_the_reason_and_drafts(town, sign_in, member_page):
    reject(town, town.submit(member_page(), town.editor("SGZ")), "say how it is checked")
    body = home(sign_in(town.editor("SGZ")))
    assert "Returned to you: 1" in body
    assert "say how it is checked" in body
    # Six member pages and two boards; one is returned.
    assert "Drafts to finish and submit: 7" in body
    assert "To review" not in body


def test_a_moderator_sees_what_they_may_decide_and_nothing_they_wrote(town, sign_in, member_page):
    town.submit(member_page(), town.editor("SGZ"))
    town.submit(member_page("SGZ-M002"), town.moderator("SGZ"))
    body = home(sign_in(town.moderator("SGZ")))
    assert "To review: 1" in body
    assert reverse("wagtailadmin_pages:edit", args=[member_page().pk]) in body
    assert "To review" not in home(sign_in(town.moderator("LSW")))


def test_a_lead_sees_pilots_by_next_step_with_what_they_wait_for(town, sign_in, member_page):
    town.to_stage("SGZ", "reviewed")
    town.to_stage("LSW", "agreed")
    town.hold(member_page(), "SGZ")
    body = home(sign_in(town.lead))
    assert "Pilots and their next step: 2" in body
    assert "Approve: Someone else has to concur first." in body
    assert "SGZ of an earlier wave is not approved yet" in body
    assert "1 page is held" in body


def test_an_editor_sees_who_has_no_page_yet_with_where_to_make_one(town, sign_in, board):
    member = Member.objects.create(
        code="SGZ-M099", pilot=town.pilots["SGZ"], surname="方", office=Office.objects.first()
    )
    body = home(sign_in(town.editor("SGZ")))
    address = reverse(
        "wagtailadmin_pages:add", args=["pledge_pages", "memberpledgepage", board().pk]
    )
    assert address in body
    assert "方 (SGZ-M099)" in body
    build_member_page(town, member, "zh-hans", Category.objects.first())
    assert address not in home(sign_in(town.editor("SGZ")))


def test_what_was_approved_is_no_draft_until_it_is_changed(town, sign_in, member_page):
    client = sign_in(town.editor("SGZ"))
    assert "submit: 8" in home(client)
    page = town.hold(member_page(), "SGZ")
    assert "submit: 7" in home(client)
    page.save_revision(user=town.editor("SGZ"))
    assert "submit: 8" in home(client)


def test_the_lists_are_bounded_and_the_whole_of_them_is_a_link_away(town, sign_in, member_page):
    editor = sign_in(town.editor("SGZ"))
    for number in range(4, 8):
        member = build_member(
            town, "SGZ", number, Office.objects.first(), town.members["SGZ-M001"].posts.first()
        )
        build_member_page(town, member, "en", Category.objects.first())
    body = home(editor)
    whole = reverse("pledge_boards:waiting", args=["drafts"])
    assert "submit: 12" in body
    assert whole in body
    assert body.count("title-wrapper") == 8
    assert editor.get(whole).content.decode().count("(SGZ-M0") == 10


def test_a_moderator_is_told_whose_approval_waits_for_their_concurrence(town, sign_in):
    moderator, lead = sign_in(town.moderator("SGZ")), sign_in(town.lead)
    pilot = town.to_stage("SGZ", "quiet")
    step = reverse("pledge_boards:step", args=[pilot.pk, "concur"])
    take_step(pilot, "concur", by=town.moderator("SGZ"), reason="too early to count")
    assert step not in home(moderator)
    town.to_stage("SGZ", "reviewed")
    body = home(moderator)
    assert "Your concurrence is wanted: 1" in body
    assert step in body
    # Not who would approve it, nor who has nothing to do with the branch.
    for client in (lead, sign_in(town.editor("SGZ")), sign_in(town.moderator("LSW"))):
        assert "Your concurrence is wanted" not in home(client)
    # The lead's own does not count for the lead's approval.
    take_step(pilot, "concur", by=town.lead, reason="me too")
    assert step in home(moderator)
    take_step(pilot, "concur", by=town.moderator("SGZ"), reason="good")
    assert step not in home(moderator)


def test_somebody_without_a_role_sees_no_panel_and_no_menu(town, sign_in):
    body = home(sign_in(site_editor()))
    assert "What waits for me" not in body
    assert "pledge-boards" not in body


def test_the_home_page_needs_few_queries(town, sign_in, django_assert_max_num_queries):
    town.hold_branch("SGZ")
    client = sign_in(town.lead)
    home(client)
    with django_assert_max_num_queries(90):
        home(client)
