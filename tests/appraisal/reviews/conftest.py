"""What the tests of year-end reviews share: a public branch of six, three with pages, and a clock."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation
from wagtail.models import Page

from pledge_pages.appraisal import closing, ledger, review_grades, review_hearing, reviews
from pledge_pages.appraisal.grades_on_page import put_grades_on_pages
from pledge_pages.models import (
    BranchReview,
    Category,
    Member,
    MemberPledgePage,
    MemberReview,
    PointEntry,
)
from pledge_pages.people.models import Office, Post
from tests.appraisal.conftest import rule
from tests.staging import staged
from tests.worlds import (
    LANGUAGES,
    Town,
    build_member,
    build_member_page,
    build_town,
    make_user,
)

START = datetime(2027, 1, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
HELD = date(2027, 1, 11)
OPINION = {"zh-hans": "做得踏实", "en": "Steady work"}
REPLY = {"zh-hans": "我接受", "en": "I accept it"}
# Points besides the base of 80, by the member's number: all but two are over the threshold of 92.
EXTRA = {1: 18, 2: 18, 3: 12, 4: 12, 5: 0, 6: 0}


def add_points(town: Town, code: str = "SGZ") -> None:
    """Give the members of a branch a base and fulfilled pledges, confirmed."""
    editor, moderator = town.editor(code), town.moderator(code)
    asked = {"year": 2026, "by": editor}
    for member in Member.objects.filter(pilot__code=code):
        ledger.enter_points(member, clause="A0", on=date(2026, 4, 1), **asked)
        for number in range(EXTRA[int(member.code[-1])] // 6):
            ledger.enter_points(
                member, clause="P1", on=date(2026, 5, 4), ref=f"minutes {number}", **asked
            )
    ledger.confirm_entries(PointEntry.objects.filter(member__pilot__code=code), by=moderator)


def build_reviewed_branch() -> Town:
    town = build_town(("SGZ", "LSW"), members=2)
    for number in range(3, 7):
        office, post = Office.objects.get(is_secretary=False), Post.objects.get()
        member = build_member(town, "SGZ", number, office, post)
        for language in LANGUAGES if number == 5 else ():
            page = build_member_page(town, member, language, Category.objects.get())
            town.pages[member.code, language] = page
    rule(town)
    town.hold_branch("SGZ")
    town.open("SGZ")
    add_points(town)
    return town


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, on the morning of 12 January 2027."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


town = staged(build_reviewed_branch, START)


def opened(town: Town, **values) -> BranchReview:
    values = {"held_on": HELD, "present": 6, "voters": 10, "by": town.editor("SGZ"), **values}
    return reviews.open_review(town.pilots["SGZ"], 2026, **values)


def entry_of(review: BranchReview, number: int) -> MemberReview:
    """The place of the member with that number, fresh."""
    entries = MemberReview.objects.select_related("review__pilot__programme", "member__pilot")
    return entries.get(review=review, member__code=f"SGZ-M00{number}")


def filled(town: Town) -> BranchReview:
    """A review with figures of everyone: member 3 has more votes than 4, who has as many points."""
    review = opened(town)
    for number in range(1, 7):
        best = 4 if number == 3 else 2
        reviews.enter_figures(
            entry_of(review, number), by=town.editor("SGZ"), opinion=OPINION,
            peer={"excellent": best, "rest": 1}, ballot={"excellent": best, "rest": 5},
            satisfied=17, neutral=2, dissatisfied=1,
        )  # fmt: skip
    return fresh(review)


def graded(town: Town) -> BranchReview:
    return fresh(review_grades.propose_grades(filled(town), by=town.moderator("SGZ")))


def told(town: Town) -> BranchReview:
    review = graded(town)
    for number in range(1, 7):
        review_hearing.tell_member(entry_of(review, number), by=town.editor("SGZ"), how="paper")
    return review


def closed(town: Town, clock) -> BranchReview:
    """A closed review: member 1 has replied, of all others the days are over."""
    review = told(town)
    review_hearing.record_review_reply(entry_of(review, 1), by=town.editor("SGZ"), text=REPLY)
    pass_days(clock, 8)
    closing.close_review(review, by=town.moderator("SGZ"))
    return fresh(review)


def pass_days(clock, number: int) -> None:
    clock.shift(number * 86_400)


def fresh(review: BranchReview) -> BranchReview:
    return BranchReview.objects.select_related("pilot__programme", "rulebook").get(pk=review.pk)


def page_of(town: Town, number: int = 1, language: str = "en") -> MemberPledgePage:
    return MemberPledgePage.objects.get(pk=town.pages[f"SGZ-M00{number}", language].pk)


def approve_all(town: Town) -> None:
    """Have everything of the branch that is in review approved."""
    for (code, _language), page in town.pages.items():
        found = Page.objects.get(pk=page.pk).specific
        if code.startswith("SGZ") and found.workflow_in_progress:
            town.approve(found, town.moderator("SGZ"))


def posted(town: Town, clock) -> BranchReview:
    """A closed review whose grades moderators let onto the pages."""
    review = closed(town, clock)
    put_grades_on_pages(review, by=town.editor("SGZ"))
    approve_all(town)
    return review


def account_of(town: Town, number: int):
    """Give a member an account, and return it."""
    user = make_user(f"account_{number}")
    Member.objects.filter(code=f"SGZ-M00{number}").update(user=user)
    return user


__all__ = ["LANGUAGES"]
