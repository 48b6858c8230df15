"""Mails about year-end reviews: the member is told of their grade, staff that a reply is over."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import TestCase

from pledge_pages.appraisal import point_appeals, review_hearing
from pledge_pages.models import BranchReview, PointEntry
from tests.appraisal.reviews.conftest import (
    account_of,
    entry_of,
    fresh,
    graded,
    pass_days,
    told,
)
from tests.office.conftest import speak_english

pytestmark = pytest.mark.django_db


def tell(town, review: BranchReview, how: str) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        review_hearing.tell_member(entry_of(review, 1), by=town.editor("SGZ"), how=how)


def sent() -> dict[str, str]:
    return {message.to[0].split("@")[0]: f"{message.subject}\n{message.body}"
            for message in mail.outbox}  # fmt: skip


@pytest.mark.parametrize("how", ["account", "paper"])
def test_a_member_with_an_account_is_told_of_their_grade_in_their_language(town, how) -> None:
    review, user = graded(town), account_of(town, 1)
    speak_english(user)
    tell(town, review, how)
    text = sent()["account_1"]
    assert "In the year-end review of 2026 this grade is proposed for you: Excellent." in text
    assert "until 2027-01-19, on your own pages or on paper" in text
    assert "/en/mine/reviews/" in text
    assert len(mail.outbox) == 1


def test_the_mail_names_nobody_and_says_no_points_or_votes(town) -> None:
    review, _user = graded(town), account_of(town, 1)
    tell(town, review, "account")
    text = sent()["account_1"]
    for word in ("史", "长", "SGZ-M001", "98", "做得踏实"):
        assert word not in text, text
    assert "Excellent" in text


def test_while_the_programme_is_quiet_the_mail_has_its_neutral_name(town) -> None:
    review, user = graded(town), account_of(town, 1)
    speak_english(user)
    town.close("SGZ")
    tell(town, review, "account")
    assert "Member pledge system" not in sent()["account_1"]


def test_nobody_is_told_by_an_account_that_has_no_address(town) -> None:
    review, user = graded(town), account_of(town, 1)
    type(user).objects.filter(pk=user.pk).update(email="")
    with pytest.raises(ValidationError) as info:
        tell(town, review, "account")
    assert "how" in info.value.message_dict
    tell(town, review, "paper")
    assert mail.outbox == []


def test_a_mail_that_cannot_be_sent_undoes_nothing(town, settings) -> None:
    review, _user = graded(town), account_of(town, 1)
    settings.EMAIL_BACKEND = "tests.tasks.post.Broken"
    tell(town, review, "account")
    assert entry_of(review, 1).told_on is not None


def test_staff_and_leads_are_told_once_the_days_for_a_reply_are_over_for_everybody(
    town, clock
) -> None:
    for user in (town.editor("SGZ"), town.moderator("SGZ"), town.lead):
        speak_english(user)
    told(town)
    call_command("mail_waiting", verbosity=0)
    assert mail.outbox == []
    pass_days(clock, 8)
    call_command("mail_waiting", verbosity=0)
    found = sent()
    assert sorted(found) == ["editor_sgz", "lead", "moderator_sgz"]
    words = "1 year-end review in which the days for a reply are over"
    assert all(words in text for text in found.values())


def test_staff_are_told_of_an_appeal_against_points(town, clock) -> None:
    speak_english(town.moderator("SGZ"))
    entry = PointEntry.objects.filter(member__code="SGZ-M001").last()
    point_appeals.raise_points_appeal(entry, by=town.editor("SGZ"), ground="counted twice")
    call_command("mail_waiting", verbosity=0)
    assert "1 appeal against points without a decision" in sent()["moderator_sgz"]


def test_a_review_without_rows_waits_for_nobody(town) -> None:
    review = graded(town)
    assert fresh(review).state == "told"
    call_command("mail_waiting", verbosity=0)
    assert mail.outbox == []
