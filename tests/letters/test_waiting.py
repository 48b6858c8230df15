"""Mails about what waits: to whom, how often, and what they do not say."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from pledge_pages.letters.sending import TEMPLATE, Letter, _context
from pledge_pages.letters.waiting import Waiting, waiting_for
from pledge_pages.models import Appeal, OutcomeDecision, Pilot, Programme, Report, StaffLetter
from pledge_pages.people.letters import written
from pledge_pages.supervision import actions
from tests.office.conftest import speak_english
from tests.supervision.conftest import CONTACT, QUESTION, RAW
from tests.worlds import Town

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def run(*options: str) -> str:
    out = StringIO()
    mail.outbox.clear()
    call_command("mail_waiting", *options, stdout=out)
    return out.getvalue()


def sent() -> dict[str, str]:
    """The mails that were sent, by the account they went to."""
    return {message.to[0].split("@")[0]: f"{message.subject}\n{message.body}"
            for message in mail.outbox}  # fmt: skip


def since(report: Report, days: int) -> None:
    """Let the report have come, and be in its state, for so many days."""
    day = timezone.localdate() - days * DAY
    Report.objects.filter(pk=report.pk).update(received_on=day, state_since=day)


def appealed(town: Town) -> Appeal:
    """Let an appeal wait against an outcome of the first member."""
    page, today = town.pages["SGZ-M001", "zh-hans"], timezone.localdate()
    decision = OutcomeDecision.objects.create(
        pilot=town.pilots["SGZ"], member=town.members["SGZ-M001"], year=2026, outcome="partly",
        pledge_key=page.pledges.get().key, method={"en": "seen"}, checked_on=today,
        reason={"en": "rain"}, opened_by=town.editor("SGZ"), state="frozen",
    )  # fmt: skip
    return Appeal.objects.create(
        pilot=decision.pilot, member=decision.member, decision=decision, raised_on=today,
        ground="it rained", raised_by=town.editor("SGZ"),
    )  # fmt: skip


def test_the_committee_is_told_of_a_new_report_from_the_next_day_on_and_nobody_else(
    town, supervisor, report
) -> None:
    speak_english(supervisor)
    assert "0 mails were sent." in run()
    since(report, 1)
    assert "supervisor_sgz: 1 waiting" in run()
    text = sent()
    assert list(text) == ["supervisor_sgz"]
    assert "SGZ village (SGZ)" in text["supervisor_sgz"]
    assert "- 1 report of which the time ends within two days" in text["supervisor_sgz"]
    assert "/admin/pledge-boards/supervision/" in text["supervisor_sgz"]


@override_settings(PLEDGE_PAGES_REPORT_DAYS={"received": 30, "accepted": 7})
def test_new_due_soon_and_overdue_are_told_apart(town, supervisor, report) -> None:
    speak_english(supervisor)
    for days, words in ((1, "1 new report"), (29, "ends within two days"), (31, "time is over")):
        since(report, days)
        StaffLetter.objects.all().delete()
        run()
        assert words in sent()["supervisor_sgz"], days


def test_editors_are_told_of_an_answer_that_is_due_once_they_may_read_the_report(
    town, supervisor, report
) -> None:
    speak_english(town.editor("SGZ"))
    actions.accept(report, by=supervisor)
    since(report, 20)
    run()
    assert list(sent()) == ["supervisor_sgz"]
    actions.redact(report, by=supervisor, text=QUESTION)
    StaffLetter.objects.all().delete()
    since(report, 20)
    run()
    assert sorted(sent()) == ["editor_sgz", "supervisor_sgz"]
    assert "1 report of which the time is over" in sent()["editor_sgz"]


def test_the_person_named_is_told_nothing_in_any_role(town, supervisor, report, member) -> None:
    for name in ("supervisors", "editors", "moderators", "verifiers"):
        group = Group.objects.filter(name=f"SGZ {name}").first()
        if group:
            supervisor.groups.add(group)
    type(member).objects.filter(pk=member.pk).update(user=supervisor)
    since(report, 20)
    assert "0 mails were sent." in run()
    assert waiting_for(supervisor) == []
    type(supervisor).objects.filter(pk=supervisor.pk).update(is_superuser=True)
    run()
    assert mail.outbox == []


def test_no_mail_and_no_line_of_the_trail_says_who_what_or_when(town, supervisor, report) -> None:
    since(report, 2)
    appealed(town)
    run()
    assert len(sent()) >= 3
    for text in sent().values():
        for word in (RAW, CONTACT, "长", "史", "Chang", "SGZ-M001", "rain", "党员承诺制",
                     "pledge system", str(report.pk)):  # fmt: skip
            assert word not in text, text
        assert not re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d", text)
    for line in ModelLogEntry.objects.filter(action="pledge_pages.mail_waiting"):
        assert set(line.data) == {"count", "pilot", "programme"}


def test_staff_and_leads_are_told_of_an_appeal_and_the_other_branch_is_not(town) -> None:
    speak_english(town.moderator("SGZ"))
    appealed(town)
    run()
    assert sorted(sent()) == ["editor_sgz", "lead", "moderator_sgz"]
    assert "1 appeal without a decision" in sent()["moderator_sgz"]


def test_a_mail_about_several_programmes_names_each_of_them(town) -> None:
    other = Programme.objects.create(
        code="QQ", public_name={"en": "x"}, neutral_name={"en": "Road works", "zh-hans": "修路"}
    )
    speak_english(town.lead)
    one, two = Pilot.objects.select_related("programme").order_by("-code")
    two.programme = other
    rows = [Waiting(pilot, "appeal", frozenset({"a"})) for pilot in (one, two)]
    subject, _text = written(TEMPLATE, _context(Letter(town.lead, rows), "en"), "en")
    assert subject == "Village branch yearly work plan · Road works: what waits for you"


def test_each_reads_in_their_own_language(town, supervisor, report) -> None:
    since(report, 20)
    run()
    assert "1 件反映已超过时限" in sent()["supervisor_sgz"]
    speak_english(supervisor)
    StaffLetter.objects.all().delete()
    run()
    assert "what waits for you" in sent()["supervisor_sgz"]


def test_a_second_mail_goes_when_there_is_something_new_or_after_the_days(
    town, supervisor, report, time_machine
) -> None:
    since(report, 2)
    run()
    assert len(mail.outbox) == 1
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    since(report, 20)
    run()
    assert mail.outbox == [], "one a day"
    time_machine.move_to(timezone.now() + DAY)
    run()
    assert len(mail.outbox) == 1, "it is overdue now"
    time_machine.move_to(timezone.now() + 2 * DAY)
    run()
    assert mail.outbox == [], "nothing new"
    time_machine.move_to(timezone.now() + 14 * DAY)
    run()
    assert len(mail.outbox) == 1


def test_of_a_pilot_that_has_ended_nobody_is_told(town, report) -> None:
    since(report, 20)
    Pilot.objects.filter(code="SGZ").update(stage="ended")
    run()
    assert mail.outbox == []


def test_a_dry_run_says_to_whom_and_sends_and_keeps_nothing(town, report) -> None:
    since(report, 20)
    assert "supervisor_sgz: 1 waiting" in run("--dry-run")
    assert mail.outbox == []
    assert not StaffLetter.objects.exists()
    assert not ModelLogEntry.objects.filter(action="pledge_pages.mail_waiting").exists()


@override_settings(EMAIL_BACKEND="tests.tasks.post.Broken")
def test_a_mail_that_cannot_be_sent_is_said_and_tried_again(town, report) -> None:
    since(report, 20)
    with pytest.raises(CommandError, match="Not sent: supervisor_sgz"):
        run()
    assert not StaffLetter.objects.exists()


def test_what_waits_costs_no_more_for_more_reports(town, supervisor, report) -> None:
    since(report, 20)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert waiting_for(supervisor)
        return len(captured)

    few = queries()
    for number in range(5):
        Report.objects.create(
            pilot=report.pilot, kind="question", channel="web", receipt_hash=f"h{number}",
            received_on=timezone.localdate() - 9 * DAY, state_since=timezone.localdate() - 9 * DAY,
        )  # fmt: skip
    assert queries() == few <= 8
