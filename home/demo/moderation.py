"""Writes, submits, returns and approves pages as their history says, on the days it says."""

from datetime import date, datetime

from wagtail.models import Page, Revision, TaskState, WorkflowState

from pledge_pages.embargo.approval import hold
from pledge_pages.embargo.models import HeldApproval

from .sample import Record, day, text_of
from .story import MemberStory, PledgeStory
from .timeline import moment

RETURNED = "changes_requested"


def write(page: Page, *, by, at: datetime, clean: bool = True) -> Revision:
    """Save what ``page`` says now as a version that ``by`` wrote at the moment ``at``."""
    revision = page.save_revision(user=by, clean=clean)
    Revision.objects.filter(pk=revision.pk).update(created_at=at)
    Page.objects.filter(pk=page.pk).update(latest_revision_created_at=at)
    revision.created_at = page.latest_revision_created_at = at
    return revision


def approve(page: Page, revision: Revision, *, by, on: date) -> HeldApproval:
    """Hold ``revision`` as approved by ``by`` on the day ``on``."""
    return hold(page, revision, by=by, at=moment(on, 15))


def review(page: Page, story: MemberStory, language: str, users: dict[str, object]) -> None:
    """Submit the newest version of ``page``, and return it if its pledges were returned.

    If some of them were returned and others submitted, the page was returned first and is under
    review again.
    """
    returned, submitted = story.in_state(RETURNED), story.in_state("submitted")
    author = page.latest_revision.user
    state = page.get_workflow().start(page, author)
    at = _date(state, returned or submitted, not_before=page.latest_revision_created_at)
    if not returned:
        return
    steps = [step for entry in returned if (step := entry.step(RETURNED))]
    at = _return(state, steps, language, users, not_before=at)
    if submitted:
        state.refresh_from_db()
        state.resume(author)
        state.refresh_from_db()
        _date(state, submitted, not_before=at)


def _date(state: WorkflowState, stories: list[PledgeStory], *, not_before: datetime) -> datetime:
    """Date the review that has just begun, and return the moment."""
    steps = [step for story in stories if (step := story.step("submitted"))]
    at = max(not_before, *(moment(day(step["on"]), 12) for step in steps))
    TaskState.objects.filter(pk=state.current_task_state_id).update(started_at=at)
    WorkflowState.objects.filter(pk=state.pk).update(created_at=at)
    return at


def _return(
    state: WorkflowState,
    steps: list[Record],
    language: str,
    users: dict[str, object],
    *,
    not_before: datetime,
) -> datetime:
    newest = max(steps, key=lambda step: step["on"])
    comments = list(dict.fromkeys(text_of(step, "comment", language) for step in steps))
    # Read anew: the one at hand does not know its date.
    task_state = TaskState.objects.get(pk=state.current_task_state_id)
    task = task_state.task.specific
    task.on_action(task_state, users[newest["by"]], "reject", comment="\n".join(comments))
    at = max(not_before, moment(day(newest["on"]), 17))
    TaskState.objects.filter(pk=task_state.pk).update(finished_at=at)
    return at
