"""What decided outcomes bring into the ledger of points."""

import pytest

from pledge_pages.appraisal import appeals, outcomes
from pledge_pages.models import PointEntry
from tests.appraisal.conftest import rule
from tests.appraisal.outcomes.conftest import CODE, confirmed, final, pass_days, told

pytestmark = pytest.mark.django_db


def entries(town) -> list[tuple[str, int, bool]]:
    """Return (clause, points, whether it takes another back) of the member's entries, in order."""
    rows = PointEntry.objects.filter(member=town.members[CODE]).order_by("pk")
    return [(row.clause, row.points, row.reversal_of_id is not None) for row in rows]


def test_a_final_outcome_enters_its_points_once_and_they_wait_for_a_second_person(town, clock):
    rule(town)
    decision = final(town, clock)
    assert entries(town) == [("P1", 6, False)]
    entry = PointEntry.objects.get()
    assert (entry.pledge_key, entry.outcome) == (decision.pledge_key, "fulfilled")
    assert not hasattr(entry, "confirmation")


def test_a_verifier_may_make_it_final_and_the_points_come_all_the_same(town):
    rule(town)
    outcomes.finalise(confirmed(town), by=town.verifier("SGZ"))
    assert entries(town) == [("P1", 6, False)]


def test_an_appeal_that_is_upheld_takes_the_points_back(town, clock):
    rule(town)
    decision = told(town, "partly")
    pass_days(clock, 8)
    decision = outcomes.finalise(decision, by=town.editor("SGZ"))
    assert entries(town) == [("P2", 2, False)]
    appeal = appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="It rained for a month.")
    appeals.decide_appeal(appeal, by=town.lead, verdict="upheld", reason="It did.")
    assert entries(town) == [("P2", 2, False), ("X1", -2, True)]


def test_without_rules_an_outcome_is_decided_and_brings_nothing(town, clock):
    final(town, clock)
    assert entries(town) == []
