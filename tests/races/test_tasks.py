"""A task accepted by two at once, accepted and withdrawn, asked twice, and met by a review."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pledge_pages.contention import busy
from pledge_pages.models import Assignment, Category, MemberPledgePage
from pledge_pages.tasks import actions, offers
from tests.races import elsewhere
from tests.races.test_outcomes import refusals
from tests.races.test_races import all_meetings, member_page, public_town
from tests.worlds import LANGUAGES, Town, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]

TEXTS = dict.fromkeys(LANGUAGES, "Look for hazards every month")


def ask(town: Town) -> Assignment:
    """Ask the first member to take on a task."""
    offer = offers.from_text(TEXTS, TEXTS, Category.objects.get())
    return actions.assign_to(
        [member_page(town).member], offer, by=town.editor("SGZ"), year=2026, due=date(2026, 12, 31)
    )[0]


def with_account(town: Town):
    """Give the member an account, and return it."""
    user, member = make_user("account"), member_page(town).member
    type(member).objects.filter(pk=member.pk).update(user=user)
    return user


def accepts(assignment: Assignment, by) -> Callable[[], object]:
    return lambda: actions.accept(Assignment.objects.get(pk=assignment.pk), by=by)


def written(town: Town) -> list[int]:
    """How often the task stands in the newest version of the page, in each language."""
    pages = [MemberPledgePage.objects.get(pk=page.pk) for page in town.pages.values()
             if page.member_id == member_page(town).member_id]  # fmt: skip
    drafts = [page.get_latest_revision_as_object() for page in pages]
    return [sum(row.text == TEXTS["en"] for row in draft.pledges.all()) for draft in drafts]


# Played at every point, on PostgreSQL ---------------------------------------------------------


@pytest.mark.postgres
def test_a_task_that_two_accept_at_once_becomes_one_pledge(memory):
    town = public_town()
    assignment, account = ask(town), with_account(town)
    for meeting in all_meetings(
        memory, lambda: (accepts(assignment, account), accepts(assignment, town.editor("SGZ")))
    ):
        assert refusals(meeting) == [ValidationError]
        assert written(town) == [1, 1]


@pytest.mark.postgres
def test_accepted_or_withdrawn_and_never_both(memory):
    town = public_town()
    assignment = ask(town)

    def withdraw():
        actions.withdraw(assignment, by=town.editor("SGZ"), reason="not meant")

    for meeting in all_meetings(
        memory, lambda: (accepts(assignment, town.editor("SGZ")), withdraw)
    ):
        assert refusals(meeting) == [ValidationError]
        state = Assignment.objects.get(pk=assignment.pk).state
        assert written(town) == ([1, 1] if state == "accepted" else [0, 0])


@pytest.mark.postgres
def test_a_page_that_is_submitted_just_then_keeps_what_it_was_submitted_with(memory):
    town = public_town()
    assignment = ask(town)

    def submit():
        page = member_page(town)
        page.get_workflow().start(page, town.editor("SGZ"))

    for _meeting in all_meetings(memory, lambda: (accepts(assignment, town.editor("SGZ")), submit)):
        state = Assignment.objects.get(pk=assignment.pk).state
        assert written(town) == ([1, 1] if state == "accepted" else [0, 0])


# In processes of their own, on both databases -------------------------------------------------


def test_a_task_that_two_processes_accept_becomes_one_pledge(stored):
    town = public_town()
    assignment = ask(town)
    with_account(town)
    kept = stored()

    def accept(name: str) -> str | None:
        settings = kept.settings
        told = elsewhere.run(elsewhere.accept_task, assignment.pk, name, database=settings).error
        if told and busy() in told:  # whoever did not get through tries again
            told = elsewhere.run(
                elsewhere.accept_task, assignment.pk, name, database=settings
            ).error
        return told

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(accept, ("account", "editor_sgz")))
    assert sorted(error is None for error in told) == [False, True]
    made = "SELECT count(*) FROM wagtailcore_pagelogentry WHERE action = 'pledge_pages.write_task'"
    assert kept.ask(made) == 2
    assert kept.ask("SELECT state FROM pledge_pages_assignment") == "accepted"
