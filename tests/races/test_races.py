"""Whoever meets whom at whatever statement: the outcome is one that makes sense, and no error.

Every meeting is one of real transactions on PostgreSQL; see :mod:`tests.races.stage`. A test run
plays a sample of the points at which the two can meet, ``PLEDGE_PAGES_RACES=all`` every one.
"""

import json
import os
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test import Client
from wagtail.models import Page, PageLogEntry, Revision, TaskState

from pledge_pages.contention import TRIES, BusyError, busy, in_one_transaction
from pledge_pages.embargo.approval import withdraw
from pledge_pages.embargo.release import approve_pilots, suspend_pilots
from pledge_pages.models import BranchPage, HeldApproval, MemberPledgePage, Pilot
from pledge_pages.pilots.actions import take_step
from tests.races.sound import assert_sound, live_pages
from tests.races.stage import Actor, Meeting, Memory, meet, points, sample
from tests.worlds import PASSWORD, Town, build_town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MEETINGS = 10_000 if os.environ.get("PLEDGE_PAGES_RACES") == "all" else 5
DRAFT = "Written while the others met"


def held_town() -> Town:
    """Two branches of one wave, reviewed and concurred with, everything approved and held."""
    town = build_town(members=1)
    Pilot.objects.filter(code="LSW").update(wave=Pilot.objects.get(code="SGZ").wave)
    for code in ("SGZ", "LSW"):
        town.hold_branch(code)
        pilot = town.to_stage(code, "reviewed")
        take_step(pilot, "concur", by=town.moderator(code), reason="it works")
    return town


def public_town() -> Town:
    """The same, with the first branch public."""
    town = held_town()
    release(town, "SGZ")()
    return town


# What they do -----------------------------------------------------------------------------


def release(town: Town, *codes: str) -> Callable[[], object]:
    return lambda: approve_pilots(
        Pilot.objects.filter(code__in=codes), by=town.lead, reason="it has proved itself"
    )


def suspend(town: Town, *codes: str) -> Callable[[], object]:
    return lambda: suspend_pilots(
        Pilot.objects.filter(code__in=codes), by=town.lead, reason="something is wrong"
    )


def member_page(town: Town, code: str = "SGZ") -> MemberPledgePage:
    return MemberPledgePage.objects.get(pk=town.pages[f"{code}-M001", "zh-hans"].pk)


def save_draft(town: Town) -> Callable[[], object]:
    """An editor saves the form of the admin that stood open."""
    client = Client()
    client.login(username="editor_sgz", password=PASSWORD)
    page = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    address = f"/admin/pages/{page.pk}/edit/"
    data = {
        **{f"{name}-{part}": "0" for name in ("comments", "branch_pledges")
           for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")},
        "title": page.title,
        "slug": page.slug,
        "introduction": json.dumps({"blocks": [{"key": "a", "text": DRAFT, "type": "unstyled", "depth": 0,
            "inlineStyleRanges": [], "entityRanges": [], "data": {}}], "entityMap": {}}),
    }  # fmt: skip

    def act():
        response = client.post(address, data)
        assert response.status_code == 302, response.context["form"].errors

    return act


def approve(town: Town, page: Page, by) -> Callable[[], object]:
    """A moderator who has the page before them approves it."""
    pk = Page.objects.get(pk=page.pk).specific.current_workflow_task_state.pk

    def act():
        state = TaskState.objects.get(pk=pk)
        state.task.specific.on_action(state, by, "approve")

    return act


def submitted(town: Town, text: str = "A newer promise") -> MemberPledgePage:
    page = member_page(town).get_latest_revision_as_object()
    pledge = page.pledges.first()
    pledge.text = text
    page.pledges = [pledge]
    return town.submit(page, town.editor("SGZ"))


# How they meet ----------------------------------------------------------------------------


def all_meetings(
    memory: Memory,
    prepare: Callable[[], tuple[Callable, Callable]],
    *,
    both_ways: bool = True,
) -> Iterator[Meeting]:
    """Let the two meet at every point, or a sample, each time from the same beginning."""
    first, second = prepare()
    memory.keep()
    for one, two in ((first, second), (second, first))[: 2 if both_ways else 1]:
        found = points(one)
        memory.restore()
        for at in sample(found, MEETINGS):
            yield meet(one, two, at=at)
            assert_sound()
            memory.restore()


def test_a_publication_that_meets_a_suspension_leaves_nothing_public(memory):
    town = public_town()
    page = submitted(town)
    waited = 0
    for meeting in all_meetings(
        memory, lambda: (approve(town, page, town.moderator("SGZ")), suspend(town, "SGZ"))
    ):
        assert live_pages("SGZ") == set()
        assert Pilot.objects.get(code="SGZ").stage == "suspended"
        assert HeldApproval.objects.get(page_id=page.pk).revision_id == page.latest_revision_id
        waited += meeting.waited
    assert waited, "the two never met"


def test_two_who_approve_the_same_page_publish_it_once(memory):
    town = public_town()
    page = submitted(town)
    lines = PageLogEntry.objects.filter(page=page.pk, action="pledge_pages.hold").filter
    for meeting in all_meetings(
        memory,
        lambda: (approve(town, page, town.moderator("SGZ")), approve(town, page, town.admin)),
        both_ways=False,
    ):
        assert [meeting.first.refused, meeting.second.refused].count(None) == 1
        assert lines(revision=page.latest_revision_id).count() == 1
        assert member_page(town).pledges.get().text == "A newer promise"


def test_a_draft_saved_while_its_pilot_is_released_is_kept_and_stays_a_draft(memory):
    town = held_town()
    pk = town.boards["SGZ", "zh-hans"].pk
    for _meeting in all_meetings(memory, lambda: (release(town, "SGZ"), save_draft(town))):
        board = BranchPage.objects.get(pk=pk)
        assert DRAFT in board.get_latest_revision_as_object().introduction
        assert DRAFT not in board.introduction
        assert live_pages("SGZ") >= {pk, member_page(town).pk}


def test_a_version_overwritten_while_it_is_approved_is_not_what_goes_public(memory):
    town = public_town()
    page = submitted(town)

    def overwrite():
        draft = MemberPledgePage.objects.get(pk=page.pk).get_latest_revision_as_object()
        pledge = draft.pledges.first()
        pledge.text = DRAFT
        draft.pledges = [pledge]
        latest = Revision.objects.get(pk=page.latest_revision_id)
        draft.save_revision(user=town.editor("SGZ"), overwrite_revision=latest)

    for _meeting in all_meetings(
        memory, lambda: (approve(town, page, town.moderator("SGZ")), overwrite)
    ):
        public = member_page(town)
        assert public.pledges.get().text != DRAFT
        assert DRAFT not in str(HeldApproval.objects.get(page_id=page.pk).snapshot)


def test_two_who_release_two_pilots_of_a_wave_both_get_through(memory):
    town = held_town()
    top = town.programme_pages["zh-hans"]
    for _meeting in all_meetings(
        memory, lambda: (release(town, "SGZ"), release(town, "LSW")), both_ways=False
    ):
        assert set(Pilot.objects.values_list("stage", flat=True)) == {"approved"}
        assert live_pages("SGZ")
        assert live_pages("LSW")
        lines = PageLogEntry.objects.filter(page=top.pk, action="pledge_pages.publish")
        assert lines.count() == 1


def test_a_release_that_meets_a_suspension_of_the_other_pilot_of_its_programme_is_whole(memory):
    town = public_town()
    for _meeting in all_meetings(memory, lambda: (release(town, "LSW"), suspend(town, "SGZ"))):
        assert live_pages("SGZ") == set()
        assert len(live_pages("LSW")) == 4
        assert town.programme_pages["zh-hans"].pk in live_pages()


def test_a_page_moved_to_another_branch_under_release_stays_where_it_is(memory):
    town = held_town()
    page = member_page(town)

    def move():
        target = BranchPage.objects.get(pk=town.boards["LSW", "zh-hans"].pk)
        MemberPledgePage.objects.get(pk=page.pk).move(target, pos="last-child")

    for meeting in all_meetings(memory, lambda: (release(town, "SGZ"), move), both_ways=False):
        assert isinstance(meeting.second.refused, PermissionDenied)
        assert Page.objects.get(pk=page.pk).path == page.path
        assert page.pk in live_pages("SGZ")


def test_an_ordinary_page_moved_below_a_board_while_it_is_suspended_is_not_public(memory):
    town = public_town()
    from home.models import NewsPage

    home = Page.objects.get(pk=town.home["zh-hans"].pk)
    news = home.add_child(instance=NewsPage(title="Work brief", slug="brief", body="<p>Rain</p>"))
    board = town.boards["SGZ", "zh-hans"]

    def move():
        NewsPage.objects.get(pk=news.pk).move(Page.objects.get(pk=board.pk), pos="last-child")

    for _meeting in all_meetings(memory, lambda: (suspend(town, "SGZ"), move)):
        moved = Page.objects.get(pk=news.pk)
        below = moved.path.startswith(Page.objects.get(pk=board.pk).path)
        assert moved.live != below
        assert live_pages("SGZ") == set()


def test_an_approval_withdrawn_while_its_pilot_is_released_is_not_public(memory):
    town = held_town()
    page = member_page(town)

    def take_back():
        withdraw(Page.objects.get(pk=page.pk), by=town.moderator("SGZ"), reason="not like this")

    for _meeting in all_meetings(memory, lambda: (release(town, "SGZ"), take_back)):
        assert page.pk not in live_pages()
        assert len(live_pages("SGZ")) == 3


# Deadlocks --------------------------------------------------------------------------------


def cross(first: int, second: int) -> Callable[[], None]:
    """Lock two pilots one after the other, and write down that it got through."""

    @in_one_transaction
    def act() -> None:
        for pk in (first, second):
            Pilot.objects.select_for_update().get(pk=pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    return act


def test_a_deadlock_is_tried_again_and_reaches_nobody():
    build_town(members=0)
    one, two = Pilot.objects.order_by("pk").values_list("pk", flat=True)
    first, second = Actor(cross(one, two), hold_at=1), Actor(cross(two, one), hold_at=1)
    for actor in (first, second):
        actor.start()
        assert actor.arrived.wait(10)
    first.go_on.set()
    second.finish()
    first.finish()
    assert first.contentions + second.contentions == 1


def test_who_never_gets_through_is_told_so_in_plain_words():
    build_town(members=0)
    tries = []

    @in_one_transaction
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pledge_pages_pilot SET code = code || 'X'")
            tries.append(1)
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40P01'; END $$")

    with pytest.raises(BusyError, match=busy()):
        act()
    assert len(tries) == TRIES
    assert not Pilot.objects.filter(code__endswith="X").exists()


def test_any_other_trouble_of_the_database_is_not_hidden():
    @in_one_transaction
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '53100'; END $$")

    with pytest.raises(OperationalError):
        act()
