"""What a visitor's request costs: few queries, whatever the number of members."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledge_pages.models import BranchPage
from tests.crowd import add_crowd
from tests.worlds import build_town

pytestmark = pytest.mark.django_db

LIMIT = 12


@pytest.fixture
def town():
    town = build_town(codes=("SGZ",), members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    return town


def queries_of(client, path: str) -> int:
    client.get(path)  # warms what a process keeps: site roots, content types, locales
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, path
    return captured


@pytest.mark.parametrize(("language", "number"), [("zh-hans", 12), ("en", 12), ("en", 200)])
def test_every_public_page_takes_at_most_twelve_queries(client, town, language, number):
    board = BranchPage.objects.get(pk=town.boards["SGZ", language].pk)
    pages = add_crowd(board, number)
    base = f"/{language}/work-plan/"
    counts = {
        path: queries_of(client, path)
        for path in (base, f"{base}village-1/", f"{base}village-1/{pages[0].slug}/")
    }
    for path, captured in counts.items():
        assert len(captured) <= LIMIT, f"{path}: {len(captured)}\n" + "\n".join(
            query["sql"][:200] for query in captured.captured_queries
        )


def test_the_board_names_every_member(client, town):
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    add_crowd(board, 30)
    body = client.get("/zh-hans/work-plan/village-1/").content.decode()
    for index in range(30):
        assert f"王众{index}" in body
