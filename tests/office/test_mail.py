"""Mails about reviews go to whom they concern, and give away neither people nor programme."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from pledge_pages.models import ProgrammePage

pytestmark = pytest.mark.django_db

SECRETS = ["党员承诺制", "Member pledge system", "史长", "Changsgz", "Shi "]


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    """A function that does something and returns the mails that it sent, by recipient."""

    def sent(action, *args, **kwargs) -> dict:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **kwargs)
        return {message.to[0].split("@")[0]: message for message in mail.outbox}

    return sent


def text(message) -> str:
    return f"{message.subject}\n{message.body}"


def decide(page, user, action: str, **data) -> None:
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, user, action, **data)


def test_a_submission_is_mailed_to_the_branch_s_moderators_only(town, send, member_page):
    mails = send(town.submit, member_page(), town.editor("SGZ"))
    assert set(mails) == {"moderator_sgz"}
    assert "waits for your review" in text(mails["moderator_sgz"])
    assert f"/pages/{member_page().pk}/edit/" in text(mails["moderator_sgz"])


def test_an_approval_that_is_held_is_never_called_published(town, send, member_page):
    page = town.submit(member_page(), town.editor("SGZ"))
    mails = send(decide, page, town.moderator("SGZ"), "approve")
    assert set(mails) == {"editor_sgz"}
    assert "It is held until its pilot is approved" in text(mails["editor_sgz"])
    assert "publi" not in text(mails["editor_sgz"])


def test_an_approval_in_an_approved_pilot_is_called_public(town, send, member_page):
    town.hold_branch("SGZ")
    town.open("SGZ")
    page = member_page()
    page.save_revision(user=town.editor("SGZ"))
    page.get_workflow().start(page, town.editor("SGZ"))
    mails = send(decide, page, town.moderator("SGZ"), "approve")
    assert "is public" in text(mails["editor_sgz"])


def test_a_return_is_mailed_without_its_reason(town, send, member_page):
    page = town.submit(member_page(), town.editor("SGZ"))
    mails = send(decide, page, town.moderator("SGZ"), "reject", comment="史长 forgot the date")
    assert "was returned" in text(mails["editor_sgz"])
    assert "forgot" not in text(mails["editor_sgz"])


@pytest.mark.parametrize("html", [False, True])
def test_no_mail_names_a_person_or_the_programme_before_it_is_announced(
    town, send, member_page, settings, html
):
    settings.WAGTAILADMIN_NOTIFICATION_USE_HTML = html
    sent = []
    page = member_page()
    sent += send(town.submit, page, town.editor("SGZ")).values()
    page = member_page()
    sent += send(decide, page, town.moderator("SGZ"), "reject", comment="x").values()
    page = member_page()
    sent += send(page.current_workflow_state.resume, town.editor("SGZ")).values()
    page = member_page()
    sent += send(decide, page, town.moderator("SGZ"), "approve").values()
    programme_page = ProgrammePage.objects.get(pk=town.programme_pages["en"].pk)
    sent += send(town.submit, programme_page, town.admin).values()
    assert len(sent) >= 4
    for message in sent:
        parts = [text(message), *(part[0] for part in message.alternatives)]
        assert len(parts) == (2 if html else 1)
        for secret in SECRETS:
            assert secret not in "".join(parts)
        assert "Village branch yearly work plan" in message.subject


def test_the_programme_s_page_is_mailed_to_its_leads(town, send):
    page = ProgrammePage.objects.get(pk=town.programme_pages["zh-hans"].pk)
    assert set(send(town.submit, page, town.admin)) == {"lead"}


def test_who_wants_no_mail_gets_none(town, send, member_page):
    profile = town.moderator("SGZ").wagtail_userprofile
    profile.submitted_notifications = False
    profile.save()
    assert send(town.submit, member_page(), town.editor("SGZ")) == {}


def test_wagtail_s_own_mails_stay_for_every_other_page(town, send):
    task = GroupApprovalTask.objects.create(name="news desk")
    task.groups.add(Group.objects.get(name="SGZ editors"))
    workflow = Workflow.objects.create(name="news")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    home = town.home["en"]
    home.save_revision(user=town.lead)
    mails = send(workflow.start, home, town.lead)
    assert {"admin", "editor_sgz"} <= set(mails)
