"""Wagtail's page editor, explorer and bulk actions tell the truth about gated pages."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from pledge_pages.embargo.approval import withdraw
from pledge_pages.embargo.page import refusal
from pledge_pages.models import BranchPage, Category, HeldApproval, Member, MemberPledgePage, Office
from pledge_pages.office.standing import short, standing_of

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def said(response) -> str:
    """Return all messages that an answer (or the redirect before it) left."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def form_of(client, page) -> dict:
    """Return what the page's editor would post if nothing were changed."""
    answer = client.get(url("edit", page.pk))
    form = answer.context["form"]
    hidden = r'name="(loaded_revision_[a-z_]+)" value="([^"]*)"'
    data = dict(re.findall(hidden, answer.content.decode()))
    for bound in form:
        value = bound.value()
        if value not in (None, False):
            data[bound.html_name] = value
    for formset in form.formsets.values():
        for bound in [*formset.management_form, *(f for row in formset for f in row)]:
            value = bound.value()
            data[bound.html_name] = "" if value is None else value
    return {name: value for name, value in data.items() if name != "new_photo"}


def under_review(town, member_page, code: str = "SGZ-M001"):
    return town.submit(member_page(code), town.editor(code[:3]))


# The editor ----------------------------------------------------------------------------------


def test_the_editor_says_that_a_held_page_is_held_and_since_when(town, sign_in, member_page):
    town.to_stage("SGZ", "quiet")
    page = town.hold(member_page(), "SGZ")
    body = sign_in(town.editor("SGZ")).get(url("edit", page.pk)).content.decode()
    assert "Held until the pilot is approved (SGZ village: Quiet). Nobody outside sees it." in body
    assert "Approved by moderator_sgz" in body
    assert "Visible to all" not in body


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("draft", "Nobody approved it yet"),
        ("review", "is in review"),
        ("returned", "Returned by moderator_sgz: no measure"),
        ("newer draft", "There is a newer draft; nobody approved it yet."),
        ("public", "What everyone sees changes only"),
        ("withdrawn", "Its approval was withdrawn"),
    ],
)
def test_where_a_page_stands_is_said_at_each_moment(town, member_page, moment, expected):
    page = member_page()
    if moment in ("review", "returned"):
        page = under_review(town, member_page)
    if moment == "returned":
        state = page.current_workflow_task_state
        moderator = town.moderator("SGZ")
        state.task.specific.on_action(state, moderator, "reject", comment="no measure")
    if moment in ("newer draft", "withdrawn"):
        page = town.hold(page, "SGZ")
    if moment == "newer draft":
        page.save_revision(user=town.editor("SGZ"))
    if moment == "withdrawn":
        withdraw(page, by=town.lead, reason="a mistake")
    if moment == "public":
        town.hold_branch("SGZ")
        town.open("SGZ")
    with override("en"):
        assert expected in standing_of(member_page()).text


def test_a_page_that_was_returned_is_in_review_since_it_was_submitted_again(
    town, member_page, time_machine
):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    page = under_review(town, member_page)
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, town.moderator("SGZ"), "reject", comment="no measure")
    again = now + timedelta(days=3)
    time_machine.move_to(again, tick=False)
    member_page().current_workflow_state.resume(town.editor("SGZ"))
    with override("en"):
        said = standing_of(member_page()).text
    assert short(again) in said
    assert short(now) not in said


def test_the_approve_button_never_promises_publication_before_the_pilot_is_approved(
    town, sign_in, member_page
):
    page = under_review(town, member_page)
    body = sign_in(town.moderator("SGZ")).get(url("edit", page.pk)).content.decode()
    assert "Approve (held until the pilot is approved)" in body
    assert "and Publish" not in body
    assert "action-publish" not in body


def test_the_approve_button_says_publish_once_the_pilot_is_approved(town, sign_in, member_page):
    town.hold_branch("SGZ")
    town.open("SGZ")
    page = member_page()
    page.save_revision(user=town.editor("SGZ"))
    page.get_workflow().start(page, town.editor("SGZ"))
    body = sign_in(town.moderator("SGZ")).get(url("edit", page.pk)).content.decode()
    assert "Approve and publish" in body
    assert "and Publish" not in body


def test_approving_in_the_editor_holds_and_says_so(town, sign_in, member_page):
    page = under_review(town, member_page)
    client = sign_in(town.moderator("SGZ"))
    data = form_of(client, page)
    data |= {"action-workflow-action": "true", "workflow-action-name": "approve"}
    response = client.post(url("edit", page.pk), data)
    assert len(list(get_messages(response.wsgi_request))) == 1
    assert "Held until the pilot is approved" in said(response)
    assert "published" not in said(response)
    assert member_page().review_state == "held"


def test_a_decision_in_the_editor_is_about_the_version_that_it_showed(town, sign_in, member_page):
    page = under_review(town, member_page)
    editor, moderator = sign_in(town.editor("SGZ")), sign_in(town.moderator("SGZ"))
    data = form_of(moderator, page)
    data |= {"action-workflow-action": "true", "workflow-action-name": "approve"}
    editor.post(url("edit", page.pk), form_of(editor, page) | {"action-cancel-workflow": "true"})
    other = form_of(editor, page) | {"pledges-0-text": "nobody read this", "action-submit": "true"}
    editor.post(url("edit", page.pk), other)
    assert "nobody read this" in str(member_page().get_latest_revision().content)
    assert "not the one that you were shown" in said(moderator.post(url("edit", page.pk), data))
    assert member_page().review_state == "pending"
    read = form_of(moderator, page)
    read |= {"action-workflow-action": "true", "workflow-action-name": "approve"}
    moderator.post(url("edit", page.pk), read)
    assert member_page().review_state == "held"


def test_returning_in_the_editor_needs_a_reason_and_keeps_the_review(town, sign_in, member_page):
    page = under_review(town, member_page)
    client = sign_in(town.moderator("SGZ"))
    data = form_of(client, page)
    data |= {"action-workflow-action": "true", "workflow-action-name": "reject"}
    response = client.post(url("edit", page.pk), data)
    assert response.status_code == 302
    assert "Give a reason" in said(response)
    assert member_page().review_state == "pending"
    data["workflow-action-extra-data"] = json.dumps({"comment": "say when"})
    assert "returned to its editors" in said(client.post(url("edit", page.pk), data))


def test_what_a_handmade_decision_brings_along_beside_the_comment_is_left_out(
    town, sign_in, member_page
):
    client = sign_in(town.moderator("SGZ"))
    page = under_review(town, member_page)
    data = form_of(client, page)
    data |= {"action-workflow-action": "true", "workflow-action-name": "reject"}
    for unreadable in ("[]", "not json", json.dumps({"comment": ["say when"]})):
        data["workflow-action-extra-data"] = unreadable
        assert client.post(url("edit", page.pk), data).status_code == 302
        assert member_page().review_state == "pending"
    extra = {"comment": "say when", "task_state": 1, "user": "nobody", "action_name": "approve"}
    data["workflow-action-extra-data"] = json.dumps({**extra, "published": True, "title": "x"})
    response = client.post(url("edit", page.pk), data)
    assert "returned to its editors with your reason" in said(response)
    assert member_page().review_state == "private"
    state = page.workflow_states.get().current_task_state
    assert (state.comment, state.finished_by) == ("say when", town.moderator("SGZ"))


def test_saving_says_that_a_draft_is_saved_and_once(town, sign_in, member_page):
    town.hold_branch("SGZ")
    town.open("SGZ")
    client = sign_in(town.editor("SGZ"))
    response = client.post(url("edit", member_page().pk), form_of(client, member_page()))
    told = [str(message).strip() for message in get_messages(response.wsgi_request)]
    assert told == ["史长SGZ1 (SGZ-M001): the draft is saved."]


def test_who_wrote_it_is_told_that_someone_else_approves(town, sign_in, member_page):
    page = town.submit(member_page(), town.admin)
    state = page.current_workflow_task_state
    address = url("workflow_action", page.pk, "approve", state.pk)
    response = sign_in(town.admin).post(address, {"comment": ""})
    assert response.status_code == 302
    assert member_page().review_state == "pending"


def test_a_version_changed_after_its_submission_is_refused_in_words(town, sign_in, member_page):
    page = under_review(town, member_page)
    state = page.current_workflow_task_state
    draft = state.revision.as_object()
    draft.tasks = []
    draft.updates = []
    draft.save_revision(user=state.revision.user, overwrite_revision=state.revision, clean=False)
    client = sign_in(town.moderator("SGZ"))
    response = client.post(url("workflow_action", page.pk, "approve", state.pk), {"comment": ""})
    assert "was changed after it was submitted" in said(response)
    assert member_page().review_state == "pending"


def test_approving_outside_of_the_editor_says_what_it_did(town, sign_in, member_page):
    page = under_review(town, member_page)
    state = page.current_workflow_task_state
    client = sign_in(town.moderator("SGZ"))
    response = client.post(url("workflow_action", page.pk, "approve", state.pk), {"comment": ""})
    assert "Held until the pilot is approved" in said(response)
    assert response.url == reverse("pledge_boards:pilot", args=[town.pilots["SGZ"].pk])
    second = under_review(town, member_page, "SGZ-M002")
    state = second.current_workflow_task_state
    modal = client.post(
        url("workflow_action", second.pk, "approve", state.pk),
        {"comment": ""},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert modal.json()["redirect"] == response.url


def test_a_posted_publication_saves_the_draft_and_says_why_it_is_not_public(
    town, sign_in, member_page
):
    client = sign_in(town.admin)
    data = form_of(client, member_page())
    data |= {"pledges-0-text": "changed text", "action-publish": "true"}
    response = client.post(url("edit", member_page().pk), data)
    assert "Not published" in said(response)
    page = member_page()
    assert not page.live
    assert page.get_latest_revision_as_object().pledges.first().text == "changed text"


def test_a_decision_without_a_change_leaves_no_draft_behind(town, sign_in):
    board = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    board.introduction = "<p>What we promise.</p>"
    town.submit(board, town.editor("SGZ"))
    moderator = sign_in(town.moderator("SGZ"))
    data = form_of(moderator, board)
    # As the editor in the browser sends it: with keys that the stored text does not have.
    data["introduction"] = rich_text("<p>What we promise.</p>")
    data |= {"action-workflow-action": "true", "workflow-action-name": "approve"}
    answer = moderator.post(url("edit", board.pk), data)
    assert "newer draft" not in said(answer)
    board = BranchPage.objects.get(pk=board.pk)
    assert board.review_state == "held"
    assert board.latest_revision.user == town.editor("SGZ")


def test_a_posted_publication_of_a_new_page_says_why_it_is_not_public(town, sign_in):
    add = ["pledge_pages", "memberpledgepage", town.boards["SGZ", "en"].pk]
    posted = sign_in(town.editor("SGZ")).post(
        reverse("wagtailadmin_pages:add", args=add), {"action-publish": "1"}
    )
    said = [str(message) for message in posted.context["messages"]]
    with override("en"):
        assert any(escape(refusal(None)) in one for one in said)


def test_an_editor_opens_a_new_page_submits_it_and_no_title_is_asked(town, sign_in, board):
    member = Member.objects.create(
        code="SGZ-M099", pilot=town.pilots["SGZ"], surname="方", given_name="圆",
        office=Office.objects.get(code="mem"),
    )  # fmt: skip
    client = sign_in(town.editor("SGZ"))
    address = url("add", "pledge_pages", "memberpledgepage", board().pk)
    response = client.get(address)
    assert "title" not in response.context["form"].fields
    data = {
        "member": member.pk,
        "pledges-TOTAL_FORMS": 1, "pledges-INITIAL_FORMS": 0,
        "pledges-0-year": 2026, "pledges-0-category": Category.objects.first().pk,
        "pledges-0-text": "read aloud", "pledges-0-measure": "12", "pledges-0-due": "2026-12-31",
        "pledges-0-kind": "voluntary", "pledges-0-scope": "own", "pledges-0-percent": 0,
        "pledges-0-progress": "not_started", "pledges-0-ORDER": 1,
        "action-submit": "true",
    }  # fmt: skip
    for name in ("tasks", "updates", "amendments"):
        data |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    response = client.post(address, data)
    assert response.status_code == 302, response.context["form"].errors
    page = MemberPledgePage.objects.get(member=member)
    assert page.review_state == "pending"
    assert member.public_id == page.slug == page.title
    assert "方" not in page.title


# What Wagtail's other views answer ---------------------------------------------------------


VIEWS_THAT_REFUSE = {
    "copy": "is not copied",
    "move": "is not moved",
    "delete": "Withdraw the approval before you delete it",
    "set_privacy": "has no privacy setting",
}


def test_a_view_that_cannot_be_used_says_why(town, sign_in, member_page):
    page = town.hold(member_page(), "SGZ")
    for user in (town.editor("SGZ"), town.admin):
        for view, reason in VIEWS_THAT_REFUSE.items():
            response = sign_in(user).get(url(view, page.pk))
            assert response.status_code == 302
            assert reason in said(response)
            assert response.url == url("edit", page.pk)


def test_unpublishing_leads_to_the_withdrawal_that_asks_for_a_reason(town, sign_in, member_page):
    town.hold_branch("SGZ")
    town.open("SGZ")
    page = member_page()
    withdrawal = reverse("pledge_boards:withdraw", args=[page.pk])
    client = sign_in(town.moderator("SGZ"))
    for method in (client.get, client.post):
        assert method(url("unpublish", page.pk)).url == withdrawal
    assert member_page().live
    body = client.get(withdrawal).content.decode()
    assert "vanishes at once" in body
    assert "Take down and withdraw approval" in body
    assert "required" in client.post(withdrawal, {"reason": ""}).content.decode()
    assert member_page().live
    response = client.post(withdrawal, {"reason": "an error in it"})
    assert "is not public any more" in said(response)
    assert member_page().review_state == "withdrawn"


def test_an_editor_is_told_who_may_take_a_page_down(town, sign_in, member_page):
    town.hold_branch("SGZ")
    town.open("SGZ")
    client = sign_in(town.editor("SGZ"))
    response = client.post(url("unpublish", member_page().pk))
    assert "Only moderators of the branch and leads" in said(response)
    address = reverse("pledge_boards:withdraw", args=[member_page().pk])
    assert client.post(address, {"reason": "x"}).url == reverse("wagtailadmin_home")
    assert member_page().live


def test_a_held_approval_is_withdrawn_from_the_explorer_s_menu(town, sign_in, member_page, board):
    page = town.hold(member_page(), "SGZ")
    address = reverse("pledge_boards:withdraw", args=[page.pk])
    explorer = reverse("wagtailadmin_explore", args=[board().pk])
    assert address in sign_in(town.moderator("SGZ")).get(explorer).content.decode()
    assert address not in sign_in(town.editor("SGZ")).get(explorer).content.decode()
    sign_in(town.moderator("SGZ")).post(address, {"reason": "a mistake"})
    assert not HeldApproval.objects.filter(page=page, withdrawn_at__isnull=True).exists()


def test_withdrawing_what_was_never_approved_says_so(town, sign_in, member_page):
    address = reverse("pledge_boards:withdraw", args=[member_page().pk])
    assert "Nothing of this page is approved" in said(sign_in(town.lead).get(address))


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("publish", "Not published"),
        ("unpublish", "not taken down in passing"),
        ("delete", "Withdraw the approval before you delete it"),
    ],
)
def test_a_bulk_action_on_gated_pages_does_nothing_and_says_why(
    town, sign_in, member_page, action, reason
):
    town.hold_branch("SGZ")
    town.open("SGZ")
    before = set(Page.objects.filter(live=True).values_list("pk", flat=True))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    client = sign_in(town.admin)
    response = client.post(f"{address}?id={member_page().pk}")
    assert response.status_code == 302
    assert reason in said(response)
    assert "have been" not in said(response)
    assert set(Page.objects.filter(live=True).values_list("pk", flat=True)) == before


@pytest.mark.parametrize("way", ["bulk", "single"])
def test_gated_pages_are_not_taken_down_along_with_the_home_page(town, sign_in, way):
    town.hold_branch("SGZ")
    town.open("SGZ")
    home = town.home["zh-hans"]
    client = sign_in(town.admin)
    if way == "bulk":
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
        address += f"?id={home.pk}"
    else:
        address = url("unpublish", home.pk)
    response = client.post(address, {"include_descendants": "on"})
    assert "not taken down in passing" in said(response)
    assert Page.objects.filter(gate__pilot__code="SGZ", live=True).count() == 8


def test_ordinary_pages_are_published_and_unpublished_as_ever(town, sign_in):
    home = town.home["en"]
    client = sign_in(town.admin)
    response = client.post(url("unpublish", home.pk))
    assert response.status_code == 302
    assert not Page.objects.get(pk=home.pk).live
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={home.pk}")
    assert Page.objects.get(pk=home.pk).live


def test_an_autosave_that_is_refused_says_so_in_json(town, sign_in, member_page, board):
    client = sign_in(town.editor("SGZ"))
    address = url("add", "pledge_pages", "memberpledgepage", board().pk)
    data = {"member": town.members["SGZ-M001"].pk}
    for name in ("pledges", "tasks", "updates", "amendments"):
        data |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    response = client.post(address, data, headers={"accept": "application/json"})
    assert response.status_code == 400
    assert response.json()["success"] is False


def test_a_moderator_who_cannot_edit_is_told_so_and_led_to_the_pilot(town, sign_in, member_page):
    response = sign_in(town.moderator("SGZ")).get(url("edit", member_page().pk))
    assert "moderators open it while it is in review" in said(response)
    assert response.url == reverse("pledge_boards:pilot", args=[town.pilots["SGZ"].pk])


def test_the_explorer_does_not_say_that_a_site_is_missing(town, sign_in, board):
    body = (
        sign_in(town.editor("SGZ"))
        .get(reverse("wagtailadmin_explore", args=[board().pk]))
        .content.decode()
    )
    assert "no site" not in body
    assert "This page is not public: draft" in body


def test_staff_look_at_what_was_approved_not_at_the_newest_draft(town, sign_in, member_page):
    page = town.hold(member_page(), "SGZ")
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = "nobody approved this"
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    address = reverse("pledge_boards:held_preview", args=[page.pk])
    for user in (town.lead, town.moderator("SGZ")):
        body = sign_in(user).get(address).content.decode()
        assert "每周三打扫村口 SGZ-M001" in body
        assert "nobody approved this" not in body
    assert sign_in(town.editor("LSW")).get(address).status_code == 404


def test_what_was_altered_since_is_not_shown_as_approved(town, sign_in, member_page):
    page = town.hold(member_page(), "SGZ")
    approvals = HeldApproval.objects.filter(page_id=page.pk)
    approvals.update(snapshot={**approvals.get().snapshot, "seo_title": "altered"})
    address = reverse("pledge_boards:held_preview", args=[page.pk])
    answer = sign_in(town.lead).get(address, follow=True)
    assert "cannot go public. Approve it anew." in answer.content.decode()
