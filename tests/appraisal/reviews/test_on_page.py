"""Grades reach the board by moderated versions of members' pages, and by nothing else."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, PageLogEntry

from pledge_pages.appraisal import closing
from pledge_pages.appraisal.grades_on_page import GradeError, put_grades_on_pages, said_of
from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.models import BranchPage, Consent, MemberPledgePage
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.people.models import Scope
from tests.appraisal.reviews.conftest import (
    OPINION,
    REPLY,
    account_of,
    approve_all,
    closed,
    entry_of,
    page_of,
    pass_days,
    posted,
    told,
)

pytestmark = pytest.mark.django_db


def board_html(town, language: str = "en", year: int = 2026) -> str:
    board = BranchPage.objects.get(pk=town.boards["SGZ", language].pk)
    return Client().get(board.url, {"year": year}).content.decode()


def with_grade(page: MemberPledgePage, grades: list) -> MemberPledgePage:
    draft = page.get_latest_revision_as_object()
    draft.grades = grades
    return draft


def test_a_grade_is_public_in_each_language_once_somebody_else_approves(town, clock) -> None:
    review = closed(town, clock)
    assert "Grades of 2026" not in board_html(town)
    written = put_grades_on_pages(review, by=town.editor("SGZ"))
    assert (len(written.pages), written.left) == (6, [])
    assert page_of(town).grades == []
    with pytest.raises(EmbargoError):
        town.approve(page_of(town), town.editor("SGZ"))
    approve_all(town)
    for language, words in (("en", "Steady work"), ("zh-hans", "做得踏实")):
        html = Client().get(page_of(town, 1, language).url).content.decode()
        assert words in html
        assert REPLY[language] in html
    assert ModelLogEntry.objects.get(action="pledge_pages.put_grades").data["count"] == 6
    assert PageLogEntry.objects.filter(action="pledge_pages.put_grade").count() == 6


def test_the_member_s_page_says_grade_ballot_and_reply_and_no_points_nor_peers_votes(
    town, clock
) -> None:
    posted(town, clock)
    html = Client().get(page_of(town).url).content.decode()
    assert 'Excellent <span class="pp-group-size">2026</span>' in html
    assert "Excellent <b>2</b> · The rest <b>5</b>" in html
    assert (
        "Villagers satisfied: <b>85%</b></p>" in html
    )  # three were not fully satisfied: no counts of so few
    said = page_of(town).grades[0]
    assert set(said) == {
        "year", "grade", "name", "place", "limited", "ballot", "survey", "opinion", "reply",
        "replied_on", "reviewed_on", "corrected_on",
    }  # fmt: skip
    assert "98" not in str(said)


def test_the_board_counts_grades_and_names_by_consent_only_who_has_the_one_for_a_few(
    town, clock
) -> None:
    posted(town, clock)
    consent = Consent.objects.get(
        member__code="SGZ-M002", scope=Scope.PUBLIC_WEB, subject="name", current=True
    )
    html = board_html(town)
    part = html.split('id="pp-grades"')[1].split("</section>")[0]
    assert part.count("<li>") == 2
    withdraw_consent(consent.member, scope=Scope.PUBLIC_WEB, subject="name", by=town.editor("SGZ"))
    part = board_html(town).split('id="pp-grades"')[1].split("</section>")[0]
    assert part.count("<li>") == 1
    assert '<b class="pp-counts-number">2</b>' in part
    assert '<b class="pp-counts-number">1</b>' in part
    assert consent.member.given_name not in part


def test_a_page_with_a_grade_of_a_review_that_is_open_is_neither_submitted_nor_approved(
    town, clock
) -> None:
    review = told(town)
    pass_days(clock, 8)
    made = closing.close_review(review, by=town.moderator("SGZ"))
    found = said_of(made[0])
    other = {**found, "year": 2025}
    for grades in ([other], [{**found, "grade": "rest"}], [found, found], ["x"]):
        with pytest.raises(GradeError):
            town.submit(with_grade(page_of(town), grades), town.editor("SGZ"))
    with pytest.raises(GradeError):
        town.submit(with_grade(page_of(town, 2), [{**found, "reply": REPLY}]), town.editor("SGZ"))


def test_a_grade_written_into_what_is_in_review_is_not_approved(town, clock) -> None:
    page = town.submit(page_of(town).get_latest_revision_as_object(), town.editor("SGZ"))
    revision = page.get_latest_revision()
    revision.content["grades"] = [{"year": 2026, "grade": "excellent"}]
    type(revision).objects.filter(pk=revision.pk).update(content=revision.content)
    with pytest.raises(EmbargoError):
        town.approve(page_of(town), town.moderator("SGZ"))
    assert page_of(town).grades == []


def test_only_editors_and_leads_put_grades_on_pages_and_of_a_closed_review_only(
    town, clock
) -> None:
    review = closed(town, clock)
    for by in (town.moderator("SGZ"), town.editor("LSW"), account_of(town, 1)):
        with pytest.raises(PermissionDenied):
            put_grades_on_pages(review, by=by)
    put_grades_on_pages(review, by=town.lead)
    with pytest.raises(ValidationError):
        put_grades_on_pages(review, by=town.lead)


def test_a_draft_that_nobody_approved_is_not_taken_along_unseen(town, clock) -> None:
    review = closed(town, clock)
    draft = page_of(town).get_latest_revision_as_object()
    pledge = draft.pledges.get()
    pledge.text = "A sentence in progress"
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    written = put_grades_on_pages(review, by=town.editor("SGZ"))
    assert len(written.pages) == 5
    assert "SGZ-M001, English: there is a newer draft" in written.left[0]
    assert entry_of(review, 1).put_at is None
    assert entry_of(review, 2).put_at is not None


def test_after_a_correction_the_earlier_grade_is_approved_no_more(town, clock) -> None:
    review = posted(town, clock)
    one = review.appraisals.get(member__code="SGZ-M005")
    closing.correct_appraisal(
        one, by=town.lead, reason="Figures of somebody else", grade="rest", told_how="paper",
        told_on=review.closed_on, opinion=OPINION | {"en": "Corrected words"},
    )  # fmt: skip
    with pytest.raises(GradeError), transaction.atomic():
        town.submit(page_of(town, 5).get_latest_revision_as_object(), town.editor("SGZ"))
    written = put_grades_on_pages(review, by=town.editor("SGZ"), only=[entry_of(review, 5)])
    assert (len(written.pages), written.left) == (2, [])
    approve_all(town)
    html = Client().get(page_of(town, 5).url).content.decode()
    assert "Corrected words" in html
    assert "Corrected on" in html


def queries(path: str, **asked) -> int:
    cache.clear()
    Client().get(path, asked)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path, asked).status_code == 200
    return len(captured)


def test_boards_and_pages_with_grades_ask_the_database_nothing_more(town, clock) -> None:
    board = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    before = queries(board.url), queries(page_of(town).url)
    posted(town, clock)
    assert (queries(board.url), queries(page_of(town).url)) == before
    assert "Grades of 2026" in board_html(town)


def test_a_suspended_branch_takes_its_grades_along(town, clock) -> None:
    posted(town, clock)
    url = page_of(town).url
    town.close("SGZ")
    assert Client().get(url).status_code == 404
