"""Year-end reviews on the admin's home: for whom one waits, and for what."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pledge_pages.appraisal import review_hearing
from pledge_pages.appraisal.grades_on_page import put_grades_on_pages
from pledge_pages.models import Member
from pledge_pages.office.review_waiting import review_waiting_rows, reviews_waiting_for
from tests.appraisal.reviews.conftest import (
    REPLY,
    closed,
    entry_of,
    graded,
    opened,
    pass_days,
    told,
)
from tests.office.conftest import speak_english

pytestmark = pytest.mark.django_db


def waits(user) -> list[str]:
    return [row["note"] for row in review_waiting_rows(reviews_waiting_for(user), user)]


def for_each(town) -> dict[str, list[str]]:
    """What waits for editor, moderator and lead of SGZ; nothing for LSW's ever."""
    for user in (town.editor("LSW"), town.moderator("LSW"), town.verifier("SGZ")):
        assert waits(user) == []
    users = {"editor": town.editor("SGZ"), "moderator": town.moderator("SGZ"), "lead": town.lead}
    return {name: waits(user) for name, user in users.items() if waits(user)}


def test_figures_wait_for_staff_and_then_those_who_are_to_be_told(town) -> None:
    opened(town)
    figures = ["figures are entered, then grades proposed"]
    assert for_each(town) == {"editor": figures, "moderator": figures}


def test_members_who_are_to_be_told_wait_for_staff(town) -> None:
    graded(town)
    members = ["members to be told"]
    assert for_each(town) == {"editor": members, "moderator": members}


def test_nothing_waits_while_somebody_may_reply_and_then_it_is_to_be_closed(town, clock) -> None:
    review = told(town)
    assert for_each(town) == {}
    for number in range(1, 7):
        review_hearing.record_review_reply(
            entry_of(review, number), by=town.editor("SGZ"), text=REPLY
        )
    close = ["everybody was heard: to be closed"]
    assert for_each(town) == {"moderator": close, "lead": close}


def test_the_days_of_a_reply_go_by_and_it_is_to_be_closed_by_no_member_of_the_branch(
    town, clock
) -> None:
    told(town)
    pass_days(clock, 7)
    assert for_each(town) == {}
    pass_days(clock, 1)
    assert set(for_each(town)) == {"moderator", "lead"}
    Member.objects.filter(code="SGZ-M002").update(user=town.moderator("SGZ"))
    assert set(for_each(town)) == {"lead"}


def test_grades_that_are_on_no_page_wait_for_those_who_write_until_they_are(town, clock) -> None:
    review = closed(town, clock)
    pages = ["grades to be put on pages"]
    assert for_each(town) == {"editor": pages, "lead": pages}
    put_grades_on_pages(review, by=town.editor("SGZ"))
    assert for_each(town) == {}


def test_the_home_and_the_full_list_say_so_to_whom_it_concerns_alone(town) -> None:
    opened(town)
    address = reverse("pledge_boards:waiting", args=["reviews"])
    for user in (town.editor("SGZ"), town.editor("LSW")):
        speak_english(user)
        client = Client()
        client.force_login(user)
        for path in ("/admin/", address):
            body = client.get(path).content.decode()
            own = user == town.editor("SGZ")
            assert ("Review of 2026" in body) is own, path
            assert ("figures are entered, then" in body) is own, path


def test_the_list_costs_two_queries_at_most_however_long_it_is(town) -> None:
    opened(town)
    with CaptureQueriesContext(connection) as captured:
        waits(town.lead)
        waits(town.editor("SGZ"))
    assert len(captured) <= 2
