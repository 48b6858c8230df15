"""What the tests of print share: a quiet village with a link, and wishes for small sheets."""

import pytest
import typst

from pledge_pages.models import Pilot, VillageLink
from pledge_pages.posters import drawing
from pledge_pages.village import links
from tests.village.conftest import town  # noqa: F401


@pytest.fixture
def link(town) -> VillageLink:  # noqa: F811
    """A valid link of the quiet village."""
    return links.issue(town.pilots["SGZ"], by=town.editor("SGZ"), label="bridge")


@pytest.fixture
def pilot(town, link) -> Pilot:  # noqa: F811
    """The quiet village, with a valid link."""
    return Pilot.objects.get(code="SGZ")


class GivesUp:
    """A typst that can draw nothing."""

    def compile(self, **wanted: object) -> bytes:
        raise typst.TypstError("loop seems to be infinite\nbelow stands what was to be printed")


@pytest.fixture
def typst_gives_up(monkeypatch) -> None:
    monkeypatch.setattr(drawing, "_compiler", lambda folder: GivesUp())
