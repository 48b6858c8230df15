"""What a release publishes: what moderators approved, word for word, whatever happened since."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, Revision

from pledge_pages.embargo import release
from pledge_pages.embargo.errors import EmbargoError, ReleaseError
from pledge_pages.models import (
    BranchPage,
    Category,
    GatedPage,
    HeldApproval,
    MemberPledgePage,
    Pilot,
    Pledge,
    ProgrammePage,
)
from pledge_pages.pilots.actions import take_step
from tests.embargo.scene import LEAK
from tests.worlds import build_town

pytestmark = pytest.mark.django_db

APPROVED = "每周三打扫村口 SGZ-M001"


@pytest.fixture
def town():
    return build_town(members=1)


@pytest.fixture
def held(town):
    """The town with everything of SGZ approved, and nothing public."""
    town.hold_branch("SGZ")
    return town


def member_page(town, language="zh-hans") -> MemberPledgePage:
    return MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", language].pk)


def texts(town) -> list[str]:
    """Return the pledges in the rows that visitors read."""
    return list(Pledge.objects.filter(page=member_page(town)).values_list("text", flat=True))


def reasons(dry_run) -> dict[int, str]:
    return {item.page.pk: item.reason for item in dry_run.stays_back}


def approve(town, code="SGZ"):
    """Approve the pilot, and return what was done."""
    pilot = town.to_stage(code, "reviewed")
    take_step(pilot, "concur", by=town.moderator(code), reason="it works")
    return release.approve_pilots([pilot], by=town.lead, reason="it has proved itself")


# Whatever happened to the drafts -------------------------------------------------------------


def test_purged_revisions_change_nothing(held):
    page = member_page(held)
    for _n in range(3):
        page.save_revision(user=held.editor("SGZ"))
    call_command("purge_revisions", verbosity=0)
    HeldApproval.objects.update(revision=None)
    approve(held)
    assert member_page(held).live
    assert texts(held) == [APPROVED]


def test_rows_changed_behind_the_moderators_back_are_not_published(held):
    page = member_page(held)
    Pledge.objects.filter(page=page).update(text=LEAK)
    Page.objects.filter(pk=page.pk).update(seo_title=LEAK, title=LEAK)
    approve(held)
    assert texts(held) == [APPROVED]
    fresh = member_page(held)
    assert (fresh.seo_title, fresh.title) == ("", page.title)


def test_an_approval_altered_in_the_database_stays_back_and_nothing_else_does(held):
    page = member_page(held)
    approval = page.standing_approval
    approval.snapshot["pledges"][0]["text"] = LEAK
    approval.save()
    Revision.objects.filter(pk=approval.revision_id).update(content=approval.snapshot)
    done = approve(held)
    assert list(reasons(done)) == [page.pk]
    assert not member_page(held).live
    assert member_page(held, "en").live


def test_what_refers_to_something_deleted_stays_back_with_the_reason(held):
    # Rows are drafts here; what was approved still names the category.
    Pledge.objects.all()._raw_delete("default")
    Category.objects.all().delete()
    done = approve(held)
    assert set(reasons(done)) == {member_page(held).pk, member_page(held, "en").pk}
    assert all(reasons(done).values())
    assert BranchPage.objects.filter(live=True).count() == 2


def test_a_newer_draft_in_review_goes_on_being_reviewed(held):
    page = member_page(held)
    held.submit(page, held.editor("SGZ"))
    approve(held)
    page = member_page(held)
    assert page.live
    assert page.workflow_in_progress
    assert page.has_unpublished_changes


# Dates ---------------------------------------------------------------------------------------


def with_content(town, **content) -> MemberPledgePage:
    """Have the member's page approved with some fields set."""
    page = member_page(town)
    for name, value in content.items():
        setattr(page, name, value)
    page.save_revision(user=town.editor("SGZ"))
    page.get_workflow().start(page, town.editor("SGZ"))
    return town.approve(page, town.moderator("SGZ"))


def test_what_has_expired_stays_back(held):
    soon = timezone.now() + timedelta(days=1)
    page = with_content(held, expire_at=soon)
    with time_machine.travel(soon + timedelta(hours=1)):
        assert list(reasons(approve(held))) == [page.pk]


# What hangs from what -------------------------------------------------------------------------


def test_pages_below_a_board_that_is_not_approved_wait_for_it(town):
    zh, en = town.programme_pages["zh-hans"], town.programme_pages["en"]
    for page in (zh, en):
        town.submit(ProgrammePage.objects.get(pk=page.pk), town.admin)
        town.approve(page, town.lead)
    town.hold(BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk), "SGZ")
    for language in ("zh-hans", "en"):
        town.hold(member_page(town, language), "SGZ")
    assert list(reasons(approve(town))) == [member_page(town, "en").pk]
    assert not member_page(town, "en").live

    town.hold(BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk), "SGZ")
    assert member_page(town, "en").live


def test_a_pilot_without_an_approved_board_cannot_be_approved(town):
    town.hold(member_page(town), "SGZ")
    with pytest.raises(ReleaseError) as error:
        approve(town)
    assert "SGZ" in str(error.value)
    assert Pilot.objects.get(code="SGZ").stage == "reviewed"


def test_a_mirror_goes_live_with_its_source(held):
    en = member_page(held, "en")
    HeldApproval.objects.filter(page=en).delete()
    Page.objects.filter(pk=en.pk).update(alias_of=member_page(held).pk)
    approve(held)
    assert member_page(held, "en").live
    held.close("SGZ")
    assert not member_page(held, "en").live


# All or nothing -------------------------------------------------------------------------------


def test_an_error_on_the_way_undoes_everything(held, monkeypatch):
    stock, calls = release.approvals.publish_held, []

    def fail_at_the_third(*args, **kwargs):
        calls.append(args)
        if len(calls) == 3:
            raise EmbargoError("the third page")
        return stock(*args, **kwargs)

    monkeypatch.setattr(release.approvals, "publish_held", fail_at_the_third)
    with pytest.raises(EmbargoError):
        approve(held)
    assert Pilot.objects.get(code="SGZ").stage == "reviewed"
    assert not Page.objects.filter(gate__isnull=False, live=True).exists()
    assert not GatedPage.objects.filter(publishing=True).exists()


def test_the_doors_are_closed_again_after_a_release(held):
    approve(held)
    assert not GatedPage.objects.filter(publishing=True).exists()
    page = member_page(held)
    page.seo_title = LEAK
    with pytest.raises(EmbargoError):
        page.save()


def test_a_dry_run_says_what_is_done_then_and_does_nothing(held):
    pilot = held.to_stage("SGZ", "reviewed")
    take_step(pilot, "concur", by=held.moderator("SGZ"), reason="it works")
    planned = release.plan([pilot], by=held.lead)
    assert not Page.objects.filter(gate__isnull=False, live=True).exists()
    done = release.approve_pilots([pilot], by=held.lead, reason="now")
    assert [item.page.pk for item in planned.goes_live] == [item.page.pk for item in done.goes_live]
    live = set(Page.objects.filter(gate__isnull=False, live=True).values_list("pk", flat=True))
    assert live == {item.page.pk for item in done.goes_live}


def test_a_wave_of_two_opens_in_one_step(held):
    held.hold_branch("LSW")
    Pilot.objects.update(wave=Pilot.objects.get(code="SGZ").wave)
    pilots = [held.to_stage(code, "reviewed") for code in ("SGZ", "LSW")]
    for pilot in pilots:
        take_step(pilot, "concur", by=held.moderator(pilot.code), reason="it works")
    release.approve_pilots(pilots, by=held.lead, reason="both")
    assert BranchPage.objects.filter(live=True).count() == 4


def test_an_approval_that_nobody_concurred_with_is_refused_before_any_page_is_judged(
    held, monkeypatch
):
    pilot = held.to_stage("SGZ", "reviewed")
    judged = []
    monkeypatch.setattr(release, "_sort_pages", judged.append)
    with pytest.raises(ReleaseError, match="SGZ"):
        release.approve_pilots([pilot], by=held.lead, reason="in a hurry")
    assert judged == []


def test_without_the_lock_not_even_the_gate_publishes(town, monkeypatch):
    town.hold_branch("SGZ")
    page = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    monkeypatch.setattr(release.approvals, "why_closed", lambda: "there is no lock")
    with pytest.raises(EmbargoError, match="there is no lock"):
        release.approvals.publish_held(page.standing_approval, page=page, by=town.lead)
    assert not BranchPage.objects.get(pk=page.pk).live
