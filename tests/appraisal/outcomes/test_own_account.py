"""The member hears, replies and appeals by their own account."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from pledge_pages.appraisal import outcomes
from pledge_pages.mine.invitations import revoke_account
from pledge_pages.models import Appeal, OutcomeDecision
from tests.appraisal.outcomes.conftest import CODE, confirmed, fresh
from tests.mine.conftest import give_account


@pytest.fixture
def member(town):
    by = town.moderator("SGZ")
    return give_account(town.members[CODE], town.editor("SGZ"), confirmed_by=by)


@pytest.fixture
def mine(member, sign_in):
    return sign_in(member.user)


def told(town) -> OutcomeDecision:
    decision = confirmed(town, "not_fulfilled")
    return fresh(outcomes.tell_member(decision, by=town.editor("SGZ"), how="account"))


def test_nothing_is_shown_before_the_member_was_told(town, mine) -> None:
    decision = confirmed(town, "not_fulfilled")

    assert "Swept seven times" not in mine.get("/en/mine/outcomes/").content.decode()
    assert mine.get(f"/en/mine/outcomes/{decision.pk}/reply/").status_code == 404


def test_a_member_reads_what_was_found_and_nobody_who_checked_it(town, mine) -> None:
    decision = told(town)
    text = mine.get("/en/mine/outcomes/").content.decode()

    assert "Swept seven times in the year" in text
    assert "Reply until 8 December 2026" in text
    assert "Appeal until 15 December 2026" in text
    for words in ("I was there and saw it", "editor_sgz", "verifier_sgz"):
        assert words not in text
    assert f"/en/mine/outcomes/{decision.pk}/reply/" in mine.get("/en/mine/").content.decode()


def test_a_member_replies_once_within_the_window(town, mine, member) -> None:
    decision = told(town)
    where = f"/en/mine/outcomes/{decision.pk}/reply/"
    empty = mine.post(where, {"text_en": " "})
    assert empty.context["form"].errors

    assert mine.post(where, {"text_en": "It rained"}).headers["Location"] == "/en/mine/outcomes/"
    decision = fresh(decision)
    assert (decision.reply, decision.reply_by) == ({"en": "It rained"}, member.user)
    assert decision.reply_scan is None
    line = ModelLogEntry.objects.get(action="pledge_pages.record_reply")
    assert line.data["on_paper"] is False

    again = mine.post(where, {"text_en": "And again"})
    assert "already" in again.content.decode()
    assert fresh(decision).reply == {"en": "It rained"}


def test_after_the_window_the_reply_is_refused_with_the_day(town, member, sign_in, clock) -> None:
    decision = told(town)
    clock.shift(timedelta(days=8))
    mine = sign_in(member.user)

    answer = mine.post(f"/en/mine/outcomes/{decision.pk}/reply/", {"text_en": "too late"})

    assert "2026-12-08" in answer.content.decode()
    assert fresh(decision).reply == {}


def test_a_member_appeals_and_the_outcome_is_frozen(town, mine, member) -> None:
    decision = told(town)
    where = f"/en/mine/outcomes/{decision.pk}/appeal/"

    mine.post(where, {"ground": "Nobody asked me"})

    assert fresh(decision).state == "frozen"
    appeal = Appeal.objects.get(decision=decision)
    assert (appeal.ground, appeal.raised_by) == ("Nobody asked me", member.user)
    assert "Nobody asked me" in mine.get("/en/mine/outcomes/").content.decode()
    second = mine.post(where, {"ground": "And once more"})
    assert second.status_code == 200
    assert Appeal.objects.filter(decision=decision).count() == 1


def test_after_the_days_for_it_nobody_appeals(town, member, sign_in, clock) -> None:
    decision = told(town)
    clock.shift(timedelta(days=20))
    mine = sign_in(member.user)

    answer = mine.post(f"/en/mine/outcomes/{decision.pk}/appeal/", {"ground": "late"})

    assert answer.status_code == 200
    assert not Appeal.objects.exists()


def test_nobody_is_told_by_an_account_that_is_closed(town, member) -> None:
    decision = confirmed(town, "not_fulfilled")
    revoke_account(member, by=town.editor("SGZ"), reason="asked for it")

    with pytest.raises(ValidationError, match="no account"):
        outcomes.tell_member(decision, by=town.editor("SGZ"), how="account")


def test_another_member_finds_none_of_it(town, member, sign_in) -> None:
    decision = told(town)
    other = give_account(town.members["SGZ-M002"], town.editor("SGZ"))
    theirs = sign_in(other.user)

    for word in ("reply", "appeal"):
        where = f"/en/mine/outcomes/{decision.pk}/{word}/"
        assert theirs.get(where).status_code == 404
        assert theirs.post(where, {"ground": "x", "text_en": "x"}).status_code == 404
    assert fresh(decision).reply == {}
