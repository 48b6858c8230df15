"""A small town whose programme is quiet, with the terms of the sample town, and ordinary news."""

from collections.abc import Callable

import pytest

from home.demo.sample import read_sample
from home.models import NewsPage
from pledge_pages.models import Programme, QuietTerm
from pledge_pages.quiet_words import records
from tests.office.conftest import speak_english
from tests.worlds import Town, build_site, build_town, make_user

SAMPLE = read_sample()
TERM = "党员承诺制"


def enter_terms(programme: Programme) -> None:
    """Enter the terms of the sample town."""
    for row in SAMPLE["programme"]["embargo"]["terms"]:
        QuietTerm.objects.create(programme=programme, text=row["term"])


@pytest.fixture
def town(db) -> Town:
    """Two quiet branches; the terms of the sample town."""
    built = build_town(members=1)
    enter_terms(built.programme)
    for user in [built.admin, built.lead, *built.users.values()]:
        speak_english(user)
    return built


@pytest.fixture
def programme_only(db) -> Town:
    """A quiet programme without any branch, its terms, and a front page: quicker to build."""
    home = build_site()
    admin = make_user("admin", is_superuser=True, is_staff=True)
    speak_english(admin)
    programme = Programme.objects.create(
        code="PP",
        public_name={"zh-hans": TERM, "en": "Member pledge system"},
        neutral_name={"zh-hans": "村支部年度工作安排", "en": "Village branch yearly work plan"},
    )
    enter_terms(programme)
    return Town(admin=admin, lead=admin, programme=programme, home=home, programme_pages={})


@pytest.fixture
def news(town) -> Callable[..., NewsPage]:
    """A function that makes a draft piece of news below the front page."""

    def make(**fields) -> NewsPage:
        fields = {"title": "工作简报", "slug": "brief", "live": False, **fields}
        page = town.home["zh-hans"].add_child(
            instance=NewsPage(locale=town.home["zh-hans"].locale, **fields)
        )
        page.save_revision(user=town.admin)
        return page

    return make


@pytest.fixture
def saved_before(monkeypatch) -> None:
    """Files and labels are saved as they were before anybody entered the words."""
    for name in ("check_record", "check_tags"):
        monkeypatch.setattr(records, name, lambda *args: None)
