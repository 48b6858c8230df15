"""A town whose people have photos and whose pledges have evidence."""

import io
import itertools
from collections.abc import Callable

import pytest

from pledge_pages.models import EvidenceFile, Member, MemberPhoto
from pledge_pages.photos import actions
from tests.worlds import Town, build_town

from . import pictures

CODE = "SGZ"


@pytest.fixture
def town(db) -> Town:
    """A town of one branch with one member, all drafts."""
    return build_town((CODE,), members=1)


@pytest.fixture
def neighbour(town: Town) -> Member:
    """Another member of the branch, without a page."""
    first = town.members["SGZ-M001"]
    return Member.objects.create(
        code="SGZ-M002", pilot=first.pilot, surname="田", office=first.office
    )


@pytest.fixture
def add_photo(town: Town) -> Callable[..., MemberPhoto]:
    """A function that gives a member (the first, if none is said) a new photo, never the same."""
    heights = itertools.count(1000, 10)

    def add(member: Member | None = None) -> MemberPhoto:
        member = member or town.members["SGZ-M001"]
        content = pictures.jpeg(height=next(heights))
        return actions.add_photo(member, io.BytesIO(content), by=town.editor(CODE))

    return add


@pytest.fixture
def add_evidence(town: Town) -> Callable[..., EvidenceFile]:
    """A function that adds a file (a photo, if nothing is said) as evidence of the branch."""

    def add(content: bytes | None = None, kind: str = "photo") -> EvidenceFile:
        return actions.add_evidence(
            town.pilots[CODE],
            io.BytesIO(content or pictures.jpeg()),
            by=town.editor(CODE),
            kind=kind,
            title={"zh-hans": "照片", "en": "Photo"},
        )

    return add
