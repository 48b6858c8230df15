"""What somebody saved while a form stood open is not written over without a word."""

import pytest
from wagtail.models import Revision
from wagtail.test.utils.form_data import rich_text

from pledge_pages.mine.reporting import report_progress
from pledge_pages.models import Member
from tests.office.test_editing import form_of, said, url
from tests.worlds import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(town) -> Member:
    """A member with an account, who reports progress on their own."""
    member = town.members["SGZ-M001"]
    member.user = make_user("account")
    member.save()
    return member


def with_words(data: dict, words: str) -> dict:
    return {**data, "pledges-0-text": words}


def report(member: Member, page) -> None:
    report_progress(
        member, page.pledges.get().key, by=member.user, text={"zh-hans": "扫了两次"}, percent=20
    )


def draft(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


@pytest.mark.parametrize("action", ["", "action-submit"])
def test_a_report_saved_meanwhile_is_not_written_over_and_what_was_typed_is_kept(
    town, sign_in, member_page, member, action
) -> None:
    page, editor = member_page(), sign_in(town.editor("SGZ"))
    data = with_words(form_of(editor, page), "改过的承诺")
    report(member, page)
    newest = draft(page).latest_revision

    answer = editor.post(url("edit", page.pk), {**data, **({action: "1"} if action else {})})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Not saved: account saved this page at" in text
    assert "改过的承诺" in text
    assert url("revisions_view", page.pk, newest.pk) in text
    assert draft(page).latest_revision == newest
    assert list(draft(page).updates.all())[-1].text == "扫了两次"
    assert not member_page().workflow_in_progress


def test_who_was_told_and_saves_again_takes_its_place_knowingly(
    town, sign_in, member_page, member
) -> None:
    page, editor = member_page(), sign_in(town.editor("SGZ"))
    data = with_words(form_of(editor, page), "改过的承诺")
    report(member, page)
    editor.post(url("edit", page.pk), data)
    newest = draft(page).latest_revision

    shown = {
        "loaded_revision_id": newest.pk,
        "loaded_revision_created_at": newest.created_at.isoformat(),
    }
    answer = editor.post(url("edit", page.pk), {**data, **shown})

    assert answer.status_code == 302
    assert draft(page).pledges.get().text == "改过的承诺"
    assert Revision.objects.filter(pk=newest.pk).exists()  # it is in the history


def test_ones_own_next_save_and_a_form_that_says_nothing_go_on(town, sign_in, member_page) -> None:
    page, editor = member_page(), sign_in(town.editor("SGZ"))
    for words in ("一", "二"):
        answer = editor.post(url("edit", page.pk), with_words(form_of(editor, page), words))
        assert "the draft is saved" in said(answer)
    data = form_of(editor, page)
    del data["loaded_revision_id"], data["loaded_revision_created_at"]
    assert editor.post(url("edit", page.pk), data).status_code == 302


def test_the_board_of_a_branch_is_kept_as_well(town, sign_in, board) -> None:
    page, editor = board(), sign_in(town.editor("SGZ"))
    data = {**form_of(editor, page), "introduction": rich_text("<p>新的</p>")}
    page.save_revision(user=town.lead)
    answer = editor.post(url("edit", page.pk), data)
    assert "Not saved: lead saved this page at" in answer.content.decode()
