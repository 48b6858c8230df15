"""What the editor says of a decision is what became of it."""

import pytest
from wagtail.models import WorkflowTask

from tests.office.test_editing import form_of, said, under_review, url

pytestmark = pytest.mark.django_db

APPROVE = {"action-workflow-action": "true", "workflow-action-name": "approve"}


def decide(client, page, **changes) -> str:
    """Post the page's form with "approve", and return what is said."""
    return said(client.post(url("edit", page.pk), form_of(client, page) | changes | APPROVE))


def test_nothing_is_said_to_be_approved_while_nothing_is_in_review(town, sign_in, member_page):
    town.hold_branch("SGZ")
    town.open("SGZ")
    member_page().save_revision(user=town.editor("SGZ"))
    # A superuser may edit, and approved the page before.
    page = town.submit(member_page(), town.editor("SGZ"))
    town.approve(page, town.admin)
    page = member_page()
    page.save_revision(user=town.editor("SGZ"))
    words = decide(sign_in(town.admin), page)
    assert "Nothing was decided: the page is not in review." in words
    assert "Approved" not in words
    assert member_page().draft_state == "private"


def test_an_author_is_told_why_their_approval_counts_for_nothing(town, sign_in, member_page):
    page = member_page()
    town.submit(page, town.admin)
    words = decide(sign_in(town.admin), page)
    assert "the draft is saved" in words
    assert "you wrote the version in review, so somebody else decides" in words
    assert member_page().review_state == "pending"


def test_what_is_changed_along_with_an_approval_is_said_to_be_a_draft(town, sign_in, member_page):
    page = under_review(town, member_page)
    words = decide(sign_in(town.admin), page, **{"pledges-0-text": "Something else"})
    assert "Held until the pilot is approved" in words
    assert "What you changed here is a newer draft, which nobody approved." in words
    held = member_page()
    assert held.draft_state == "private"
    assert "Something else" not in str(held.standing_approval.snapshot)


def test_a_workflow_without_tasks_keeps_the_draft_and_says_so(town, sign_in, member_page):
    page = member_page()
    WorkflowTask.objects.filter(workflow=page.get_workflow()).delete()
    client = sign_in(town.editor("SGZ"))
    form = form_of(client, page) | {"pledges-0-text": "Typed", "action-submit": "1"}
    words = said(client.post(url("edit", page.pk), form))
    assert "Not submitted: Its workflow has no task" in words
    assert "the draft is saved" in words
    draft = member_page().get_latest_revision_as_object()
    assert draft.pledges.get().text == "Typed"
    assert not member_page().workflow_in_progress
