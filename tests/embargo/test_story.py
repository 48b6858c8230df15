"""From draft to public board and back: the gate's whole story through its actions."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page, Revision, WorkflowState

from pledge_pages.contention import BusyError
from pledge_pages.embargo import moderation
from pledge_pages.embargo.approval import withdraw
from pledge_pages.embargo.errors import EmbargoError, ReleaseError
from pledge_pages.embargo.release import approve_pilots
from pledge_pages.models import (
    BranchPage,
    HeldApproval,
    MemberPledgePage,
    Pilot,
    Pledge,
    ProgrammePage,
    Transition,
)
from pledge_pages.pilots.actions import take_step
from pledge_pages.pilots.errors import StageError
from tests.worlds import build_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return build_town()


def member_page(town, code="SGZ-M001", language="zh-hans") -> MemberPledgePage:
    return MemberPledgePage.objects.get(pk=town.pages[code, language].pk)


def live_gated() -> set[int]:
    return set(Page.objects.filter(gate__isnull=False, live=True).values_list("pk", flat=True))


def test_an_approval_in_a_quiet_pilot_is_held_and_not_public(town):
    town.to_stage("SGZ", "quiet")
    page = town.hold(member_page(town), "SGZ")
    assert page.review_state == "held"
    assert not page.live
    assert page.standing_approval.snapshot["pledges"][0]["text"] == "每周三打扫村口 SGZ-M001"


def test_approving_the_pilot_publishes_all_that_is_held_in_both_languages(town):
    town.hold_branch("SGZ")
    town.open("SGZ")
    assert Page.objects.filter(gate__pilot__code="SGZ", live=True).count() == 2 + 6
    assert ProgrammePage.objects.filter(live=True).count() == 2
    assert not Page.objects.filter(gate__pilot__code="LSW", live=True).exists()


def test_suspension_hides_everything_and_keeps_what_was_approved(town):
    town.hold_branch("SGZ")
    town.open("SGZ")
    held = HeldApproval.objects.filter(withdrawn_at__isnull=True).count()
    town.close("SGZ")
    assert live_gated() == set()
    assert HeldApproval.objects.filter(withdrawn_at__isnull=True).count() == held
    assert not HeldApproval.objects.filter(released_at__isnull=False).exists()


def test_a_suspended_pilot_can_be_resumed_and_opened_again(town):
    town.hold_branch("SGZ")
    town.open("SGZ")
    before = live_gated()
    town.close("SGZ")
    town.open("SGZ")
    assert live_gated() == before


def test_the_programme_page_stays_while_another_pilot_is_approved(town):
    town.hold_branch("SGZ")
    town.hold_branch("LSW")
    town.open("SGZ")
    town.open("LSW")
    town.close("LSW")
    assert ProgrammePage.objects.filter(live=True).count() == 2
    town.close("SGZ")
    assert live_gated() == set()


def test_what_was_edited_after_the_approval_stays_private_at_release(town):
    town.hold_branch("SGZ")
    page = member_page(town)
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "nobody approved this"
    draft.pledges = [pledge]
    draft.save()
    draft.save_revision(user=town.editor("SGZ"))
    town.open("SGZ")
    page = member_page(town)
    assert page.live
    assert [p.text for p in page.pledges.all()] == ["每周三打扫村口 SGZ-M001"]
    assert page.has_unpublished_changes
    latest = page.get_latest_revision_as_object()
    assert latest.pledges.first().text == "nobody approved this"


def test_an_overwritten_revision_cannot_change_what_was_approved(town):
    town.hold_branch("SGZ")
    page = member_page(town)
    revision = page.get_latest_revision()
    draft = revision.as_object()
    pledge = draft.pledges.first()
    pledge.text = "slipped in"
    draft.pledges = [pledge]
    draft.save_revision(user=revision.user, overwrite_revision=revision)
    town.open("SGZ")
    assert [p.text for p in member_page(town).pledges.all()] == ["每周三打扫村口 SGZ-M001"]


def test_a_version_overwritten_while_under_review_is_not_approved(town):
    page = town.submit(member_page(town), town.editor("SGZ"))
    revision = page.get_latest_revision()
    draft = revision.as_object()
    draft.pledges = [Pledge(year=2026, category_id=draft.pledges.first().category_id, text="x")]
    draft.save_revision(user=revision.user, overwrite_revision=revision, clean=False)
    with pytest.raises(EmbargoError):
        town.approve(page, town.moderator("SGZ"))
    assert member_page(town).standing_approval is None


def test_nobody_approves_a_revision_of_their_own(town):
    page = town.submit(member_page(town), town.moderator("SGZ"))
    with pytest.raises(EmbargoError):
        town.approve(page, town.moderator("SGZ"))
    page = member_page(town)
    page.current_workflow_state.cancel(user=town.admin)
    town.submit(page, town.admin)
    with pytest.raises(EmbargoError):
        town.approve(page, town.admin)


def test_a_moderator_of_another_branch_cannot_approve(town):
    page = town.submit(member_page(town), town.editor("SGZ"))
    with pytest.raises(EmbargoError):
        town.approve(page, town.moderator("LSW"))


def test_returning_needs_a_reason(town):
    from django.core.exceptions import ValidationError

    page = town.submit(member_page(town), town.editor("SGZ"))
    state = page.current_workflow_task_state
    with pytest.raises(ValidationError):
        state.task.specific.on_action(state, town.moderator("SGZ"), "reject", comment=" ")
    state.task.specific.on_action(state, town.moderator("SGZ"), "reject", comment="no measure")
    assert member_page(town).current_workflow_state.status == "needs_changes"


def test_publishing_by_hand_is_refused_in_every_stage(town):
    for stage in ("proposed", "agreed", "quiet", "reviewed"):
        town.to_stage("SGZ", stage)
        page = member_page(town)
        with pytest.raises(EmbargoError):
            page.get_latest_revision().publish(user=town.admin)
        assert live_gated() == set()
    town.hold_branch("SGZ")
    town.open("SGZ")
    page = member_page(town)
    with pytest.raises(EmbargoError):
        page.save_revision(user=town.admin).publish(user=town.admin)


def test_raw_updates_are_refused_by_the_database(town):
    page = member_page(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(live=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberPledgePage.objects.filter(pk=page.pk).update(live=True)
    assert live_gated() == set()


def test_a_raw_stage_change_to_approved_is_refused_and_away_from_it_hides(town):
    town.hold_branch("SGZ")
    with pytest.raises(IntegrityError, match="recorded step"), transaction.atomic():
        Pilot.objects.filter(code="SGZ").update(stage="approved")
    town.open("SGZ")
    assert live_gated()
    Pilot.objects.filter(code="SGZ").update(stage="quiet")
    assert live_gated() == set()


def test_withdrawing_an_approval_hides_the_page_and_forgets_the_content(town):
    town.hold_branch("SGZ")
    town.open("SGZ")
    withdraw(member_page(town), by=town.moderator("SGZ"), reason="a mistake")
    page = member_page(town)
    assert not page.live
    assert page.review_state == "withdrawn"
    assert HeldApproval.objects.get(page=page).snapshot == {}


def test_approving_a_pilot_needs_the_concurrence_of_someone_else(town):
    town.hold_branch("SGZ")
    pilot = town.to_stage("SGZ", "reviewed")
    with translation.override("en"), pytest.raises(ReleaseError) as error:
        approve_pilots([pilot], by=town.lead, reason="now")
    assert "concur" in str(error.value)
    assert Pilot.objects.get(code="SGZ").stage == "reviewed"


def test_a_later_wave_waits_for_the_one_before(town):
    from pledge_pages.pilots.actions import take_step
    from pledge_pages.pilots.errors import StageError

    pilot = town.to_stage("LSW", "agreed")
    with pytest.raises(StageError) as error:
        take_step(pilot, "start", by=town.lead, reason="early")
    assert "SGZ" in str(error.value)


def test_a_new_approval_of_a_public_page_publishes_it_at_once(town):
    town.hold_branch("SGZ")
    town.open("SGZ")
    page = member_page(town)
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "better"
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    page = member_page(town)
    page.get_workflow().start(page, town.editor("SGZ"))
    assert [p.text for p in member_page(town).pledges.all()] == ["每周三打扫村口 SGZ-M001"]
    town.approve(page, town.moderator("SGZ"))
    page = member_page(town)
    assert page.live
    assert [p.text for p in page.pledges.all()] == ["better"]


def test_moving_a_page_to_another_pilot_is_refused(town):
    with pytest.raises(EmbargoError):
        member_page(town).move(BranchPage.objects.get(pk=town.boards["LSW", "zh-hans"].pk))


def test_changing_the_rows_of_a_public_page_is_refused(town):
    town.hold_branch("SGZ")
    town.open("SGZ")
    pledge = member_page(town).pledges.first()
    pledge.text = "changed behind the moderators' back"
    with pytest.raises(EmbargoError):
        pledge.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=pledge.pk).update(text="raw")
    with pytest.raises(EmbargoError):
        pledge.delete()


def test_every_stage_change_is_recorded_with_who_when_and_why(town):
    town.hold_branch("SGZ")
    town.open("SGZ")
    town.close("SGZ")
    rows = list(Transition.objects.filter(pilot__code="SGZ").order_by("id"))
    assert [row.verb for row in rows] == [
        "propose", "agree", "start", "review", "concur", "approve", "suspend",
    ]  # fmt: skip
    assert all(row.by_id and row.at and row.reason for row in rows)


def test_a_branch_has_one_board_in_a_language(town):
    board = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    second = BranchPage(title="x", slug="another", pilot=board.pilot, locale=board.locale)
    with translation.override("en"), pytest.raises(EmbargoError, match="such a page already"):
        board.get_parent().add_child(instance=second)


def test_what_is_not_public_has_no_name_and_no_address(town):
    def board():
        return BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)

    assert board().title not in str(board())
    assert board().get_url_parts() is None
    town.hold_branch("SGZ")
    town.open("SGZ")
    assert str(board()) == board().title
    assert board().get_url_parts() is not None


def test_what_is_approved_below_a_withdrawn_board_waits_for_it(town):
    def board():
        return BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)

    town.hold_branch("SGZ")
    town.open("SGZ")
    withdraw(board(), by=town.moderator("SGZ"), reason="a mistake")
    page = town.hold(member_page(town), "SGZ")
    assert (page.live, page.review_state) == (False, "held")
    assert town.hold(board(), "SGZ").live
    assert member_page(town).live


def test_what_was_read_before_it_went_public_is_not_saved_over_it(town):
    town.hold_branch("SGZ")
    stale = member_page(town)
    town.open("SGZ")
    with translation.override("en"), pytest.raises(BusyError, match="has become public"):
        stale.save()
    assert member_page(town).live


def test_a_form_in_which_it_was_chosen_does_not_name_it(town):
    board = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    assert board.title not in AdminPageChooser().get_display_title(board)
    assert AdminPageChooser().get_display_title(town.home["en"]) == town.home["en"].title


def test_a_moderator_returns_a_review_and_does_not_cancel_it(town):
    page = town.submit(member_page(town), town.editor("SGZ"))
    state = WorkflowState.objects.for_instance(page).get()
    assert state.user_can_cancel(town.editor("SGZ"))
    assert not state.user_can_cancel(town.moderator("SGZ"))


def test_a_review_that_cannot_be_taken_up_again_stays_returned(town):
    page = town.submit(member_page(town), town.editor("SGZ"))
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, town.moderator("SGZ"), "reject", comment="no measure")
    draft = member_page(town).get_latest_revision_as_object()
    pledge = draft.pledges.get()
    pledge.text = "Call 13800138000"
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    with pytest.raises(EmbargoError):
        member_page(town).current_workflow_state.resume(town.editor("SGZ"))
    assert member_page(town).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


def test_an_approval_is_withdrawn_by_those_who_steer_and_once(town):
    page = town.hold(member_page(town), "SGZ")
    with translation.override("en"), pytest.raises(EmbargoError, match="Only moderators"):
        withdraw(page, by=town.editor("SGZ"), reason="no")
    withdraw(page, by=town.moderator("SGZ"), reason="a mistake")
    with translation.override("en"), pytest.raises(EmbargoError, match="Nothing of this page"):
        withdraw(page, by=town.moderator("SGZ"), reason="again")


def test_a_version_that_nobody_is_known_to_have_written_is_not_approved(town):
    page = town.submit(member_page(town), town.editor("SGZ"))
    Revision.objects.filter(pk=page.latest_revision_id).update(user=None)
    WorkflowState.objects.update(requested_by=None)
    with translation.override("en"), pytest.raises(EmbargoError, match="Save it anew"):
        town.approve(page, town.moderator("SGZ"))


def test_who_decides_upon_a_review_that_is_over_is_told_so(town):
    page = town.submit(member_page(town), town.editor("SGZ"))
    state = Page.objects.get(pk=page.pk).specific.current_workflow_task_state
    town.approve(page, town.moderator("SGZ"))
    with translation.override("en"), pytest.raises(EmbargoError, match="has just decided"):
        moderation.decide(state, town.moderator("SGZ"), "approve", "", take=lambda *_, **__: None)


def test_a_step_that_does_not_exist_is_not_taken(town):
    with pytest.raises(StageError) as info:
        take_step(Pilot.objects.get(code="SGZ"), "dance", by=town.lead, reason="why not")
    assert info.value.code == "unknown_verb"
