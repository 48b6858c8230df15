"""A small town with a page in every state, and clients of the people who work in it."""

from collections.abc import Callable

import pytest
from wagtail.models import Page
from wagtail.users.models import UserProfile

from tests.staging import staged
from tests.worlds import Town, build_town


def speak_english(user) -> None:
    """Let the admin answer ``user`` in English, so that tests can read it."""
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = "en"
    profile.save()


def build_town_that_reads_english() -> Town:
    """Build two branches; everybody reads the admin in English."""
    built = build_town()
    for user in [built.admin, built.lead, *built.users.values()]:
        speak_english(user)
    return built


town = staged(build_town_that_reads_english)


@pytest.fixture
def member_page(town) -> Callable:
    """A function that returns the current row of a member's page."""

    def current(code: str = "SGZ-M001", language: str = "zh-hans"):
        return Page.objects.get(pk=town.pages[code, language].pk).specific

    return current


@pytest.fixture
def board(town) -> Callable:
    """A function that returns the current row of a branch's board."""

    def current(code: str = "SGZ", language: str = "zh-hans"):
        return Page.objects.get(pk=town.boards[code, language].pk).specific

    return current
