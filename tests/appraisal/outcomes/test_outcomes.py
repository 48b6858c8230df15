"""Two checkers, neither of them the member; the member is told and heard; nothing is rewritten."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from wagtail.models import ModelLogEntry

from pledge_pages.appraisal import appeals, outcomes
from pledge_pages.appraisal.days import late_since
from pledge_pages.models import CheckerStatement, Member, OutcomeDecision
from pledge_pages.photos.actions import delete_evidence
from tests.appraisal.outcomes.conftest import (
    CODE,
    METHOD,
    REASON,
    confirmed,
    final,
    fresh,
    opened,
    page_of,
    pass_days,
    told,
)

pytestmark = pytest.mark.django_db


def agree(decision, by, **values):
    values = {"agrees": True, "text": "I saw it.", **values}
    return outcomes.make_statement(decision, by=by, **values)


# Opening --------------------------------------------------------------------------------------


def test_editor_and_verifier_open_checks_and_nobody_else_does(town) -> None:
    for by in (town.editor("LSW"), town.verifier("LSW"), town.moderator("LSW")):
        with pytest.raises(PermissionDenied):
            opened(town, by=by)
    decision = opened(town, by=town.verifier("SGZ"))
    assert (decision.state, decision.year) == ("checking", 2026)
    assert decision.opened_by == town.verifier("SGZ")


def test_only_an_approved_pledge_is_checked(town) -> None:
    page = page_of(town)
    draft = page.get_latest_revision_as_object()
    row = draft.pledges.first()
    row.pk, row.key = None, "11111111-1111-4111-8111-111111111111"
    draft.pledges = [page.pledges.first(), row]
    draft.save_revision(user=town.editor("SGZ"))
    with pytest.raises(ValidationError, match="No approved page"):
        outcomes.open_check(
            town.members[CODE], row.key, by=town.editor("SGZ"), outcome="fulfilled", method=METHOD
        )


@pytest.mark.parametrize("field", ["method", "reason"])
def test_words_are_there_in_every_language_of_the_page(town, field) -> None:
    with pytest.raises(ValidationError) as refused:
        opened(town, "partly", **{field: {"zh-hans": "看过"}})
    assert "English is missing" in refused.value.message_dict[field][0]


def test_a_number_of_a_person_is_refused_at_its_field(town) -> None:
    with pytest.raises(ValidationError) as refused:
        opened(town, "partly", reason={**REASON, "en": "Call 13800138000"})
    assert "mobile number" in refused.value.message_dict["reason"][0]


def test_evidence_of_another_branch_is_refused(town) -> None:
    with pytest.raises(ValidationError, match="another branch"):
        opened(town, code="LSW-M001", evidence=[town.evidence])
    assert opened(town, evidence=[town.evidence]).evidence.get().file == town.evidence
    with pytest.raises(ValidationError, match="still shows"):
        delete_evidence(town.evidence, by=town.editor("SGZ"))


def test_one_check_at_a_time(town) -> None:
    opened(town)
    with pytest.raises(ValidationError, match="going on already"):
        opened(town, "partly")
    assert OutcomeDecision.objects.count() == 1


def test_a_kept_pledge_needs_no_reason(town) -> None:
    assert opened(town, "fulfilled").reason == {}
    with pytest.raises(ValidationError, match="is missing"):
        opened(town, "excused", code="SGZ-M002", reason={})


# Two checkers ---------------------------------------------------------------------------------


def test_two_confirm_it_one_of_them_from_outside(town) -> None:
    decision = opened(town)
    agree(decision, town.editor("SGZ"))
    agree(decision, town.moderator("SGZ"))
    assert fresh(decision).state == "checking", "both are of the branch"
    agree(decision, town.verifier("SGZ"))
    assert fresh(decision).state == "confirmed"
    assert [row.outside for row in decision.statements.all()] == [False, False, True]


def test_one_alone_does_not_confirm_not_even_twice(town) -> None:
    decision = opened(town)
    agree(decision, town.verifier("SGZ"))
    with pytest.raises(ValidationError, match="already"):
        agree(decision, town.verifier("SGZ"))
    assert fresh(decision).state == "checking"


def test_a_verifier_who_belongs_to_the_branch_is_not_from_outside(town, with_account) -> None:
    insider = with_account("SGZ-M002")
    insider.groups.add(town.verifier("SGZ").groups.get())
    decision = opened(town)
    agree(decision, insider)
    agree(decision, town.editor("SGZ"))
    assert fresh(decision).state == "checking"


def test_the_member_is_no_checker_whatever_role_they_hold(town, with_account) -> None:
    member = with_account()
    member.groups.add(*town.verifier("SGZ").groups.all(), *town.editor("SGZ").groups.all())
    with pytest.raises(PermissionDenied):
        opened(town, by=member)
    decision = opened(town)
    with pytest.raises(PermissionDenied):
        agree(decision, member)
    decision = confirmed(town, "partly", code="SGZ-M002")
    assert decision.state == "confirmed"


def test_the_member_neither_tells_nor_closes_their_own_check(town, with_account) -> None:
    member = with_account()
    member.groups.add(*town.editor("SGZ").groups.all())
    decision = confirmed(town, "partly")
    for act in (
        lambda: outcomes.tell_member(decision, by=member, how="paper"),
        lambda: outcomes.finalise(decision, by=member),
        lambda: outcomes.drop(decision, by=member, reason="no"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_staff_of_another_branch_and_superusers_are_no_checkers(town) -> None:
    decision = opened(town)
    for by in (town.verifier("LSW"), town.editor("LSW"), town.admin, town.lead):
        with pytest.raises(PermissionDenied):
            agree(decision, by)


def test_who_does_not_agree_stops_it_and_another_check_may_be_opened(town) -> None:
    decision = opened(town, "not_fulfilled")
    agree(decision, town.verifier("SGZ"), agrees=False, text="It was swept when I came.")
    assert fresh(decision).state == "disputed"
    with pytest.raises(ValidationError, match="do not agree"):
        agree(decision, town.editor("SGZ"))
    outcomes.drop(decision, by=town.editor("SGZ"), reason="look again")
    assert opened(town, "fulfilled").state == "checking"


# Told and heard -------------------------------------------------------------------------------


def test_a_kept_pledge_is_final_at_once(town, clock) -> None:
    assert final(town, clock).state == "final"


@pytest.mark.parametrize("outcome", ["partly", "excused", "not_fulfilled"])
def test_all_else_is_not_final_before_the_member_was_told_and_heard(town, clock, outcome) -> None:
    decision = confirmed(town, outcome)
    with pytest.raises(ValidationError, match="cannot be done now"):
        outcomes.finalise(decision, by=town.editor("SGZ"))
    outcomes.tell_member(decision, by=town.editor("SGZ"), how="in_person")
    pass_days(clock, 7)
    with pytest.raises(ValidationError, match="2026-12-08"):
        outcomes.finalise(decision, by=town.editor("SGZ"))
    pass_days(clock, 1)
    assert outcomes.finalise(decision, by=town.editor("SGZ")).state == "final"


def test_a_reply_ends_the_window(town, with_account) -> None:
    member = with_account()
    decision = told(town)
    outcomes.record_reply(decision, by=member, text={"en": "It rained."})
    decision = outcomes.finalise(decision, by=town.editor("SGZ"))
    assert (decision.reply, decision.replied_on) == ({"en": "It rained."}, date(2026, 12, 1))


def test_the_window_is_a_setting(town, clock, settings) -> None:
    settings.PLEDGE_PAGES_REPLY_WINDOW_DAYS = 2
    decision = told(town)
    pass_days(clock, 3)
    assert outcomes.finalise(decision, by=town.editor("SGZ")).state == "final"


def test_nobody_but_the_member_and_staff_for_them_replies(town) -> None:
    decision = told(town)
    for by in (town.verifier("SGZ"), town.editor("LSW")):
        with pytest.raises(PermissionDenied):
            outcomes.record_reply(decision, by=by, text={"en": "x"})
    scan = town.evidence
    with pytest.raises(ValidationError, match="not public"):
        outcomes.record_reply(decision, by=town.editor("SGZ"), text={"en": "x"}, scan=scan)


def test_who_has_no_account_is_not_told_by_it(town) -> None:
    with pytest.raises(ValidationError) as refused:
        outcomes.tell_member(confirmed(town, "partly"), by=town.editor("SGZ"), how="account")
    assert "how" in refused.value.message_dict


def test_the_day_of_telling_lies_neither_ahead_nor_before_the_check(town) -> None:
    decision = confirmed(town, "partly")
    for on in (date(2026, 12, 2), date(2026, 11, 30)):
        with pytest.raises(ValidationError) as refused:
            outcomes.tell_member(decision, by=town.editor("SGZ"), how="paper", on=on)
        assert "on" in refused.value.message_dict


# What follows ---------------------------------------------------------------------------------


def test_a_correction_is_a_new_decision_and_the_old_one_stays(town, clock) -> None:
    first = final(town, clock)
    second = final(town, clock, "partly")
    assert (fresh(first).state, fresh(first).outcome) == ("superseded", "fulfilled")
    assert second.supersedes == first


def test_what_was_decided_is_neither_rewritten_nor_deleted(town, clock) -> None:
    decision = told(town)
    for name, value in (
        ("outcome", "fulfilled"),
        ("reason", {"en": "x"}),
        ("told_on", date(2026, 1, 1)),
    ):
        changed = fresh(decision)
        setattr(changed, name, value)
        with pytest.raises(ValidationError, match="not rewritten"):
            changed.save()
    with pytest.raises(ValidationError, match="kept"):
        fresh(decision).delete()
    statement = CheckerStatement.objects.first()
    statement.text = "something else"
    with pytest.raises(ValidationError, match="not rewritten"):
        statement.save()
    with pytest.raises(ProtectedError):
        Member.objects.get(code=CODE).delete()


def test_rooms_below_hear_of_what_stands_and_of_what_falls(town, clock, monkeypatch) -> None:
    heard = []
    monkeypatch.setattr(outcomes, "_final", [])
    monkeypatch.setattr(outcomes, "_fallen", [])
    for _twice in range(2):
        outcomes.after_final(follow := lambda decision, by: heard.append(("final", decision.pk)))
    outcomes.after_fall(lambda decision, by: heard.append((decision.state, decision.pk)))
    assert outcomes._final.count(follow) == 1
    outcomes._final[:] = [follow]
    first = final(town, clock)
    second = final(town, clock, "partly")
    assert heard == [("final", first.pk), ("superseded", first.pk), ("final", second.pk)]


def test_every_step_leaves_a_line_without_a_name(town, clock) -> None:
    decision = final(town, clock, "partly")
    lines = ModelLogEntry.objects.filter(
        object_id=str(decision.pk), content_type__model="outcomedecision"
    ).order_by("pk")
    assert [line.action.removeprefix("pledge_pages.") for line in lines] == [
        "open_check", "state_check", "state_check", "tell_outcome", "finalise_outcome",
    ]  # fmt: skip
    assert {line.data["pilot"] for line in lines} == {"SGZ"}
    assert town.members[CODE].surname not in "".join(f"{line.label}{line.data}" for line in lines)


def test_while_an_appeal_is_open_the_appeal_is_late_and_not_the_check(town, clock) -> None:
    decision = final(town, clock, "partly")
    pass_days(clock, 3)
    appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="it rained")
    assert fresh(decision).state == "frozen"
    pass_days(clock, 14)
    assert late_since(fresh(decision)) is None
    pass_days(clock, 1)
    assert late_since(fresh(decision)) == date(2026, 12, 26)


def test_what_is_late_says_since_when(town, clock) -> None:
    decision = opened(town, "partly")
    assert late_since(decision) is None
    pass_days(clock, 15)
    assert late_since(decision) == date(2026, 12, 15)


# From before ----------------------------------------------------------------------------------


def test_what_no_paper_can_make_good_is_not_taken_over_and_the_pledge_is_named(town) -> None:
    page = page_of(town)
    for found, said in (
        ({"outsiders": ("rep_1",)}, "Two checkers"),
        ({"checkers": (page.member,)}, "cannot be one of the checkers"),
        ({"outcome": "in_progress"}, "in_progress"),
    ):
        with pytest.raises(ValidationError, match=said) as info:
            town.take_over_outcome(page, **found)
        assert CODE in str(info.value)
    town.take_over_outcome(page)
    with pytest.raises(ValidationError, match="has an outcome already"):
        town.take_over_outcome(page)
    assert OutcomeDecision.objects.count() == 1
