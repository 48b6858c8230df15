"""What the tests of tasks share: a public branch and a held one, a template with numbers, a clock."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from pledge_pages.models import Assignment, Category, Member, MemberPledgePage, PledgeTemplate
from pledge_pages.tasks import actions, offers
from tests.staging import staged
from tests.worlds import Town, build_town, make_user

CODE = "SGZ-M001"
START = datetime(2026, 3, 5, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
DUE = date(2026, 12, 31)
NUMBERS = {"checks": 4, "days": 3}


def make_template() -> PledgeTemplate:
    """Make the work-safety document, which leaves two numbers open."""
    template = PledgeTemplate(
        code="RD-1", kind="responsibility",
        document={"zh-hans": "安全生产责任书", "en": "Work-safety responsibility document"},
        category=Category.objects.get(code="sanitation"),
        text={"zh-hans": "每月检查{checks}次", "en": "Look for hazards {checks} times a month"},
        measure={"zh-hans": "{days}天内整改", "en": "Each removed within {days} days"},
        first_task={"zh-hans": "先画一张图", "en": "Draw a map"},
        numbers={"checks": [1, 8], "days": [1, 7]},
    )  # fmt: skip
    template.full_clean()
    template.save()
    return template


def build_branches(progress: str | None = None) -> Town:
    """Build SGZ, which is public, and LSW, which is held; the first members' pledges say so."""
    town = build_town(members=2)
    for (member, _language), page in town.pages.items():
        if progress and member.endswith("M001"):
            page.pledges.update(progress=progress)
    for code in ("SGZ", "LSW"):
        town.hold_branch(code)
    town.open("SGZ")
    town.to_stage("LSW", "quiet")
    make_template()
    return town


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Let refusals be said in English, so that tests can read them."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, on the morning of 5 March 2026."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


town = staged(build_branches, START)


@pytest.fixture
def template(town) -> PledgeTemplate:
    """The template with two numbers."""
    return PledgeTemplate.objects.get(code="RD-1")


def offer_of(numbers: dict | None = None) -> offers.Offer:
    """What the template asks."""
    template = PledgeTemplate.objects.get(code="RD-1")
    return offers.from_template(template, NUMBERS if numbers is None else numbers)


def asked(town: Town, *codes: str, **changes) -> list[Assignment]:
    """Ask members of one branch, as its editor."""
    codes = codes or (CODE,)
    values = {"by": town.editor(codes[0][:3]), "year": 2026, "due": DUE, **changes}
    offer = values.pop("offer", None) or offer_of()
    return actions.assign_to([town.members[code] for code in codes], offer, **values)


def fresh(assignment: Assignment) -> Assignment:
    """Return the assignment as it is stored."""
    return Assignment.objects.get(pk=assignment.pk)


def drafts_of(town: Town, code: str = CODE) -> dict[str, MemberPledgePage]:
    """Return the newest version of the member's page by language."""
    return {
        language: MemberPledgePage.objects.get(pk=page.pk).get_latest_revision_as_object()
        for (member, language), page in town.pages.items()
        if member == code
    }


@pytest.fixture
def with_account(town) -> Callable:
    """A function that gives a member an account, and returns it."""

    def give(code: str = CODE):
        user = make_user(f"account_{code.lower()}")
        Member.objects.filter(code=code).update(user=user)
        town.members[code].refresh_from_db()
        return user

    return give
