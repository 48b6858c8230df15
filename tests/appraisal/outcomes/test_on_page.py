"""A decision reaches the board by new versions that somebody else approves, and by nothing else."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from wagtail.models import PageLogEntry

from pledge_pages.appraisal import appeals, outcomes
from pledge_pages.appraisal.on_page import NOTHING, put_on_page, take_off_page
from pledge_pages.appraisal.proof import OutcomeError
from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.models import MemberPledgePage, Pledge
from tests.appraisal.outcomes.conftest import (
    CODE,
    METHOD,
    REASON,
    approve_all,
    final,
    fresh,
    page_of,
    pass_days,
    told,
)
from tests.worlds import LANGUAGES

pytestmark = pytest.mark.django_db


def shown(town, language: str = "en") -> dict:
    """Return what the public row of the member's pledge says of its outcome."""
    pledge = page_of(town, language).pledges.get()
    return {"outcome": pledge.outcome, "reason": pledge.reason, "reply": pledge.reply}


def with_words(town, language: str = "en", **changes) -> MemberPledgePage:
    """Save a draft with other words, as an editor does; not submitted."""
    draft = page_of(town, language).get_latest_revision_as_object()
    pledge = draft.pledges.first()
    for name, value in changes.items():
        setattr(pledge, name, value)
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    return draft


# On the page ----------------------------------------------------------------------------------


def test_it_is_written_in_each_language_and_public_once_somebody_else_approves(town, clock) -> None:
    decision = final(town, clock)
    pages = put_on_page(decision, by=town.editor("SGZ"))
    assert sorted(page.locale.language_code for page in pages) == ["en", "zh-hans"]
    assert shown(town)["outcome"] == ""
    with pytest.raises(EmbargoError):
        town.approve(page_of(town), town.editor("SGZ"))
    approve_all(town)
    for language in LANGUAGES:
        assert shown(town, language)["outcome"] == "fulfilled"
    html = Client().get(page_of(town).url).content.decode()
    assert "Seen on the spot" in html
    assert "Outcome decided: Fulfilled" in html


def test_editors_and_leads_put_it_there_and_nobody_else(town, clock, with_account) -> None:
    decision = final(town, clock)
    for by in (town.verifier("SGZ"), town.moderator("SGZ"), town.editor("LSW"), with_account()):
        with pytest.raises(PermissionDenied):
            put_on_page(decision, by=by)
    assert len(put_on_page(decision, by=town.lead)) == 2


@pytest.mark.parametrize("drop_row", [False, True])
def test_what_stands_cannot_be_taken_off_the_page_by_an_edit(town, clock, drop_row) -> None:
    decision = final(town, clock, "not_fulfilled")
    pass_days(clock, 15)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    if drop_row:
        draft = page_of(town).get_latest_revision_as_object()
        draft.pledges = []
        draft.save_revision(user=town.editor("SGZ"))
    else:
        draft = with_words(town, **NOTHING)
    with pytest.raises(OutcomeError, match="stands, and stays on the page"):
        draft.get_workflow().start(draft, town.editor("SGZ"))
    assert shown(town)["outcome"] == "not_fulfilled"


def test_twice_is_once(town, clock) -> None:
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    with pytest.raises(ValidationError, match="No approved page"):
        put_on_page(decision, by=town.editor("SGZ"))
    lines = PageLogEntry.objects.filter(action="pledge_pages.put_on_page")
    assert lines.count() == 2


def test_nothing_but_kept_pledges_is_posted_before_the_days_for_an_appeal_are_over(
    town, clock
) -> None:
    decision = final(town, clock, "partly")  # told on the 1st, final on the 9th
    with pytest.raises(ValidationError, match="2026-12-16"):
        put_on_page(decision, by=town.editor("SGZ"))
    pass_days(clock, 7)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    assert shown(town) == {"outcome": "partly", "reason": REASON["en"], "reply": ""}


def test_a_draft_that_nobody_approved_is_not_taken_along_unseen(town, clock) -> None:
    decision = final(town, clock)
    with_words(town, text="A sentence in progress")
    with pytest.raises(ValidationError) as refused:
        put_on_page(decision, by=town.editor("SGZ"))
    assert "newer draft that nobody approved" in str(refused.value)
    assert fresh(decision).put_at is None
    assert not page_of(town, "zh-hans").workflow_in_progress, "all of it or nothing"
    put_on_page(decision, by=town.editor("SGZ"), with_draft=True)
    submitted = page_of(town).get_latest_revision_as_object().pledges.get()
    assert (submitted.text, submitted.outcome) == ("A sentence in progress", "fulfilled")
    drafts = PageLogEntry.objects.filter(action="pledge_pages.put_on_page", data__draft=True)
    assert drafts.count() == 2


def test_a_page_in_review_is_left_alone(town, clock) -> None:
    decision = final(town, clock)
    town.submit(with_words(town, text="A new sentence"), town.editor("SGZ"))
    with pytest.raises(ValidationError, match="in review"):
        put_on_page(decision, by=town.editor("SGZ"), with_draft=True)


def test_a_returned_version_is_written_upon_and_submitted_again(town, clock) -> None:
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    for language in LANGUAGES:
        state = page_of(town, language).current_workflow_task_state
        state.task.specific.on_action(state, town.moderator("SGZ"), "reject", comment="not yet")
    outcomes.record_reply(decision, by=town.editor("SGZ"), text={"en": "My account."})
    put_on_page(decision, by=town.editor("SGZ"), with_draft=True)
    approve_all(town)
    assert shown(town) == {"outcome": "fulfilled", "reason": "", "reply": "My account."}


def test_a_reply_that_comes_later_stands_beside_it(town, clock) -> None:
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    outcomes.record_reply(decision, by=town.editor("SGZ"), text={"en": "Thank you all."})
    page = with_words(town, text="Another sentence")
    with pytest.raises(OutcomeError, match="something else"):
        town.submit(page, town.editor("SGZ"))
    put_on_page(decision, by=town.editor("SGZ"), with_draft=True)
    approve_all(town)
    assert shown(town)["reply"] == "Thank you all."
    assert "Thank you all." in Client().get(page_of(town).url).content.decode()


# No other way ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [{"outcome": "not_fulfilled"}, {"reason": "lazy"}, {"reply": "never said"}]
)
def test_what_nobody_decided_is_not_even_submitted(town, typed) -> None:
    page = with_words(town, **typed)
    with pytest.raises(OutcomeError, match="nobody has decided"):
        town.submit(page, town.editor("SGZ"))
    assert not page_of(town).workflow_in_progress


@pytest.mark.parametrize("name", ["outcome", "method", "reason", "checked_on"])
def test_a_word_changed_on_the_way_is_not_approved(town, clock, monkeypatch, name) -> None:
    decision = final(town, clock, "partly")
    pass_days(clock, 10)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    value = {"outcome": "fulfilled", "checked_on": date(2026, 11, 1)}.get(name, "other words")
    page = with_words(town, **{name: value})
    with monkeypatch.context() as patch:  # submitted while nothing was asked
        patch.setattr("pledge_pages.embargo.objections.check_review", lambda page: None)
        town.submit(page, town.editor("SGZ"))
    with pytest.raises(OutcomeError, match="something else"):
        town.approve(page_of(town), town.moderator("SGZ"))
    assert shown(town)["outcome"] == "partly"


def test_what_was_held_by_other_means_is_not_released(town, monkeypatch) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["LSW-M001", "en"].pk)
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.outcome = "not_fulfilled"
    draft.pledges = [pledge]
    with monkeypatch.context() as patch:
        patch.setattr("pledge_pages.embargo.objections.check_review", lambda page: None)
        town.hold(draft, "LSW")
    assert town.open("LSW").is_public
    live = MemberPledgePage.objects.filter(live=True, member__pilot__code="LSW")
    assert live.count() == 3, "all but that one"
    assert page.pk not in live.values_list("pk", flat=True)


def test_the_editor_shows_an_outcome_and_takes_none(town, clock, sign_in) -> None:
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    form_class = MemberPledgePage.get_edit_handler().get_form_class()
    rows = form_class.formsets["pledges"].form.base_fields
    assert not {"outcome", "checked_on", "method", "reason", "reply", "replied_on"} & set(rows)
    assert "agreed_on" in rows
    answer = sign_in(town.editor("SGZ")).get(f"/admin/pages/{page_of(town).pk}/edit/")
    html = answer.content.decode()
    assert "Seen on the spot" in html
    assert 'name="pledges-0-outcome"' not in html


# Appeals --------------------------------------------------------------------------------------


def test_an_appeal_freezes_what_is_not_posted_yet(town, clock, with_account) -> None:
    member = with_account()
    decision = final(town, clock, "partly")
    appeal = appeals.raise_appeal(decision, by=member, ground="I swept ten times.")
    pass_days(clock, 30)
    assert fresh(decision).state == "frozen"
    with pytest.raises(ValidationError, match="Frozen by an appeal"):
        put_on_page(decision, by=town.editor("SGZ"))
    appeals.decide_appeal(appeal, by=town.lead, verdict="dismissed", reason="Seven are recorded.")
    assert len(put_on_page(fresh(decision), by=town.editor("SGZ"))) == 2


def test_an_appeal_against_what_is_public_submits_pages_without_it(town, clock) -> None:
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It was my brother.")
    assert {page_of(town, code).workflow_in_progress for code in LANGUAGES} == {True}
    approve_all(town)
    for language in LANGUAGES:
        assert shown(town, language)["outcome"] == ""
    assert "Seen on the spot" not in Client().get(page_of(town).url).content.decode()


def test_what_is_in_review_when_an_appeal_comes_is_not_approved(town, clock) -> None:
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It was my brother.")
    with pytest.raises(OutcomeError, match="appeal"):
        town.approve(page_of(town), town.moderator("SGZ"))
    assert shown(town)["outcome"] == ""


def test_what_is_held_and_frozen_is_not_released(town) -> None:
    page = page_of(town, code="LSW-M001")
    decision = town.take_over_outcome(page)
    for language in LANGUAGES:
        draft = page_of(town, language, "LSW-M001").get_latest_revision_as_object()
        pledge = draft.pledges.first()
        pledge.outcome, pledge.checked_on = "fulfilled", decision.checked_on
        pledge.method = "seen on the spot"
        draft.pledges = [pledge]
        town.hold(draft, "LSW")
    appeals.raise_appeal(decision, by=town.editor("LSW"), ground="It was my brother.")
    assert town.open("LSW").is_public
    assert not page_of(town, code="LSW-M001").live
    approve_all(town, "LSW-M001")
    public = page_of(town, code="LSW-M001")
    assert (public.live, public.pledges.get().outcome) == (True, "")


def test_where_a_draft_is_in_the_way_it_is_taken_off_by_hand(town, clock) -> None:
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    with_words(town, text="A sentence in progress")
    appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It was my brother.")
    assert page_of(town, "zh-hans").workflow_in_progress
    assert not page_of(town).workflow_in_progress
    approve_all(town)
    with pytest.raises(ValidationError, match="newer draft"):
        take_off_page(decision, by=town.editor("SGZ"))
    take_off_page(decision, by=town.editor("SGZ"), with_draft=True)
    approve_all(town)
    assert shown(town)["outcome"] == ""


def test_who_was_part_of_it_does_not_decide_the_appeal(town, clock, with_account) -> None:
    decision = told(town)
    appeal = appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It rained.")
    for by in (town.editor("SGZ"), town.verifier("SGZ"), town.moderator("LSW"), with_account()):
        with pytest.raises(PermissionDenied):
            appeals.decide_appeal(appeal, by=by, verdict="dismissed", reason="no")
    appeals.decide_appeal(
        appeal, by=town.moderator("SGZ"), verdict="dismissed", reason="It was dry."
    )
    assert fresh(decision).state == "told"
    with pytest.raises(ValidationError, match="decided already"):
        appeals.decide_appeal(appeal, by=town.moderator("SGZ"), verdict="upheld", reason="Or so.")


def test_a_moderator_who_was_a_checker_does_not_decide_the_appeal(town) -> None:
    decision = told(town)
    outcomes.CheckerStatement.objects.create(
        decision=decision, checker=town.moderator("SGZ"), text="x"
    )
    appeal = appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It rained.")
    with pytest.raises(PermissionDenied):
        appeals.decide_appeal(appeal, by=town.moderator("SGZ"), verdict="upheld", reason="so")


def test_upheld_it_is_set_aside_and_the_pledge_may_be_checked_anew(
    town, clock, monkeypatch
) -> None:
    fallen = []
    monkeypatch.setattr(outcomes, "_fallen", [lambda decision, by: fallen.append(decision.state)])
    decision = final(town, clock)
    appeal = appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It was my brother.")
    appeals.decide_appeal(appeal, by=town.lead, verdict="upheld", reason="It was.")
    assert fresh(decision).state == "overturned"
    assert fallen == ["overturned"]
    assert final(town, clock, "partly").state == "final"


def test_after_the_days_there_is_no_appeal_unless_the_member_was_never_told(town, clock) -> None:
    decision = told(town)
    untold = town.take_over_outcome(page_of(town, code="SGZ-M002"), outcome="partly",
                                    reason=REASON)  # fmt: skip
    pass_days(clock, 15)
    with pytest.raises(ValidationError, match="2026-12-15"):
        appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It rained.")
    assert appeals.raise_appeal(untold, by=town.editor("SGZ"), ground="Nobody told me.").is_open


def test_one_appeal_for_one_decision(town) -> None:
    decision = told(town)
    appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It rained.")
    with pytest.raises(ValidationError, match="There was an appeal"):
        appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="And again.")


def test_nobody_else_appeals(town) -> None:
    decision = told(town)
    for by in (town.verifier("SGZ"), town.editor("LSW")):
        with pytest.raises(PermissionDenied):
            appeals.raise_appeal(decision, by=by, ground="x")


# Several on one page --------------------------------------------------------------------------


def test_two_late_replies_on_one_page_do_not_hold_each_other_up(town, clock) -> None:
    key = "22222222-2222-4222-8222-222222222222"
    for language in LANGUAGES:
        draft = page_of(town, language).get_latest_revision_as_object()
        first = draft.pledges.first()
        second = Pledge(
            key=key, year=2026, category=first.category, text="Another", measure="1",
            due=first.due, locale=first.locale,
        )  # fmt: skip
        draft.pledges = [first, second]
        town.hold(draft, "SGZ")
    keys = [page_of(town).pledges.first().key, page_of(town).pledges.get(text="Another").key]
    decisions = []
    for each in keys:
        decision = outcomes.open_check(
            town.members[CODE], each, by=town.editor("SGZ"), outcome="fulfilled", method=METHOD
        )
        for by in (town.editor("SGZ"), town.verifier("SGZ")):
            outcomes.make_statement(decision, by=by, agrees=True, text="I saw it.")
        decisions.append(outcomes.finalise(decision, by=town.editor("SGZ")))
        put_on_page(decision, by=town.editor("SGZ"))
        approve_all(town)
    for decision in decisions:
        outcomes.record_reply(decision, by=town.editor("SGZ"), text={"en": f"Of {decision.pk}."})
    put_on_page(decisions[0], by=town.editor("SGZ"))
    approve_all(town)
    replies = {pledge.reply for pledge in page_of(town).pledges.all()}
    assert replies == {f"Of {decision.pk}." for decision in decisions}
