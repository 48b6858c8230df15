"""Points are entered by one and confirmed by another, taken back by an entry, and never changed."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry

from pledge_pages.appraisal import ledger
from pledge_pages.appraisal.ledger_check import compare_with, find_faults
from pledge_pages.appraisal.ledger_reading import ledgers_of, waiting_in
from pledge_pages.appraisal.scoring import Why
from pledge_pages.models import Member, PointConfirmation, PointEntry
from pledge_pages.pilots.errors import StageError
from tests.worlds import make_user

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 4)


def member(number: int = 2) -> Member:
    return Member.objects.get(code=f"SGZ-M00{number}")


def enter(town, clause: str = "P1", *, number: int = 2, on: date = MAY, by=None, **more):
    by = by or town.editor("SGZ")
    return ledger.enter_points(member(number), year=2026, clause=clause, on=on, by=by, **more)


def total(number: int = 2, year: int = 2026) -> int:
    return ledgers_of([member(number)], year)[0].added_up().total


def message(error) -> str:
    return " ".join(error.value.messages)


# Entering -------------------------------------------------------------------------------------


def test_how_many_points_and_by_which_version_follows_from_the_day(town) -> None:
    early = ledger.enter_points(
        member(), year=2026, clause="P1", on=date(2026, 2, 28), by=town.editor("SGZ")
    )
    late = enter(town, on=date(2026, 3, 1))
    assert [(e.points, e.rulebook.version) for e in (early, late)] == [(5, "0.9"), (6, "1.0")]
    line = ModelLogEntry.objects.filter(action="pledge_pages.enter_points").first()
    assert line.data["pilot"] == "SGZ"
    assert "史" not in str(line.data) + line.label


@pytest.mark.parametrize("who", ["editor", "moderator", "lead"])
def test_the_branchs_staff_and_leads_enter(town, who) -> None:
    by = {"editor": town.editor("SGZ"), "moderator": town.moderator("SGZ"), "lead": town.lead}
    assert enter(town, by=by[who]).pk


def test_nobody_else_does(town) -> None:
    for user in (town.editor("LSW"), town.moderator("LSW"), make_user("stranger")):
        with pytest.raises(PermissionDenied):
            enter(town, by=user)
    assert not PointEntry.objects.exists()


def test_nobody_enters_confirms_or_takes_back_in_their_own_ledger(town) -> None:
    moderator = town.moderator("SGZ")
    entry = enter(town)
    Member.objects.filter(code="SGZ-M002").update(user=moderator)
    for act in (
        lambda: enter(town, by=moderator),
        lambda: ledger.confirm_entries([entry], by=moderator),
        lambda: ledger.reverse_entry(entry, by=moderator, reason="x"),
    ):
        with pytest.raises(PermissionDenied, match="own ledger"):
            act()


@pytest.mark.parametrize(
    ("clause", "on", "field", "said"),
    [
        ("K1", MAY, "clause", "not in force"),
        ("Z9", MAY, "clause", "not in force"),
        ("X1", MAY, "clause", "takes an entry back"),
        ("P1", date(2024, 12, 31), "on", "happened from"),
        ("P1", date(2027, 3, 1), "on", ""),
        ("P1", date(2099, 1, 1), "on", "future"),
    ],
)
def test_what_cannot_be_entered_is_refused_at_its_field(town, clause, on, field, said) -> None:
    with pytest.raises(ValidationError) as error:
        enter(town, clause, on=on)
    assert list(error.value.message_dict) == [field]
    assert said in message(error)
    assert not PointEntry.objects.exists()


def test_a_text_of_any_length_is_not_taken(town) -> None:
    with pytest.raises(ValidationError) as error:
        enter(town, reason={"en": "x" * 2001}, ref="y" * 201)
    assert set(error.value.message_dict) == {"reason", "ref"}


def test_the_base_is_entered_once(town) -> None:
    assert ledger.open_year(town.pilots["SGZ"], 2026, on=MAY, by=town.editor("SGZ")) == 2
    assert ledger.open_year(town.pilots["SGZ"], 2026, on=MAY, by=town.moderator("SGZ")) == 0
    with pytest.raises(ValidationError, match="entered already"):
        enter(town, "A0")


def test_who_is_spared_by_the_rules_loses_no_points(town) -> None:
    """The first member of the branch is its secretary."""
    with pytest.raises(ValidationError, match="loses no points"):
        enter(town, "D2", number=1)
    assert enter(town, "D2", number=1, on=date(2026, 2, 1)).points == -2
    assert ledger.enter_for_outcome(
        member=member(1), year=2026, pledge_key=uuid.uuid4(), outcome="not_fulfilled", on=MAY,
        by=town.editor("SGZ"),
    ) is None  # fmt: skip


def test_a_form_that_is_sent_twice_enters_once(town) -> None:
    first = enter(town, reason={"en": "log 3"})
    with pytest.raises(ValidationError, match="there already"):
        enter(town, reason={"en": "log 3"}, by=town.moderator("SGZ"))
    assert enter(town, reason={"en": "log 4"}).pk
    ledger.reverse_entry(first, by=town.editor("SGZ"), reason="a slip")
    assert enter(town, reason={"en": "log 3"}).pk


# Two persons ----------------------------------------------------------------------------------


def test_an_entry_counts_once_a_second_person_has_confirmed_it(town) -> None:
    entry = enter(town)
    assert total() == 0
    assert list(waiting_in(town.pilots["SGZ"], 2026)) == [entry]
    with pytest.raises(PermissionDenied):
        ledger.confirm_entries([entry], by=town.editor("SGZ"))
    assert ledger.confirm_entries([entry], by=town.moderator("SGZ")) == 1
    assert total() == 6
    assert ledger.confirm_entries([entry], by=town.lead) == 0
    assert PointConfirmation.objects.count() == 1
    assert not waiting_in(town.pilots["SGZ"], 2026).exists()


def test_nobody_confirms_what_they_entered_and_then_none_is_confirmed(town) -> None:
    moderator = town.moderator("SGZ")
    entries = [enter(town), enter(town, "P2", by=moderator)]
    with pytest.raises(PermissionDenied, match="Somebody else"):
        ledger.confirm_entries(entries, by=moderator)
    assert not PointConfirmation.objects.exists()


def test_moderators_of_other_branches_confirm_nothing_here(town) -> None:
    with pytest.raises(PermissionDenied):
        ledger.confirm_entries([enter(town)], by=town.moderator("LSW"))


# Taking back ----------------------------------------------------------------------------------


def test_what_is_taken_back_counts_no_more_and_both_stay(town) -> None:
    entry = enter(town)
    ledger.confirm_entries([entry], by=town.moderator("SGZ"))
    back = ledger.reverse_entry(entry, by=town.lead, reason="the log was somebody else's")
    assert (back.points, back.clause, back.reversal_of) == (-6, "X1", entry)
    assert total() == 0
    lines = ledgers_of([member()], 2026)[0].added_up().lines
    assert [line.why for line in lines] == [Why.TAKEN_BACK, Why.TAKES_BACK]
    with pytest.raises(ValidationError, match="already"):
        ledger.reverse_entry(entry, by=town.lead, reason="again")
    with pytest.raises(ValidationError, match="anew"):
        ledger.reverse_entry(back, by=town.moderator("SGZ"), reason="again")


def test_the_author_takes_back_only_what_nobody_has_confirmed(town) -> None:
    own = enter(town, by=town.moderator("SGZ"))
    assert ledger.reverse_entry(own, by=town.moderator("SGZ"), reason="a slip").pk
    seen = enter(town, by=town.moderator("SGZ"))
    ledger.confirm_entries([seen], by=town.lead)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        ledger.reverse_entry(seen, by=town.moderator("SGZ"), reason="a slip")
    with pytest.raises(PermissionDenied, match="Only moderators"):
        ledger.reverse_entry(seen, by=town.editor("SGZ"), reason="a slip")


def test_what_was_taken_back_is_not_confirmed_any_more(town) -> None:
    entry = enter(town)
    ledger.reverse_entry(entry, by=town.editor("SGZ"), reason="a slip")
    with pytest.raises(ValidationError, match="taken back"):
        ledger.confirm_entries([entry], by=town.moderator("SGZ"))


def test_a_reason_is_needed(town) -> None:
    with pytest.raises(StageError):
        ledger.reverse_entry(enter(town), by=town.moderator("SGZ"), reason=" ")


# Outcomes -------------------------------------------------------------------------------------


def test_an_outcome_is_entered_once_by_the_clause_that_names_it(town) -> None:
    key, by = uuid.uuid4(), town.editor("SGZ")
    asked = {"member": member(), "year": 2026, "pledge_key": key, "on": MAY, "by": by}
    first = ledger.enter_for_outcome(outcome="fulfilled", **asked)
    assert (first.clause, first.points, first.source) == ("P1", 6, "outcome")
    assert ledger.enter_for_outcome(outcome="fulfilled", **asked) == first
    assert PointEntry.objects.count() == 1
    assert (
        ledger.enter_for_outcome(outcome="excused", **{**asked, "pledge_key": uuid.uuid4()}) is None
    )
    with pytest.raises(ValidationError, match="no outcome"):
        ledger.enter_for_outcome(outcome="brilliant", **asked)


def test_a_corrected_outcome_takes_the_entry_for_the_first_one_back(town) -> None:
    key, by = uuid.uuid4(), town.editor("SGZ")
    asked = {"member": member(), "year": 2026, "pledge_key": key, "on": MAY, "by": by}
    wrong = ledger.enter_for_outcome(outcome="not_fulfilled", **asked)
    right = ledger.enter_for_outcome(outcome="partly", **asked)
    again = ledger.enter_for_outcome(outcome="not_fulfilled", **asked)
    assert len({wrong.pk, right.pk, again.pk}) == 3
    ledger.confirm_entries([again], by=town.moderator("SGZ"))
    assert total() == -8


# What the database keeps ----------------------------------------------------------------------


def refused(act) -> None:
    before = [list(m.objects.order_by("pk").values()) for m in (PointEntry, PointConfirmation)]
    with pytest.raises(IntegrityError, match="entry of points"), transaction.atomic():
        act()
    after = [list(m.objects.order_by("pk").values()) for m in (PointEntry, PointConfirmation)]
    assert after == before


@pytest.mark.parametrize("model", [PointEntry, PointConfirmation])
def test_the_database_changes_and_deletes_no_entry_and_no_confirmation(town, model) -> None:
    ledger.confirm_entries([enter(town)], by=town.moderator("SGZ"))
    row, table = model.objects.get(), model._meta.db_table
    refused(row.save)
    refused(lambda: model.objects.update(id=row.pk + 1))
    refused(lambda: model.objects.all()._raw_delete("default"))
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute(f"UPDATE {table} SET id = id"))
        refused(lambda: cursor.execute(f"DELETE FROM {table}"))


@pytest.mark.sqlite
def test_no_entry_makes_way_for_another(town) -> None:
    first = enter(town)
    back = ledger.reverse_entry(first, by=town.editor("SGZ"), reason="a slip")
    columns = ", ".join(
        f'"{f.column}"' for f in PointEntry._meta.concrete_fields if not f.primary_key
    )
    with connection.cursor() as cursor:
        for number in (first.pk, 99_999):  # by its number; by what it takes back
            refused(
                lambda number=number: cursor.execute(
                    f"INSERT OR REPLACE INTO pledge_pages_pointentry (id, {columns}) "
                    f"SELECT {number}, {columns} FROM pledge_pages_pointentry WHERE id = {back.pk}"
                )
            )


# Checking -------------------------------------------------------------------------------------


def test_a_total_that_is_written_down_is_compared(town, monkeypatch) -> None:
    monkeypatch.setattr("pledge_pages.appraisal.ledger_check._stated", [])
    ledger.confirm_entries([enter(town, "A0")], by=town.moderator("SGZ"))
    compare_with(lambda year: [(member(), 2026, 80)])
    assert list(find_faults()) == []
    compare_with(lambda year: [(member(), 2026, 81)])
    assert [str(fault) for fault in find_faults()] == [
        "SGZ-M002 2026: 81 is written down, it is 80"
    ]


def test_a_ledger_without_its_base_is_named(town) -> None:
    ledger.confirm_entries([enter(town)], by=town.moderator("SGZ"))
    assert [fault.said for fault in find_faults(2026)] == ["0 entries of the base, not 1"]
    assert list(find_faults(2025)) == []


def test_reading_many_ledgers_takes_as_many_queries_as_one(town, django_assert_num_queries) -> None:
    for number in (1, 2):
        enter(town, number=number)
    members = list(Member.objects.select_related("office"))
    for some in (members[:1], members):
        with django_assert_num_queries(2):
            [one.added_up() for one in ledgers_of(some, 2026)]
