"""Ways around a workflow: its tasks and itself taken away, changed or told that they are done."""

from django.test import override_settings
from django.urls import reverse
from wagtail.models import (
    GroupApprovalTask,
    Page,
    Task,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from tests.embargo.scene import LEAK, Scene
from tests.embargo.ways.row import EITHER, KEPT, REFUSED, way
from tests.embargo.ways.scripts import submit


def moderation(scene: Scene) -> Task:
    """Return the task by which pages of the branch are approved."""
    return scene.board().get_workflow().tasks.first().specific


def by_admin(scene: Scene, name: str, *arguments, data: dict | None = None):
    """Press a button of the workflow settings, as a superuser."""
    address = reverse(f"wagtailadmin_workflows:{name}", args=arguments)
    scene.actor = "superuser"
    return scene.client.post(address, data or {})


@way("the moderation task disabled while it is at work", ends=EITHER)
def deactivate_task(scene: Scene):
    """Wagtail cancels the task and goes on to the next; where there is none, it is finished."""
    submit(scene)
    moderation(scene).deactivate(user=scene.town.lead)


@way("admin: the moderation task disabled", actors=("superuser",), ends=EITHER)
def disable_task(scene: Scene):
    """The button of the settings, pressed while a page is under review."""
    submit(scene)
    return by_admin(scene, "disable_task", moderation(scene).pk)


@way("admin: the workflow disabled", actors=("superuser",), ends=EITHER)
def disable_workflow(scene: Scene):
    """All that is under review is cancelled."""
    submit(scene)
    workflow = scene.board().get_workflow()
    answer = by_admin(scene, "disable", workflow.pk)
    by_admin(scene, "enable", workflow.pk)
    by_admin(scene, "enable_task", moderation_of(workflow).pk)
    return answer


def moderation_of(workflow: Workflow) -> Task:
    return Task.objects.filter(workflow_tasks__workflow=workflow).first()


@way("admin: the workflow taken off the branch, then published", actors=("superuser",), ends=EITHER)
def remove_workflow(scene: Scene):
    """Nothing is left to submit to."""
    for row in WorkflowPage.objects.all():
        by_admin(scene, "remove", row.page_id, row.workflow_id)
    scene.leaking_revision().publish(user=scene.town.admin)


@way("admin: a stock task put into the workflow", actors=("superuser",), ends=EITHER)
def change_workflow(scene: Scene):
    """The settings let anyone with their permission change what a workflow consists of."""
    author = scene.town.moderator("SGZ")
    task = GroupApprovalTask.objects.create(name="stock")
    task.groups.set(author.groups.all())
    workflow = scene.board().get_workflow()
    WorkflowTask.objects.filter(workflow=workflow).delete()
    WorkflowTask.objects.create(workflow=workflow, task=task)
    state = submit(scene).current_task_state.specific
    return by_page(scene, author, "workflow_action", scene.pk, "approve", state.pk)


def by_page(scene: Scene, user, name: str, *arguments):
    """Press a button of the page's editor."""
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client.post(reverse(f"wagtailadmin_pages:{name}", args=arguments))


@way("a task that its own moderator cancels", ends=EITHER)
def cancel_task_state(scene: Scene):
    """Cancelling a task goes on to the next; it is started anew, or nothing is left to do."""
    state = submit(scene).current_task_state
    Task.objects.filter(pk=state.task_id).update(active=False)
    state.specific.cancel(user=scene.town.lead)


@way("workflow_state.update() after all tasks are gone")
def update_without_tasks(scene: Scene):
    """A workflow whose tasks were deleted meanwhile."""
    state = submit(scene)
    Task.objects.filter(pk=state.current_task_state.task_id).update(active=False)
    TaskState.objects.filter(pk=state.current_task_state_id).update(status="skipped")
    WorkflowState.objects.get(pk=state.pk).update(user=scene.town.lead)


@way("task states marked as approved by hand", ends=EITHER)
def forged_task_state(scene: Scene):
    """The column that says that a task is done, set by hand; then the workflow goes on."""
    state = submit(scene)
    TaskState.objects.filter(pk=state.current_task_state_id).update(status="approved")
    WorkflowState.objects.get(pk=state.pk).update(user=scene.town.moderator("SGZ"))


@way("an approval carried over to another version")
@override_settings(WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT=True)
def carried_over(scene: Scene):
    """copy_approved_task_states_to_revision() says that a version nobody read is approved."""
    state = submit(scene)
    TaskState.objects.filter(pk=state.current_task_state_id).update(status="approved")
    revision = scene.leaking_revision()
    state.copy_approved_task_states_to_revision(revision)
    state = WorkflowState.objects.get(pk=state.pk)
    state.current_task_state = state.task_states.order_by("-pk").first()
    state.save()
    state.update(user=scene.town.moderator("SGZ"))


@way("returned, and sent back by the one who returned it", ends=EITHER)
def resume_by_moderator(scene: Scene):
    """A workflow that waits for changes is taken up again by whoever likes."""
    state = submit(scene)
    task_state = state.current_task_state
    editor, lead = scene.town.editor("SGZ"), scene.town.lead
    task_state.task.specific.on_action(task_state, scene.town.admin, "reject", comment="again")
    state = WorkflowState.objects.get(pk=state.pk)
    scene.leaking().save_revision(user=editor, clean=False)
    state.resume(user=lead)
    state = WorkflowState.objects.get(pk=state.pk).current_task_state
    state.task.specific.on_action(state, editor, "approve")


@way("a review cancelled by its author", ends=KEPT)
def cancel_review(scene: Scene):
    """Nothing comes of it."""
    submit(scene).cancel(user=scene.town.moderator("SGZ"))


@way("admin: a review cancelled", actors=("superuser", "editor"), ends=EITHER)
def confirm_cancellation(scene: Scene):
    """The form that asks whether to cancel it and publish."""
    submit(scene)
    return by_page(scene, scene.user, "confirm_workflow_cancellation", scene.pk)


@way("admin: approve with a comment, by the author", actors=("editor",), ends=REFUSED)
def collect_and_approve(scene: Scene):
    """The form that collects what an action needs, then does it."""
    state = submit(scene).current_task_state
    author = scene.town.moderator("SGZ")
    return by_page(scene, author, "workflow_action", scene.pk, "approve", state.pk)


@way("admin: a review of another page in the address", actors=("superuser",), ends=EITHER)
def crossed_addresses(scene: Scene):
    """The page of one, the task of another."""
    state = submit(scene).current_task_state
    return by_page(
        scene, scene.town.moderator("LSW"), "workflow_action", scene.other_page().pk, "approve",
        state.pk,
    )  # fmt: skip


@way("an alias of the page under review", ends=EITHER)
def alias_under_review(scene: Scene):
    """A page becomes a mirror of another while its own version is read."""
    submit(scene)
    Page.objects.filter(pk=scene.pk).update(alias_of=scene.other_page().pk)
    other = scene.other_page()
    other.draft_title = LEAK
    other.update_aliases()
