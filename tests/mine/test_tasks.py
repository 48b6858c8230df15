"""Tasks offered to a member: accepted or declined by their own account, by nobody else's."""

from datetime import date

import pytest
from django.utils import translation

from pledge_pages.models import Assignment, Category, MemberPledgePage
from pledge_pages.tasks import actions, offers
from tests.mine.conftest import OWN

pytestmark = pytest.mark.django_db

BASE = f"{OWN}tasks/"
TEXT = {"zh-hans": "每月查一次隐患", "en": "Look for hazards every month"}
MEASURE = {"zh-hans": "检查单", "en": "a sheet"}


def ask(town, code: str = "SGZ-M001", text: dict | None = None) -> Assignment:
    """Ask a member to take on a task, as the branch's editor."""
    with translation.override("en"):
        offer = offers.from_text(text or TEXT, MEASURE, Category.objects.get())
        return actions.assign_to(
            [town.members[code]], offer, by=town.editor(code[:3]), year=2026,
            due=date(2026, 12, 31),
        )[0]  # fmt: skip


def drafts(member) -> list[MemberPledgePage]:
    pages = MemberPledgePage.objects.filter(member=member).order_by("pk")
    return [page.get_latest_revision_as_object() for page in pages]


def fresh(assignment: Assignment) -> Assignment:
    return Assignment.objects.get(pk=assignment.pk)


def test_what_is_offered_is_read_in_ones_own_language_and_accepted(town, member, mine) -> None:
    assignment = ask(town)
    assert f'href="{BASE}"' in mine.get(OWN).content.decode()
    page = mine.get(BASE).content.decode()
    assert TEXT["zh-hans"] in page
    assert TEXT["en"] in mine.get("/en/mine/tasks/").content.decode()
    assert f"{BASE}{assignment.pk}/accept/" in page
    assert mine.get(f"{BASE}{assignment.pk}/accept/").status_code == 200
    assert fresh(assignment).state == "offered"
    answer = mine.post(f"{BASE}{assignment.pk}/accept/")
    assert (answer.status_code, answer.headers["Location"]) == (302, BASE)
    done = fresh(assignment)
    assert (done.state, done.answered_how) == ("accepted", "account")
    assert done.answered_by == member.user
    for draft in drafts(member):
        assert draft.latest_revision.user == member.user
        assert draft.pledges.all()[1].key == done.pledge_key
        assert not draft.workflow_in_progress
    assert f"{assignment.pk}/accept/" not in mine.get(BASE).content.decode()
    assert mine.get(f"{BASE}{assignment.pk}/accept/").status_code == 404


def test_whoever_declines_has_to_say_why(town, member, mine) -> None:
    assignment = ask(town)
    address = f"{BASE}{assignment.pk}/decline/"
    for reason in ("", " ", "x" * 1001, "打电话13800138000"):
        answer = mine.post(address, {"reason": reason})
        assert list(answer.context["form"].errors) == ["reason"], reason[:20]
    assert fresh(assignment).state == "offered"
    assert mine.post(address, {"reason": "五月以前在外打工"}).status_code == 302
    assert (fresh(assignment).state, fresh(assignment).reason) == ("declined", "五月以前在外打工")
    assert "五月以前在外打工" in mine.get(BASE).content.decode()
    assert [len(draft.pledges.all()) for draft in drafts(member)] == [1, 1]


def test_nobody_reads_or_answers_what_another_was_asked(town, member, mine, sign_in) -> None:
    own, colleague = ask(town), ask(town, "SGZ-M002")
    other = sign_in(town.members["LSW-M001"].user)
    nothing = mine.get(f"{BASE}987654/accept/")
    assert nothing.status_code == 404
    for client, assignment in ((mine, colleague), (other, own), (other, colleague)):
        for verb in ("accept", "decline", "withdraw"):
            address = f"{BASE}{assignment.pk}/{verb}/"
            for answer in (client.get(address), client.post(address, {"reason": "x"})):
                assert (answer.status_code, answer.content) == (404, nothing.content), address
    assert TEXT["zh-hans"] not in other.get(BASE).content.decode()
    assert mine.get(f"{BASE}{own.pk}/withdraw/").status_code == 404
    assert {fresh(row).state for row in (own, colleague)} == {"offered"}


def test_while_the_page_is_in_review_it_says_so_and_offers_no_button(town, member, mine) -> None:
    assignment = ask(town)
    page = drafts(member)[0]
    town.submit(page, town.editor("SGZ"))
    address = f"/en/mine/tasks/{assignment.pk}/accept/"
    body = mine.get(address).content.decode()
    assert "Your page is being reviewed" in body
    assert ">Accept the task</button>" not in body
    assert mine.post(address).status_code == 200
    assert fresh(assignment).state == "offered"


def test_what_the_branch_withdrew_is_not_shown_any_more(town, mine) -> None:
    assignment = ask(town)
    actions.withdraw(assignment, by=town.editor("SGZ"), reason="not meant")
    assert TEXT["zh-hans"] not in mine.get(BASE).content.decode()
    assert mine.post(f"{BASE}{assignment.pk}/accept/").status_code == 404


def test_the_list_takes_as_many_queries_for_one_task_as_for_many(
    town, mine, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    ask(town)
    mine.get(BASE)
    with django_assert_max_num_queries(12) as first:
        mine.get(BASE)
    ask(town, text={"en": "Another", "zh-hans": "另一件"})
    with django_assert_num_queries(len(first)):
        mine.get(BASE)
