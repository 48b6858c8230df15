"""What the tests of the village view share: a quiet village with a printed link."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client

from pledge_pages.models import VillageLink
from pledge_pages.village import links
from tests.embargo.scene import add_files
from tests.staging import staged
from tests.worlds import Town, build_town


def build_village() -> Town:
    """Build two villages with photos and evidence: SGZ is quiet with all it holds, LSW proposed."""
    town = build_town(members=2)
    add_files(town)
    town.hold_branch("SGZ")
    town.to_stage("SGZ", "quiet")
    return town


town = staged(build_village)


@pytest.fixture
def link(town: Town) -> VillageLink:
    """The link of SGZ."""
    return links.issue(town.pilots["SGZ"], by=town.editor("SGZ"), label="bridge")


def path_of(link: VillageLink) -> str:
    """Return the path in the address that is printed."""
    return urlsplit(links.address_of(link)).path


@pytest.fixture
def reader_of() -> Callable[[VillageLink], Client]:
    """A function that returns the browser of somebody who has scanned a link's code."""

    def scan(link: VillageLink, **headers: str) -> Client:
        client = Client(headers=headers or {"accept-language": "zh-CN"})
        answer = client.get(path_of(link))
        assert answer.status_code == 302
        return client

    return scan


@pytest.fixture
def reader(link: VillageLink, reader_of) -> Client:
    """The browser of a reader of SGZ."""
    return reader_of(link)
