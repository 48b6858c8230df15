"""A page that not everyone may view is listed nowhere: not on its board, nor in any number."""

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from pledge_pages.models import MemberPledgePage
from pledge_pages.people.naming import shown_name
from tests.staging import staged
from tests.worlds import build_town, make_user

pytestmark = pytest.mark.django_db

BOARD = "/zh-hans/work-plan/village-1/"
LISTS = (
    BOARD,
    "/zh-hans/work-plan/",
    "/api/v1/boards/SGZ/",
    "/api/v1/boards/",
    "/api/v2/pages/?type=pledge_pages.BranchPage&fields=*&locale=zh-hans",
    "/api/v2/pages/?type=pledge_pages.MemberPledgePage&fields=*",
    "/sitemap.xml",
)


def build():
    town = build_town(("SGZ",), members=2)
    town.hold_branch("SGZ")
    town.open("SGZ")
    return town


town = staged(build)


def restrict(page: Page, kind: str = "password") -> None:
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=page.pk), restriction_type=kind, password="x"
    )


def words_of(town, code: str) -> list[str]:
    """Return what would tell of a member: name, promise, address."""
    page = MemberPledgePage.objects.get(pk=town.pages[code, "zh-hans"].pk)
    name = shown_name(page.member, "public_web", "zh-hans").text
    return [name, page.pledges.first().text, f"/{page.slug}/", page.member.public_id]


def read(path: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(path, headers={"accept-language": "zh-hans"})
    text = answer.content.decode()
    return text.encode().decode("unicode_escape") if "\\u" in text else text


@pytest.mark.parametrize("path", LISTS)
def test_what_tells_of_a_member_is_gone_with_the_page(town, path):
    # The board is drawn and kept once before, and has to be drawn anew.
    before = read(path)
    own, other = words_of(town, "SGZ-M001"), words_of(town, "SGZ-M002")
    for language in ("zh-hans", "en"):
        restrict(town.pages["SGZ-M001", language])
    after = read(path)
    assert [word for word in own if word in after] == []
    assert [word for word in other if word in after] == [word for word in other if word in before]


def test_the_numbers_count_what_everyone_may_see(town):
    def numbers() -> tuple:
        [row] = Client().get("/api/v1/boards/?language=zh-hans").json()["results"][:1]
        index = Client().get("/zh-hans/work-plan/").context["index"]
        return row["member_count"], index.branches[0].members, index.counts.total

    assert numbers() == (2, 2, 2)
    restrict(town.pages["SGZ-M001", "zh-hans"])
    assert numbers() == (1, 1, 1)


def test_who_is_let_in_to_a_restricted_board_sees_its_members(town):
    restrict(town.boards["SGZ", "zh-hans"], "login")
    assert words_of(town, "SGZ-M002")[1] not in read(BOARD)
    client = Client()
    client.force_login(make_user("guest"))
    assert words_of(town, "SGZ-M002")[1] in read(BOARD, client)


def test_a_restricted_board_is_on_no_list(town):
    title = Page.objects.get(pk=town.boards["SGZ", "zh-hans"].pk).title
    assert title in read("/zh-hans/work-plan/")
    restrict(town.boards["SGZ", "zh-hans"])
    text = read("/zh-hans/work-plan/")
    assert title not in text
    assert [word for word in words_of(town, "SGZ-M001") if word in text] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_for_a_hidden_page_there_is_no_form_that_asks_for_a_password(method):
    town = build_town(("SGZ",), members=1)
    town.hold_branch("SGZ")
    ordinary = town.home["en"]
    restrict(ordinary)
    row = PageViewRestriction.objects.get()

    def ask(page_id: int):
        address = f"/zh-hans/_util/authenticate_with_password/{row.pk}/{page_id}/"
        return getattr(Client(), method)(address, {"password": "wrong", "return_url": "/"})

    hidden, nowhere = ask(town.pages["SGZ-M001", "zh-hans"].pk), ask(999_999)
    assert hidden.status_code == nowhere.status_code == 404
    assert hidden.content == nowhere.content
    assert ask(ordinary.pk).status_code == 200
