"""The demo site's own pages: what the front page lists, and what a piece of news shows."""

from datetime import date, timedelta

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from home.models import LATEST, HomePage, NewsPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    """The front page that the migrations have made."""
    return HomePage.objects.get()


def add_news(home: HomePage, title: str, day: date = date(2026, 3, 1), **fields) -> NewsPage:
    """Put a piece of news below the front page."""
    return home.add_child(instance=NewsPage(title=title, published_on=day, **fields))


def test_news_is_listed_newest_first_and_not_without_end(client: Client, home: HomePage) -> None:
    for number in range(LATEST + 2):
        add_news(home, f"第{number}期", date(2026, 3, 1) + timedelta(days=number))
    listed = [item.title for item in client.get("/zh-hans/").context["news"]]
    assert listed == [f"第{number}期" for number in range(LATEST + 1, 1, -1)]


def test_drafts_and_restricted_news_are_not_listed(client: Client, home: HomePage) -> None:
    add_news(home, "草稿", live=False)
    members_only = add_news(home, "内部")
    PageViewRestriction.objects.create(
        page=members_only, restriction_type=PageViewRestriction.LOGIN
    )
    add_news(home, "公开")
    answer = client.get("/zh-hans/").content.decode()
    assert "公开" in answer
    assert "草稿" not in answer
    assert "内部" not in answer


def test_sections_are_the_live_pages_meant_for_menus(client: Client, home: HomePage) -> None:
    home.add_child(instance=Page(title="村务", slug="affairs", show_in_menus=True))
    home.add_child(instance=Page(title="旧页", slug="old", show_in_menus=True, live=False))
    home.add_child(instance=Page(title="附页", slug="aside"))
    add_news(home, "简报", show_in_menus=True)
    sections = client.get("/zh-hans/").context["sections"]
    assert [section.title for section in sections] == ["村务"]


def test_a_piece_of_news_shows_its_date_and_text(client: Client, home: HomePage) -> None:
    add_news(home, "演练防汛", body="<p>二十六分钟</p>", slug="drill")
    answer = client.get("/zh-hans/drill/").content.decode()
    assert '<time datetime="2026-03-01">2026年3月1日</time>' in answer
    assert "<p>二十六分钟</p>" in answer
