"""What became of pledges comes in through one logged action, which says what is not known of it."""

from datetime import date

import pytest
from wagtail.models import ModelLogEntry

from pledge_pages.appraisal.proof import check_review
from pledge_pages.models import (
    BranchOutcome,
    BranchPledge,
    MemberPledgePage,
    OutcomeDecision,
    Pledge,
)

pytestmark = pytest.mark.django_db


def test_each_outcome_on_a_page_has_a_decision_with_two_checkers(small_town) -> None:
    small_town(date(2026, 3, 5), 4)
    pages = MemberPledgePage.objects.filter(live=True)
    found = {row.pledge_key: row for row in OutcomeDecision.objects.all()}
    shown = Pledge.objects.filter(page__in=pages).exclude(outcome="")
    assert shown.exists()
    for pledge in shown:
        decision = found[pledge.key]
        assert (decision.outcome, decision.state) == (pledge.outcome, "final")
        assert decision.statements.count() == 2
        assert decision.member not in [row.checker_member for row in decision.statements.all()]
    for page in pages:
        check_review(page)


def test_what_the_papers_do_not_say_is_listed(small_town) -> None:
    small_town(date(2026, 3, 5), 4)
    decisions = list(OutcomeDecision.objects.all())
    assert {decision.imported for decision in decisions} == {True}
    for decision in decisions:
        assert "no_statements" in decision.gaps
        assert ("not_told" in decision.gaps) is not decision.is_positive
    line = ModelLogEntry.objects.get(
        action="pledge_pages.import_outcomes", content_type__model="pilot", data__pilot="SGZ"
    )
    own = [decision for decision in decisions if decision.pilot.code == "SGZ"]
    assert line.data["count"] == len(own)
    assert line.data["missing"]["not_told"] == sum("not_told" in row.gaps for row in own)


def test_what_was_decided_later_is_not_known(small_town) -> None:
    small_town(date(2025, 9, 1), 3)
    days = OutcomeDecision.objects.values_list("checked_on", "replied_on")
    assert all(max(filter(None, pair)) <= date(2025, 9, 1) for pair in days)


def test_outcomes_of_branches_come_in_by_one_logged_action_once_they_are_known(small_town) -> None:
    small_town(date(2026, 11, 20), 1)
    found = {row.pledge_key: row for row in BranchOutcome.objects.all()}
    assert found
    assert {(row.imported, *row.gaps) for row in found.values()} == {
        (True, "no_statements", "no_day")
    }
    shown = BranchPledge.objects.exclude(outcome="")
    assert {pledge.key for pledge in shown} == set(found)
    for pledge in shown:
        assert pledge.outcome == found[pledge.key].outcome
    lines = ModelLogEntry.objects.filter(action="pledge_pages.import_branch_outcomes")
    assert sum(line.data["count"] for line in lines) == len(found)
