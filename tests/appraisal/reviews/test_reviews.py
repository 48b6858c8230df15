"""A year-end review from its opening to its end, and all that is refused on the way."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from wagtail.models import ModelLogEntry

from pledge_pages.appraisal import closing, ledger, point_appeals, review_grades, review_hearing
from pledge_pages.appraisal import reviews as actions
from pledge_pages.appraisal.review_grades import Choice
from pledge_pages.appraisal.survey import Survey
from pledge_pages.models import (
    Appraisal,
    BranchReview,
    Member,
    MemberReview,
    Sanction,
)
from pledge_pages.pilots.errors import StageError
from tests.appraisal.reviews.conftest import (
    HELD,
    OPINION,
    REPLY,
    account_of,
    closed,
    entry_of,
    filled,
    graded,
    opened,
    pass_days,
    told,
)

pytestmark = pytest.mark.django_db


def grades_in(review: BranchReview) -> list[str]:
    return list(review.entries.order_by("member__code").values_list("grade", flat=True))


def refused(act, *args, **kwargs) -> ValidationError:
    with pytest.raises(ValidationError) as info, transaction.atomic():
        act(*args, **kwargs)
    return info.value


# Opening --------------------------------------------------------------------------------------


def test_a_review_has_a_place_for_each_active_member_and_the_rules_of_its_day(town) -> None:
    Member.objects.filter(code="SGZ-M006").update(active=False)
    review = opened(town, present=5)
    assert review.entries.count() == 5
    assert review.rulebook.version == "1.0"
    assert ModelLogEntry.objects.get(action="pledge_pages.open_review").data["count"] == 5


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"present": 7}, "present"),
        ({"present": 0}, "present"),
        ({"voters": 2001}, "voters"),
        ({"held_on": date(2026, 3, 1)}, "held_on"),
        ({"held_on": date(2027, 1, 13)}, "held_on"),
    ],
)
def test_what_a_review_cannot_be_opened_with_is_named(town, values, field) -> None:
    assert field in refused(opened, town, **values).message_dict
    assert not BranchReview.objects.exists()


def test_a_branch_has_one_review_for_a_year(town) -> None:
    opened(town)
    assert "year" in refused(opened, town).message_dict


def test_others_open_no_review(town) -> None:
    for by in (town.editor("LSW"), town.verifier("SGZ")):
        with pytest.raises(PermissionDenied):
            opened(town, by=by)


# Figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ({"peer": {"excellent": 5, "rest": 1}}, "peer"),
        ({"ballot": {"rest": 11}}, "ballot"),
        ({"ballot": {"rest": -1}}, "ballot"),
        ({"ballot": {"best": 1}}, "ballot"),
        ({"satisfied": 10}, "neutral"),
        ({"satisfied": 10_000, "neutral": 0, "dissatisfied": 0}, "satisfied"),
        ({"opinion": {"en": "x" * 501}}, "opinion"),
        ({"opinion": {"zh-hans": "电话13812345678"}}, "opinion"),
    ],
)
def test_figures_that_cannot_be_are_refused_at_their_field_and_nothing_is_kept(
    town, figures, field
) -> None:
    entry = entry_of(opened(town), 1)
    error = refused(actions.enter_figures, entry, by=town.editor("SGZ"), **figures)
    assert field in error.message_dict
    assert entry_of(entry.review, 1).peer == entry_of(entry.review, 1).ballot == {}


def test_nobody_enters_figures_about_themselves_but_may_say_what_they_think(town) -> None:
    entry, user = entry_of(opened(town), 1), account_of(town, 1)
    user.groups.add(Group.objects.get(name="SGZ editors"))
    entry.member.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.enter_figures(entry, by=user, satisfied=1, neutral=0, dissatisfied=0)
    actions.enter_self_grade(entry, by=user, grade="excellent")
    assert entry_of(entry.review, 1).self_grade == "excellent"
    with pytest.raises(PermissionDenied):
        actions.enter_self_grade(entry_of(entry.review, 2), by=account_of(town, 3), grade="rest")


def test_few_answers_say_nothing_and_few_dissatisfied_a_percentage_alone() -> None:
    limits = {"least": 10, "least_counted": 5}
    assert Survey(9, 0, 0).said(**limits) == {}
    assert Survey(28, 4, 1).said(**limits) == {"percent": 85}
    assert Survey(28, 1, 5).said(**limits) == {
        "percent": 82, "satisfied": 28, "neutral": 1, "dissatisfied": 5,
    }  # fmt: skip
    assert Survey(0, 0, 0).percent is None


# Grades ---------------------------------------------------------------------------------------


def test_grades_follow_from_points_and_votes_and_no_more_than_a_third_are_excellent(town) -> None:
    review = graded(town)
    assert grades_in(review) == ["excellent", "excellent", "rest", "rest", "rest", "rest"]
    assert list(review.entries.order_by("member__code").values_list("points", flat=True)) == [
        98, 98, 92, 92, 80, 80,
    ]  # fmt: skip


def test_one_too_many_excellent_is_refused_and_the_error_says_how_many_may_be(town) -> None:
    review = filled(town)
    choice = {entry_of(review, 3).pk: Choice("excellent", "Led the flood guard")}
    error = refused(review_grades.propose_grades, review, by=town.moderator("SGZ"), choices=choice)
    assert error.messages == ["“Excellent” is for at most 2 of 6; 3 have it."]
    assert grades_in(review) == [""] * 6


def test_within_the_share_the_branch_chooses_with_a_reason_but_never_past_the_points(town) -> None:
    review, by = filled(town), town.moderator("SGZ")
    first, third, fifth = (entry_of(review, number).pk for number in (1, 3, 5))
    swapped = {first: Choice("rest", "Missed three meetings"), third: Choice("excellent")}
    assert (
        "say why"
        in refused(review_grades.propose_grades, review, by=by, choices=swapped).messages[0]
    )
    past = {first: Choice("rest", "x"), fifth: Choice("excellent", "x")}
    assert (
        "do not allow"
        in refused(review_grades.propose_grades, review, by=by, choices=past).messages[0]
    )
    swapped[third] = Choice("excellent", "Led the flood guard")
    review_grades.propose_grades(review, by=by, choices=swapped)
    assert grades_in(review) == ["rest", "excellent", "excellent", "rest", "rest", "rest"]
    assert entry_of(review, 3).suggested == "rest"


def test_whoever_is_reviewed_grades_nobody_and_editors_do_not_either(town) -> None:
    review, user = filled(town), account_of(town, 1)
    user.groups.add(Group.objects.get(name="SGZ moderators"))
    for by in (town.editor("SGZ"), user, town.moderator("LSW")):
        with pytest.raises(PermissionDenied):
            review_grades.propose_grades(review, by=by)


def test_figures_are_shut_once_grades_are_proposed_and_may_be_opened_again(town) -> None:
    review = graded(town)
    error = refused(actions.enter_figures, entry_of(review, 1), by=town.editor("SGZ"), peer={})
    assert error.code == "wrong_state"
    with pytest.raises(StageError):
        review_grades.reopen_figures(review, by=town.moderator("SGZ"), reason="")
    review_grades.reopen_figures(review, by=town.moderator("SGZ"), reason="Ballots counted anew")
    actions.enter_figures(entry_of(review, 1), by=town.editor("SGZ"), peer={})


# Told and heard -------------------------------------------------------------------------------


def test_a_review_is_not_closed_before_everyone_was_told_and_heard(town, clock) -> None:
    review, by = graded(town), town.moderator("SGZ")
    assert "Not told yet" in refused(closing.close_review, review, by=by).messages[0]
    for number in range(1, 7):
        review_hearing.tell_member(entry_of(review, number), by=town.editor("SGZ"), how="paper")
    said = refused(closing.close_review, review, by=by).messages
    assert said == ["May still reply: SGZ-M001, SGZ-M002, SGZ-M003, SGZ-M004, SGZ-M005, SGZ-M006."]
    pass_days(clock, 7)
    refused(closing.close_review, review, by=by)
    pass_days(clock, 1)
    assert len(closing.close_review(review, by=by)) == 6


def test_a_reply_of_everyone_closes_the_window_early(town) -> None:
    review = told(town)
    for number in range(1, 7):
        review_hearing.record_review_reply(
            entry_of(review, number), by=town.editor("SGZ"), text=REPLY
        )
    assert len(closing.close_review(review, by=town.moderator("SGZ"))) == 6


def test_the_member_replies_by_their_account_once_and_within_the_days(town, clock) -> None:
    review, user = told(town), account_of(town, 5)
    with pytest.raises(PermissionDenied):
        review_hearing.record_review_reply(entry_of(review, 4), by=user, text=REPLY)
    review_hearing.record_review_reply(entry_of(review, 5), by=user, text=REPLY)
    again = refused(review_hearing.record_review_reply, entry_of(review, 5), by=user, text=REPLY)
    assert again.code == "twice"
    pass_days(clock, 8)
    late = refused(
        review_hearing.record_review_reply, entry_of(review, 4), by=town.editor("SGZ"), text=REPLY
    )
    assert "on" in late.message_dict


def test_whoever_gets_another_grade_than_they_were_told_is_told_and_heard_again(
    town, clock
) -> None:
    review, by = told(town), town.moderator("SGZ")
    review_hearing.record_review_reply(entry_of(review, 1), by=town.editor("SGZ"), text=REPLY)
    pass_days(clock, 8)
    choices = {entry_of(review, 1).pk: Choice("rest", "Asked for it")}
    review_grades.propose_grades(review, by=by, choices=choices)
    assert refused(closing.close_review, review, by=by).messages == ["Not told yet: SGZ-M001."]
    review_hearing.tell_member(entry_of(review, 1), by=town.editor("SGZ"), how="in_person")
    assert "May still reply: SGZ-M001" in refused(closing.close_review, review, by=by).messages[0]
    assert entry_of(review, 1).reply == REPLY


# Closing --------------------------------------------------------------------------------------


def test_points_that_changed_or_wait_or_are_appealed_against_keep_a_review_open(
    town, clock
) -> None:
    review, by, editor = told(town), town.moderator("SGZ"), town.editor("SGZ")
    pass_days(clock, 8)
    member = town.members["SGZ-M005"]
    entry = ledger.enter_points(member, year=2026, clause="D2", on=date(2026, 12, 20), by=editor)
    assert "nobody has confirmed: 1" in refused(closing.close_review, review, by=by).messages[0]
    ledger.confirm_entries([entry], by=town.lead)
    assert "Points changed" in refused(closing.close_review, review, by=by).messages[0]
    appeal = point_appeals.raise_points_appeal(entry, by=editor, ground="Sent apologies")
    assert (
        "Appeals against points are open: SGZ-M005."
        in refused(closing.close_review, review, by=by).messages
    )
    point_appeals.decide_points_appeal(appeal, by=by, verdict="upheld", reason="So it is")
    assert len(closing.close_review(review, by=by)) == 6


def test_what_was_found_is_kept_by_the_database_itself(town, clock) -> None:
    review = closed(town, clock)
    one = review.appraisals.get(member__code="SGZ-M001")
    assert (one.points, one.grade, one.reply, one.peer) == (
        98, "excellent", REPLY, {"excellent": 2, "rest": 1},
    )  # fmt: skip
    one.grade = "rest"
    with pytest.raises(ValidationError):
        one.save()
    with pytest.raises(ValidationError):
        one.delete()
    for change in (
        lambda: Appraisal.objects.filter(pk=one.pk).update(grade="rest"),
        lambda: Appraisal.objects.filter(pk=one.pk).delete(),
        lambda: BranchReview.objects.filter(pk=review.pk).update(state="open"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    entry = entry_of(review, 1)
    entry.grade = "rest"
    with pytest.raises(ValidationError):
        entry.save()


def test_a_correction_is_another_appraisal_with_a_reason(town, clock) -> None:
    review = closed(town, clock)
    one, by = review.appraisals.get(member__code="SGZ-M001"), town.moderator("SGZ")
    told_today = {"told_on": date(2027, 1, 20), "told_how": "in_person", "by": by}
    with pytest.raises(StageError):
        closing.correct_appraisal(one, reason="", grade="rest", **told_today)
    early = refused(closing.correct_appraisal, one, reason="x", grade="rest", **told_today)
    assert "told_on" in early.message_dict  # a lower grade: the member may still reply
    pass_days(clock, 8)
    made = closing.correct_appraisal(one, reason="Counted twice", grade="rest", **told_today)
    assert (made.edition, made.corrects, made.grade) == (1, one, "rest")
    assert one.grade == "excellent"
    assert [row.edition for row in closing.standing(review) if row.member_id == one.member_id] == [
        1
    ]
    assert (
        refused(closing.correct_appraisal, one, reason="x", grade="rest", **told_today).code
        == "twice"
    )


def test_a_correction_keeps_to_the_share(town, clock) -> None:
    review = closed(town, clock)
    one = review.appraisals.get(member__code="SGZ-M003")
    error = refused(
        closing.correct_appraisal, one, by=town.lead, reason="x", grade="excellent",
        told_on=date(2027, 1, 20), told_how="paper",
    )  # fmt: skip
    assert error.message_dict["grade"] == ["“Excellent” is for at most 2 of 6; 3 have it."]


# Sanctions ------------------------------------------------------------------------------------


def test_a_sanction_is_recorded_by_moderators_kept_and_has_no_public_place(town) -> None:
    review, by = opened(town), town.moderator("SGZ")
    values = {"what": "Talk with the branch", "basis": "Minutes of 11 January", "on": HELD}
    with pytest.raises(PermissionDenied):
        actions.record_sanction(entry_of(review, 5), by=town.editor("SGZ"), **values)
    made = actions.record_sanction(entry_of(review, 5), by=by, **values)
    with pytest.raises(DatabaseError), transaction.atomic():
        Sanction.objects.filter(pk=made.pk).update(what="Nothing")
    names = {field.name for model in (Sanction, MemberReview) for field in model._meta.fields}
    assert not [name for name in names if "public" in name]
    assert "Talk" not in str(ModelLogEntry.objects.get(action="pledge_pages.record_sanction").data)


# Rules ----------------------------------------------------------------------------------------


def test_a_relatives_building_costs_nobody_points_while_its_clause_is_off(town) -> None:
    book = review_grades.lock(opened(town)).rulebook
    assert book.clauses.get(code="K1").in_force is False
    error = refused(
        ledger.enter_points, town.members["SGZ-M001"], year=2026, clause="K1",
        on=date(2026, 12, 1), by=town.editor("SGZ"),
    )  # fmt: skip
    assert "clause" in error.message_dict


def test_the_trail_names_nobody(town, clock) -> None:
    closed(town, clock)
    lines = ModelLogEntry.objects.filter(action__contains="review")
    lines |= ModelLogEntry.objects.filter(action__contains="grade")
    assert lines.count() > 15
    said = " ".join(f"{line.label} {line.data}" for line in lines)
    for member in Member.objects.filter(pilot__code="SGZ"):
        assert member.staff_name not in said
    assert OPINION["en"] not in said
    assert {line.data["pilot"] for line in lines} == {"SGZ"}
