"""Reads boards for showing: a handful of queries, whatever the number of members.

Everything here shows what is public. Names and photos are chosen by consent for one scope.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, DateField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, NullIf, Substr
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from ..embargo.gate import without_restricted
from ..people.models import Scope
from ..people.naming import join_consents
from ..photos.models import MemberPhotoRendition
from ..photos.renditions import LARGE, TILE
from . import remarks
from .content import BranchPledge, Pledge, PledgeAmendment, PledgeTask
from .graded import grade_counts, grade_views
from .showing import (
    Place,
    amendment_view,
    branch_pledge_view,
    newest,
    pledge_view,
    task_view,
    tile_of,
    update_view,
)
from .views_of import (
    AmendmentView,
    Board,
    BranchCard,
    MemberView,
    PledgeView,
    ProgrammeIndex,
    StatusCounts,
    TaskView,
    Tile,
)

if TYPE_CHECKING:
    from .models import BranchPage, MemberPledgePage, ProgrammePage


def year_from(request: HttpRequest) -> int | None:
    """Return the year a visitor asked for, None if they asked for none, 0 if it cannot be one."""
    text = request.GET.get("year", "")
    if not text:
        return None
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if 2000 <= year <= 2100 else 0


def for_tiles(pages: QuerySet, scope: str, spec: str = TILE) -> QuerySet:
    """Return members' pages with what their tiles need in ``scope``, posts apart in one query."""
    size = MemberPhotoRendition.objects.filter(image=OuterRef("photo"), filter_spec=spec)
    pages = pages.select_related("locale", "member__office", "photo").annotate(
        photo_width=Subquery(size.values("width")[:1]),
        photo_height=Subquery(size.values("height")[:1]),
        remarked=remarks.column(),
    )
    return join_consents(pages, scope).prefetch_related("member__posts")


def board(
    page: BranchPage,
    *,
    year: int | None = None,
    scope: str = Scope.PUBLIC_WEB,
    place: Place | None = None,
    entries: Sequence[MemberPledgePage] | None = None,
) -> Board:
    """Return the board of ``page`` for ``year`` (its newest one if None), as seen in ``scope``.

    It stands at its public address unless ``place`` says otherwise. ``entries`` are the members'
    pages that ``public_entries`` gives, if they were read already.
    """
    if entries is None:
        entries = list(public_entries(page, scope))
    own = BranchPledge.objects.filter(page_id=page.pk).select_related("category", "lead")
    return drawn(
        page,
        entries,
        list(pledges_of(entries)),
        list(own.order_by("sort_order", "pk")),
        year=year,
        scope=scope,
        place=place or public_place(page),
    )


def public_entries(page: BranchPage, scope: str) -> QuerySet[MemberPledgePage]:
    """Return the public members' pages of a board in its order, with what tiles need in ``scope``."""
    from .models import MemberPledgePage

    public = without_restricted(MemberPledgePage.objects.child_of(page).live(), below=page)
    return for_tiles(public, scope).order_by("member__office__rank", "member__code")


def public_place(page: BranchPage) -> Place:
    """Return where the board ``page`` stands for everyone."""
    programme = page.get_parent()
    return Place(
        url=page.get_url(),
        programme_title=programme.title,
        programme_url=programme.get_url() if programme.live else None,
    )


def drawn(
    page: BranchPage,
    entries: Sequence[MemberPledgePage],
    pledges: Sequence[Pledge],
    own: Sequence[BranchPledge],
    *,
    year: int | None,
    scope: str,
    place: Place,
) -> Board:
    """Return the board of ``page`` with the members' pages ``entries``, which are in order.

    ``pledges`` are those of all ``entries``, ``own`` the branch's, wherever the rows
    come from: nothing is asked of the database but remarks that ``entries`` were fetched without.
    """
    language, photo_view = page.locale.language_code, place.photo_view
    years = sorted({pledge.year for pledge in (*pledges, *own)}, reverse=True)
    shown = year if year in years else (years[0] if years else None)
    tiles = {
        entry.pk: tile_of(entry, scope, language, url=place.below(entry), photo_view=photo_view)
        for entry in entries
    }
    members = {entry.member_id: entry.member for entry in entries}
    counts = _fill(tiles, entries, [row for row in pledges if row.year == shown], language)
    return Board(
        title=page.title,
        village=page.title,
        programme_title=place.programme_title,
        programme_url=place.programme_url,
        url=place.url,
        year=shown,
        years=_year_links(place.url, years),
        introduction=expand_db_html(page.introduction),
        not_listed=page.not_listed,
        counts=counts,
        tiles=list(tiles.values()),
        branch_pledges=[
            branch_pledge_view(pledge, members, scope, language)
            for pledge in own
            if pledge.year == shown
        ],
        updated_on=newest([page, *entries]),
        year_missing=year is not None and year != shown,
        grades=grade_counts(entries, tiles, shown, scope, language),
    )


def _fill(
    tiles: dict[int, Tile],
    entries: Sequence[MemberPledgePage],
    pledges: Iterable[Pledge],
    language: str,
) -> StatusCounts:
    """Put each pledge on the tile of its page, and return how they all stand."""
    counts = StatusCounts()
    for pledge in pledges:
        view = pledge_view(pledge, language)
        tiles[pledge.page_id].pledges.append(view)
        tiles[pledge.page_id].counts.add(view.status)
        counts.add(view.status)
    remarks.put_on_tiles(tiles, entries)
    return counts


def _year_links(url: str | None, years: Iterable[int]) -> list[tuple[int, str]]:
    return [(year, f"{url or ''}?year={year}") for year in sorted(years, reverse=True)]


def programme_index(
    page: ProgrammePage, *, year: int | None = None, scope: str = Scope.PUBLIC_WEB
) -> ProgrammeIndex:
    """Return the public branches of ``page`` with what was promised and kept.

    Counts all years if ``year`` is None.
    """
    from .models import BranchPage, MemberPledgePage

    language = get_language() or page.locale.language_code
    boards = without_restricted(BranchPage.objects.child_of(page).live(), below=page)
    length = len(page.path) + Page.steplen
    public = MemberPledgePage.objects.filter(
        live=True, path__startswith=page.path, depth=page.depth + 2
    )
    public = without_restricted(public, below=page)
    counts, years = _count_by_branch(public, length, year)
    members = dict(
        public.order_by()
        .annotate(branch=Substr("path", 1, length))
        .values_list("branch")
        .annotate(number=Count("pk"))
    )
    heads = _secretaries(public, scope, language, length)
    url = page.get_url()
    return ProgrammeIndex(
        title=page.title,
        introduction=expand_db_html(page.introduction),
        url=url,
        year=year if year in years else None,
        years=_year_links(url, years),
        branches=[
            BranchCard(
                title=entry.title,
                url=_below(url, entry),
                members=members.get(entry.path, 0),
                counts=counts[entry.path],
                secretary=heads.get(entry.path),
            )
            for entry in boards.order_by("path")
        ],
        counts=counts[page.path],
        year_missing=year is not None and year not in years,
    )


def _count_by_branch(
    public: QuerySet, length: int, year: int | None
) -> tuple[dict[str, StatusCounts], set[int]]:
    """Return how pledges stand by the path of their board (and in all), and their years.

    Counts those of all years if there are none of ``year``.
    """
    counts: dict[str, StatusCounts] = defaultdict(StatusCounts)
    rows = list(
        Pledge.objects.filter(page__in=public)
        .order_by()
        .annotate(branch=Substr("page__path", 1, length))
        .annotate(status_now=Coalesce(NullIf("outcome", Value("")), "progress"))
        .values_list("branch", "year", "status_now")
        .annotate(number=Count("pk"))
    )
    years = {of_year for _path, of_year, _status, _number in rows}
    for path, of_year, status, number in rows:
        if year not in years or of_year == year:
            counts[path].add(status, number)
            counts[path[: -Page.steplen]].add(status, number)
    return counts, years


def _secretaries(public, scope: str, language: str, length: int) -> dict[str, Tile]:
    pages = for_tiles(public.filter(member__office__is_secretary=True), scope)
    pages = pages.prefetch_related(None)  # a card shows no posts
    return {
        page.path[:length]: tile_of(page, scope, language, url=None, with_posts=False)
        for page in pages
    }


def _below(url: str | None, page: Page) -> str | None:
    """Return the address of ``page`` right below ``url``, without asking the database."""
    return f"{url}{page.slug}/" if url else None


def member_view(
    page: MemberPledgePage, *, scope: str = Scope.PUBLIC_WEB, place: Place | None = None
) -> MemberView:
    """Return everything that ``page`` shows of its member in ``scope``.

    It stands at its public address unless ``place`` says otherwise.
    """
    language = page.locale.language_code
    url = place.below(page) if place else page.get_url()
    place = place or _surroundings(page)
    tile = tile_of(page, scope, language, url=url, spec=LARGE, photo_view=place.photo_view)
    years: dict[int, list[PledgeView]] = defaultdict(list)
    for view in _full_pledges(page, language, place.evidence_view):
        years[view.year].append(view)
        tile.pledges.append(view)
        tile.counts.add(view.status)
    remarks.put_on(tile.pledges, page.member_id, remarks.about([page]))
    return MemberView(
        tile=tile,
        years=sorted(years.items(), reverse=True),
        board_title=place.board_title,
        board_url=place.url,
        programme_title=place.programme_title,
        programme_url=place.programme_url,
        noindex=not place.indexed,
        grades=grade_views(page, language),
    )


def _surroundings(page: MemberPledgePage) -> Place:
    """Return what a member's page says of the board and the programme above it, to everyone."""
    programme = getattr(page, "programme_page", None)
    if programme is None:  # not come to by its address: a preview, or the API
        board = page.get_parent().specific
        programme = board.get_parent()
        title, live, slug = board.title, board.live, board.slug
        indexed = board.members_indexed
    else:
        title, live, slug = page.board_title, page.board_live, page.board_slug
        indexed = page.board_indexed
    url = programme.get_url() if programme.live else None
    return Place(
        url=f"{url}{slug}/" if url and live else None,
        board_title=title,
        programme_title=programme.title,
        programme_url=url,
        indexed=indexed,
    )


def _full_pledges(page: MemberPledgePage, language: str, evidence_view: str) -> list[PledgeView]:
    """Return the pledges of one page with tasks, updates and amendments, newest year first."""
    views = [pledge_view(pledge, language) for pledge in page.pledges.select_related("category")]
    by_key = {view.key: view for view in views}
    for key, attribute, view in _short_rows(page):
        _append(by_key, key, attribute, view)
    for row in sorted(page.updates.select_related("evidence"), key=lambda row: row.on):
        view = update_view(row, language, evidence_view)
        _append(by_key, row.pledge_key, "updates", view)
    return sorted(views, key=lambda view: -view.year)


def _short_rows(page: MemberPledgePage) -> list[tuple[UUID, str, TaskView | AmendmentView]]:
    """Return (pledge key, list it goes into, view) of tasks and amendments, in their order.

    What is public is read in one query; a draft in preview has its rows in memory.
    """
    if not hasattr(page, "programme_page"):
        tasks = [(row.pledge_key, "tasks", task_view(row)) for row in page.tasks.all()]
        amendments = sorted(page.amendments.all(), key=lambda row: row.on)
        return tasks + [(row.pledge_key, "amendments", amendment_view(row)) for row in amendments]
    blank, no_date = Value("", TextField()), Value(None, DateField())
    tasks = PledgeTask.objects.filter(page_id=page.pk).values_list(
        "pledge_key", Value(0), "sort_order", "due", "done_on", "text", blank, blank, blank
    )
    amendments = PledgeAmendment.objects.filter(page_id=page.pk).values_list(
        "pledge_key", Value(1), Value(0), "on", no_date, "reason", "old_text", "new_text",
        "agreed_at",
    )  # fmt: skip
    rows = []
    for key, amends, _order, day, done, first, *texts in sorted(
        tasks.order_by().union(amendments.order_by(), all=True),
        key=lambda row: (row[1], row[2] or 0, row[3] or date.max),
    ):
        if amends:
            rows.append((key, "amendments", AmendmentView(day, first, *texts)))
        else:
            rows.append((key, "tasks", TaskView(first, day, done is not None, done)))
    return rows


def _append(by_key: dict[str, PledgeView], key: UUID, attribute: str, view) -> None:
    pledge = by_key.get(str(key))
    if pledge is not None:
        getattr(pledge, attribute).append(view)


def pledges_of(pages: Iterable[Page]) -> QuerySet[Pledge]:
    """Return the pledges of ``pages``, newest year first."""
    return (
        Pledge.objects.filter(page_id__in=[page.pk for page in pages])
        .select_related("category")
        .order_by("-year", "sort_order", "pk")
    )
