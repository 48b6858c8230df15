"""What a visitor's request costs: few queries, whatever the number of members."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledge_pages.models import BranchPage
from tests.crowd import add_crowd
from tests.staging import staged
from tests.worlds import build_town

pytestmark = pytest.mark.django_db

LIMIT = 12


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def build():
    town = build_town(codes=("SGZ",), members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    return town


town = staged(build)


def queries_of(client, path: str) -> list[str]:
    """Return the statements of a request. They are read at once: the next request begins a new log."""
    client.get(path)  # warms what a process keeps: site roots, content types, locales
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, path
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize(("language", "number"), [("zh-hans", 12), ("en", 12), ("en", 200)])
def test_every_public_page_takes_few_queries_whatever_the_number_of_members(
    client, town, monkeypatch, language, number
):
    monkeypatch.setattr("pledge_pages.boards.cache.LABELS_MAY_LAG", 0)  # nothing is kept
    board = BranchPage.objects.get(pk=town.boards["SGZ", language].pk)
    pages = add_crowd(board, number)
    base = f"/{language}/work-plan/"
    counts = {
        path: queries_of(client, path)
        for path in (base, f"{base}village-1/", f"{base}village-1/{pages[0].slug}/")
    }
    for path, captured in counts.items():
        said = "\n".join(sql[:200] for sql in captured)
        assert len(captured) <= LIMIT, f"{path}: {len(captured)}\n{said}"


def test_the_board_names_every_member(client, town):
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    add_crowd(board, 30)
    body = client.get("/zh-hans/work-plan/village-1/").content.decode()
    for index in range(30):
        assert f"王众{index}" in body


def test_a_drawn_board_is_not_drawn_twice_and_takes_few_queries(client, town):
    board = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    add_crowd(board, 30)
    path = "/en/work-plan/village-1/"
    first = client.get(path).content
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).content == first
    assert len(captured) <= 10
    assert not any("pledge_pages_pledge" in query["sql"] for query in captured)


def test_a_withdrawn_consent_shows_on_a_drawn_board_at_once(client, town):
    from pledge_pages.people.actions import withdraw_consent

    path = "/zh-hans/work-plan/village-1/"
    assert "史长SGZ1" in client.get(path).content.decode()
    member = town.members["SGZ-M001"]
    withdraw_consent(member, by=town.editor("SGZ"), subject="name")
    assert "史长SGZ1" not in client.get(path).content.decode()


def test_a_withdrawn_page_leaves_a_drawn_board_at_once(client, town):
    from pledge_pages.embargo.approval import withdraw
    from pledge_pages.models import MemberPledgePage

    path = "/zh-hans/work-plan/village-1/"
    assert "史长SGZ1" in client.get(path).content.decode()
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    withdraw(page, by=town.moderator("SGZ"), reason="a mistake")
    assert "史长SGZ1" not in client.get(path).content.decode()
