"""A town whose people have photos and whose pledges have evidence."""

import io
from collections.abc import Callable

import pytest

from pledge_pages.models import EvidenceFile, MemberPhoto
from pledge_pages.photos import actions
from tests.worlds import Town, build_town

from . import pictures

CODE = "SGZ"


@pytest.fixture
def town(db) -> Town:
    """A town of one branch with two members, all drafts."""
    return build_town((CODE,), members=2)


@pytest.fixture
def add_photo(town: Town) -> Callable[..., MemberPhoto]:
    """A function that gives a member (the first, if none is said) a new photo."""

    def add(member: str = "SGZ-M001") -> MemberPhoto:
        content = io.BytesIO(pictures.jpeg())
        return actions.add_photo(town.members[member], content, by=town.editor(CODE))

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
