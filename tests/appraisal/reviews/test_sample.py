"""The 18 reviews and three appeals of the sample town: loaded, and their figures by our arithmetic."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation
from wagtail.models import ModelLogEntry

from home.demo import yearly
from home.demo.sample import Sample, read_sample
from pledge_pages.appraisal.closing import what_is_missing
from pledge_pages.appraisal.grades_on_page import said_of, standing_of
from pledge_pages.appraisal.review_grades import survey_of
from pledge_pages.appraisal.review_import import Difference
from pledge_pages.models import Appeal, Appraisal, BranchReview, Member, Pilot
from pledge_pages.office.review_rows import entry_rows
from tests.appraisal.test_sample import load

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> None:
    """These tests go by the calendar: nothing here depends on the day but what is given."""


@pytest.fixture(scope="module")
def sample() -> Sample:
    return read_sample()


def take_over(sample: Sample, on: date | None = None) -> list[Difference]:
    """Load the town's people, rules, points, appeals and reviews; return what differs."""
    load(sample, on)
    known = {
        "pilots": {pilot.code: pilot for pilot in Pilot.objects.select_related("programme")},
        "members": {m.code: m for m in Member.objects.select_related("pilot__programme")},
        "by": get_user_model().objects.get(username="lead"),
    }
    yearly.take_over_appeals(sample, on or sample.on, **known)
    taken = yearly.take_over(sample, on or sample.on, **known)
    return [one for each in taken for one in each.differences]


def test_every_figure_of_the_18_reviews_is_reproduced_by_our_arithmetic(sample) -> None:
    assert take_over(sample) == []
    stated = {row["member"]: row for row in sample["reviews"]}
    found = Appraisal.objects.select_related("member", "review__rulebook")
    assert {one.member.code for one in found} == set(stated)
    assert len(stated) == 18
    for one in found:
        row, survey = stated[one.member.code], survey_of(one)
        assert survey is not None
        assert (one.points, one.grade, one.peer) == (
            row["points"], row["grade"], row["peer_votes"],
        )  # fmt: skip
        assert survey.percent == row["villager_survey"]["satisfaction_pct"]
        assert survey.answers == row["villager_survey"]["respondents"]
        counts = row["villager_survey"]["publish"] == "counts"
        assert ("satisfied" in said_of(one)["survey"]) is counts


def test_what_is_not_known_of_them_is_kept_and_counted_in_one_line_of_the_trail(sample) -> None:
    take_over(sample)
    line = ModelLogEntry.objects.get(action="pledge_pages.import_reviews")
    assert line.data["missing"] == dict.fromkeys(
        ["no_ballot", "no_how", "no_reply", "no_second", "no_self"], 18
    )
    assert (line.data["count"], line.data["differences"]) == (18, {})
    assert all("no_self" in one.gaps for one in Appraisal.objects.filter(imported=True))


def test_the_list_of_a_review_says_of_each_member_what_is_not_known(sample) -> None:
    take_over(sample)
    review = BranchReview.objects.first()
    with translation.override("en"):
        rows = entry_rows(review.entries.select_related("member"), review)
    assert rows
    assert all("no figure of the member's own" in row.missing for row in rows)


def test_a_figure_that_our_arithmetic_does_not_come_to_is_listed(sample) -> None:
    changed = Sample({**sample.data, "reviews": [
        {**row, "points": 99} if row["member"] == "SGZ-M12" else row for row in sample["reviews"]
    ]})  # fmt: skip
    assert take_over(changed) == [Difference("SGZ-M12", "points", 99, 98)]


@pytest.mark.parametrize(
    ("on", "reviews", "told", "closed"),
    [
        ("2026-01-11", 0, 0, 0),
        ("2026-01-12", 1, 0, 0),
        ("2026-01-13", 1, 18, 0),
        ("2026-01-20", 1, 18, 0),
        ("2026-01-21", 1, 18, 18),
    ],
)
def test_on_an_earlier_day_a_review_is_as_far_as_it_was(sample, on, reviews, told, closed) -> None:
    take_over(sample, date.fromisoformat(on))
    assert BranchReview.objects.count() == reviews
    assert sum(one.entries.filter(told_on__isnull=False).count() for one in
               BranchReview.objects.all()) == told  # fmt: skip
    assert Appraisal.objects.count() == closed
    assert sum(map(len, standing_of(pilot=Pilot.objects.get(code="SGZ").pk).values())) == closed


def test_three_appeals_are_taken_over_with_what_they_corrected_and_what_is_not_known(
    sample,
) -> None:
    take_over(sample)
    found = Appeal.objects.order_by("raised_on").select_related("entry", "member")
    assert [
        (a.member.code, a.entry.clause, a.verdict, hasattr(a.entry, "reversal"), a.gaps)
        for a in found
    ] == [
        ("SGZ-M10", "K1", "upheld", True, ["no_scan", "no_judge"]),
        ("SGZ-M04", "B1", "upheld", True, ["no_scan", "no_judge"]),
        ("SGZ-M12", "D2", "dismissed", False, ["no_scan", "no_judge"]),
    ]
    line = ModelLogEntry.objects.get(action="pledge_pages.import_appeals")
    assert line.data["missing"] == {"no_judge": 3, "no_scan": 3}
    assert "家长会" not in str(line.data)


def test_an_appeal_that_was_open_on_the_day_is_open_and_keeps_the_review_open(sample) -> None:
    take_over(sample, date(2026, 1, 7))
    appeal = Appeal.objects.get(member__code="SGZ-M12")
    assert appeal.is_open
    assert appeal.decided_at is None
    review = BranchReview(pilot=Pilot.objects.get(code="SGZ"), year=2025)
    assert "SGZ-M12" in " ".join(what_is_missing(review, []))


def test_a_relatives_building_is_off_in_the_rules_of_the_review(sample) -> None:
    take_over(sample)
    book = BranchReview.objects.get().rulebook
    assert book.clauses.get(code="K1").in_force is False
