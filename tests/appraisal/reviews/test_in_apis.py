"""Grades in the APIs: for everyone what the public page says, drafts for their staff, else nothing."""

import pytest
from django.test import Client
from wagtail.models import APIToken

from pledge_pages.appraisal.grades_on_page import put_grades_on_pages, said_of
from pledge_pages.models import Appraisal, MemberPledgePage
from pledge_pages.people.actions import withdraw_consent
from tests.appraisal.reviews.conftest import (
    OPINION,
    REPLY,
    closed,
    page_of,
    posted,
)

pytestmark = pytest.mark.django_db

V2 = "/api/v2/pages/"


def ask(path: str, user=None, **query):
    """What the API answers to ``path``, to the public or to the bearer of a token."""
    headers = {"accept-language": "en"}
    if user is not None:
        headers["authorization"] = f"Bearer {APIToken.create_token(user=user, name='x')[1]}"
    return Client().get(path, {"language": "en", **query}, headers=headers)


def member_path(town, code: str = "SGZ-M001") -> str:
    return f"/api/v1/members/{town.members[code].public_id}/"


def test_a_member_has_the_grade_of_each_year_as_the_page_says_it(town, clock) -> None:
    posted(town, clock)
    (grade,) = ask(member_path(town)).json()["grades"]
    assert grade == {
        "year": 2026, "grade": "excellent", "grade_label": "Excellent",
        "reviewed_on": "2027-01-11", "corrected_on": None,
        "ballot": [{"label": "Excellent", "votes": 2}, {"label": "The rest", "votes": 5}],
        "survey": {"percent": 85, "satisfied": None, "neutral": None, "dissatisfied": None},
        "opinion": OPINION["en"], "reply": REPLY["en"], "replied_on": "2027-01-12",
    }  # fmt: skip
    chinese = ask(member_path(town), language="zh-hans").json()["grades"][0]
    assert (chinese["grade"], chinese["opinion"]) == ("excellent", OPINION["zh-hans"])


def test_a_board_counts_grades_and_names_who_has_one_for_a_few_by_consent(town, clock) -> None:
    posted(town, clock)
    path = "/api/v1/boards/SGZ/"
    best, rest = ask(path, year=2026).json()["grades"]
    assert (best["grade"], best["number"], rest["number"]) == ("excellent", 2, 1)
    assert town.members["SGZ-M001"].public_id in best["public_ids"]
    assert rest["public_ids"] == []
    withdraw_consent(town.members["SGZ-M001"], by=town.lead, subject="name")
    best = ask(path, year=2026).json()["grades"][0]
    assert best["number"] == 2
    assert town.members["SGZ-M001"].public_id not in best["public_ids"]


def test_points_votes_of_members_and_reasons_are_in_no_answer(town, clock) -> None:
    posted(town, clock)
    page = page_of(town)
    for answer in (
        ask(member_path(town)),
        ask("/api/v1/boards/SGZ/"),
        Client().get(f"{V2}{page.pk}/"),
    ):
        text = answer.content.decode()
        for word in ("points", "peer", "sanction", "self_grade", "suggested"):
            assert word not in text, word


def test_wagtails_api_shows_the_same_of_a_member_alone_and_in_a_list(town, clock) -> None:
    posted(town, clock)
    page, grades = page_of(town), ask(member_path(town)).json()["grades"]
    assert Client().get(f"{V2}{page.pk}/").json()["grade_list"] == grades
    query = {"type": "pledge_pages.MemberPledgePage", "fields": "grade_list", "locale": "en"}
    rows = {row["id"]: row for row in Client().get(V2, query).json()["items"]}
    assert rows[page.pk]["grade_list"] == grades


def test_nobody_filters_or_orders_members_by_their_grades(town, clock) -> None:
    posted(town, clock)
    for query in ({"grades": "[]"}, {"grade_list": "x"}, {"order": "grades"}):
        answer = Client().get(V2, {"type": "pledge_pages.MemberPledgePage", **query})
        assert answer.status_code == 400, query


def test_a_grade_that_no_moderator_approved_is_in_no_answer_to_the_public(town, clock) -> None:
    put_grades_on_pages(closed(town, clock), by=town.editor("SGZ"))
    assert ask(member_path(town)).json()["grades"] == []
    assert ask("/api/v1/boards/SGZ/").json()["grades"] == []
    assert Client().get(f"{V2}{page_of(town).pk}/").json()["grade_list"] == []


def test_of_a_branch_that_is_not_public_its_staff_alone_read_the_grades(town, clock) -> None:
    posted(town, clock)
    town.close("SGZ")
    for user in (None, town.editor("LSW")):
        for path in (member_path(town), "/api/v1/boards/SGZ/"):
            answer = ask(path, user)
            assert answer.status_code == 404
            assert answer.content == ask("/api/v1/members/nobody/", user).content
    for user in (town.editor("SGZ"), town.lead):
        assert ask(member_path(town), user).json()["grades"][0]["opinion"] == OPINION["en"]
        assert ask("/api/v1/boards/SGZ/", user).json()["grades"][0]["grade"] == "excellent"


def test_a_draft_shows_its_grade_to_who_may_see_the_draft(town, clock) -> None:
    closed(town, clock)
    said = said_of(Appraisal.objects.get(member__code="SGZ-M001"))
    page = MemberPledgePage.objects.get(pk=town.pages["LSW-M001", "en"].pk)
    draft = page.get_latest_revision_as_object()
    draft.grades = [said]
    draft.save_revision(user=town.editor("LSW"))
    path = member_path(town, "LSW-M001")
    shown = ask(path, town.editor("LSW")).json()
    assert (shown["content"], shown["grades"][0]["opinion"]) == ("draft", OPINION["en"])
    for user in (None, town.editor("SGZ")):
        assert ask(path, user).status_code == 404
