"""Counts what branches, categories and members promised and kept, side by side. No order of merit.

Branches stand in the order of the town, categories in that of their list, members in the order in
which a visitor picked them. Everything is read as on the index of a programme: what is public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.paginator import Page as Rows
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf, Substr
from wagtail.models import Page

from ..embargo.gate import without_restricted
from ..labels import label_in
from ..people.models import Scope
from ..rulebook.models import Category
from . import remarks
from .content import Pledge
from .reading import for_tiles
from .showing import pledge_view, tile_of
from .views_of import PledgeView, StatusCounts, Tile

if TYPE_CHECKING:
    from .models import BranchPage, MemberPledgePage, ProgrammePage

SCOPE = Scope.PUBLIC_WEB
# Members side by side, at most; rows on one page of each list.
MOST_PICKED = 4
BRANCHES, PLEDGES, MEMBERS = 50, 40, 60


@dataclass
class Compared:
    """One branch, category or member, and how its pledges stand."""

    title: str
    url: str
    counts: StatusCounts
    code: str = ""
    members: int = 0


@dataclass
class Counted:
    """What was counted of a programme for one year (None: all years)."""

    year: int | None
    years: list[int]
    # Those in which something public was promised in any year.
    categories: set[int]
    by_branch: dict[str, StatusCounts]
    by_category: dict[int, StatusCounts]
    total: StatusCounts
    year_missing: bool = False


@dataclass(frozen=True)
class ListedPledge:
    """One pledge of a category: whose, and of which branch."""

    pledge: PledgeView
    member: Tile
    branch: str


@dataclass
class Picked:
    """A member whom a visitor picked: who they are, of which branch, and what stands how."""

    tile: Tile
    branch: str
    by_category: dict[int, StatusCounts] = field(default_factory=dict)


def public_pages(page: ProgrammePage) -> QuerySet[MemberPledgePage]:
    """Return the members' pages below ``page`` that everyone may read."""
    from .models import MemberPledgePage

    below = MemberPledgePage.objects.filter(
        live=True, path__startswith=page.path, depth=page.depth + 2
    )
    return without_restricted(below, below=page)


def public_boards(page: ProgrammePage) -> QuerySet[BranchPage]:
    """Return the boards below ``page`` that everyone may read, in the order of the town."""
    from .models import BranchPage

    boards = without_restricted(BranchPage.objects.child_of(page).live(), below=page)
    return boards.order_by("path")


def counted(page: ProgrammePage, year: int | None) -> Counted:
    """Return how pledges stand by branch and by category. One query."""
    length = len(page.path) + Page.steplen
    rows = list(
        Pledge.objects.filter(page__in=public_pages(page))
        .order_by()
        .annotate(branch=Substr("page__path", 1, length))
        .annotate(status_now=Coalesce(NullIf("outcome", Value("")), "progress"))
        .values_list("branch", "category_id", "year", "status_now")
        .annotate(Count("pk"))
    )
    years = sorted({row[2] for row in rows}, reverse=True)
    shown = year if year in years else None
    found = Counted(
        year=shown,
        years=years,
        categories={row[1] for row in rows},
        by_branch=defaultdict(StatusCounts),
        by_category=defaultdict(StatusCounts),
        total=StatusCounts(),
        year_missing=year is not None and shown is None,
    )
    for branch, category, of_year, status, number in rows:
        if shown in (None, of_year):
            for counts in (found.by_branch[branch], found.by_category[category], found.total):
                counts.add(status, number)
    return found


def branches(page: ProgrammePage, found: Counted, number: str | None, url: str) -> Rows:
    """Return one page of the branches with their counts. Three queries."""
    length = len(page.path) + Page.steplen
    rows = Paginator(public_boards(page), BRANCHES).get_page(number)
    members = dict(
        public_pages(page)
        .order_by()
        .annotate(branch=Substr("path", 1, length))
        .values_list("branch")
        .annotate(Count("pk"))
    )
    rows.object_list = [
        Compared(
            board.title,
            f"{url}{board.slug}/",
            found.by_branch.get(board.path, StatusCounts()),
            members=members.get(board.path, 0),
        )
        for board in rows.object_list
    ]
    return rows


def categories(found: Counted, url: str, language: str) -> list[Compared]:
    """Return the categories in which something was promised. One query."""
    known = Category.objects.filter(pk__in=list(found.by_category))
    return [
        Compared(
            label_in(row.name, language),
            f"{url}category/{row.code}/",
            found.by_category[row.pk],
            code=row.code,
        )
        for row in known
    ]


def pledges_of_category(
    page: ProgrammePage, category: Category, year: int | None, number: str | None, language: str
) -> Rows:
    """Return one page of the public pledges of ``category``, branch by branch. Five queries."""
    length = len(page.path) + Page.steplen
    pledges = Pledge.objects.filter(page__in=public_pages(page), category=category)
    if year is not None:
        pledges = pledges.filter(year=year)
    order = ("branch", "page__member__office__rank", "page__member__code", "-year", "sort_order")
    pledges = pledges.annotate(
        branch=Substr("page__path", 1, length, output_field=TextField()),
        member_pk=F("page__member"),
    )
    # The category is known: every row shows the same one.
    rows = Paginator(pledges.order_by(*order, "pk"), PLEDGES).get_page(number)
    shown = list(rows.object_list)
    titles = _titles(page)
    members = _tiles(page, language, pk__in={pledge.page_id for pledge in shown})
    for pledge in shown:
        pledge.category = category
    known = remarks.of_members({pledge.member_pk for pledge in shown})
    rows.object_list = [
        ListedPledge(
            pledge_view(pledge, language), members[pledge.page_id], titles.get(pledge.branch, "")
        )
        for pledge in shown
        if pledge.page_id in members
    ]
    for pledge, row in zip(
        (pledge for pledge in shown if pledge.page_id in members), rows.object_list, strict=True
    ):
        remarks.put_on([row.pledge], pledge.member_pk, known)
    return rows


def members_of(page: ProgrammePage, board: BranchPage, number: str | None, language: str) -> Rows:
    """Return one page of the members of ``board`` who have a public page, in its order."""
    below = public_pages(page).filter(path__startswith=board.path)
    rows = Paginator(_for_tiles(below), MEMBERS).get_page(number)
    rows.object_list = [_tile(page, entry, language) for entry in rows.object_list]
    return rows


def picked(
    page: ProgrammePage, public_ids: Sequence[str], year: int | None, language: str
) -> list[Picked]:
    """Return the members with these public ids, as they were picked; who is not public is none.

    Three queries.
    """
    entries = list(_for_tiles(public_pages(page).filter(member__public_id__in=public_ids)))
    if not entries:
        return []
    titles = _titles(page)
    length = len(page.path) + Page.steplen
    found = {
        entry.pk: Picked(_tile(page, entry, language), titles.get(entry.path[:length], ""))
        for entry in entries
    }
    pledges = Pledge.objects.filter(page__in=list(found))
    if year is not None:
        pledges = pledges.filter(year=year)
    rows = pledges.order_by().values_list("page", "category", "outcome", "progress")
    for pk, category, outcome, progress, number in rows.annotate(Count("pk")):
        status = outcome or progress
        found[pk].tile.counts.add(status, number)
        found[pk].by_category.setdefault(category, StatusCounts()).add(status, number)
    by_id = {one.tile.public_id: one for one in found.values()}
    return [by_id[word] for word in public_ids if word in by_id]


def _titles(page: ProgrammePage) -> dict[str, str]:
    return dict(public_boards(page).values_list("path", "title"))


def _for_tiles(pages: QuerySet) -> QuerySet:
    """Return ``pages`` with what a name needs, in the order of their boards; no posts."""
    length = F("depth") * Page.steplen - Page.steplen
    ordered = pages.annotate(branch=Substr("path", 1, length, output_field=TextField()))
    return (
        for_tiles(ordered, SCOPE)
        .order_by("branch", "member__office__rank", "member__code")
        .prefetch_related(None)
    )


def _tiles(page: ProgrammePage, language: str, **wanted) -> dict[int, Tile]:
    entries = _for_tiles(public_pages(page).filter(**wanted))
    return {entry.pk: _tile(page, entry, language) for entry in entries}


def _tile(page: ProgrammePage, entry: MemberPledgePage, language: str) -> Tile:
    """Return who ``entry`` is about, with its address made without asking the database."""
    rest = entry.url_path.removeprefix(page.url_path)
    return tile_of(entry, SCOPE, language, url=f"{page.get_url()}{rest}", with_posts=False)
