"""wagtail-localize leads from a draft in one language to a reviewed draft in the other."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from pledge_pages.models import BranchPage, MemberPledgePage, ProgrammePage
from tests.office.test_editing import form_of, said, url

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results"),
]


@pytest.fixture
def english() -> Locale:
    return Locale.objects.get(language_code="en")


@pytest.fixture
def lone_page(town, member_page) -> MemberPledgePage:
    """A member's page that exists in Chinese only."""
    member_page(language="en").delete()
    return member_page()


def localize(name: str, *args) -> str:
    return reverse(f"wagtail_localize:{name}", args=args)


def submit(client: Client, page: Page, locale: Locale):
    return client.post(localize("submit_page_translation", page.pk), {"locales": [locale.pk]})


def translate(client: Client, page: Page, words: str) -> None:
    """Translate the first text of the page, as the translation's editor does."""
    translation = Translation.objects.get(source__object_id=page.translation_key)
    segment = translation.source.stringsegment_set.order_by("order").first()
    answer = client.put(
        localize("edit_string_translation", translation.pk, segment.pk),
        f"value={words}",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 201


def test_an_editor_translates_a_draft_submits_it_and_a_moderator_approves_it(
    town, sign_in, lone_page, english
):
    editor, moderator = sign_in(town.editor("SGZ")), sign_in(town.moderator("SGZ"))
    response = submit(editor, lone_page, english)
    page = lone_page.get_translation(english)
    assert response.url == url("edit", page.pk)
    body = editor.get(response.url).content.decode()
    finish = reverse("pledge_boards:translation", args=[page.pk])
    assert finish in body

    translate(editor, lone_page, "Sweep the gate on Wednesdays")
    assert "1 of 3 texts are translated" in editor.get(finish).content.decode()
    assert "the draft is saved" in said(editor.post(finish, {"save": "1"}))
    draft = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.pledges.get().text == "Sweep the gate on Wednesdays"
    assert draft.get_latest_revision().user == town.editor("SGZ")

    response = editor.post(finish, {"submit": "1"})
    assert "the translation is submitted for moderation" in said(response)
    assert Page.objects.get(pk=page.pk).specific.review_state == "pending"
    assert "To review: 1" in moderator.get(reverse("wagtailadmin_home")).content.decode()
    # Wagtail's own editor, where the decisions are.
    body = moderator.get(url("edit", page.pk)).content.decode()
    assert "Approve (held until the pilot is approved)" in body
    data = form_of(moderator, page)
    data |= {"action-workflow-action": "true", "workflow-action-name": "approve"}
    assert "Held until" in said(moderator.post(url("edit", page.pk), data))
    assert Page.objects.get(pk=page.pk).specific.review_state == "held"
    assert not Page.objects.filter(gate__isnull=False, live=True).exists()


def test_a_moderator_who_may_not_edit_the_page_translates_nothing(
    town, sign_in, lone_page, english
):
    submit(sign_in(town.editor("SGZ")), lone_page, english)
    page = lone_page.get_translation(english)
    finish = reverse("pledge_boards:translation", args=[page.pk])
    for client in (sign_in(town.moderator("SGZ")), sign_in(town.editor("LSW"))):
        assert client.get(finish).status_code in (302, 404)
        assert client.post(finish, {"save": "1"}).status_code in (302, 404)
    assert Page.objects.get(pk=page.pk).latest_revision.user == town.editor("SGZ")


def test_a_returned_translation_is_mended_and_submitted_again(town, sign_in, lone_page, english):
    editor = sign_in(town.editor("SGZ"))
    submit(editor, lone_page, english)
    page = lone_page.get_translation(english)
    finish = reverse("pledge_boards:translation", args=[page.pk])
    editor.post(finish, {"submit": "1"})
    assert "in review already" in said(editor.post(finish, {"submit": "1"}))
    state = Page.objects.get(pk=page.pk).current_workflow_task_state
    state.task.specific.on_action(state, town.moderator("SGZ"), "reject", comment="all of it")
    assert "all of it" in editor.get(url("edit", page.pk)).content.decode()
    translate(editor, lone_page, "Sweep the gate")
    editor.post(finish, {"submit": "1"})
    page = Page.objects.get(pk=page.pk).specific
    assert page.review_state == "pending"
    assert page.current_workflow_task_state.revision.as_object().pledges.get().text == (
        "Sweep the gate"
    )


def test_publishing_in_the_translation_s_editor_is_refused_in_words(
    town, sign_in, lone_page, english
):
    client = sign_in(town.admin)
    submit(client, lone_page, english)
    page = lone_page.get_translation(english)
    response = client.post(url("edit", page.pk), {"action": "publish"})
    assert "Not published" in said(response)
    assert not Page.objects.get(pk=page.pk).live


def test_carrying_over_a_public_page_s_changes_leaves_the_public_translation_alone(
    town, sign_in, lone_page, english
):
    editor = sign_in(town.editor("SGZ"))
    submit(editor, lone_page, english)
    page = lone_page.get_translation(english)
    town.pages["SGZ-M001", "en"] = page
    town.hold_branch("SGZ")
    town.open("SGZ")
    assert Page.objects.get(pk=page.pk).live
    source = Translation.objects.get(source__object_id=page.translation_key).source
    address = localize("update_translations", source.pk)
    body = editor.get(address).content.decode()
    assert "Nothing is published" in body
    assert "Publish immediately" not in body
    assert town.members["SGZ-M001"].staff_name in body
    translate(editor, lone_page, "nobody approved this")
    editor.post(address, {"publish_translations": "on"})
    assert MemberPledgePage.objects.get(pk=page.pk).pledges.get().text != "nobody approved this"
    draft = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.pledges.get().text == "nobody approved this"


def test_where_both_languages_exist_one_is_led_to_the_other(
    town, sign_in, member_page, board, english
):
    client = sign_in(town.editor("SGZ"))
    for page in (member_page(), board()):
        response = client.get(localize("submit_page_translation", page.pk))
        assert "exists in every language already. Edit it in English here" in said(response)
        assert response.url == url("edit", page.get_translation(english).pk)
        assert client.get(response.url).status_code == 200


def test_who_does_not_edit_the_branch_starts_no_translation_of_its_pages(
    town, sign_in, lone_page, english
):
    # Moderates one branch and edits another: the right to translate comes with the second.
    user = town.moderator("SGZ")
    user.groups.add(Group.objects.get(name="LSW editors"))
    response = submit(sign_in(user), lone_page, english)
    assert "Only editors of the branch translate its pages" in said(response)
    assert not lone_page.get_translations().exists()
    submit(sign_in(town.editor("SGZ")), lone_page, english)
    page = lone_page.get_translation(english)
    source = Translation.objects.get(source__object_id=page.translation_key).source
    address = localize("update_translations", source.pk)
    assert "Only editors of the branch" in said(sign_in(user).get(address))
    finish = reverse("pledge_boards:translation", args=[page.pk])
    sign_in(user).post(finish, {"submit": "1"})
    assert not Page.objects.get(pk=page.pk).workflow_in_progress


def test_a_board_that_a_translation_brings_forth_has_the_staff_of_its_branch(
    town, sign_in, member_page, english
):
    ProgrammePage.objects.get(locale=english).delete()
    editor = sign_in(town.editor("SGZ"))
    submit(editor, member_page(), english)
    page = member_page().get_translation(english)
    assert BranchPage.objects.get(locale=english).pilot.code == "SGZ"
    finish = reverse("pledge_boards:translation", args=[page.pk])
    editor.post(finish, {"submit": "1"})
    body = sign_in(town.moderator("SGZ")).get(url("edit", page.pk)).content.decode()
    assert "Approve (held until the pilot is approved)" in body
    assert editor.get(url("edit", page.get_parent().pk)).status_code == 200
    stranger = sign_in(town.editor("LSW"))
    assert stranger.get(url("edit", page.pk)).status_code == 404
    assert not Page.objects.filter(gate__isnull=False, live=True).exists()


@pytest.mark.parametrize("who", ["editor_sgz", "moderator_sgz", "editor_lsw", "lead", "admin"])
def test_the_report_on_translations_shows_each_reader_their_own_branches(
    town, sign_in, lone_page, english, who
):
    submit(sign_in(town.editor("SGZ")), lone_page, english)
    editor_of_it = url("edit", lone_page.get_translation(english).pk)
    user = {"lead": town.lead, "admin": town.admin, **town.users}[who]
    client = sign_in(user)
    for name in ("translations_report", "translations_report_results"):
        for query in ("", "?source_locale=zh-hans&waiting_for_translation=true"):
            response = client.get(localize(name) + query)
            assert response.status_code == 200, (name, query)
            body = response.content.decode()
            assert (editor_of_it in body) == (who != "editor_lsw")
            assert who != "editor_lsw" or "SGZ-M001" not in body
