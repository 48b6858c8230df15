"""A task or a workflow that reviews pages of a pilot is disabled as a whole or not at all."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Task, TaskState, Workflow, WorkflowPage, WorkflowState

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(town, member_page) -> TaskState:
    """A member's page in review."""
    town.submit(member_page(), town.editor("SGZ"))
    return member_page().current_workflow_task_state


def press(client, name: str, pk: int) -> list[str]:
    """Press a button of the workflow settings; return what is said then."""
    answer = client.post(reverse(f"wagtailadmin_workflows:{name}", args=[pk]))
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_a_task_at_work_is_not_disabled_and_stays_as_it_was(town, sign_in, review, member_page):
    [said] = press(sign_in(town.admin), "disable_task", review.task_id)
    assert "1 page of a pilot is in review" in said
    assert Task.objects.get(pk=review.task_id).active
    assert member_page().current_workflow_task_state == review
    assert town.approve(member_page(), town.moderator("SGZ")).review_state == "held"


def test_a_task_with_nothing_to_review_is_disabled(town, sign_in, review, member_page):
    town.approve(member_page(), town.moderator("SGZ"))
    press(sign_in(town.admin), "disable_task", review.task_id)
    assert not Task.objects.get(pk=review.task_id).active


def test_a_workflow_is_disabled_with_all_its_reviews(town, sign_in, review, member_page):
    workflow = review.workflow_state.workflow
    press(sign_in(town.admin), "disable", workflow.pk)
    assert not Workflow.objects.get(pk=workflow.pk).active
    assert member_page().review_state == "private"


def test_a_workflow_whose_disabling_fails_half_way_stays_as_it_was(
    town, sign_in, review, member_page, monkeypatch
):
    def fail(self, **kwargs):
        raise RuntimeError("half-way")

    workflow = review.workflow_state.workflow
    monkeypatch.setattr(Workflow, "save", fail)
    with pytest.raises(RuntimeError):
        press(sign_in(town.admin), "disable", workflow.pk)
    assert WorkflowPage.objects.filter(workflow=workflow).exists()
    state = WorkflowState.objects.get(pk=review.workflow_state_id)
    assert state.status == WorkflowState.STATUS_IN_PROGRESS
