"""Go-live and expiry dates under hold, release and suspension, as an editor would expect them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page, Revision

from pledge_pages.embargo import release
from pledge_pages.embargo.approval import withdraw
from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.leak_check import inside
from pledge_pages.models import (
    BranchPage,
    EarlierApproval,
    HeldApproval,
    MemberPledgePage,
    Pilot,
    Pledge,
)
from pledge_pages.office.standing import standing_of
from pledge_pages.pilots.actions import take_step
from tests.embargo.ways.admin import form_of
from tests.worlds import build_town

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST, SECOND, THIRD = "the first version", "the second version", "the third version"


class Desk:
    """An editor's desk: versions of one member's page, and a clock that can be moved on."""

    def __init__(self, clock):
        self.clock, self.town = clock, build_town(members=2)
        self.town.hold_branch("SGZ")

    @property
    def page(self) -> MemberPledgePage:
        return MemberPledgePage.objects.get(pk=self.town.pages["SGZ-M001", "zh-hans"].pk)

    def approve(self, text: str, *, begins: int | None = None, ends: int | None = None) -> None:
        """Have a version approved that begins or ends so many days from now."""
        page, now = self.page, datetime.now(tz=UTC)
        page.go_live_at = now + begins * DAY if begins is not None else None
        page.expire_at = now + ends * DAY if ends is not None else None
        pledge = page.pledges.first()
        pledge.text = text
        page.pledges = [pledge]
        self.town.hold(page, "SGZ")

    def days_pass(self, days: float, *, scheduler: bool = True) -> None:
        self.clock.shift(days * DAY)
        if scheduler:
            call_command("publish_scheduled", verbosity=0)

    def open(self) -> None:
        self.town.open("SGZ")

    def close(self) -> None:
        self.town.close("SGZ")

    def shown(self, language: str = "zh-hans") -> str:
        """Return the pledge that a visitor reads, or an empty string if the page is not public."""
        page = Page.objects.get(pk=self.town.pages["SGZ-M001", language].pk)
        found = Pledge.objects.filter(page=page, page__live=True)
        assert bool(found) == page.live
        return found[0].text if found else ""

    def plan(self) -> release.DryRun:
        pilot = Pilot.objects.get(code="SGZ")
        return release.plan([pilot], by=self.town.lead)

    def said(self) -> list[str]:
        """Return what a dry run says of the page: '' if it goes public, and why it does not."""
        run = self.plan()
        return [item.reason for item in run.goes_live + run.stays_back if item.page == self.page]

    def scheduled(self) -> int:
        return Revision.objects.filter(approved_go_live_at__isnull=False).count()


@pytest.fixture
def desk():
    with time_machine.travel(START, tick=False) as clock:
        yield Desk(clock)


def first(desk) -> None:
    """Let FIRST be the approved version."""
    desk.approve(FIRST)


# A later version beside the one in force ------------------------------------------------------


def test_after_a_suspension_the_version_in_force_returns_at_once_and_the_next_on_its_date(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    assert desk.shown() == FIRST
    desk.close()
    assert (desk.shown(), desk.scheduled()) == ("", 0)
    desk.days_pass(1)
    desk.open()
    assert (desk.shown(), desk.scheduled()) == (FIRST, 1)
    desk.days_pass(3)
    assert desk.shown() == FIRST
    desk.days_pass(2)
    assert desk.shown() == SECOND
    assert not EarlierApproval.objects.exists()


def test_a_version_for_later_does_not_keep_the_one_before_from_its_release(desk):
    first(desk)
    desk.approve(SECOND, begins=5)
    desk.open()
    assert (desk.shown(), desk.scheduled()) == (FIRST, 1)
    desk.days_pass(6)
    assert desk.shown() == SECOND


def test_a_date_that_came_while_nothing_was_public_counts_at_the_release(desk):
    first(desk)
    desk.approve(SECOND, begins=5)
    desk.days_pass(6)
    assert desk.shown() == ""
    desk.open()
    assert (desk.shown(), desk.scheduled()) == (SECOND, 0)


def test_a_date_that_came_under_suspension_counts_when_it_ends(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    desk.close()
    desk.days_pass(6)
    assert desk.shown() == ""
    desk.open()
    assert desk.shown() == SECOND


def test_the_newest_version_for_later_replaces_the_other_and_not_the_one_in_force(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=3)
    desk.approve(THIRD, begins=5)
    desk.close()
    desk.open()
    assert desk.shown() == FIRST
    desk.days_pass(4)
    assert desk.shown() == FIRST
    desk.days_pass(2)
    assert desk.shown() == THIRD


def test_a_version_that_is_due_is_public_before_another_is_approved_for_later(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=3)
    desk.days_pass(4, scheduler=False)
    desk.approve(THIRD, begins=5)
    assert desk.shown() == SECOND
    desk.close()
    desk.open()
    assert desk.shown() == SECOND
    desk.days_pass(6)
    assert desk.shown() == THIRD


def test_a_version_without_a_date_replaces_all_that_was_approved(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    desk.approve(THIRD)
    assert (desk.shown(), desk.scheduled()) == (THIRD, 0)
    assert not EarlierApproval.objects.exists()
    desk.days_pass(6)
    assert desk.shown() == THIRD


def test_a_withdrawal_takes_back_both_versions(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    withdraw(desk.page, by=desk.town.moderator("SGZ"), reason="a mistake")
    assert not EarlierApproval.objects.exists()
    assert desk.page.standing_approval is None
    desk.close()
    desk.open()
    desk.days_pass(6)
    assert desk.shown() == ""


def test_a_withdrawal_while_held_takes_back_both_versions(desk):
    first(desk)
    desk.approve(SECOND, begins=5)
    withdraw(desk.page, by=desk.town.moderator("SGZ"), reason="a mistake")
    desk.open()
    desk.days_pass(6)
    assert desk.shown() == ""


def test_the_dry_run_names_both_versions_and_the_date(desk):
    first(desk)
    desk.approve(SECOND, begins=5)
    now, later = desk.said()
    assert now == ""
    assert "2026-03-07" in later


def test_a_version_that_was_never_public_waits_for_its_date_alone(desk):
    HeldApproval.objects.filter(page=desk.page).delete()
    desk.approve(SECOND, begins=5)
    desk.open()
    assert (desk.shown(), desk.scheduled()) == ("", 1)
    desk.close()
    assert desk.scheduled() == 0
    desk.open()
    desk.days_pass(6)
    assert desk.shown() == SECOND


# The end ---------------------------------------------------------------------------------------


def test_an_end_that_came_while_held_keeps_the_page_back_and_the_lead_is_told(desk):
    desk.approve(FIRST, ends=3)
    desk.days_pass(4)
    [why] = desk.said()
    assert why
    desk.open()
    assert desk.shown() == ""
    assert desk.page.standing_approval is not None


def test_an_end_that_came_under_suspension_keeps_the_page_back(desk):
    desk.approve(FIRST, ends=3)
    desk.open()
    assert desk.shown() == FIRST
    desk.close()
    desk.days_pass(4)
    desk.open()
    assert desk.shown() == ""


def test_an_end_of_the_version_in_force_under_suspension_leaves_the_next_its_date(desk):
    desk.approve(FIRST, ends=3)
    desk.open()
    desk.approve(SECOND, begins=8)
    desk.close()
    desk.days_pass(4)
    desk.open()
    assert desk.shown() == ""
    desk.days_pass(5)
    assert desk.shown() == SECOND


def test_the_next_version_follows_at_once_when_both_dates_came_between_two_runs(desk):
    desk.approve(FIRST, ends=3)
    desk.open()
    desk.approve(SECOND, begins=3)
    desk.days_pass(4)
    assert desk.shown() == SECOND


def test_a_version_whose_whole_time_lay_in_a_suspension_is_over(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=2, ends=4)
    desk.close()
    desk.days_pass(5)
    desk.open()
    assert desk.shown() == ""


def test_expiry_of_a_public_page_ends_its_approval(desk):
    desk.approve(FIRST, ends=3)
    desk.open()
    desk.days_pass(4)
    assert desk.shown() == ""
    assert desk.page.standing_approval is None
    desk.close()
    desk.open()
    assert desk.shown() == ""


# Who runs the command, and what hangs together ---------------------------------------------------


def test_the_scheduler_brings_nothing_of_a_closed_pilot(desk):
    desk.approve(FIRST, begins=2)
    Revision.objects.filter(pk=desk.page.latest_revision_id).update(
        approved_go_live_at=START + 2 * DAY
    )
    desk.days_pass(3)
    assert desk.shown() == ""
    assert desk.scheduled() == 0


def test_dates_of_a_translation_are_its_own(desk):
    first(desk)
    desk.approve(SECOND, begins=5)
    desk.open()
    english = desk.shown("en")
    assert english
    desk.days_pass(6)
    assert (desk.shown(), desk.shown("en")) == (SECOND, english)


def test_a_mirror_follows_every_version_of_its_source(desk):
    english = Page.objects.get(pk=desk.town.pages["SGZ-M001", "en"].pk)
    HeldApproval.objects.filter(page=english).delete()
    Page.objects.filter(pk=english.pk).update(alias_of=desk.page.pk)
    first(desk)
    desk.approve(SECOND, begins=5)
    desk.open()
    assert desk.shown("en") == FIRST
    desk.close()
    assert desk.shown("en") == ""
    desk.open()
    desk.days_pass(6)
    assert desk.shown("en") == SECOND


def test_below_a_board_that_came_back_the_version_in_force_returns_and_the_next_keeps_its_date(
    desk,
):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    board = BranchPage.objects.get(pk=desk.town.boards["SGZ", "zh-hans"].pk)
    withdraw(board, by=desk.town.moderator("SGZ"), reason="a mistake")
    assert desk.shown() == ""
    desk.town.hold(BranchPage.objects.get(pk=board.pk), "SGZ")
    assert desk.shown() == FIRST
    desk.days_pass(6)
    assert desk.shown() == SECOND


# An approval that was altered ----------------------------------------------------------------------


def test_an_altered_version_for_later_stays_back_and_everything_else_is_released(desk):
    first(desk)
    desk.approve(SECOND, begins=5)
    for date in ("2026-03-30T00:00:00Z", "no date at all"):
        approval = desk.page.standing_approval
        approval.snapshot["go_live_at"] = date
        HeldApproval.objects.filter(pk=approval.pk).update(snapshot=approval.snapshot)
        Revision.objects.filter(pk=approval.revision_id).update(content=approval.snapshot)
        now, why = desk.said()
        assert now == ""
        assert why
    pilot = desk.town.to_stage("SGZ", "reviewed")
    take_step(pilot, "concur", by=desk.town.moderator("SGZ"), reason="it works")
    done = release.approve_pilots([pilot], by=desk.town.lead, reason="it works")
    assert [item.page.pk for item in done.stays_back] == [desk.page.pk]
    assert (desk.shown(), desk.scheduled()) == (FIRST, 0)
    assert Page.objects.filter(gate__pilot=pilot, live=True).count() == 6


def test_an_altered_version_alone_stops_neither_release_nor_scheduler(desk):
    HeldApproval.objects.filter(page=desk.page).delete()
    desk.approve(SECOND, begins=5)
    Revision.objects.filter(pk=desk.page.standing_approval.revision_id).delete()
    HeldApproval.objects.filter(page=desk.page).update(digest="0" * 64)
    [why] = desk.said()
    assert why
    desk.open()
    desk.days_pass(6)
    assert desk.shown() == ""
    assert desk.shown("en")


# What the staff see of it ---------------------------------------------------------------------------


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_page_with_a_version_for_later_can_be_edited_and_submitted_anew(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    editor = client_of(desk.town.editor("SGZ"))
    address = reverse("wagtailadmin_pages:edit", args=[desk.page.pk])
    form = form_of(desk.page.get_latest_revision_as_object(), THIRD) | {"action-submit": "1"}
    editor.post(address, form)
    assert desk.page.workflow_in_progress
    assert desk.page.get_latest_revision_as_object().pledges.first().text == THIRD
    desk.town.approve(desk.page, desk.town.moderator("SGZ"))
    assert desk.shown() == THIRD


def test_a_version_for_later_that_an_autosave_wrote_over_still_comes_on_its_date(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    page = desk.page.get_latest_revision_as_object()
    newest = page.latest_revision
    pledge = page.pledges.first()
    pledge.text = THIRD
    page.pledges = [pledge]
    page.save_revision(user=newest.user, overwrite_revision=newest)
    assert (desk.shown(), desk.scheduled()) == (FIRST, 1)
    desk.days_pass(6)
    assert desk.shown() == SECOND


@pytest.mark.parametrize("is_open", [True, False])
def test_the_editor_is_told_which_version_is_in_force_and_when_the_next_one_comes(desk, is_open):
    first(desk)
    if is_open:
        desk.open()
    desk.approve(SECOND, begins=5)
    with translation.override("en"):
        said = standing_of(desk.page).text
    assert "2026-03-07" in said


def test_the_editor_is_told_that_a_held_version_is_over(desk):
    desk.approve(FIRST, ends=3)
    with translation.override("en"):
        before = standing_of(desk.page).text
        desk.days_pass(4)
        after = standing_of(desk.page).text
    assert "2026-03-05" in before
    assert after != before
    assert "passed" in after


def test_the_leak_check_finds_nothing_wrong_with_the_version_in_force(desk):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    assert list(inside.database()) == []


def test_an_editor_sets_dates_in_the_editor_and_is_told_what_is_wrong_with_them(desk):
    editor = client_of(desk.town.editor("SGZ"))
    address = reverse("wagtailadmin_pages:edit", args=[desk.page.pk])
    form = form_of(desk.page.get_latest_revision_as_object(), FIRST)
    wrong = editor.post(address, form | {"go_live_at": "2026-03-09", "expire_at": "2026-03-05"})
    assert set(wrong.context["form"].errors) >= {"go_live_at", "expire_at"}
    answer = editor.post(address, form | {"go_live_at": "2026-03-05", "expire_at": "2026-03-09"})
    assert answer.status_code == 302
    draft = desk.page.get_latest_revision_as_object()
    # Midnight where the site is.
    dates = [timezone.localtime(moment) for moment in (draft.go_live_at, draft.expire_at)]
    assert [f"{date:%d %H}" for date in dates] == ["05 00", "09 00"]


def test_the_scheduler_keeps_its_dates_while_nothing_may_be_released(desk, monkeypatch):
    first(desk)
    desk.open()
    desk.approve(SECOND, begins=5)
    with monkeypatch.context() as closed:
        closed.setattr(release, "why_closed", lambda: "closed")
        desk.days_pass(6)
    assert (desk.shown(), desk.scheduled()) == (FIRST, 1)
    desk.days_pass(0)
    assert (desk.shown(), desk.scheduled()) == (SECOND, 0)


def test_a_version_whose_end_came_during_its_review_is_not_approved(desk):
    page = desk.page
    page.expire_at = datetime.now(tz=UTC) + DAY
    desk.town.submit(page, desk.town.editor("SGZ"))
    desk.days_pass(2, scheduler=False)
    with translation.override("en"), pytest.raises(EmbargoError, match="expiry date"):
        desk.town.approve(page, desk.town.moderator("SGZ"))
