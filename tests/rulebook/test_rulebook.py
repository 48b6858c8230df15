"""A version of the rules is drafted, compared, approved by another, and never changes again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from pledge_pages.models import Clause, Grade, RuleBook
from pledge_pages.pilots.errors import StageError
from pledge_pages.rulebook import actions, choosing
from pledge_pages.rulebook.comparing import compare
from tests.worlds import make_user

pytestmark = pytest.mark.django_db


def book(version: str = "1.0") -> RuleBook:
    return RuleBook.objects.select_related("programme").get(version=version)


def draft(town, **more) -> RuleBook:
    values = {
        "version": "1.1", "effective_on": timezone.localdate() + timedelta(days=1),
        "change_reason": {"en": "asked for by the village"},
    }  # fmt: skip
    return actions.draft_from(book(), by=town.lead, **{**values, **more})


def test_a_draft_begins_with_all_that_its_source_says(town) -> None:
    found = compare(book(), draft(town, change_reason=book().change_reason))
    assert found.is_empty


def test_the_difference_names_clauses_and_fields(town) -> None:
    new = draft(town, base=90)
    actions.set_clause(new, "E1", by=town.lead, points=3, cap=6, text={"en": "Flood watch"})
    actions.set_clause(new, "P1", by=town.lead, points=7)
    actions.drop_clause(new, "K1", by=town.lead)
    actions.set_grade(new, "excellent", by=town.lead, threshold=95)
    found = compare(book(), RuleBook.objects.get(pk=new.pk))
    assert {change.field: (change.before, change.after) for change in found.head}["base"] == (
        80, 90,
    )  # fmt: skip
    assert {(change.kind, change.code) for change in found.clauses} == {
        ("added", "E1"), ("removed", "K1"), ("changed", "P1"),
    }  # fmt: skip
    fields = {change.code: change.fields for change in (*found.clauses, *found.grades)}
    assert [(f.field, f.before, f.after) for f in fields["P1"]] == [("points", 6, 7)]
    assert [(f.field, f.before, f.after) for f in fields["excellent"]] == [("threshold", 92, 95)]


def test_whoever_drafted_a_version_does_not_approve_it(town) -> None:
    new = draft(town)
    with pytest.raises(PermissionDenied, match="drafted"):
        actions.approve(new, by=town.lead, reason="good")
    approved = actions.approve(new, by=town.admin, reason="good")
    tomorrow = approved.effective_on
    assert choosing.in_force(town.programme, tomorrow) == approved
    assert choosing.in_force(town.programme, timezone.localdate()) == book()
    assert ModelLogEntry.objects.get(action="pledge_pages.approve_rulebook").data == {
        "version": "1.1", "reason": "good", "programme": "PP",
    }  # fmt: skip


def test_only_leads_of_the_programme_draft_change_and_approve(town) -> None:
    new = draft(town)
    for user in (town.editor("SGZ"), town.moderator("SGZ"), make_user("stranger")):
        for act in (
            lambda user=user: actions.draft_from(book(), by=user, version="2.0"),
            lambda user=user: actions.change(new, by=user, base=1),
            lambda user=user: actions.set_clause(new, "P1", by=user, points=99),
            lambda user=user: actions.drop_clause(new, "P1", by=user),
            lambda user=user: actions.set_grade(new, "excellent", by=user, threshold=1),
            lambda user=user: actions.drop_grade(new, "excellent", by=user),
            lambda user=user: actions.approve(new, by=user, reason="x"),
            lambda user=user: actions.withdraw(new, by=user, reason="x"),
        ):
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"effective_on": None}, "from which day"),
        ({"effective_on": date(2026, 3, 2)}, "is over"),
        ({"change_reason": {}}, "why the rules change"),
    ],
)
def test_what_is_not_whole_is_not_approved(town, change, said) -> None:
    with pytest.raises(ValidationError, match=said):
        actions.approve(draft(town, **change), by=town.admin, reason="good")


def test_two_clauses_for_one_outcome_are_not_approved(town) -> None:
    new = draft(town)
    actions.set_clause(new, "P9", by=town.lead, points=9, trigger="fulfilled", text={"en": "x"})
    with pytest.raises(ValidationError, match="2 clauses"):
        actions.approve(new, by=town.admin, reason="good")
    actions.set_clause(new, "P9", by=town.lead, in_force=False)
    assert actions.approve(new, by=town.admin, reason="good")


def test_nothing_is_approved_for_a_day_before_another_versions(town) -> None:
    day = timezone.localdate() + timedelta(days=30)
    actions.approve(draft(town, effective_on=day), by=town.admin, reason="good")
    late = draft(town, version="1.2")
    with pytest.raises(ValidationError, match=r"Version 1\.1 is in force"):
        actions.approve(late, by=town.admin, reason="good")


def test_an_approval_and_a_withdrawal_need_a_reason(town) -> None:
    for act in (actions.approve, actions.withdraw):
        with pytest.raises(StageError):
            act(draft(town, version=f"1.{len(act.__name__)}"), by=town.admin, reason="")


@pytest.mark.parametrize("end", [actions.approve, actions.withdraw])
def test_what_is_no_draft_any_more_never_changes(town, end) -> None:
    new = end(draft(town), by=town.admin, reason="good")
    for act in (
        lambda: actions.change(new, by=town.lead, base=1),
        lambda: actions.set_clause(new, "P1", by=town.lead, points=99),
        lambda: actions.drop_grade(new, "excellent", by=town.lead),
        lambda: actions.withdraw(new, by=town.lead, reason="x"),
    ):
        with pytest.raises(ValidationError, match="no draft any more"):
            act()


def test_the_database_refuses_to_change_an_approved_version_or_a_part_of_it(town) -> None:
    old = book()
    clause, grade = old.clauses.first(), old.grades.first()
    new = draft(town)
    for act in (
        lambda: RuleBook.objects.filter(pk=old.pk).update(base=1),
        lambda: RuleBook.objects.filter(pk=old.pk).update(status="draft"),
        lambda: Clause.objects.filter(pk=clause.pk).update(points=99),
        lambda: Clause.objects.filter(pk=clause.pk)._raw_delete("default"),
        lambda: Clause.objects.create(rulebook=old, code="Z1", points=1, text={"en": "x"}),
        lambda: Clause.objects.filter(rulebook=new, code="P1").update(rulebook=old, code="Z1"),
        lambda: Grade.objects.filter(pk=grade.pk).update(threshold=1),
        lambda: Grade.objects.create(rulebook=old, code="z", name={"en": "x"}),
        lambda: RuleBook.objects.create(
            programme=town.programme, version="9.9", status="approved", drafted_by=town.lead
        ),
    ):
        with pytest.raises(IntegrityError, match="as it was approved"), transaction.atomic():
            act()
    assert book().base == 80


@pytest.mark.sqlite
def test_no_approved_version_makes_way_for_another(town) -> None:
    new = draft(town)
    columns = [f.column for f in RuleBook._meta.concrete_fields if not f.primary_key]
    chosen = ", ".join("'1.0'" if name == "version" else name for name in columns)
    with (
        pytest.raises(IntegrityError, match="as it was approved"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT OR REPLACE INTO pledge_pages_rulebook ({', '.join(columns)}) "
            f"SELECT {chosen} FROM pledge_pages_rulebook WHERE id = {new.pk}"
        )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"points": None}, "points"),
        ({"trigger": "base", "points": 3}, "points"),
        ({"trigger": "counter", "points": None, "cap": 3}, "cap"),
        ({"points": 1001}, "points"),
        ({"text": {}}, "text"),
        ({"text": {"en": "x" * 2001}}, "text"),
    ],
)
def test_a_clause_that_says_nothing_clear_is_refused_at_its_field(town, values, field) -> None:
    new = draft(town)
    with pytest.raises(ValidationError) as error:
        actions.set_clause(new, "D2", by=town.lead, **values)
    assert list(error.value.message_dict) == [field]
    assert new.clauses.get(code="D2").points == -2


def test_a_code_that_is_none_is_refused(town) -> None:
    with pytest.raises(ValidationError) as error:
        actions.set_clause(draft(town), "p-1", by=town.lead, points=1, text={"en": "x"})
    assert list(error.value.message_dict) == ["code"]


def test_versions_of_one_name_are_refused(town) -> None:
    with pytest.raises(ValidationError, match="already exists"):
        draft(town, version="1.0")


def test_a_version_has_an_end(town, monkeypatch) -> None:
    new = draft(town)
    monkeypatch.setattr(actions, "MOST_CLAUSES", new.clauses.count())
    monkeypatch.setattr(actions, "MOST_GRADES", new.grades.count())
    with pytest.raises(ValidationError, match="which is the most"):
        actions.set_clause(new, "E1", by=town.lead, points=3, cap=6, text={"en": "Flood watch"})
    with pytest.raises(ValidationError, match="which is the most"):
        actions.set_grade(new, "fair", by=town.lead, threshold=10)
    # What is there can still be changed.
    actions.set_clause(new, "P1", by=town.lead, points=7)
