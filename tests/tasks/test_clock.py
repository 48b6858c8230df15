"""Which pledges are overdue or silent, and who is reminded of which by mail."""

import re
from datetime import date
from io import StringIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from pledge_pages.models import MemberPledgePage, Nudge, Pilot, ProgressUpdate
from pledge_pages.people.naming import today
from pledge_pages.tasks.clock import late_pledges
from tests.office.conftest import speak_english
from tests.staging import staged
from tests.tasks.conftest import CODE, START, asked, build_branches, drafts_of
from tests.worlds import LANGUAGES, Town

pytestmark = pytest.mark.django_db


def build_in_progress() -> Town:
    """Build branches whose first members' pledges are in progress: others are reported done, and wait."""
    return build_branches("in_progress")


town = staged(build_in_progress, START)


def set_pledge(town, language: str, code: str = CODE, **values) -> MemberPledgePage:
    """Write a new draft of the member's page in which the pledge says so."""
    draft = drafts_of(town, code)[language]
    pledge = draft.pledges.first()
    for name, value in values.items():
        setattr(pledge, name, value)
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor(code[:3]))
    return draft


def approve_draft(town, language: str, code: str = CODE) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages[code, language].pk)
    draft = page.get_latest_revision_as_object()
    page.get_workflow().start(draft, town.editor(code[:3]))
    town.approve(page, town.moderator(code[:3]))


def report(town, on: date, kind: str = "update") -> None:
    """Write an update into a draft that nobody approves."""
    draft = drafts_of(town)["en"]
    update = ProgressUpdate(
        pledge_key=draft.pledges.first().key, on=on, kind=kind, text="done", locale=draft.locale
    )
    draft.updates = [*draft.updates.all(), update]
    draft.save_revision(user=town.editor("SGZ"))


def late(town, on: date | None = None, code: str = "SGZ") -> list[tuple[str, bool, date]]:
    rows = late_pledges(Pilot.objects.get(code=code), on or today())
    return [(row.member.code, row.overdue, row.since) for row in rows]


# The clock ----------------------------------------------------------------------------------


def test_a_pledge_is_silent_once_the_days_of_its_branch_are_over(town) -> None:
    # The last report is of 15 January.
    assert late(town, date(2026, 4, 15)) == []
    assert late(town, date(2026, 4, 16)) == [(CODE, False, date(2026, 4, 15))]
    Pilot.objects.filter(code="SGZ").update(update_days=30)
    assert late(town, date(2026, 2, 15)) == [(CODE, False, date(2026, 2, 14))]


def test_a_pledge_is_overdue_from_the_day_after_it_was_due(town) -> None:
    assert late(town, date(2026, 12, 31)) == [(CODE, False, date(2026, 4, 15))]
    assert late(town, date(2027, 1, 1)) == [(CODE, True, date(2026, 12, 31))]


def test_a_report_counts_before_anybody_has_approved_it(town) -> None:
    report(town, date(2026, 3, 4))
    assert late(town, date(2026, 4, 16)) == []
    assert late(town, date(2026, 6, 3)) == [(CODE, False, date(2026, 6, 2))]


def test_what_is_reported_done_waits_for_others(town) -> None:
    report(town, date(2026, 3, 4), kind="completion_report")
    assert late(town, date(2027, 1, 1)) == []


def test_what_is_decided_or_agreed_later_is_not_late(town) -> None:
    for language in LANGUAGES:
        set_pledge(town, language, agreed_on=date(2026, 3, 1))
        approve_draft(town, language)
    assert late(town, date(2026, 5, 30)) == []
    page = MemberPledgePage.objects.get(pk=town.pages[CODE, "en"].pk)
    town.take_over_outcome(page, checked_on=date(2026, 3, 2))
    assert late(town, date(2027, 1, 1)) == []


@pytest.mark.parametrize("stage", ["proposed", "agreed", "suspended", "ended"])
def test_where_nothing_is_begun_or_all_is_over_no_clock_runs(town, stage) -> None:
    pilot = Pilot.objects.get(code="SGZ")
    pilot.stage = stage
    assert late_pledges(pilot, date(2027, 1, 1)) == []


@pytest.mark.parametrize("days", [0, 93, -1])
def test_a_branch_asks_for_a_report_at_least_once_in_a_quarter(town, days) -> None:
    pilot = Pilot.objects.get(code="SGZ")
    pilot.update_days = 92
    pilot.full_clean()
    pilot.update_days = days
    with pytest.raises(ValidationError) as told:
        pilot.full_clean()
    assert list(told.value.message_dict) == ["update_days"]


def test_the_list_takes_as_many_queries_for_one_member_as_for_many(town) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            late_pledges(Pilot.objects.get(code="SGZ"), date(2027, 1, 1))
        return len(captured)

    few = queries()
    for language in LANGUAGES:
        set_pledge(town, language, "SGZ-M002", progress="in_progress")
        approve_draft(town, language, "SGZ-M002")
    assert len(late(town, date(2027, 1, 1))) == 2
    assert queries() == few


# Mails --------------------------------------------------------------------------------------


def nudge(*options: str) -> str:
    out = StringIO()
    mail.outbox.clear()
    call_command("nudge", *options, stdout=out)
    return out.getvalue()


def letters() -> dict[str, str]:
    """The mails that were sent, by the account they went to."""
    return {message.to[0].split("@")[0]: f"{message.subject}\n{message.body}"
            for message in mail.outbox}  # fmt: skip


def test_the_member_and_the_editors_of_the_branch_are_sent_one_mail_each(
    town, with_account, clock
) -> None:
    speak_english(with_account())
    speak_english(town.editor("SGZ"))
    asked(town, CODE)
    asked(town, "SGZ-M002")
    clock.move_to("2026-04-20T01:00:00Z")
    told = nudge()
    assert "editor_lsw: 0 overdue, 1 silent, 0 unanswered" in told
    assert "editor_sgz: 0 overdue, 1 silent, 2 unanswered" in told
    assert "3 mails were sent." in told
    sent = letters()
    assert sorted(sent) == ["account_sgz-m001", "editor_lsw", "editor_sgz"]
    assert "1 task waits for an answer" in sent["account_sgz-m001"]
    assert "2 tasks wait for an answer" in sent["editor_sgz"]
    assert "SGZ-M001, 2026, Sanitation: last report on 2026-01-15" in sent["editor_sgz"]
    assert f"/assignments/late/{town.pilots['SGZ'].pk}/" in sent["editor_sgz"]
    assert "/assignments/" not in sent["account_sgz-m001"]
    assert ModelLogEntry.objects.filter(action="pledge_pages.nudge").count() == 3


def test_no_mail_names_anybody_or_says_what_was_promised_or_what_others_did(
    town, with_account, clock
) -> None:
    with_account()
    clock.move_to("2027-01-02T01:00:00Z")
    nudge()
    sent = letters()
    others = {"account_sgz-m001": "LSW|M002", "editor_sgz": "LSW", "editor_lsw": "SGZ"}
    assert sorted(sent) == sorted(others)
    for name, text in sent.items():
        assert not re.search(f"长|史|Shi|Chang|Sweep|打扫|{others[name]}", text), text
    assert "SGZ-M001" not in sent["account_sgz-m001"]


def test_an_announced_name_is_used_and_no_other(town, clock) -> None:
    clock.move_to("2026-04-20T01:00:00Z")
    nudge()
    assert "党员承诺制" in letters()["editor_sgz"]
    town.close("SGZ")
    Nudge.objects.all().delete()
    nudge()
    assert list(letters()) == ["editor_lsw"]
    assert not re.search("党员承诺制|pledge system", str(letters()))


def test_each_reads_in_their_own_language(town, clock) -> None:
    clock.move_to("2026-04-20T01:00:00Z")
    for language, words in (("en", "Sanitation"), ("zh-hans", "环境卫生")):
        profile = UserProfile.get_for_user(town.editor("SGZ"))
        profile.preferred_language = language
        profile.save()
        Nudge.objects.all().delete()
        nudge()
        assert words in letters()["editor_sgz"]


def test_nobody_gets_a_second_mail_before_the_days_are_over(town, clock) -> None:
    clock.move_to("2026-04-20T01:00:00Z")
    nudge()
    assert len(mail.outbox) == 2
    clock.shift(13 * 86_400)
    assert "2 people got one not long ago." in nudge()
    assert mail.outbox == []
    clock.shift(2 * 86_400)
    nudge()
    assert len(mail.outbox) == 2
    assert Nudge.objects.count() == 4


def test_a_dry_run_says_to_whom_and_sends_and_keeps_nothing(town, clock) -> None:
    clock.move_to("2026-04-20T01:00:00Z")
    assert "editor_sgz" in nudge("--dry-run")
    assert mail.outbox == []
    assert not Nudge.objects.exists()
    assert not ModelLogEntry.objects.filter(action="pledge_pages.nudge").exists()


def test_who_has_no_address_or_account_or_nothing_to_read_gets_no_mail(
    town, with_account, clock
) -> None:
    with_account("SGZ-M002")
    for user in (town.editor("SGZ"), town.editor("LSW")):
        type(user).objects.filter(pk=user.pk).update(email="")
    clock.move_to("2026-04-20T01:00:00Z")
    assert "0 mails were sent." in nudge()
    type(user).objects.filter(pk=town.editor("SGZ").pk).update(email="a@b.example", is_active=False)
    assert "0 mails were sent." in nudge()


@override_settings(EMAIL_BACKEND="tests.tasks.post.Broken")
def test_a_mail_that_cannot_be_sent_is_said_and_tried_again(town, clock) -> None:
    clock.move_to("2026-04-20T01:00:00Z")
    with pytest.raises(CommandError, match="Not sent: editor_sgz, editor_lsw"):
        nudge()
    assert not Nudge.objects.exists()
    assert not ModelLogEntry.objects.filter(action="pledge_pages.nudge").exists()
