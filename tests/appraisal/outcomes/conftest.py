"""What the tests of outcomes share: a public branch, its checkers, and a clock to set."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation
from wagtail.models import Page

from pledge_pages.appraisal import outcomes
from pledge_pages.models import MemberPledgePage, OutcomeDecision
from tests.embargo.scene import add_files
from tests.staging import staged
from tests.worlds import LANGUAGES, Town, build_town, make_user

METHOD = {"zh-hans": "现场看过", "en": "Seen on the spot"}
REASON = {"zh-hans": "全年打扫了七次", "en": "Swept seven times in the year"}
CODE = "SGZ-M001"
START = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def build_public_branches() -> Town:
    """Build SGZ, which is public, and LSW, which is held; each with a verifier."""
    town = build_town(members=2)
    add_files(town)
    for code in ("SGZ", "LSW"):
        town.hold_branch(code)
        town.verifier(code)
    town.open("SGZ")
    return town


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Let refusals be said in English, so that tests can read them."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, on the morning of 1 December 2026."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


town = staged(build_public_branches, START)


def page_of(town: Town, language: str = "en", code: str = CODE) -> MemberPledgePage:
    """Return the member's page, fresh."""
    return MemberPledgePage.objects.get(pk=town.pages[code, language].pk)


def opened(town: Town, outcome: str = "fulfilled", code: str = CODE, **values) -> OutcomeDecision:
    """Open a check of the member's pledge, as the branch's editor."""
    branch = code[:3]
    values = {"by": town.editor(branch), "method": METHOD, "reason": REASON, **values}
    key = page_of(town, code=code).pledges.get().key
    return outcomes.open_check(town.members[code], key, outcome=outcome, **values)


def confirmed(town: Town, outcome: str = "fulfilled", code: str = CODE) -> OutcomeDecision:
    """Open a check, and have it confirmed by the branch's editor and a verifier."""
    decision, branch = opened(town, outcome, code), code[:3]
    for by in (town.editor(branch), town.verifier(branch)):
        outcomes.make_statement(decision, by=by, agrees=True, text="I was there and saw it.")
    return fresh(decision)


def told(town: Town, outcome: str = "not_fulfilled") -> OutcomeDecision:
    """Have a member told of what was found."""
    decision = confirmed(town, outcome)
    return outcomes.tell_member(decision, by=town.editor("SGZ"), how="in_person")


def final(town: Town, clock, outcome: str = "fulfilled") -> OutcomeDecision:
    """Have a decision made final; for what is not positive the reply window passes."""
    if outcome == "fulfilled":
        return outcomes.finalise(confirmed(town), by=town.editor("SGZ"))
    decision = told(town, outcome)
    pass_days(clock, 8)
    return outcomes.finalise(decision, by=town.editor("SGZ"))


def pass_days(clock, number: int) -> None:
    """Let so many days pass."""
    clock.shift(number * 86_400)


def fresh(decision: OutcomeDecision) -> OutcomeDecision:
    """Return the decision as it is stored."""
    return OutcomeDecision.objects.get(pk=decision.pk)


def approve_all(town: Town, code: str = CODE) -> None:
    """Have everything of the member that is in review approved."""
    for language in LANGUAGES:
        page = Page.objects.get(pk=town.pages[code, language].pk).specific
        if page.workflow_in_progress:
            town.approve(page, town.moderator(code[:3]))


@pytest.fixture
def with_account(town) -> Callable:
    """A function that gives a member an account, and returns it."""

    def give(code: str = CODE):
        member = town.members[code]
        user = make_user(f"account_{code.lower()}")
        type(member).objects.filter(pk=member.pk).update(user=user)
        member.refresh_from_db()
        return user

    return give
