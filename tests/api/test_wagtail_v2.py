"""Wagtail's API v2 shows what is public of boards, and nothing tells hidden from unknown."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from pledge_pages.embargo import gate
from pledge_pages.embargo.approval import withdraw
from pledge_pages.models import BranchPage
from pledge_pages.people.actions import record_consent
from tests.api.conftest import Api
from tests.crowd import add_crowd
from tests.worlds import PASSWORD

pytestmark = pytest.mark.django_db

PAGES = "/api/v2/pages/"
TYPES = ("ProgrammePage", "BranchPage", "MemberPledgePage")
SECRETS = ("LSW", "village-2")


def page_of(town, code="SGZ-M001", language="en") -> Page:
    return Page.objects.get(pk=town.pages[code, language].pk).specific


def shown(public, page) -> dict:
    return public.get(f"{PAGES}{page.pk}/").json()


def test_a_members_page_shows_what_its_public_page_shows(public, half_open_town) -> None:
    page = page_of(half_open_town)
    body = shown(public, page)
    assert (body["title"], body["meta"]["slug"]) == (page.member.public_id, page.member.public_id)
    assert body["name"] == "Shi Changsgz1"
    assert body["office"] == {"code": "sec", "label": "Branch secretary"}
    assert body["posts"] == ["Flood watch"]
    assert (body["counts"]["running"], body["counts"]["total"]) == (1, 1)
    pledge = body["pledge_list"][0]
    assert (pledge["text"], pledge["status"]) == ("Sweep the village gate SGZ-M001", "claimed_done")
    assert (pledge["category"], pledge["category_label"]) == ("sanitation", "Sanitation")
    assert pledge["updates"][0]["text"] == "done once en"


def test_a_list_shows_the_same_as_each_page_does(public, half_open_town) -> None:
    add_crowd(BranchPage.objects.get(pk=half_open_town.boards["SGZ", "zh-hans"].pk), 3)
    for name in TYPES:
        rows = public.get(f"{PAGES}?type=pledge_pages.{name}&fields=*").json()["items"]
        assert len(rows) >= 2
        for row in rows:
            alone = public.get(f"{PAGES}{row['id']}/").json()
            assert alone["meta"].pop("parent")
            assert row == alone


def test_boards_and_programmes_show_numbers_and_texts(public, half_open_town) -> None:
    board = shown(public, half_open_town.boards["SGZ", "en"])
    assert (board["member_count"], board["counts"]["total"]) == (2, 2)
    assert (board["introduction"], board["not_listed"], board["pledge_list"]) == ("", "", [])
    programme = shown(public, half_open_town.programme_pages["en"])
    assert (programme["member_count"], programme["counts"]["total"]) == (2, 2)


def test_photos_have_every_size_with_alternative_text(public, half_open_town) -> None:
    board = BranchPage.objects.get(pk=half_open_town.boards["SGZ", "zh-hans"].pk)
    page = add_crowd(board, 1)[0]
    photos = shown(public, page)["photo_renditions"]
    assert [(photo["size"], photo["width"], photo["height"]) for photo in photos] == [
        ("tile", 240, 300), ("tile2x", 480, 600), ("large", 720, 900),
    ]  # fmt: skip
    assert all("王众0" in photo["alt"] and photo["url"].startswith("http") for photo in photos)
    record_consent(
        page.member, by=half_open_town.lead, scope="public_web", subject="photo", level="none",
        state="declined",
    )  # fmt: skip
    assert shown(public, page)["photo_renditions"] == []


def test_member_photos_are_not_among_the_sites_images(public, half_open_town) -> None:
    add_crowd(BranchPage.objects.get(pk=half_open_town.boards["SGZ", "zh-hans"].pk), 1)
    assert public.get("/api/v2/images/").json()["meta"]["total_count"] == 0
    assert public.get("/api/v2/documents/").json()["meta"]["total_count"] == 0


def test_names_are_shown_as_far_as_consent_goes(public, half_open_town) -> None:
    member = half_open_town.members["SGZ-M001"]
    record_consent(
        member, by=half_open_town.lead, scope="public_web", subject="name", level="surname_only",
        given_on=date(2025, 3, 24), method="paper",
    )  # fmt: skip
    for path in (f"{page_of(half_open_town).pk}/", "?type=pledge_pages.MemberPledgePage&fields=*"):
        text = public.get(PAGES + path).content.decode()
        assert "Shi (" in text
        assert not any(name in text for name in (member.given_name, member.given_name_latin))


def questions(pk: int, parent: int) -> list[str]:
    return [
        f"{pk}/", f"{pk}/?fields=*", f"?child_of={parent}", f"?descendant_of={parent}",
        f"?ancestor_of={pk}", f"?translation_of={pk}", f"find/?id={pk}", f"?id={pk}",
        f"?alias_of={pk}", f"?type=pledge_pages.MemberPledgePage&id={pk}&fields=*",
    ]  # fmt: skip


def test_a_hidden_page_answers_every_question_as_one_that_does_not_exist(
    public, half_open_town
) -> None:
    hidden = page_of(half_open_town, "LSW-M001")
    asked = questions(hidden.pk, half_open_town.boards["LSW", "en"].pk)
    asked += ["find/?html_path=/en/work-plan/village-2/", f"?slug={hidden.slug}"]
    unknown = questions(999_998, 999_999)
    unknown += ["find/?html_path=/en/work-plan/village-9/", "?slug=abcdefghjk"]
    for first, second in zip(asked, unknown, strict=True):
        one, other = public.get(PAGES + first), public.get(PAGES + second)
        assert (one.status_code, one.content) == (other.status_code, other.content), first
        assert {**one.headers} == {**other.headers}, first


def test_no_list_search_or_count_has_anything_of_a_hidden_branch(public, half_open_town) -> None:
    paths = [f"?type=pledge_pages.{name}&fields=*&limit=100" for name in TYPES]
    paths += ["?fields=*&limit=100", "?type=pledge_pages.BranchPage,pledge_pages.MemberPledgePage"]
    paths += [f"{page.pk}/?fields=*" for page in Page.objects.filter(live=True, depth__gt=1)]
    paths += ["?search=LSW", "?search=village", "?search=打扫", "?search=Sweep&locale=en"]
    paths += ["?locale=en&limit=100", "?order=title&limit=100", "?order=-id&limit=100"]
    for path in paths:
        answer = public.get(PAGES + path)
        assert answer.status_code == 200, path
        assert not any(secret in answer.content.decode() for secret in SECRETS), path
    live = Page.objects.filter(live=True, depth__gt=1).count()
    assert public.get(PAGES).json()["meta"]["total_count"] == live
    children = public.get(f"{PAGES}?child_of={half_open_town.programme_pages['en'].pk}").json()
    assert children["meta"]["total_count"] == 1


def test_while_everything_is_quiet_only_the_home_pages_are_there(public, quiet_town) -> None:
    body = public.get(f"{PAGES}?fields=*&limit=100").json()
    assert {row["meta"]["type"] for row in body["items"]} == {"home.HomePage"}
    for name in TYPES:
        rows = public.get(f"{PAGES}?type=pledge_pages.{name}").json()
        assert rows["meta"]["total_count"] == 0


def test_a_session_cookie_shows_no_more(public, half_open_town) -> None:
    signed_in = Client()
    assert signed_in.login(username="admin", password=PASSWORD)
    for path in ("?fields=*&limit=100", f"{page_of(half_open_town, 'LSW-M001').pk}/"):
        assert Api(signed_in).get(PAGES + path).content == public.get(PAGES + path).content


def test_a_public_page_does_not_name_a_parent_that_is_not_public(public, half_open_town) -> None:
    programme = Page.objects.get(pk=half_open_town.programme_pages["en"].pk).specific
    withdraw(programme, by=half_open_town.lead, reason="its name was wrong")
    answer = public.get(f"{PAGES}{half_open_town.boards['SGZ', 'en'].pk}/?fields=*,parent(*)")
    assert "Member pledge system" not in answer.content.decode()


def test_what_is_not_shown_can_be_neither_asked_for_nor_sorted_by(public, half_open_town) -> None:
    members = f"{PAGES}?type=pledge_pages.MemberPledgePage"
    for field in ("member", "photo", "gate", "held_approval", "owner", "latest_revision", "pledges",
                  "live", "draft_title", "name", "pledge_list"):  # fmt: skip
        assert public.get(f"{members}&{field}=1").status_code == 400, field
        assert public.get(f"{members}&order={field}").status_code == 400, field
    for field in ("member", "photo", "pledges", "owner", "draft_title", "name(surname)"):
        assert public.get(f"{members}&fields={field}").status_code == 400, field


@pytest.mark.parametrize(
    "path",
    ["?id=x", "?first_published_at=now", "?alias_of=x", "find/?id=x", "?child_of=x", "?limit=101",
     "?show_in_menus=maybe", "?slug=%00", "?type=pledge_pages.Pledge", "?fields=*,(",
     "?type=pledge_pages.BranchPage&not_listed=%00"],
)  # fmt: skip
def test_a_value_that_cannot_be_is_a_bad_request(public, path) -> None:
    answer = public.get(PAGES + path)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_while_the_gate_has_no_lock_no_gated_page_is_listed(
    public, half_open_town, monkeypatch
) -> None:
    monkeypatch.setattr(gate, "may_serve", lambda: False)
    body = public.get(f"{PAGES}?limit=100").json()
    assert {row["meta"]["type"] for row in body["items"]} == {"home.HomePage"}
    assert public.get(f"{PAGES}{page_of(half_open_town).pk}/").status_code == 404


@pytest.mark.parametrize("number", [10, 90])
def test_a_list_takes_the_same_few_queries_whatever_its_length(
    public, half_open_town, number
) -> None:
    board = BranchPage.objects.get(pk=half_open_town.boards["SGZ", "zh-hans"].pk)
    add_crowd(board, number)
    for path, most in (
        ("?limit=100", 9),
        ("?type=pledge_pages.MemberPledgePage&fields=*&limit=100", 16),
        ("?type=pledge_pages.BranchPage&fields=*", 12),
        ("?type=pledge_pages.ProgrammePage&fields=*", 11),
    ):
        public.get(PAGES + path)
        with CaptureQueriesContext(connection) as captured:
            rows = public.get(PAGES + path).json()["items"]
        assert rows
        assert len(captured) <= most, f"{path}: {len(captured)}"
