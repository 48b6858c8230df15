"""How content villagers are, in a pilot's checklist: on the dashboard and in the dossier."""

import re
from datetime import date

import pytest

from pledge_pages.appraisal import closing
from pledge_pages.models import MemberReview, Pilot
from pledge_pages.office.dossier_content import sections_of
from pledge_pages.pilots import readiness
from tests.appraisal.reviews.conftest import closed, pass_days, told
from tests.office.conftest import speak_english

pytestmark = pytest.mark.django_db

OVERVIEW = "/admin/pledge-boards/overview/"


def found(on: date = date(2027, 6, 1), code: str = "SGZ") -> readiness.Finding:
    pilot = Pilot.objects.select_related("programme").get(code=code)
    rows = readiness.findings([pilot], on)[pilot.pk]
    return next(row for row in rows if row.row.code == "satisfaction")


def in_dossier(town) -> list[str]:
    pilot = Pilot.objects.select_related("programme").get(code="SGZ")
    checklist = sections_of(pilot, by=town.lead, on=date(2027, 6, 1))[0]
    return next(row for row in checklist.rows if row[0] == "Villagers satisfied")


def on_dashboard(town, client) -> str:
    client.force_login(town.lead)
    html = client.get(OVERVIEW).content.decode()
    html = html[html.index('aria-labelledby="pilot-') :]
    row = html[html.index("Villagers satisfied") :]
    return " ".join(re.sub(r"<[^>]+>", " ", row[: row.index("</tr>")]).split())


def answers(review, *, satisfied: int, neutral: int, dissatisfied: int) -> None:
    """Let villagers have said so of one member, and nothing of the others."""
    MemberReview.objects.filter(review=review).update(
        satisfied=None, neutral=None, dissatisfied=None
    )
    MemberReview.objects.filter(review=review, member__code="SGZ-M001").update(
        satisfied=satisfied, neutral=neutral, dissatisfied=dissatisfied
    )


def test_the_share_of_satisfied_answers_of_the_newest_closed_review_is_a_row(town, clock, client):
    speak_english(town.lead)
    assert found().number is None
    closed(town, clock)
    assert (found().number, found().met) == (85, True)
    assert in_dossier(town)[1:] == ["85%", "at least 80%", "● met"]
    assert on_dashboard(town, client) == "Villagers satisfied 85% at least 80% ● met"


def test_a_review_counts_from_the_day_it_is_closed_and_only_for_its_branch(town, clock):
    review = closed(town, clock)
    assert found(on=review.closed_on).number == 85
    assert found(on=date(2027, 1, 13)).number is None
    assert found(code="LSW").number is None


def test_a_review_that_is_not_closed_says_nothing(town, clock):
    told(town)
    pass_days(clock, 30)
    assert (found().number, found().word) == (None, "nothing to count yet")


def close_with(town, clock, **numbers) -> None:
    review = told(town)
    answers(review, **numbers)
    pass_days(clock, 8)
    closing.close_review(review, by=town.moderator("SGZ"))


def test_of_too_few_answers_the_row_says_so_and_no_number(town, clock, client):
    speak_english(town.lead)
    close_with(town, clock, satisfied=1, neutral=0, dissatisfied=8)
    assert (found().number, found().met, found().word) == (None, None, "too few answers")
    assert in_dossier(town)[1:] == ["–", "at least 80%", "– too few answers"]
    assert on_dashboard(town, client) == "Villagers satisfied – at least 80% – too few answers"


def test_the_least_number_of_answers_is_that_of_the_setting(town, clock, settings):
    close_with(town, clock, satisfied=7, neutral=1, dissatisfied=1)
    assert found().number is None
    settings.PLEDGE_PAGES_SURVEY_LEAST_ANSWERS = 9
    assert (found().number, found().met) == (77, False)
    settings.PLEDGE_PAGES_READINESS_TARGETS = {"satisfaction": 77}
    assert found().met
