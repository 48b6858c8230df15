"""What staff do with a report, who may, and what is refused."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from pledge_pages.models import Member, Report, ReportContact
from pledge_pages.supervision import access, actions, receiving, retention
from pledge_pages.supervision.errors import ReportError
from pledge_pages.supervision.receiving import Said
from pledge_pages.supervision.stages import STEPS, State, overdue
from tests.supervision.conftest import ANSWER, CONTACT, QUESTION, RAW
from tests.worlds import make_user

pytestmark = pytest.mark.django_db

GIVEN = {
    "reject": {"text": {"zh-hans": "没有具体的事"}},
    "redact": {"text": QUESTION},
    "answer": {"text": ANSWER},
}


def take(name: str, report: Report, by):
    return getattr(actions, name)(report, by=by, **GIVEN.get(name, {}))


def lines() -> list[ModelLogEntry]:
    return list(ModelLogEntry.objects.filter(action__endswith="_report").order_by("pk"))


def test_from_received_to_published_each_step_by_whom_it_belongs_to(town, report, supervisor):
    editor, moderator = town.editor("SGZ"), town.moderator("SGZ")
    for name, by, state in (
        ("accept", supervisor, "accepted"),
        ("redact", supervisor, "accepted"),
        ("ask", editor, "asked_member"),
        ("answer", editor, "answered"),
        ("publish", moderator, "answered"),
        ("close", supervisor, "closed"),
        ("withdraw", moderator, "closed"),
        ("erase", supervisor, "closed"),
    ):
        report = take(name, report, by)
        assert report.state == state, name
    report.refresh_from_db()
    assert (report.text, ReportContact.objects.count()) == ("", 0)
    assert report.public_text == QUESTION


def test_each_step_leaves_a_line_without_names_or_texts(town, published):
    found = lines()
    assert [line.action.rpartition(".")[2] for line in found] == [
        "accept_report", "redact_report", "answer_report", "publish_report",
    ]  # fmt: skip
    for line in found:
        assert set(line.data) == {"report_state", "pilot", "programme"}
        said = f"{line.label} {line.data}"
        for words in (*QUESTION.values(), *ANSWER.values(), RAW, CONTACT, "SGZ-M001", "史"):
            assert words not in said


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_cannot_follow_says_where_the_report_stands(town, report, supervisor, name):
    for state in State:
        if state in STEPS[name].origins:
            continue
        Report.objects.filter(pk=report.pk).update(state=state)
        with pytest.raises(ReportError, match=str(state.label)):
            take(name, report, supervisor)
    assert lines() == []


@pytest.mark.parametrize("name", STEPS)
def test_who_has_no_part_in_it_takes_no_step(town, answered, name):
    someone = make_user("someone")
    verifier = make_user("verifier")
    verifier.groups.add(Group.objects.get(name="SGZ verifiers"))
    others = [town.users["supervisor_lsw"], town.editor("LSW"), town.moderator("LSW")]
    before = len(lines())
    for user in (someone, verifier, *others):
        with pytest.raises(PermissionDenied):
            take(name, answered, user)
    assert len(lines()) == before


@pytest.mark.parametrize("name", ["accept", "reject", "redact", "close", "erase"])
def test_what_the_committee_does_nobody_else_does(town, report, name):
    Report.objects.filter(pk=report.pk).update(state=STEPS[name].origins[0])
    for user in (town.editor("SGZ"), town.moderator("SGZ"), town.lead, town.admin):
        with pytest.raises(PermissionDenied):
            take(name, report, user)


def test_who_wrote_the_answer_cannot_publish_it(town, answered, supervisor):
    town.moderator("SGZ").groups.add(Group.objects.get(name="SGZ editors"))
    actions.answer(answered, by=town.moderator("SGZ"), text=ANSWER)
    with pytest.raises(ReportError, match=r"写|wrote"):
        actions.publish(answered, by=town.moderator("SGZ"))
    with pytest.raises(PermissionDenied):
        actions.publish(answered, by=town.editor("SGZ"))
    assert actions.publish(answered, by=supervisor).published_by == supervisor


@pytest.mark.parametrize(
    "change",
    [
        lambda row: {"published_by": row.answered_by},
        lambda row: {"published_by": None},
        lambda row: {"public_text": {}},
        lambda row: {"answer": {}},
        lambda row: {"answered_by": None},
        lambda row: {"state": "accepted"},
    ],
)
def test_the_database_refuses_what_was_published_otherwise(town, published, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=published.pk).update(**change(published))


def test_a_pledge_without_its_member_is_refused_by_the_database(town, report):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(member=None, pledge_key=report.pk)


def test_what_is_public_is_not_changed_before_it_is_withdrawn(town, published, supervisor):
    for name in ("redact", "answer"):
        with pytest.raises(ReportError):
            take(name, published, supervisor)
    actions.withdraw(published, by=town.lead)
    assert take("redact", published, supervisor).version > published.version


def test_nothing_is_answered_before_the_branch_can_read_it(town, report, supervisor):
    actions.accept(report, by=supervisor)
    with pytest.raises(ReportError):
        actions.answer(report, by=supervisor, text=ANSWER)
    with pytest.raises(ReportError):
        actions.ask(report, by=supervisor)


# Texts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["打 138 1234 5678 找我", "11010519491231002X", "粤B12345"])
@pytest.mark.parametrize("name", ["redact", "answer"])
def test_a_number_of_a_person_is_refused_with_its_place(town, answered, supervisor, name, text):
    with pytest.raises(ReportError) as refused:
        getattr(actions, name)(answered, by=supervisor, text={"zh-hans": f"请{text}"})
    assert "text" in refused.value.message_dict


@pytest.mark.parametrize(
    "text", ["史长SGZ1没来扫", "史 长SGZ1 没来", "Shi Changsgz1 did not", "changSGZ1 shi did not"]
)
def test_the_name_of_a_member_is_refused_whatever_they_agreed_to(town, answered, supervisor, text):
    with pytest.raises(ReportError):
        actions.redact(answered, by=supervisor, text={"en": text})


def test_numbers_are_looked_for_once_more_before_it_is_public(town, answered):
    Report.objects.filter(pk=answered.pk).update(answer={"en": "call 13812345678"})
    with pytest.raises(ReportError):
        actions.publish(answered, by=town.moderator("SGZ"))


@pytest.mark.parametrize("text", [{}, {"en": " "}, {"xx": "unknown"}, {"en": "x" * 2001}])
def test_a_text_that_is_none_or_too_long_is_refused(town, answered, supervisor, text):
    with pytest.raises(ReportError):
        actions.redact(answered, by=supervisor, text=text)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "打13812345678"])
def test_it_is_not_rejected_without_a_reason_that_can_be_told(town, report, supervisor, reason):
    with pytest.raises(ReportError):
        actions.reject(report, by=supervisor, text={"zh-hans": reason})


# Two at once --------------------------------------------------------------------------------------


def test_who_decided_on_an_older_version_is_told_to_look_again(town, report, supervisor):
    seen = report.version
    actions.redact(report, by=supervisor, text=QUESTION, version=seen)
    with pytest.raises(ReportError) as refused:
        actions.accept(report, by=supervisor, version=seen)
    assert refused.value.code == "changed"


# The person named ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["editors", "moderators", "supervisors", "leads"])
def test_the_person_named_sees_no_report_about_them_and_takes_no_step(town, answered, member, role):
    user = make_user("named")
    user.groups.add(Group.objects.get(name="PP leads" if role == "leads" else f"SGZ {role}"))
    assert access.reports_seen_by(user).filter(pk=answered.pk).exists()
    Member.objects.filter(pk=member.pk).update(user=user)
    assert not access.reports_seen_by(user).exists()
    answered.refresh_from_db()
    answered.member.refresh_from_db()
    assert not access.reads_original(user, answered)
    for name in STEPS:
        with pytest.raises(PermissionDenied):
            take(name, answered, user)


def test_staff_see_what_the_committee_let_through_and_only_in_their_branch(
    town, report, supervisor
):
    editor = town.editor("SGZ")

    def seen(user) -> bool:
        return access.reports_seen_by(user).filter(pk=report.pk).exists()

    assert [seen(user) for user in (supervisor, editor, town.lead)] == [True, False, False]
    actions.accept(report, by=supervisor)
    assert not seen(editor), "there is no public text yet"
    actions.redact(report, by=supervisor, text=QUESTION)
    assert [seen(user) for user in (editor, town.moderator("SGZ"), town.lead)] == [True] * 3
    assert not any(seen(town.users[name]) for name in ("editor_lsw", "supervisor_lsw"))
    for user in (editor, town.moderator("SGZ"), town.lead, town.admin):
        assert not access.reads_original(user, report)
    actions.reject(report, by=supervisor, text={"zh-hans": "没有具体的事"})
    assert [seen(supervisor), seen(editor)] == [True, False]


# Entered by staff ---------------------------------------------------------------------------------


def test_what_came_by_box_is_entered_by_the_committee_with_a_receipt(town, supervisor, member):
    said = Said(town.pilots["SGZ"], "report", "box", RAW, CONTACT, member)
    day = timezone.localdate() - timedelta(days=2)
    report, code = receiving.enter(said, by=supervisor, received_on=day)
    assert (report.received_on, report.channel, len(code)) == (day, "box", 19)
    assert code not in repr(vars(report))
    assert [line.action for line in lines()] == ["pledge_pages.enter_report"]


@pytest.mark.parametrize("who", ["editor_sgz", "moderator_sgz", "supervisor_lsw"])
def test_nobody_else_enters_reports(town, member, who):
    with pytest.raises(PermissionDenied):
        receiving.enter(Said(town.pilots["SGZ"], "report", "box", RAW), by=town.users[who])


def test_nobody_enters_one_about_themselves(town, supervisor, member):
    Member.objects.filter(pk=member.pk).update(user=supervisor)
    member.refresh_from_db()
    with pytest.raises(PermissionDenied):
        receiving.enter(Said(town.pilots["SGZ"], "report", "box", RAW, "", member), by=supervisor)


def test_what_is_wrong_with_an_entry_is_said_by_field(town, supervisor):
    pilot, other = town.pilots["SGZ"], town.members["LSW-M001"]
    future = timezone.localdate() + timedelta(days=1)
    for said, day, field in (
        (Said(pilot, "report", "web", RAW), None, "channel"),
        (Said(pilot, "report", "box", ""), None, "text"),
        (Said(pilot, "report", "box", RAW, "", other), None, "member"),
        (Said(pilot, "report", "box", RAW), future, "received_on"),
    ):
        with pytest.raises(ReportError) as refused:
            receiving.enter(said, by=supervisor, received_on=day)
        assert field in refused.value.message_dict
    assert Report.objects.count() == 0


# Clocks and retention -----------------------------------------------------------------------------


def test_each_state_has_its_clock(town, report, supervisor, settings):
    settings.PLEDGE_PAGES_REPORT_DAYS = {"received": 2}
    today = timezone.localdate()
    assert report.due_on == today + timedelta(days=2)
    for days, late in ((2, False), (3, True)):
        on = today + timedelta(days=days)
        assert Report.objects.filter(overdue(on)).exists() == late
    actions.accept(report, by=supervisor)
    assert Report.objects.get().due_on is None
    assert not Report.objects.filter(overdue(date(2099, 1, 1))).exists()


def test_original_and_contact_are_erased_after_the_retention_and_logged(
    town, report, supervisor, settings
):
    from django.core.management import call_command

    settings.PLEDGE_PAGES_REPORT_RETENTION_DAYS = 30
    actions.reject(report, by=supervisor, text={"zh-hans": "没有具体的事"})
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert retention.erase_past_retention() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        call_command("erase_reports", "--dry-run")
        assert ReportContact.objects.count() == 1
        call_command("erase_reports")
        call_command("erase_reports")
    report.refresh_from_db()
    assert (report.text, ReportContact.objects.count()) == ("", 0)
    assert report.erased_on
    assert [line.action.rpartition(".")[2] for line in lines()] == ["reject_report", "erase_report"]


def test_what_has_not_ended_is_never_erased_by_time(town, answered):
    with time_machine.travel(timezone.now() + timedelta(days=4000)):
        assert retention.erase_past_retention() == 0
