"""Takes over the end of a workflow for gated pages, and only for them."""

from functools import wraps

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, Task, TaskState, Workflow, WorkflowState, WorkflowTask

from . import approval as approvals
from . import moderation, release
from .errors import EmbargoError, ReviewError
from .gate import is_gated
from .models import GatedPage, ModerationTask


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


def take_over_resume() -> None:
    """Let a review that cannot be taken up again stay returned: Wagtail saves half of it before."""
    stock = WorkflowState.resume
    if not getattr(stock, "knows_the_gate", False):
        resume = transaction.atomic(stock)
        resume.knows_the_gate = True
        WorkflowState.resume = resume


def take_over_disabling() -> None:
    """Disable a task or a workflow as a whole or not at all, and no task that is at work on a page.

    Wagtail goes on to the next task then, and finishes the review if there is none: the gate refuses
    that, but the task would stay disabled, and nothing submitted later would be reviewed.
    """
    for model in (Task, Workflow):
        stock = model.deactivate
        if not getattr(stock, "knows_the_gate", False):
            model.deactivate = _as_a_whole(stock)


def _as_a_whole(stock):
    @wraps(stock)
    def deactivate(self, user=None):
        with transaction.atomic():
            count = reviews_by(self) if isinstance(self, Task) else 0
            if count:
                text = ngettext(
                    "%(count)d page of a pilot is in review by this task. Approve or return it first.",
                    "%(count)d pages of pilots are in review by this task. "
                    "Approve or return them first.",
                    count,
                )
                raise EmbargoError(text % {"count": count})
            return stock(self, user=user)

    deactivate.knows_the_gate = True
    return deactivate


def reviews_by(task: Task) -> int:
    """Return how many gated pages are in review by ``task``."""
    states = TaskState.objects.filter(task_id=task.pk, status=TaskState.STATUS_IN_PROGRESS)
    ids = states.values_list("workflow_state__object_id", flat=True)
    return GatedPage.objects.filter(page__in=[int(pk) for pk in ids if pk.isdecimal()]).count()


def moderation_workflow() -> Workflow:
    """Return the workflow of all gated pages: one review by a moderator of the branch."""
    task = ModerationTask.objects.order_by("pk").first()
    if task is None:
        task = ModerationTask.objects.create(name=str(_("Review by a moderator of the branch")))
    step = WorkflowTask.objects.filter(task=task).select_related("workflow").first()
    if step:
        return step.workflow
    workflow = Workflow.objects.create(name=str(_("Moderation of pledges")))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


def finish_review(state: WorkflowState, *, by: User | None) -> None:
    """Hold or publish what was reviewed. Called when a workflow on a gated page is finished.

    Raises EmbargoError if the approver wrote it, does not moderate the branch, or if the reviewed
    version was changed after it was submitted; the workflow's transaction is rolled back then.
    """
    gate = approvals.lock_gate(state.content_object)
    page = Page.objects.get(pk=state.object_id).specific
    task_state = state.current_task_state
    if task_state is None:
        raise ReviewError(_("Its workflow has no task: nobody would review it."))
    if by is None or not _is_approved(task_state):
        raise EmbargoError(_("Only a moderator's approval can hold or publish this page."))
    moderation.check_action(task_state.specific, by, "approve")
    approval = approvals.hold(
        page, task_state.revision, by=by, author_id=moderation.author_of(task_state)
    )
    if not gate.is_open:
        return
    if approval.waits:
        release.bring_earlier(page, by=by)
        approvals.schedule(approval)
    elif approvals.parent_is_public(page):
        approvals.publish_held(approval, page=page, by=by)
        release.release_below(page, by=by)


def _is_approved(task_state: TaskState | None) -> bool:
    """Return whether somebody approved: Wagtail also finishes a review whose task was disabled."""
    approved = TaskState.objects.filter(status=TaskState.STATUS_APPROVED)
    return task_state is not None and approved.filter(pk=task_state.pk).exists()
