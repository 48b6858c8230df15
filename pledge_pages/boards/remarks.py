"""What has to be said beside an outcome today: an appeal against it, papers that do not say enough.

Read from the record whenever a page is served and kept in no version of it, so that nobody has to
approve it first. The record belongs to a room below, which registers it here when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from .content import OUTCOMES
from .views_of import PledgeView, Tile

if TYPE_CHECKING:
    from .models import MemberPledgePage


class Remark(models.TextChoices):
    """What is said, in any language."""

    APPEAL_OPEN = "appeal_open", _("An appeal against this outcome is under way.")
    NOT_ASKED = (
        "not_asked",
        _("Taken over from earlier records, which do not say that the member was asked."),
    )


# Codes of what is remarked, by the member's id and the pledge's key.
Remarks = Mapping[tuple[int, UUID], tuple[str, ...]]
# Gives rows with ``member``, ``pledge_key`` and ``said``: codes, each with a space behind it.
Source = Callable[[], models.QuerySet]
_sources: list[Source] = []


class Joined(models.Aggregate):
    """The texts of several rows in one, apart by commas."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def register(source: Source) -> None:
    """Let ``source`` be the record."""
    _sources[:] = [source]


def column(member: str = "member") -> Subquery | Value:
    """Return what is remarked of the pledges of a page's member, to be fetched as ``remarked``.

    ``member`` is where the row has the member's id.
    """
    for source in _sources:
        one = Concat(Cast("pledge_key", TextField()), Value("="), "said", output_field=TextField())
        rows = source().filter(member=OuterRef(member)).order_by().values("member")
        return Subquery(rows.annotate(remarks=Joined(one)).values("remarks"))
    return Value("", TextField())


def about(pages: Iterable[MemberPledgePage]) -> Remarks:
    """Return what is remarked of the pledges on members' ``pages``.

    One query, unless all of them were fetched with it.
    """
    pages = list(pages)
    if not all(hasattr(page, "remarked") for page in pages):
        return of_members({page.member_id for page in pages})
    found: dict[tuple[int, UUID], tuple[str, ...]] = {}
    for page in pages:
        for part in filter(None, (page.remarked or "").split(",")):
            key, said = part.split("=")
            found[page.member_id, UUID(key)] = tuple(said.split())
    return found


def of_members(members: Collection[int]) -> Remarks:
    """Return what is remarked of the pledges of ``members`` (ids). One query."""
    rows = [row for source in _sources for row in source().filter(member__in=members)]
    return {(row.member_id, row.pledge_key): tuple(row.said.split()) for row in rows}


def put_on(views: Iterable[PledgeView], member: int, known: Remarks) -> None:
    """Put what is ``known`` on those ``views`` of the pledges of ``member`` that show an outcome."""
    for view in views:
        if known and view.status in OUTCOMES:
            view.remarks = [*known.get((member, UUID(view.key)), ())]


def put_on_tiles(tiles: Mapping[int, Tile], pages: Collection[MemberPledgePage]) -> None:
    """Put what is known on the ``tiles`` of ``pages``, which are by the page's id."""
    known = about(pages)
    for page in pages:
        put_on(tiles[page.pk].pledges, page.member_id, known)
