# ruff: noqa: F811 (fixtures of other rooms)
"""The member in the year-end review, and appeals against points, on their own pages."""

import pytest
from django.test import Client

from pledge_pages.appraisal import closing, review_grades
from pledge_pages.models import Appeal, Member, MemberReview, PointEntry
from tests.appraisal.reviews.conftest import (  # noqa: F401
    _english,
    account_of,
    clock,
    entry_of,
    filled,
    graded,
    pass_days,
    told,
    town,
)

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")


def browser_of(town, number: int = 1) -> Client:
    client = Client()
    client.force_login(account_of(town, number))
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_there_in_both_languages(town, language) -> None:
    told(town)
    entry = PointEntry.objects.filter(member__code="SGZ-M001").first()
    mine = browser_of(town)
    for page in ("", "reviews/", "reviews/2026/reply/", "reviews/2026/own-view/",
                 "points/2026/", f"points/entries/{entry.pk}/appeal/"):  # fmt: skip
        answer = mine.get(f"/{language}/mine/{page}")
        assert answer.status_code == 200, page
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_member_says_how_they_see_their_year_until_grades_are_proposed(town) -> None:
    review = filled(town)
    mine = browser_of(town)
    assert "/en/mine/reviews/2026/own-view/" in mine.get("/en/mine/").content.decode()

    answer = mine.post("/en/mine/reviews/2026/own-view/", {"grade": "rest"}, follow=True)

    assert "Your own view is kept" in answer.content.decode()
    assert entry_of(review, 1).self_grade == "rest"
    review_grades.propose_grades(review, by=town.moderator("SGZ"))
    answer = mine.post("/en/mine/reviews/2026/own-view/", {"grade": "excellent"})
    assert "are complete" in answer.content.decode()
    assert entry_of(review, 1).self_grade == "rest"


def test_no_grade_is_shown_before_the_member_was_told(town) -> None:
    review = graded(town)
    entry = entry_of(review, 1)
    assert entry.grade == "excellent"
    mine = browser_of(town)
    page = mine.get("/en/mine/reviews/").content.decode()
    assert "You were told of no grade yet" in page
    assert "Excellent" not in page
    assert "Steady work" not in page
    assert mine.get("/en/mine/reviews/2026/reply/").status_code == 404


def test_a_told_member_gives_an_account_of_the_grade_once(town) -> None:
    review = told(town)
    mine = browser_of(town)
    page = mine.get("/en/mine/reviews/").content.decode()
    assert "Steady work" in page
    assert "/en/mine/reviews/2026/reply/" in page
    assert "/en/mine/reviews/2026/reply/" in mine.get("/en/mine/").content.decode()

    mine.post("/en/mine/reviews/2026/reply/", {"text_en": "I see it otherwise"})

    entry = entry_of(review, 1)
    assert entry.reply == {"en": "I see it otherwise"}
    assert entry.reply_by == Member.objects.get(code="SGZ-M001").user
    mine.post("/en/mine/reviews/2026/reply/", {"text_en": "And again"})
    assert entry_of(review, 1).reply == {"en": "I see it otherwise"}
    assert "otherwise" in mine.get("/en/mine/reviews/").content.decode()


def test_an_account_that_comes_too_late_or_is_empty_is_not_kept(town, clock) -> None:
    review = told(town)
    mine = browser_of(town)
    assert (
        "Write down" in mine.post("/en/mine/reviews/2026/reply/", {"text_en": " "}).content.decode()
    )
    pass_days(clock, 8)
    mine.force_login(Member.objects.get(code="SGZ-M001").user)
    answer = mine.post("/en/mine/reviews/2026/reply/", {"text_en": "late"})
    assert "ended on" in answer.content.decode()
    assert entry_of(review, 1).reply == {}


def test_what_stands_after_the_review_is_what_a_correction_says(town, clock) -> None:
    review = told(town)
    pass_days(clock, 8)
    closing.close_review(review, by=town.moderator("SGZ"))
    mine = browser_of(town)
    page = mine.get("/en/mine/reviews/").content.decode()
    assert "Closed" in page
    assert "Excellent" in page


def test_another_members_review_and_points_are_not_found(town) -> None:
    told(town)
    MemberReview.objects.filter(member__code="SGZ-M002").update(grade="rest")
    other = PointEntry.objects.filter(member__code="SGZ-M002").first()
    mine = browser_of(town)
    nothing = mine.get("/en/no-such-page/").content
    for path in (f"points/entries/{other.pk}/appeal/", "reviews/2025/reply/"):
        assert mine.get(f"/en/mine/{path}").content == nothing
        assert mine.post(f"/en/mine/{path}", {"ground": "x"}).status_code == 404
    assert not Appeal.objects.exists()


def test_a_member_appeals_against_points_once(town, clock) -> None:
    mine = browser_of(town)
    entry = PointEntry.objects.filter(member__code="SGZ-M001", clause="P1").first()
    where = f"/en/mine/points/entries/{entry.pk}/appeal/"
    assert where in mine.get("/en/mine/points/2026/").content.decode()
    assert "required" in mine.post(where, {"ground": " "}).content.decode()

    mine.post(where, {"ground": "It was twice as much"})

    appeal = Appeal.objects.get(entry=entry)
    assert appeal.raised_by == Member.objects.get(code="SGZ-M001").user
    page = mine.get("/en/mine/points/2026/").content.decode()
    assert "Your appeal: open" in page
    assert where not in page
    assert "cannot be appealed against now" in mine.get(where).content.decode()


def test_points_are_not_appealed_against_when_the_days_are_over(town, clock) -> None:
    entry = PointEntry.objects.filter(member__code="SGZ-M001").first()
    pass_days(clock, 60)
    mine = browser_of(town)
    where = f"/en/mine/points/entries/{entry.pk}/appeal/"
    assert where not in mine.get("/en/mine/points/2026/").content.decode()
    assert "cannot be appealed" in mine.post(where, {"ground": "late"}).content.decode()
    assert not Appeal.objects.exists()


def test_the_number_of_queries_does_not_grow_with_what_is_listed(
    town,
    django_assert_max_num_queries,
) -> None:
    told(town)
    mine = browser_of(town)
    with django_assert_max_num_queries(14):
        mine.get("/en/mine/reviews/")
    with django_assert_max_num_queries(16):
        mine.get("/en/mine/points/2026/")
