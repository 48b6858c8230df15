"""Year-end reviews in the admin: who finds them, what is said, each step by its form."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from pledge_pages.appraisal import ledger, point_appeals
from pledge_pages.appraisal import reviews as actions
from pledge_pages.models import Appeal, BranchReview, PointEntry
from tests.appraisal.reviews.conftest import (
    HELD,
    account_of,
    closed,
    entry_of,
    filled,
    fresh,
    graded,
    opened,
    page_of,
    pass_days,
    told,
)
from tests.office.conftest import speak_english

pytestmark = pytest.mark.django_db
BASE = "/admin/pledge-boards/reviews/"


def as_(user) -> Client:
    speak_english(user)
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return response.content.decode()


def test_a_branch_s_year_from_its_opening_to_the_pages_by_the_forms_alone(town, clock) -> None:
    editor, moderator = as_(town.editor("SGZ")), as_(town.moderator("SGZ"))
    pilot = town.pilots["SGZ"].pk
    form = {"year": 2026, "held_on": "2027-01-11", "present": 6, "voters": 10}
    assert editor.post(f"{BASE}open/{pilot}/", form).status_code == 302
    review = BranchReview.objects.get()
    url = f"{BASE}{review.pk}/"
    assert "survey" in text_of(editor.get(url))
    for number in range(1, 7):
        figures = {
            "peer:excellent": 2, "peer:rest": 1, "ballot:excellent": 2, "ballot:rest": 5,
            "satisfied": 17, "neutral": 2, "dissatisfied": 1, "opinion_en": "Steady work",
        }  # fmt: skip
        answer = editor.post(f"{url}members/{entry_of(review, number).pk}/figures/", figures)
        assert answer.status_code == 302, text_of(answer)
    entry = entry_of(review, 1)
    assert (entry.peer, entry.satisfied) == ({"excellent": 2, "rest": 1}, 17)
    assert entry.opinion == {"en": "Steady work"}
    page = text_of(moderator.get(f"{url}grades/"))
    answers = {}
    for one in review.entries.all():
        assert f"grade:{one.pk}" in page
        answers |= {f"grade:{one.pk}": "rest", f"why:{one.pk}": "Everyone alike"}
    assert moderator.post(f"{url}grades/", answers).status_code == 302
    for number in range(1, 7):
        step = f"{url}members/{entry_of(review, number).pk}/tell/"
        assert editor.post(step, {"how": "paper", "on": "2027-01-12"}).status_code == 302
    pass_days(clock, 8)
    editor, moderator = (
        as_(town.editor("SGZ")),
        as_(town.moderator("SGZ")),
    )  # nobody stays signed in
    assert moderator.post(f"{url}close/").status_code == 302
    assert editor.post(f"{url}put/").status_code == 302
    submitted = page_of(town).get_latest_revision_as_object().grades
    assert [(row["year"], row["grade"]) for row in submitted] == [(2026, "rest")]
    assert "submitted with the page" in text_of(editor.get(url))


def test_too_many_excellent_are_refused_in_the_form_with_the_number_allowed(town) -> None:
    review = filled(town)
    answers = {}
    for entry in review.entries.all():
        high = entry.member.code[-1] in "123"
        answers |= {f"grade:{entry.pk}": "excellent" if high else "rest", f"why:{entry.pk}": "x"}
    page = as_(town.moderator("SGZ")).post(f"{BASE}{review.pk}/grades/", answers)
    assert page.status_code == 200
    assert "“Excellent” is for at most 2 of 6; 3 have it." in text_of(page)
    assert fresh(review).state == "open"


def test_an_error_of_votes_stands_at_the_votes(town) -> None:
    entry = entry_of(opened(town), 1)
    url = f"{BASE}{entry.review_id}/members/{entry.pk}/figures/"
    page = as_(town.editor("SGZ")).post(url, {"peer:excellent": 6})
    assert page.context["form"].errors["peer:excellent"] == [
        "6 votes, but only 5 other members were present."
    ]


def addresses(review) -> list[str]:
    entry = entry_of(review, 1)
    url = f"{BASE}{review.pk}/"
    return [
        url, f"{url}grades/", f"{url}close/", f"{url}members/{entry.pk}/",
        f"{url}members/{entry.pk}/figures/", f"{url}members/{entry.pk}/sanction/",
        f"{BASE}open/{review.pilot_id}/",
    ]  # fmt: skip


def test_others_find_a_plain_404_at_every_address(town) -> None:
    review = opened(town)
    for user in (town.editor("LSW"), town.verifier("SGZ"), account_of(town, 2)):
        client = as_(user)
        for url in addresses(review):
            assert client.get(url).status_code in (302, 404), url
            for answer in (client.get(url), client.post(url)):
                assert answer.status_code in (302, 404, 405), url
                if answer.status_code == 302:  # no right to enter the admin at all
                    assert answer.url.startswith(("/admin/login", "/accounts/", "/admin/"))
                assert "SGZ-M001" not in text_of(answer)
        assert "SGZ" not in text_of(client.get(BASE))


def test_a_step_that_cannot_be_taken_changes_nothing(town) -> None:
    review = graded(town)
    entry = entry_of(review, 1)
    client = as_(town.editor("SGZ"))
    for url in (f"{BASE}{review.pk}/close/", f"{BASE}{review.pk}/members/{entry.pk}/figures/"):
        assert client.post(url, {"satisfied": 1}, follow=True).status_code == 200
    assert client.post(f"{BASE}{review.pk}/nothing/").status_code == 404
    assert fresh(review).state == "told"
    page = as_(town.moderator("SGZ")).post(f"{BASE}{review.pk}/close/")
    assert "Not told yet: SGZ-M001" in text_of(page)


def test_sanctions_are_read_by_moderators_and_leads_alone(town) -> None:
    entry = entry_of(opened(town), 1)
    actions.record_sanction(
        entry, by=town.moderator("SGZ"), what="Talk with the branch", basis="Minutes", on=HELD
    )
    url = f"{BASE}{entry.review_id}/members/{entry.pk}/"
    assert "Talk with the branch" not in text_of(as_(town.editor("SGZ")).get(url))
    assert "Talk with the branch" in text_of(as_(town.moderator("SGZ")).get(url))


def test_a_correction_by_its_form(town, clock) -> None:
    review = closed(town, clock)
    entry = entry_of(review, 1)
    url = f"{BASE}{review.pk}/members/{entry.pk}/correct/"
    form = {
        "grade": "rest", "reason": "Counted twice", "told_on": "2027-01-20", "told_how": "paper",
        "opinion_en": "Words", "reply_en": "So be it", "replied_on": "2027-01-20",
    }  # fmt: skip
    client = as_(town.moderator("SGZ"))
    assert client.get(url).status_code == 200
    answer = client.post(url, form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert review.appraisals.get(edition=1).reply == {"en": "So be it"}
    assert "Correction: Counted twice" in text_of(client.get(url.removesuffix("correct/")))


def test_the_lists_cost_the_same_however_many_members(town, django_assert_max_num_queries) -> None:
    review = told(town)
    client = as_(town.editor("SGZ"))
    client.get(f"{BASE}{review.pk}/")
    for url, most in ((BASE, 30), (f"{BASE}{review.pk}/", 40)):
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


# Appeals against points -----------------------------------------------------------------------


def entry_of_points() -> PointEntry:
    return PointEntry.objects.filter(member__code="SGZ-M001", clause="P1").first()


def test_an_appeal_against_points_is_raised_on_the_ledger_and_decided_by_another(town) -> None:
    entry = entry_of_points()
    url = f"/admin/pledge-boards/points/entries/{entry.pk}/"
    editor = as_(town.editor("SGZ"))
    form = {"ground": "The days were not over", "on": "2027-01-12"}
    assert editor.post(f"{url}appeal/", form).status_code == 302
    answer = {"verdict": "upheld", "reason": "So it was"}
    # The moderator confirmed the entry: somebody else decides.
    assert as_(town.moderator("SGZ")).post(f"{url}decide/", answer).status_code == 200
    page = as_(town.lead).get(f"{url}decide/")
    assert "The days were not over" in text_of(page)
    assert as_(town.lead).post(f"{url}decide/", answer).status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.verdict, appeal.entry.reversal.points) == ("upheld", -6)
    ledger_page = text_of(
        editor.get(f"/admin/pledge-boards/points/members/{entry.member_id}/2026/")
    )
    assert "appealed against on 2027-01-12: Upheld" in ledger_page


def test_an_appeal_against_points_is_raised_once_in_time_by_the_member_or_staff(
    town, clock
) -> None:
    entry, user = entry_of_points(), account_of(town, 1)
    assert point_appeals.may_appeal(user, entry)
    for by in (town.editor("LSW"), account_of(town, 2), town.verifier("SGZ")):
        assert not point_appeals.may_appeal(by, entry)
        with pytest.raises(PermissionDenied, match="Only the member"):
            point_appeals.raise_points_appeal(entry, by=by, ground="x")
    appeal = point_appeals.raise_points_appeal(entry, by=user, ground="It was not so")
    with pytest.raises(ValidationError, match="There was an appeal"):
        point_appeals.raise_points_appeal(entry, by=user, ground="Again")
    point_appeals.decide_points_appeal(appeal, by=town.lead, verdict="dismissed", reason="No")
    assert not hasattr(PointEntry.objects.get(pk=entry.pk), "reversal")
    with pytest.raises(ValidationError, match="decided already"):
        point_appeals.decide_points_appeal(appeal, by=town.lead, verdict="upheld", reason="Yes")
    other = ledger.enter_points(
        town.members["SGZ-M002"], year=2026, clause="D2", on=HELD, by=town.editor("SGZ")
    )
    ledger.confirm_entries([other], by=town.moderator("SGZ"))
    pass_days(clock, 15)
    assert not point_appeals.may_appeal(town.editor("SGZ"), other)
    with pytest.raises(ValidationError, match="The days for an appeal ended"):
        point_appeals.raise_points_appeal(other, by=town.editor("SGZ"), ground="x")


@pytest.mark.parametrize("verb", ["close", "put"])
def test_a_step_that_cannot_be_taken_yet_leads_back_and_says_so(town, verb) -> None:
    review = opened(town)
    answer = as_(town.editor("SGZ")).get(f"{BASE}{review.pk}/{verb}/", follow=True)
    assert answer.redirect_chain == [(f"{BASE}{review.pk}/", 302)]
    assert "This step cannot be taken now, or not by you." in text_of(answer)
