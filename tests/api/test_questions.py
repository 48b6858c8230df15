"""Published questions and answers over our own API: as public as the board they stand on."""

import pytest
from django.contrib.auth.models import Group

from pledge_pages.embargo.approval import withdraw
from pledge_pages.models import MemberPledgePage
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.supervision import actions, receipts
from pledge_pages.supervision.receiving import Said, receive
from tests.worlds import make_user

pytestmark = pytest.mark.django_db

TEXT = {"zh-hans": "三天没扫。", "en": "Not swept for three days."}
ANSWER = {"zh-hans": "已补扫。", "en": "Swept since."}


@pytest.fixture
def asked(half_open_town):
    """A function that has something asked, answered and published about SGZ or a member of it."""
    town = half_open_town
    committee = make_user("supervisor_sgz")
    committee.groups.add(Group.objects.get(name="SGZ supervisors"))

    def ask(member=None):
        said = Said(town.pilots["SGZ"], "question", "box", "raw words", "a contact", member)
        report = receive(said, code=receipts.new_code())
        actions.accept(report, by=committee)
        actions.redact(report, by=committee, text=TEXT)
        actions.answer(report, by=town.editor("SGZ"), text=ANSWER)
        return actions.publish(report, by=town.moderator("SGZ"))

    return ask


def test_question_and_answer_come_in_the_language_of_the_board(public, half_open_town, asked):
    member = half_open_town.members["SGZ-M001"]
    asked(member)
    answer = public.get("boards/SGZ/questions/?language=en")
    assert answer.status_code == 200
    assert answer.json()["count"] == 1
    row = answer.json()["results"][0]
    assert (row["question"], row["answer"]) == (TEXT["en"], ANSWER["en"])
    assert (row["about"], row["public_id"]) == ("Shi Changsgz1", member.public_id)
    assert (row["kind"], row["kind_label"]) == ("question", "A villager asked")
    assert public.get("boards/SGZ/questions/").json()["results"][0]["answer"] == ANSWER["zh-hans"]
    for words in ("raw words", "a contact"):
        assert words not in answer.content.decode()


def test_the_list_comes_in_pages(public, asked):
    for _one in range(3):
        asked()
    first = public.get("boards/SGZ/questions/?limit=2").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (3, 2, None)
    second = public.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (1, None)
    assert public.get("boards/SGZ/questions/?limit=101").status_code == 422
    assert public.get("boards/SGZ/questions/?page=1").status_code == 422


def test_it_follows_consent_and_the_members_page(public, half_open_town, asked):
    town, member = half_open_town, half_open_town.members["SGZ-M001"]
    asked(member)
    withdraw_consent(member, by=town.editor("SGZ"), subject="name")
    row = public.get("boards/SGZ/questions/?language=en").json()["results"][0]
    assert row["about"] == "Name not shown"
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    withdraw(page, by=town.moderator("SGZ"), reason="a mistake")
    assert public.get("boards/SGZ/questions/?language=en").json()["count"] == 0


def test_of_a_board_that_is_not_public_there_is_no_list(public, half_open_town, asked):
    asked()
    nothing = public.get("boards/XYZ/questions/")
    assert nothing.status_code == 404
    hidden = public.get("boards/LSW/questions/")
    assert (hidden.status_code, hidden.content) == (404, nothing.content)
    half_open_town.close("SGZ")
    assert public.get("boards/SGZ/questions/").status_code == 404
