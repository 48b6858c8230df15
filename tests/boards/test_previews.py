"""Editors see a draft as the public will, and as the village reads it, before anybody else does."""

import base64
import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from pledge_pages.models import BranchPage, Consent, MemberPledgePage
from pledge_pages.posters import drawing
from pledge_pages.posters.content import draft_of
from pledge_pages.posters.errors import PrintError
from tests.office.test_editing import form_of
from tests.staging import staged
from tests.worlds import PASSWORD, Town, build_town

pytestmark = pytest.mark.django_db
NEW = "A promise that nobody has approved"


def build():
    """A quiet branch: everything is approved, and one page has a newer draft."""
    town = build_town(members=2)
    town.hold_branch("SGZ")
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    draft = page.get_latest_revision_as_object()
    pledge = draft.pledges.first()
    pledge.text = NEW
    draft.pledges = [pledge]
    draft.save_revision(user=town.editor("SGZ"))
    return town


town = staged(build)


def signed_in(name: str) -> Client:
    client = Client()
    assert client.login(username=name, password=PASSWORD)
    return client


def previewed(page, mode: str) -> str:
    """Return a page drawn for a preview mode, as the editor's panel does."""
    newest = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    answer = newest.make_preview_request(None, mode)
    answer = answer.render() if hasattr(answer, "render") else answer
    assert answer.status_code == 200
    return answer.content.decode()


def board_of(town: Town) -> BranchPage:
    return BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)


def member_of(town: Town, code: str = "SGZ-M001") -> MemberPledgePage:
    return MemberPledgePage.objects.get(pk=town.pages[code, "zh-hans"].pk)


@pytest.mark.parametrize("mode", ["", "village"])
def test_a_board_shows_the_newest_drafts_of_its_members(town, mode):
    shown = previewed(board_of(town), mode)
    assert NEW in shown
    assert "史长SGZ1" in shown
    assert "史长SGZ2" in shown


@pytest.mark.parametrize("mode", ["", "village"])
def test_a_members_page_shows_the_draft(town, mode):
    assert NEW in previewed(member_of(town), mode)


def test_each_kind_of_reader_is_shown_the_names_that_it_may_know(town):
    Consent.objects.filter(
        member=town.members["SGZ-M001"], subject="name", scope="public_web"
    ).update(level="surname_only")
    public, village = (previewed(board_of(town), mode) for mode in ("", "village"))
    assert "史长SGZ1" not in public
    assert "史长SGZ1" in village


def test_the_village_is_told_the_neutral_name_of_a_quiet_programme(town):
    for page in (board_of(town), member_of(town)):
        shown = previewed(page, "village")
        assert "党员承诺制" not in shown
        assert "村支部年度工作安排" in shown


@pytest.mark.parametrize("page_of", [board_of, member_of])
def test_print_shows_a_picture_of_what_would_hang_there(town, page_of):
    shown = previewed(page_of(town), "print")
    data = shown.partition("data:image/png;base64,")[2].partition('"')[0]
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert min(picture.size) > 300
        assert len(picture.convert("L").getcolors()) > 20, "the sheet is empty"


def test_what_cannot_be_drawn_is_said_in_plain_words(town, monkeypatch):
    def give_up(made):
        raise PrintError("It could not be drawn.")

    monkeypatch.setattr(drawing, "picture", give_up)
    assert "It could not be drawn." in previewed(board_of(town), "print")


def test_what_is_printed_from_drafts_keeps_to_the_consents_for_print(town):
    member = town.members["SGZ-M001"]
    Consent.objects.filter(member=member, subject="name", scope="village_print").update(
        level="surname_only"
    )
    card = next(c for c in draft_of(board_of(town)).cards if c.member_id == member.pk)
    assert "史长SGZ1" not in card.first.name
    assert [pledge.said("text")[0].text for pledge in card.pledges] == [NEW]


def test_the_editor_offers_every_kind_of_reader(town):
    client = signed_in("editor_sgz")
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[member_of(town).pk]))
    shown = answer.content.decode()
    for mode in ("village", "print"):
        assert f'value="{mode}"' in shown


@pytest.mark.parametrize(("mode", "shows"), [("", NEW), ("village", NEW), ("print", "image/png")])
def test_the_editor_is_shown_what_stands_in_the_form_though_nothing_was_saved(town, mode, shows):
    client, page = signed_in("editor_sgz"), member_of(town)
    form = form_of(client, page)
    form["pledges-0-text"] = typed = f"{NEW},还没有保存"
    address = f"{reverse('wagtailadmin_pages:preview_on_edit', args=[page.pk])}?mode={mode}"
    assert client.post(address, form).json()["is_valid"]
    answer = client.get(address)
    assert answer.status_code == 200
    assert shows in answer.content.decode()
    assert (typed in answer.content.decode()) == (mode != "print")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_preview_of_what_is_held_shows_what_was_approved_and_no_draft(town):
    client = signed_in("moderator_sgz")
    shown = client.get(reverse("pledge_boards:held_preview", args=[board_of(town).pk]))
    assert "每周三打扫村口 SGZ-M001" in shown.content.decode()
    assert NEW not in shown.content.decode()


def test_nobody_of_another_branch_sees_a_preview(town):
    client = signed_in("editor_lsw")
    for page in (board_of(town), member_of(town)):
        for mode in ("", "village", "print"):
            address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
            answer = client.get(address, {"mode": mode})
            assert answer.status_code in (302, 403, 404)
            assert NEW not in answer.content.decode()
