"""Grades on printed sheets, in words, and sheets that show one that was corrected since."""

from datetime import date

import pytest
from django.utils.translation import override

from pledge_pages.appraisal import closing
from pledge_pages.appraisal.grades_on_page import put_grades_on_pages
from pledge_pages.models import Appraisal, Pilot, PrintedSheet
from pledge_pages.posters import printing
from pledge_pages.posters.reprints import wrong_sheets
from pledge_pages.posters.wish import Kind, Wish
from tests.appraisal.reviews.conftest import (
    OPINION,
    approve_all,
    closed,
    pass_days,
    posted,
)
from tests.posters.reading import words_of

pytestmark = pytest.mark.django_db


def printed(town, kind: str, languages: tuple[str, ...] = ("en",)) -> str:
    """The words on a sheet that was just printed."""
    wish = Wish(kind=kind, size="A4", languages=languages)
    return words_of(
        printing.print_sheets(Pilot.objects.get(code="SGZ"), wish, by=town.editor("SGZ")).content
    )


def wrong(language: str = "en") -> dict[str, set[tuple[str, str]]]:
    """Kind -> (code of the member, reason), of what is wrong now."""
    rows = PrintedSheet.objects.select_related("pilot__programme", "link")
    codes = dict(Appraisal.objects.values_list("member", "member__code"))
    with override(language):
        return {
            sheet.kind: {(codes.get(one.member_id, ""), one.reason) for one in why}
            for sheet, why in wrong_sheets(rows)
        }


def correct(town, review, clock) -> None:
    """Let member 1 have a lower grade, after they were told and the days for a reply are over."""
    pass_days(clock, 30)
    closing.correct_appraisal(
        Appraisal.objects.get(review=review, member__code="SGZ-M001", edition=0),
        by=town.moderator("SGZ"), reason="counted twice", grade="rest", told_how="paper",
        told_on=date(2027, 1, 21),
    )  # fmt: skip
    put_grades_on_pages(review, by=town.editor("SGZ"))
    approve_all(town)


def test_board_and_form_say_the_grade_with_its_year_and_a_plate_does_not(town, clock) -> None:
    posted(town, clock)
    assert "Year-endreview2026:Excellent" in printed(town, "board")
    assert "Year-endreview2026:Excellent" in printed(town, "forms")
    assert "Excellent" not in printed(town, "plates")
    assert "年终评议2026：Excellent" in printed(town, "board", ("zh-hans",))


def test_no_opinion_vote_or_survey_is_printed(town, clock) -> None:
    posted(town, clock)
    words = printed(town, "board") + printed(town, "forms")
    assert OPINION["en"].replace(" ", "") not in words
    assert "85%" not in words


def test_a_grade_that_no_moderator_approved_is_not_printed(town, clock) -> None:
    put_grades_on_pages(closed(town, clock), by=town.editor("SGZ"))
    assert "Excellent" not in printed(town, "board")


def test_a_sheet_with_a_grade_that_was_corrected_since_is_named(town, clock) -> None:
    review = posted(town, clock)
    for kind in Kind.values:
        printed(town, kind)
    assert wrong() == {}
    correct(town, review, clock)
    reason = ("SGZ-M001", "the grade was corrected")
    assert wrong() == {"board": {reason}, "forms": {reason}}
    printed(town, "board")
    assert len(wrong()) == 2, "what hangs still hangs"


def test_a_newer_grade_spoils_the_board_and_no_signed_form(town, clock) -> None:
    review = closed(town, clock)
    for kind in Kind.values:
        printed(town, kind)
    put_grades_on_pages(review, by=town.editor("SGZ"))
    approve_all(town)
    found = wrong()
    assert set(found) == {"board"}
    assert ("SGZ-M001", "another grade is shown now") in found["board"]


def test_a_sheet_of_which_no_grade_was_kept_is_not_wrong_for_it(town, clock) -> None:
    posted(town, clock)
    printed(town, "board")
    row = PrintedSheet.objects.get()
    for member in row.facts["members"].values():
        del member["grade"]
    row.save()
    assert wrong() == {}
