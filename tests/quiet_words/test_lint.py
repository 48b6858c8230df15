"""Numbers of people stop a page before it is reviewed, on every way into a review."""

from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override
from wagtail.models import APIToken, Page, TaskState, WorkflowState

from pledge_pages.appraisal.on_page import said_of
from pledge_pages.embargo.errors import EmbargoError
from pledge_pages.models import EvidenceFile, MemberPledgePage
from pledge_pages.quiet_words.lint import PersonalDataError, check_numbers, found_in
from tests.office.test_editing import form_of, said, url

pytestmark = pytest.mark.django_db

MOBILE = "13812345678"


@pytest.fixture
def page(town) -> MemberPledgePage:
    return MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)


@pytest.fixture
def telling(town, page) -> MemberPledgePage:
    """A draft in which somebody left a telephone number."""
    update = page.updates.get()
    update.text = "去了三趟,有事打 138-1234-5678。"
    page.updates = [update]
    page.save_revision(user=town.editor("SGZ"))
    return page


def fresh(page) -> MemberPledgePage:
    return Page.objects.get(pk=page.pk).specific


def in_review(page) -> bool:
    return WorkflowState.objects.active().for_instance(page).exists()


def test_a_script_cannot_submit_it(town, telling) -> None:
    with pytest.raises(PersonalDataError, match="138-1234-5678"):
        telling.get_workflow().start(telling, town.editor("SGZ"))
    assert not in_review(telling)


def test_the_editor_keeps_the_draft_and_is_told_where_the_number_stands(
    sign_in, town, page
) -> None:
    client = sign_in(town.editor("SGZ"))
    form = form_of(client, page)
    form["pledges-0-measure"] = f"打电话 {MOBILE} 可查"
    answer = client.post(url("edit", page.pk), {**form, "action-submit": "1"})
    assert "Not submitted: it holds people's numbers." in unescape(said(answer))
    assert not in_review(page)
    assert (
        fresh(page).get_latest_revision_as_object().pledges.get().measure
        == form["pledges-0-measure"]
    )
    shown = unescape(said(client.get(url("edit", page.pk))))
    assert f"Pledge 1 › Measure, character 5, “{MOBILE}”: a mobile number. Take it out." in shown


def test_a_returned_page_stays_returned_and_can_be_mended(town, page) -> None:
    editor = town.editor("SGZ")
    town.submit(page, editor)
    state = fresh(page).current_workflow_task_state
    state.task.specific.on_action(state, town.moderator("SGZ"), "reject", comment="mend it")
    page = fresh(page)
    page.updates = [update := page.updates.get()]
    update.text = MOBILE
    page.save_revision(user=editor)
    with pytest.raises(PersonalDataError):
        page.current_workflow_state.resume(editor)
    state = WorkflowState.objects.active().for_instance(page).get()
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
    update.text = "done"
    page.save_revision(user=editor)
    state.resume(editor)
    assert state.status == WorkflowState.STATUS_IN_PROGRESS


def test_the_api_refuses_to_submit_it_and_names_the_field(town, telling) -> None:
    _token, key = APIToken.create_token(user=town.editor("SGZ"), name="x")
    client = Client(headers={"Authorization": f"Bearer {key}"})
    answer = client.post(f"/api/v1/pages/{telling.pk}/workflow/submit")
    assert answer.status_code == 422
    assert "updates[0].text" in answer.content.decode()
    assert not in_review(telling)


def test_it_is_not_approved_if_it_was_submitted_before_anybody_looked(
    town, page, monkeypatch
) -> None:
    monkeypatch.setattr("pledge_pages.quiet_words.lint.check_numbers", lambda page: None)
    update = page.updates.get()
    update.text = MOBILE
    page.updates = [update]
    town.submit(page, town.editor("SGZ"))
    monkeypatch.undo()
    with pytest.raises(EmbargoError):
        town.approve(page, town.moderator("SGZ"))
    assert fresh(page).current_workflow_task_state.status == TaskState.STATUS_IN_PROGRESS
    assert fresh(page).standing_approval is None


def test_what_is_only_a_warning_is_said_and_stops_nothing(sign_in, town, page) -> None:
    pledge = page.pledges.get()
    found = {"outcome": "excused", "reason": {"zh-hans": "住院手术"}}
    decision = town.take_over_outcome(page, **found)
    for name, value in said_of(decision, "zh-hans").items():
        setattr(pledge, name, value)
    pledge.text = "打扫建设街35号门口"
    page.pledges = [pledge]
    page.save_revision(user=town.editor("SGZ"))
    shown = unescape(said(sign_in(town.editor("SGZ")).get(url("edit", page.pk))))
    assert "somebody's health" in shown
    assert "a house address" in shown
    assert "It cannot be submitted" not in shown
    town.submit(page, town.editor("SGZ"))
    assert in_review(page)


def test_what_a_member_does_at_the_hospital_is_nobodys_illness(page) -> None:
    pledge = page.pledges.get()
    pledge.text = "每月去医院看望住院老人"
    page.pledges = [pledge]
    assert found_in(page) == []
    pledge.reason = "自己住院"
    assert [place.finding.quote for place in found_in(page)] == ["住院"]


def test_a_number_in_the_title_of_a_file_counts_where_the_file_is_shown(town, page) -> None:
    file = EvidenceFile.objects.create(
        pilot=town.pilots["SGZ"], kind="document", file="evidence/a.pdf", size=1, digest="0",
        content_type="application/pdf", title={"zh-hans": f"收据 {MOBILE}"},
    )  # fmt: skip
    update = page.updates.get()
    update.evidence = file
    page.updates = [update]
    page.save_revision(user=town.editor("SGZ"))
    with pytest.raises(PersonalDataError, match=f"第4字，“{MOBILE}”"), override("zh-hans"):
        page.get_workflow().start(page, town.editor("SGZ"))


def test_print_can_ask_the_same(telling) -> None:
    with pytest.raises(PersonalDataError):
        check_numbers(telling)
    assert [place.finding.quote for place in found_in(telling)] == ["138-1234-5678"]
