"""Keeps the drawn board of a branch, for as long as nothing on it has changed.

What decides over names and photos is read anew on every request, in one query, and is part of
the key: a page taken down, a consent withdrawn or expired, a new photo shows at once. Only labels
(categories, posts, offices) may lag behind, by LABELS_MAY_LAG seconds at most.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import get_language

from ..embargo.gate import without_restricted
from ..people.models import Consent, Scope
from ..people.naming import join_consents, today
from . import reading

if TYPE_CHECKING:
    from .models import BranchPage

LABELS_MAY_LAG = 60
FRAGMENT = "pledge_pages/parts/board.html"

MEMBER_COLUMNS = (
    "pk", "last_published_at", "live_revision_id", "photo_id", "slug",
    "member__surname", "member__given_name", "member__surname_latin", "member__given_name_latin",
    "member__office_id",
)  # fmt: skip
CONSENT_COLUMNS = ("state", "level", "given_on", "expires_on", "withdrawn_on")


@dataclass(frozen=True)
class DrawnBoard:
    """The board as HTML, and the year it shows."""

    html: str
    year: int | None


def drawn_board(page: BranchPage, *, year: int | None = None) -> DrawnBoard:
    """Return the public board of ``page`` for ``year`` as HTML, drawn anew if anything changed."""
    key = f"pledge_pages.board.{fingerprint(page, year)}"
    drawn = cache.get(key)
    if drawn is None:
        board = reading.board(page, year=year)
        drawn = DrawnBoard(render_to_string(FRAGMENT, {"board": board}), board.year)
        cache.set(key, drawn, LABELS_MAY_LAG)
    return drawn


def fingerprint(page: BranchPage, year: int | None) -> str:
    """Return a digest of what decides over what the board shows now. One query."""
    from .models import MemberPledgePage

    public = without_restricted(MemberPledgePage.objects.child_of(page).live(), below=page)
    members = join_consents(public, Scope.PUBLIC_WEB)
    consents = [
        f"{subject}_consent__{column}"
        for subject in Consent.Subject.values
        for column in CONSENT_COLUMNS
    ]
    rows = members.select_related(None).order_by("path").values_list(*MEMBER_COLUMNS, *consents)
    facts = (page.pk, page.last_published_at, page.url, get_language(), today(), year, list(rows))
    return hashlib.sha256(repr(facts).encode()).hexdigest()
