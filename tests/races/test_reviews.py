"""Two who close the same review, and an appeal against points that meets the closing."""

from datetime import date

import pytest

from pledge_pages.appraisal import (
    closing,
    ledger,
    point_appeals,
    review_grades,
    review_hearing,
    reviews,
)
from pledge_pages.models import Appeal, Appraisal, BranchReview, MemberReview, PointEntry
from tests.appraisal.conftest import rule
from tests.appraisal.outcomes.conftest import clock  # noqa: F401
from tests.races.test_outcomes import refusals
from tests.races.test_races import all_meetings
from tests.worlds import Town, build_town

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock"),
]


def ready_town() -> tuple[Town, BranchReview]:
    """A branch whose review could be closed: its only member was told and has replied."""
    town = build_town(("SGZ",), members=1)
    rule(town)
    member, editor, moderator = town.members["SGZ-M001"], town.editor("SGZ"), town.moderator("SGZ")
    base = ledger.enter_points(member, year=2026, clause="A0", on=date(2026, 4, 1), by=editor)
    ledger.confirm_entries([base], by=moderator)
    review = reviews.open_review(
        town.pilots["SGZ"], 2026, by=editor, held_on=date(2026, 12, 1), present=1
    )
    review_grades.propose_grades(review, by=moderator)
    entry = MemberReview.objects.select_related("review").get()
    review_hearing.tell_member(entry, by=editor, how="paper")
    review_hearing.record_review_reply(entry, by=editor, text={"en": "So be it"})
    return town, review


def test_a_review_is_closed_once_whoever_meets_whom(memory):
    town, review = ready_town()
    closers = [
        lambda by=by: closing.close_review(review, by=by)
        for by in (town.moderator("SGZ"), town.lead)
    ]
    for meeting in all_meetings(memory, lambda: (closers[0], closers[1]), both_ways=False):
        assert len(refusals(meeting)) == 1
        assert Appraisal.objects.count() == 1
        assert BranchReview.objects.get().state == "closed"


def test_an_appeal_against_points_comes_before_the_closing_or_after_it(memory):
    town, review = ready_town()
    entry = PointEntry.objects.get()
    appeal = {"by": town.editor("SGZ"), "ground": "It was not so"}
    for meeting in all_meetings(
        memory,
        lambda: (
            lambda: closing.close_review(review, by=town.moderator("SGZ")),
            lambda: point_appeals.raise_points_appeal(entry, **appeal),
        ),
    ):
        closed = BranchReview.objects.get().state == "closed"
        assert Appeal.objects.count() == 1
        assert closed == (refusals(meeting) == [])
        assert Appraisal.objects.count() == int(closed)
