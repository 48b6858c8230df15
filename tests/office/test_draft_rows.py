"""Saving, reviewing and autosaving a page leaves every row of its draft the row it was."""

from datetime import date

import pytest
from wagtail.models import Page

from pledge_pages.models import Category, MemberPledgePage, Pledge, PledgeTask
from tests.office.test_editing import form_of, said, url

pytestmark = pytest.mark.django_db


def new_pledge(page: MemberPledgePage, text: str = "clear the ditch") -> Pledge:
    return Pledge(
        year=2027,
        category=Category.objects.first(),
        text=text,
        measure="twice",
        due=date(2027, 6, 30),
        locale=page.locale,
    )


@pytest.fixture
def public_page(town, member_page) -> MemberPledgePage:
    """A public page whose draft has one pledge more, with a task that a colleague gave."""
    town.hold_branch("SGZ")
    town.open("SGZ")
    draft = member_page().get_latest_revision_as_object()
    pledge = new_pledge(draft)
    draft.pledges.add(pledge)
    draft.tasks.add(
        PledgeTask(
            pledge_key=pledge.key, text="find a spade", locale=draft.locale,
            assigned_by=town.members["SGZ-M002"],
        )
    )  # fmt: skip
    draft.save_revision(user=town.editor("SGZ"))
    return member_page()


def draft_of(page: Page) -> dict:
    return Page.objects.get(pk=page.pk).get_latest_revision().content


def rows_of(page: Page) -> list[tuple]:
    content = draft_of(page)
    return [
        *((row["key"], row["translation_key"], row["text"]) for row in content["pledges"]),
        *((row["pledge_key"], row["text"], row["assigned_by"]) for row in content["tasks"]),
    ]


def test_a_new_pledge_of_a_public_page_keeps_its_key_however_often_it_is_saved(
    town, sign_in, public_page
):
    before = rows_of(public_page)
    client = sign_in(town.editor("SGZ"))
    for _i in range(2):
        response = client.post(url("edit", public_page.pk), form_of(client, public_page))
        assert "the draft is saved" in said(response)
    assert rows_of(public_page) == before


def test_a_new_pledge_of_a_public_page_is_changed_and_stays_the_same_pledge(
    town, sign_in, public_page
):
    key = draft_of(public_page)["pledges"][1]["key"]
    client = sign_in(town.editor("SGZ"))
    data = form_of(client, public_page) | {"pledges-1-text": "clear both ditches"}
    client.post(url("edit", public_page.pk), data)
    row = draft_of(public_page)["pledges"][1]
    assert (row["text"], row["key"]) == ("clear both ditches", key)


def test_autosaves_of_a_pledge_that_was_added_just_now_keep_its_key(town, sign_in, member_page):
    town.hold_branch("SGZ")
    town.open("SGZ")
    page, client = member_page(), sign_in(town.editor("SGZ"))
    data = form_of(client, page) | {
        "pledges-TOTAL_FORMS": 2, "pledges-1-id": "", "pledges-1-year": 2027,
        "pledges-1-category": Category.objects.first().pk, "pledges-1-text": "clear the ditch",
        "pledges-1-measure": "twice", "pledges-1-due": "2027-06-30", "pledges-1-ORDER": 2,
        "pledges-1-kind": "voluntary", "pledges-1-scope": "own", "pledges-1-percent": 0,
        "pledges-1-progress": "not_started", "pledges-1-draft_row": "",
    }  # fmt: skip
    # The browser learns of each version that it saved; both of these come from one form.
    del data["loaded_revision_id"], data["loaded_revision_created_at"]
    keys = []
    for text in ("clear the ditch", "clear the ditches"):
        data["pledges-1-text"] = text
        answer = client.post(
            url("edit", page.pk), data, headers={"accept": "application/json"}
        ).json()
        assert answer["success"]
        data |= answer["field_updates"]
        keys.append([row["key"] for row in draft_of(page)["pledges"]])
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2


def test_a_row_cannot_be_named_by_the_key_of_another_page_s_row(
    town, sign_in, public_page, member_page
):
    other = member_page("SGZ-M002").pledges.get()
    client = sign_in(town.editor("SGZ"))
    data = form_of(client, public_page)
    data["pledges-1-draft_row"] = str(other.translation_key)
    client.post(url("edit", public_page.pk), data)
    row = draft_of(public_page)["pledges"][1]
    assert str(other.key) != row["key"]
    assert str(other.translation_key) != row["translation_key"]


def test_approving_in_the_editor_makes_no_version_of_its_own(town, sign_in, public_page):
    page = Page.objects.get(pk=public_page.pk).specific
    page.get_workflow().start(page, town.editor("SGZ"))
    versions = page.revisions.count()
    client = sign_in(town.moderator("SGZ"))
    data = form_of(client, page)
    data |= {"action-workflow-action": "true", "workflow-action-name": "approve"}
    response = client.post(url("edit", page.pk), data)
    assert "Approved. What you approved is public now." in said(response)
    assert "updated" not in said(response)
    assert page.revisions.count() == versions
    assert len(member_rows(page)) == 2


def member_rows(page: Page) -> list[str]:
    return [pledge.text for pledge in MemberPledgePage.objects.get(pk=page.pk).pledges.all()]


def test_saving_a_draft_forgets_nobody_who_gave_a_task(town, sign_in, member_page):
    page = member_page()
    page.tasks.add(
        PledgeTask(
            pledge_key=page.pledges.first().key, text="find a broom", locale=page.locale,
            assigned_by=town.members["SGZ-M002"],
        )
    )  # fmt: skip
    page.save()
    page.save_revision(user=town.editor("SGZ"))
    client = sign_in(town.editor("SGZ"))
    response = client.post(url("edit", page.pk), form_of(client, page))
    assert "the draft is saved" in said(response)
    assert member_page().tasks.get().assigned_by == town.members["SGZ-M002"]
    assert draft_of(page)["tasks"][0]["assigned_by"] == town.members["SGZ-M002"].pk
