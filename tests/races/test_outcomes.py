"""Two checkers at once, one twice, and an appeal that meets a publication."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from pledge_pages.appraisal import appeals, on_page, outcomes
from pledge_pages.contention import busy
from pledge_pages.models import MemberPledgePage, OutcomeDecision
from tests.races import elsewhere
from tests.races.stage import Meeting
from tests.races.test_races import all_meetings, approve, member_page, public_town
from tests.worlds import LANGUAGES, Town

pytestmark = [pytest.mark.django_db(transaction=True)]

TEXTS = dict.fromkeys(LANGUAGES, "seen on the spot")


def opened(town: Town) -> OutcomeDecision:
    """A check of the member's pledge, with nobody's statement yet."""
    page = member_page(town)
    return outcomes.open_check(
        page.member, page.pledges.get().key, by=town.editor("SGZ"), outcome="fulfilled",
        method=TEXTS,
    )  # fmt: skip


def states(decision: OutcomeDecision, by) -> Callable[[], object]:
    return lambda: outcomes.make_statement(decision, by=by, agrees=True, text="I saw it.")


def final(town: Town) -> OutcomeDecision:
    decision = opened(town)
    for by in (town.editor("SGZ"), town.verifier("SGZ")):
        states(decision, by)()
    return outcomes.finalise(decision, by=town.editor("SGZ"))


def refusals(meeting: Meeting) -> list[type]:
    """What those of the two were told who were refused."""
    refused = (meeting.first.refused, meeting.second.refused)
    return [type(error) for error in refused if error is not None]


def said(decision: OutcomeDecision) -> tuple[str, int]:
    return OutcomeDecision.objects.get(pk=decision.pk).state, decision.statements.count()


# Played at every point, on PostgreSQL ---------------------------------------------------------


@pytest.mark.postgres
def test_two_checkers_at_once_both_count(memory):
    town = public_town()
    decision, verifier = opened(town), town.verifier("SGZ")
    for meeting in all_meetings(
        memory, lambda: (states(decision, town.editor("SGZ")), states(decision, verifier))
    ):
        assert refusals(meeting) == []
        assert said(decision) == ("confirmed", 2)


@pytest.mark.postgres
def test_the_same_checker_twice_counts_once(memory):
    town = public_town()
    decision, verifier = opened(town), town.verifier("SGZ")
    for meeting in all_meetings(
        memory, lambda: (states(decision, verifier), states(decision, verifier)), both_ways=False
    ):
        assert refusals(meeting) == [ValidationError]
        assert said(decision) == ("checking", 1)


@pytest.mark.postgres
def test_an_appeal_that_meets_the_approval_of_the_page_leaves_nothing_frozen_unasked(memory):
    town = public_town()
    decision = final(town)
    on_page.put_on_page(decision, by=town.editor("SGZ"))
    page = member_page(town)

    def appeal():
        appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It was my brother.")

    for meeting in all_meetings(
        memory, lambda: (approve(town, page, town.moderator("SGZ")), appeal)
    ):
        assert OutcomeDecision.objects.get(pk=decision.pk).state == "frozen"
        shown = member_page(town)
        if shown.pledges.get().outcome:  # approved first: a version without it is in review
            assert refusals(meeting) == []
            draft = shown.get_latest_revision_as_object()
            assert shown.workflow_in_progress
            assert draft.pledges.get().outcome == ""
        else:
            assert [issubclass(each, PermissionDenied) for each in refusals(meeting)] == [True]


@pytest.mark.postgres
def test_a_form_sent_twice_puts_the_outcome_on_the_page_once(memory):
    town = public_town()
    decision = final(town)

    def put():
        on_page.put_on_page(OutcomeDecision.objects.get(pk=decision.pk), by=town.editor("SGZ"))

    before = MemberPledgePage.objects.get(pk=member_page(town).pk).revisions.count()
    for meeting in all_meetings(memory, lambda: (put, put), both_ways=False):
        assert refusals(meeting) == [ValidationError]
        assert member_page(town).revisions.count() == before + 1


@pytest.mark.postgres
def test_two_who_open_a_check_of_one_pledge_open_one(memory):
    town = public_town()
    for meeting in all_meetings(memory, lambda: (lambda: opened(town), lambda: opened(town)),
                                both_ways=False):  # fmt: skip
        assert refusals(meeting) == [ValidationError]
        assert OutcomeDecision.objects.count() == 1


# In processes of their own, on both databases -------------------------------------------------


def both(stored, decision: OutcomeDecision, *names: str) -> list[str | None]:
    """Let these checkers make their statements at the same time; return what each was told."""
    kept = stored()
    with ThreadPoolExecutor(len(names)) as pool:
        ends = [
            pool.submit(elsewhere.run, elsewhere.state_check, decision.pk, name,
                        database=kept.settings)
            for name in names
        ]  # fmt: skip
        told = [end.result().error for end in ends]
    # Whoever did not get through tries again.
    for name, error in zip(names, told, strict=True):
        if error and busy() in error:
            again = elsewhere.run(elsewhere.state_check, decision.pk, name, database=kept.settings)
            told[names.index(name)] = again.error
    assert kept.ask("SELECT count(*) FROM pledge_pages_checkerstatement") == len(set(names))
    wanted = "confirmed" if len(set(names)) == 2 else "checking"
    assert kept.ask("SELECT state FROM pledge_pages_outcomedecision") == wanted
    return told


def test_two_checkers_in_two_processes_both_count(stored):
    town = public_town()
    decision = opened(town)
    town.verifier("SGZ")
    assert both(stored, decision, "editor_sgz", "verifier_sgz") == [None, None]


def test_one_checker_in_two_processes_counts_once(stored):
    town = public_town()
    decision = opened(town)
    town.verifier("SGZ")
    told = both(stored, decision, "verifier_sgz", "verifier_sgz")
    assert sorted(error is None for error in told) == [False, True]
