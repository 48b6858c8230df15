"""Who was asked to sign a responsibility document in the sample town, by the day."""

from datetime import date

import pytest

from home.demo.tasks import ANSWERED, DOCUMENTS, NUMBERS
from pledge_pages.models import Assignment, MemberPledgePage, PledgeTemplate
from pledge_pages.tasks import offers

pytestmark = pytest.mark.django_db


def test_the_documents_of_a_year_are_asked_for_once_it_has_begun(small_town) -> None:
    small_town(date(2025, 12, 31))
    assert not Assignment.objects.exists()
    assert PledgeTemplate.objects.filter(kind="responsibility").count() == len(DOCUMENTS)


def test_what_is_asked_stands_open_in_the_villages_and_says_its_numbers(small_town) -> None:
    small_town(date(2026, 3, 5), members_per_village=9)
    asked = {row.member.code: row for row in Assignment.objects.select_related("member")}
    assert {code: row.state for code, row in asked.items()} == {
        "LSW-M01": "offered", "SGZ-M09": "offered",
    }  # fmt: skip
    first = asked["LSW-M01"]
    assert (first.kind, first.year, first.template.code) == ("responsibility", 2026, "RD-1")
    assert "12 places" in first.text["en"]
    assert first.assigned_at.date() == date(2026, 3, 5)


def test_every_template_that_is_asked_for_takes_the_numbers_it_is_given(small_town) -> None:
    small_town(date(2025, 12, 31))
    for code, numbers in NUMBERS.items():
        offers.from_template(PledgeTemplate.objects.get(code=code), numbers)
    assert ANSWERED not in {page.member.pilot.code for page in MemberPledgePage.objects.all()}
