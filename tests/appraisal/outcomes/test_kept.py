"""The database itself keeps what was decided, said, replied and appealed, past every model and form."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from pledge_pages.appraisal import appeals, outcomes
from pledge_pages.models import (
    Appeal,
    CheckerStatement,
    DecisionEvidence,
    OutcomeDecision,
)
from tests.appraisal.outcomes.conftest import final, fresh, opened, pass_days, told

pytestmark = pytest.mark.django_db

REPLY = {"en": "It rained for weeks"}


def refused(act) -> None:
    with pytest.raises(IntegrityError, match="what was decided stays"), transaction.atomic():
        act()


def run(sql: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def replied(town) -> OutcomeDecision:
    decision = told(town)
    outcomes.record_reply(decision, by=town.editor("SGZ"), text=REPLY)
    return fresh(decision)


def test_what_a_decision_finds_never_changes_and_it_is_never_deleted(town) -> None:
    decision = opened(town)
    rows = OutcomeDecision.objects.filter(pk=decision.pk)
    for change in (
        {"outcome": "not_fulfilled"}, {"reason": {"en": "x"}}, {"method": {}}, {"year": 2020},
        {"checked_on": date(2020, 1, 1)}, {"gaps": ["x"]}, {"imported": True},
        {"opened_by": town.lead}, {"member": town.members["SGZ-M002"]},
    ):  # fmt: skip
        refused(lambda change=change: rows.update(**change))
    refused(lambda: rows.update(id=decision.pk + 1000))
    table = OutcomeDecision._meta.db_table
    refused(lambda: run(f"DELETE FROM {table} WHERE id = %s", decision.pk))


def test_where_it_stands_still_changes(town, clock) -> None:
    decision = final(town, clock, "partly")
    OutcomeDecision.objects.filter(pk=decision.pk).update(put_at=None)
    assert fresh(decision).state == "final"


def test_that_a_member_was_told_and_what_they_replied_stays_once_it_is_there(town) -> None:
    decision = replied(town)
    rows = OutcomeDecision.objects.filter(pk=decision.pk)
    for change in (
        {"told_on": None}, {"told_how": ""}, {"told_how": "paper"}, {"told_by": town.lead},
        {"reply": {}}, {"reply": {"en": "x"}}, {"replied_on": date(2026, 1, 1)},
        {"reply_by": None},
    ):  # fmt: skip
        refused(lambda change=change: rows.update(**change))


def test_a_statement_and_its_evidence_stay_as_they_were_written(town) -> None:
    decision = opened(town, evidence=[town.evidence])
    outcomes.make_statement(decision, by=town.editor("SGZ"), agrees=True, text="seen")
    for model, change in (
        (CheckerStatement, {"text": "x"}), (CheckerStatement, {"agrees": False}),
        (DecisionEvidence, {"file": town.evidence}),
    ):  # fmt: skip
        assert model.objects.exists()
        refused(lambda model=model, change=change: model.objects.update(**change))
        refused(lambda model=model: run(f"DELETE FROM {model._meta.db_table}"))


def test_an_appeal_stays_and_so_does_how_it_was_decided(town, clock) -> None:
    decision = final(town, clock, "partly")
    appeal = appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="it rained")
    rows = Appeal.objects.filter(pk=appeal.pk)
    refused(lambda: rows.update(ground="nothing"))
    refused(lambda: rows.update(raised_on=date(2026, 1, 1)))
    assert rows.update(verdict="dismissed", verdict_reason="no", decided_by=town.lead) == 1
    refused(lambda: rows.update(verdict="upheld"))
    refused(lambda: rows.update(verdict=""))
    refused(lambda: run(f"DELETE FROM {Appeal._meta.db_table}"))


@pytest.mark.sqlite
def test_no_decision_makes_way_for_another_one_on_sqlite(town, clock) -> None:
    """REPLACE takes away what has the same place without firing a trigger on its deletion."""
    decision = final(town, clock)
    table = OutcomeDecision._meta.db_table
    columns = [f'"{f.column}"' for f in OutcomeDecision._meta.concrete_fields if not f.primary_key]
    names = ", ".join(columns)
    for key in (decision.pk, decision.pk + 1000):
        refused(
            lambda key=key: run(
                f"INSERT OR REPLACE INTO {table} (id, {names}) "
                f"SELECT {key}, {names} FROM {table} WHERE id = {decision.pk}"
            )
        )


def test_a_second_decision_of_the_same_pledge_is_made_all_the_same(town, clock) -> None:
    first = final(town, clock)
    pass_days(clock, 1)
    second = final(town, clock, "partly")
    assert (fresh(first).state, second.state) == ("superseded", "final")
