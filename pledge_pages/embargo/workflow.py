"""Takes over the end of a workflow for gated pages, and only for them."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState, WorkflowState

from . import approval as approvals
from . import moderation, release
from .errors import EmbargoError
from .gate import is_gated


def take_over_finish() -> None:
    """Let a finished workflow on a gated page hold or publish what was reviewed.

    Wagtail publishes the *latest* revision then. What to do is a setting of the host project
    (WAGTAIL_FINISH_WORKFLOW_ACTION), read when its models are imported; a plugin cannot ask for
    it to be set, so the host's choice is wrapped, and kept for every other page.
    """
    stock = WorkflowState.on_finish
    if getattr(stock, "knows_the_gate", False):
        return

    def on_finish(state: WorkflowState, user=None):
        page = state.content_object
        if page is not None and hasattr(page, "content_type_id") and is_gated(page):
            return finish_review(state, by=user)
        return stock(state, user=user)

    on_finish.knows_the_gate = True
    WorkflowState.on_finish = on_finish


def take_over_cancel() -> None:
    """Let only those who submitted or own a gated page take it out of its review.

    Wagtail lets whoever may approve it do so too, and without a word: moderators return it, with
    a reason.
    """
    stock = WorkflowState.user_can_cancel
    if getattr(stock, "knows_the_gate", False):
        return

    def user_can_cancel(state: WorkflowState, user: User) -> bool:
        page = state.content_object
        may = stock(state, user)
        if may and isinstance(page, Page) and is_gated(page):
            return user.pk in (state.requested_by_id, page.owner_id)
        return may

    user_can_cancel.knows_the_gate = True
    WorkflowState.user_can_cancel = user_can_cancel


def finish_review(state: WorkflowState, *, by: User | None) -> None:
    """Hold or publish what was reviewed. Called when a workflow on a gated page is finished.

    Raises EmbargoError if the approver wrote it, does not moderate the branch, or if the reviewed
    version was changed after it was submitted; the workflow's transaction is rolled back then.
    """
    page = state.content_object.specific
    task_state = state.current_task_state
    if by is None or not _is_approved(task_state):
        raise EmbargoError(_("Only a moderator's approval can hold or publish this page."))
    moderation.check_action(task_state.specific, by, "approve")
    gate = approvals.lock_gate(page)
    approval = approvals.hold(
        page, task_state.revision, by=by, author_id=moderation.author_of(task_state)
    )
    if not gate.is_open:
        return
    if approvals.waits_for_date(approval):
        approvals.schedule(approval)
    elif approvals.parent_is_public(page):
        approvals.publish_held(approval, page=page, by=by)
        release.release_below(page, by=by)


def _is_approved(task_state: TaskState | None) -> bool:
    """Return whether somebody approved: Wagtail also finishes a review whose task was disabled."""
    approved = TaskState.objects.filter(status=TaskState.STATUS_APPROVED)
    return task_state is not None and approved.filter(pk=task_state.pk).exists()
