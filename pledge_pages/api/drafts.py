"""Boards as their staff may read them: what is public, what is held, and the newest drafts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from modelcluster.models import model_from_serializable_data
from wagtail.models import Page, Revision
from wagtail.rich_text import expand_db_html

from ..boards import reading, remarks, showing
from ..boards.content import BranchPledge, Pledge
from ..boards.graded import grade_counts
from ..boards.models import BranchPage, MemberPledgePage
from ..boards.views_of import Board, StatusCounts, Tile
from ..embargo.models import HeldApproval
from ..people.models import Scope
from ..photos.models import MemberPhoto, renditions_for
from ..photos.renditions import TILE
from ..rulebook.models import Category
from .states import State, states_of

SCOPE = Scope.PUBLIC_WEB


def staff_board(page: BranchPage, *, year: int | None) -> tuple[Board, dict[str, State], State]:
    """Return the board with every member's page, public or not, for ``year`` (its newest if None).

    With it come the state of each page by the member's public id, and that of the board itself.
    """
    entries = list(
        reading.for_tiles(MemberPledgePage.objects.child_of(page), SCOPE).order_by(
            "member__office__rank", "member__code"
        )
    )
    states = states_of([page, *entries])
    contents = contents_of([page, *entries], states)
    _give_photos(entries, contents)
    for entry in entries:
        entry.grades = contents.get(entry.pk, {}).get("grades", entry.grades)
    pledges = _pledges(entries, contents)
    if page.pk in contents:
        own = _rows(BranchPledge, contents[page.pk], "branch_pledges")
    else:
        own = list(BranchPledge.objects.filter(page_id=page.pk).order_by("sort_order", "pk"))
    _give_categories([*own, *(pledge for rows in pledges.values() for pledge in rows)])
    board = _assemble(page, contents.get(page.pk, {}), entries, pledges, own, year)
    by_member = {entry.member.public_id: states[entry.pk] for entry in entries}
    return board, by_member, states[page.pk]


def contents_of(pages: Sequence[Page], states: dict[int, State]) -> dict[int, dict[str, Any]]:
    """Return the approved or drafted content of each of ``pages`` that is not public, by id.

    Two queries. A page without a revision is left out: its rows are all there is.
    """
    held = [page.pk for page in pages if states[page.pk].content == "approved"]
    found = {
        approval.page_id: approval.snapshot
        for approval in HeldApproval.objects.filter(page_id__in=held)
    }
    latest = {
        page.latest_revision_id: page.pk
        for page in pages
        if states[page.pk].content == "draft" and page.latest_revision_id
    }
    for revision in Revision.objects.filter(pk__in=list(latest)).only("content"):
        found[latest[revision.pk]] = revision.content
    return found


def _pledges(
    entries: Sequence[MemberPledgePage], contents: dict[int, dict[str, Any]]
) -> dict[int, list[Pledge]]:
    """Return the pledges of each page, newest year first."""
    rows: dict[int, list[Pledge]] = {entry.pk: [] for entry in entries}
    for pledge in reading.pledges_of([entry for entry in entries if entry.pk not in contents]):
        rows[pledge.page_id].append(pledge)
    for pk in rows.keys() & contents.keys():
        rows[pk] = sorted(_rows(Pledge, contents[pk], "pledges"), key=lambda row: -row.year)
    return rows


def _rows(model: type[models.Model], content: dict[str, Any], relation: str) -> list[Any]:
    """Return the unsaved rows of one relation of a page's content, in their order."""
    rows = [
        model_from_serializable_data(model, row, check_fks=False)
        for row in content.get(relation, [])
    ]
    return sorted(rows, key=lambda row: row.sort_order or 0)


def _give_categories(rows: Iterable[Any]) -> None:
    """Set the category of every row in one query; one that is gone becomes an empty one."""
    rows = list(rows)
    known = Category.objects.in_bulk({row.category_id for row in rows if row.category_id})
    for row in rows:
        row.category = known.get(row.category_id) or Category(code="", name={})


def _give_photos(entries: Sequence[MemberPledgePage], contents: dict[int, dict[str, Any]]) -> None:
    """Put the photo of the content on each page whose row has another one."""
    other = {
        entry: contents[entry.pk].get("photo")
        for entry in entries
        if entry.pk in contents and contents[entry.pk].get("photo") != entry.photo_id
    }
    wanted = {photo_id for photo_id in other.values() if photo_id}
    photos = MemberPhoto.objects.in_bulk(wanted) if wanted else {}
    sizes = renditions_for(wanted, TILE) if wanted else {}
    for entry, photo_id in other.items():
        photo = photos.get(photo_id or 0)
        # Never somebody else's face, whatever a draft says.
        entry.photo = photo if photo and photo.member_id == entry.member_id else None
        size = sizes.get(photo_id or 0)
        entry.photo_width, entry.photo_height = (size.width, size.height) if size else (None, None)


def _assemble(
    page: BranchPage,
    content: dict[str, Any],
    entries: Sequence[MemberPledgePage],
    pledges: dict[int, list[Pledge]],
    own: list[BranchPledge],
    year: int | None,
) -> Board:
    language = page.locale.language_code
    rows = [pledge for found in pledges.values() for pledge in found]
    years = sorted({pledge.year for pledge in (*rows, *own)}, reverse=True)
    shown = year if year in years else (years[0] if years else None)
    drawn = {entry.pk: _tile(entry, pledges[entry.pk], shown, language) for entry in entries}
    tiles = list(drawn.values())
    counts = StatusCounts()
    for view in (view for tile in tiles for view in tile.pledges):
        counts.add(view.status)
    members = {entry.member_id: entry.member for entry in entries}
    remarks.put_on_tiles(drawn, entries)
    programme = page.get_parent()
    return Board(
        title=str(content.get("title") or page.title),
        village=str(content.get("title") or page.title),
        programme_title=programme.title,
        programme_url=programme.get_url() if programme.live else None,
        url=page.get_url(),
        year=shown,
        years=[(entry, "") for entry in years],
        introduction=expand_db_html(content.get("introduction", page.introduction)),
        not_listed=content.get("not_listed", page.not_listed),
        tiles=tiles,
        branch_pledges=[
            showing.branch_pledge_view(pledge, members, SCOPE, language)
            for pledge in own
            if pledge.year == shown
        ],
        counts=counts,
        updated_on=showing.newest([page, *entries]),
        grades=grade_counts(entries, drawn, shown, SCOPE, language),
    )


def _tile(entry: MemberPledgePage, pledges: list[Pledge], year: int | None, language: str) -> Tile:
    """Return the tile of one member with the pledges of ``year``."""
    tile = showing.tile_of(entry, SCOPE, language, url=entry.get_url())
    for pledge in pledges:
        if pledge.year == year:
            tile.pledges.append(showing.pledge_view(pledge, language))
            tile.counts.add(pledge.status)
    return tile
