"""The search finds questions and answers while they may be read, and nothing else of a report."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from pledge_pages.embargo.release import suspend_pilots
from pledge_pages.models import Pilot, Report
from pledge_pages.supervision import actions, receipts
from pledge_pages.supervision.receiving import Said, receive
from tests.supervision.conftest import ANSWER, CONTACT, QUESTION, RAW

pytestmark = pytest.mark.django_db


def found(query: str, language: str = "zh-hans") -> list[str]:
    """Return the addresses that anybody finds."""
    with translation.override(language):
        answer = Client().get(reverse("search"), {"q": query})
    return [result.url for result in answer.context["results"]]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_question_and_answer_are_found_on_the_page_of_the_member_they_are_about(
    public, published, language
):
    page = Page.objects.get(pk=public.pages["SGZ-M001", language].pk)
    for text in (QUESTION, ANSWER):
        assert found(text[language], language) == [page.url]


def test_what_is_about_the_branch_is_found_on_its_board(public, supervisor):
    pilot = public.pilots["SGZ"]
    report = receive(Said(pilot, "question", "web", RAW), code=receipts.new_code())
    actions.accept(report, by=supervisor)
    actions.redact(report, by=supervisor, text=QUESTION)
    actions.answer(report, by=public.editor("SGZ"), text=ANSWER)
    assert found(ANSWER["zh-hans"]) == []
    actions.publish(report, by=public.moderator("SGZ"))
    board = Page.objects.get(pk=public.boards["SGZ", "zh-hans"].pk)
    assert found(ANSWER["zh-hans"]) == [board.url]


def test_nothing_is_found_before_it_is_published_nor_after_it_was_withdrawn(public, answered):
    assert found(QUESTION["zh-hans"]) == []
    actions.publish(answered, by=public.moderator("SGZ"))
    assert found(QUESTION["zh-hans"])
    actions.withdraw(Report.objects.get(pk=answered.pk), by=public.moderator("SGZ"))
    assert found(QUESTION["zh-hans"]) == []
    assert found(ANSWER["zh-hans"]) == []


def test_what_was_said_in_the_first_place_is_never_found(public, published):
    assert found(RAW) == []
    assert found(CONTACT) == []


def test_what_was_published_for_a_quiet_village_is_found_once_it_is_public(town, published):
    assert found(QUESTION["zh-hans"]) == []
    town.open("SGZ")
    assert found(QUESTION["zh-hans"])
    pilots = list(Pilot.objects.filter(code="SGZ"))
    suspend_pilots(pilots, by=town.lead, reason="a mistake")
    assert found(QUESTION["zh-hans"]) == []
