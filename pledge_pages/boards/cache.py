"""Keeps the drawn board of a branch, for as long as nothing on it has changed.

What decides over names and photos, and over what is said beside outcomes, is read anew on every
request, in one query, and is part of the key: a page taken down, a consent withdrawn or expired, a
new photo, an appeal shows at once. Only labels
(categories, posts) may lag behind, by LABELS_MAY_LAG seconds at most.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Model, prefetch_related_objects
from django.template.loader import render_to_string
from django.utils.translation import get_language

from ..people.models import Consent, Member, Office, Scope
from ..people.naming import today
from ..photos.models import MemberPhoto
from . import reading

if TYPE_CHECKING:
    from .models import BranchPage, MemberPledgePage

LABELS_MAY_LAG = 60
FRAGMENT = "pledge_pages/parts/board.html"

# What a tile is drawn from, by the prefix of the columns. Labels that may lag are fetched as well:
# a board that has to be drawn anew needs no second query.
COLUMNS = {
    "": ("id", "page_ptr_id", "slug", "last_published_at", "live_revision_id", "locale_id",
         "photo_id", "member_id", "grades"),
    "member__": ("id", "code", "public_id", "surname", "given_name", "surname_latin",
                 "given_name_latin", "office_id"),
    "member__office__": ("id", "code", "name", "rank", "is_secretary"),
    "photo__": ("id", "token"),
    **{
        f"{subject}_consent__": ("id", "scope", "subject", "state", "level", "given_on",
                                 "expires_on", "withdrawn_on")
        for subject in Consent.Subject.values
    },
}  # fmt: skip
FURTHER = ("photo_width", "photo_height", "remarked")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class DrawnBoard:
    """The board as HTML, and the year it shows."""

    html: str
    year: int | None


def drawn_board(page: BranchPage, *, year: int | None = None) -> DrawnBoard:
    """Return the public board of ``page`` for ``year`` as HTML, drawn anew if anything changed."""
    rows = public_rows(page)
    key = f"pledge_pages.board.{fingerprint(page, year, rows)}"
    drawn = cache.get(key)
    if drawn is None:
        board = reading.board(page, year=year, entries=entries_of(rows))
        drawn = DrawnBoard(render_to_string(FRAGMENT, {"board": board}), board.year)
        cache.set(key, drawn, LABELS_MAY_LAG)
    return drawn


def public_rows(page: BranchPage) -> list[Row]:
    """Return what is public of the members' pages of a board now, in its order. One query."""
    columns = [prefix + column for prefix, names in COLUMNS.items() for column in names]
    entries = reading.public_entries(page, Scope.PUBLIC_WEB).prefetch_related(None)
    return list(entries.select_related(None).values(*columns, *FURTHER))


def fingerprint(page: BranchPage, year: int | None, rows: Iterable[Row]) -> str:
    """Return a digest of what decides over what the board shows now."""
    members = [tuple(row.values()) for row in rows]
    facts = (page.pk, page.last_published_at, page.url, get_language(), today(), year, members)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def entries_of(rows: Iterable[Row]) -> list[MemberPledgePage]:
    """Return the members' pages that ``rows`` tell of, with what their tiles need."""
    entries = [_entry(row) for row in rows]
    prefetch_related_objects(entries, "member__posts")
    return entries


def _entry(row: Row) -> MemberPledgePage:
    from .models import MemberPledgePage

    entry = _part(MemberPledgePage, row, "")
    entry.member = _part(Member, row, "member__")
    entry.member.office = _part(Office, row, "member__office__")
    if entry.photo_id:
        entry.photo = _part(MemberPhoto, row, "photo__")
    for subject in Consent.Subject.values:
        prefix = f"{subject}_consent__"
        consent = _part(Consent, row, prefix) if row[f"{prefix}id"] is not None else None
        setattr(entry, f"{subject}_consent", consent)
    for name in FURTHER:
        setattr(entry, name, row[name])
    return entry


def _part(model: type[Model], row: Row, prefix: str) -> Any:
    """Return the object of ``model`` whose columns stand in ``row`` under ``prefix``."""
    columns = dict.fromkeys(COLUMNS[prefix])
    fields = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    values = [row[prefix + name] for name in fields]
    return model.from_db(model._base_manager.db, fields, values)
