"""What stands on printed sheets: the board as its village may read it, in one language or two.

Held snapshots until the pilot is approved, the public pages from then on; never a draft. Names and
photos are those that may be printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import override

from ..boards import snapshots
from ..boards.content import RUNNING as UNFINISHED
from ..boards.content import BranchPledge, Pledge, Status
from ..boards.graded import GradeView, grade_views
from ..boards.models import BranchPage, MemberPledgePage
from ..boards.reading import drawn, for_tiles, pledges_of
from ..boards.remarks import Remark
from ..boards.showing import Place
from ..boards.views_of import Board, BranchPledgeView, PledgeView, StatusCounts, Tile
from ..embargo import gate
from ..embargo.gate import without_restricted
from ..labels import content_languages, label_in
from ..people.models import Scope
from ..people.naming import name_level
from ..pilots.models import Pilot
from ..pilots.stages import RUNNING
from ..village.reading import Village
from .errors import PrintError

SCOPE = Scope.VILLAGE_PRINT

# A language, its board, and the members' pages in the order of the board.
Part = tuple[str, Board, list[MemberPledgePage]]


@dataclass(frozen=True)
class Said:
    """The same words in one language."""

    language: str
    text: str


@dataclass
class PrintedPledge:
    """One pledge, in every language that is printed."""

    key: str
    views: list[tuple[str, PledgeView | BranchPledgeView]]

    def said(self, attribute: str) -> list[Said]:
        """Return one of the pledge's texts in each language that has it."""
        found = [Said(code, str(getattr(view, attribute) or "")) for code, view in self.views]
        return [said for said in found if said.text]

    @property
    def status(self) -> str:
        """How it stands, as a code."""
        return self.views[0][1].status

    @property
    def appealed(self) -> bool:
        """Whether an appeal against its outcome is under way."""
        return Remark.APPEAL_OPEN in getattr(self.views[0][1], "remarks", ())

    @property
    def due(self) -> date | None:
        """The day it falls due; a branch's pledge has none."""
        return getattr(self.views[0][1], "due", None)

    @property
    def percent(self) -> int | None:
        """How much is done, as it is printed: as long as it is under way, and something is."""
        running = self.status in UNFINISHED and self.status != Status.NOT_STARTED
        return (getattr(self.views[0][1], "percent", None) or None) if running else None


@dataclass
class Card:
    """One member, in every language that is printed."""

    member_id: int
    member_code: str
    public_id: str
    name_level: str
    # Of the photo that is printed; None if there is none, or it may not be.
    photo_id: int | None
    tiles: list[tuple[str, Tile]] = field(default_factory=list)
    pledges: list[PrintedPledge] = field(default_factory=list)
    # What the newest year-end review on the member's page found.
    grades: list[tuple[str, GradeView]] = field(default_factory=list)

    @property
    def first(self) -> Tile:
        """The tile in the main language."""
        return self.tiles[0][1]

    def said(self, attribute: str) -> list[Said]:
        """Return one of the tile's texts in each language."""
        found = [Said(code, str(getattr(tile, attribute))) for code, tile in self.tiles]
        return [said for said in found if said.text]

    @property
    def names(self) -> list[Said]:
        """The name in each language, once if it is the same."""
        if self.name_level == "none":  # said once is enough
            return self.said("name")[:1]
        return self.said("name")

    @property
    def grade(self) -> list[Said]:
        """The grade with its year, in each language."""
        found = []
        for code, view in self.grades:
            with override(code):
                text = _("%(year)d: %(grade)s") % {"year": view.year, "grade": view.label}
            found.append(Said(code, text))
        return found

    @property
    def posts(self) -> list[list[Said]]:
        """The posts, each in each language."""
        rows = [[Said(code, post) for post in tile.posts] for code, tile in self.tiles]
        return [list(row) for row in zip(*rows, strict=False)]


@dataclass
class Content:
    """Everything that is said on the sheets of one pilot."""

    pilot: Pilot
    languages: tuple[str, ...]
    titles: list[Said]
    programme: list[Said]
    year: int | None
    counts: StatusCounts
    cards: list[Card]
    branch_pledges: list[PrintedPledge]
    not_listed: list[Said]
    updated_on: date | None

    @cached_property
    def public_address(self) -> str:
        """The address at which everyone can read the board, empty if they cannot."""
        if not self.pilot.is_public:
            return ""
        village, language = Village(self.pilot), self.languages[0]
        return (village.public_url(language) if language in village.boards else None) or ""


def printable_languages(pilot: Pilot) -> list[str]:
    """Return the languages in which ``pilot`` has a board, the site's first language first."""
    found = set(
        BranchPage.objects.filter(pilot=pilot).values_list("locale__language_code", flat=True)
    )
    return [code for code, _name in content_languages() if code in found]


def content_of(pilot: Pilot, languages: Sequence[str] = ()) -> Content:
    """Return what is printed of ``pilot`` in ``languages`` (the site's first one if empty).

    A dozen queries for each language, whatever the number of members. Raises PrintError if the
    pilot is not running, or nothing of it was approved in one of the languages.
    """
    if pilot.stage not in RUNNING:
        raise PrintError(
            _("%(pilot)s is at the stage “%(stage)s”: nothing of it may be printed.")
            % {"pilot": pilot.code, "stage": pilot.get_stage_display()}
        )
    if not gate.may_serve():
        raise PrintError(gate.why_closed())
    languages = tuple(dict.fromkeys(languages)) or tuple(printable_languages(pilot)[:1])
    parts = [_board_in(pilot, language) for language in languages]
    if not parts:
        raise PrintError(_("%(pilot)s has no board.") % {"pilot": pilot.code})
    return _content(pilot, parts)


def draft_of(page: BranchPage, entries: Sequence[MemberPledgePage] | None = None) -> Content:
    """Return what would be printed of the board ``page``, as it is in memory, from newest drafts.

    For staff only. ``entries`` are the members' pages to print, in memory too; all if None.
    """
    found = snapshots.draft_board(page, scope=SCOPE)
    shown = found.entries if entries is None else list(entries)
    pledges = [pledge for entry in shown for pledge in entry.pledges.all()]
    return _content(page.pilot, [_part(page, shown, pledges, found.own)])


def _content(pilot: Pilot, parts: list[Part]) -> Content:
    """Return what is said on the sheets, from a board in each language."""
    boards = [(language, board) for language, board, _entries in parts]
    main = boards[0][1]
    return Content(
        pilot=pilot,
        languages=tuple(language for language, _board, _entries in parts),
        titles=[Said(code, board.title) for code, board in boards],
        programme=[Said(code, board.programme_title) for code, board in boards],
        year=main.year,
        counts=main.counts,
        cards=_cards(parts),
        branch_pledges=_joined(
            [(code, [*board.branch_pledges]) for code, board in boards], by_place=True
        ),
        not_listed=[Said(code, board.not_listed) for code, board in boards if board.not_listed],
        updated_on=max(
            (board.updated_on for _c, board in boards if board.updated_on), default=None
        ),
    )


def _board_in(pilot: Pilot, language: str) -> Part:
    """Return (language, board, the members' pages in its order); PrintError if there is none."""
    page = (
        BranchPage.objects.filter(pilot=pilot, locale__language_code=language)
        .select_related("locale")
        .first()
    )
    found = _pages_of(pilot, page) if page and not page.get_view_restrictions() else None
    if found is None:
        name = dict(content_languages()).get(language, language)
        raise PrintError(
            _("No board of %(pilot)s was approved in this language: %(language)s.")
            % {"pilot": pilot.code, "language": name}
        )
    return _part(*found)


def _part(
    page: BranchPage,
    entries: list[MemberPledgePage],
    pledges: list[Pledge],
    own: list[BranchPledge],
) -> Part:
    """Return (language, board, the members' pages in its order)."""
    language = page.locale.language_code
    programme = page.pilot.programme
    place = Place(url=None, programme_title=programme.shown_name(language), programme_url=None)
    board = drawn(page, entries, pledges, own, year=None, scope=SCOPE, place=place)
    return language, board, entries


def _pages_of(
    pilot: Pilot, page: BranchPage
) -> tuple[BranchPage, list[MemberPledgePage], list, list[BranchPledge]] | None:
    if not pilot.is_public:
        held = snapshots.approved_board(page, scope=SCOPE)
        return (held.page, held.entries, held.pledges, held.own) if held else None
    if not page.live:
        return None
    below = without_restricted(MemberPledgePage.objects.child_of(page).live(), below=page)
    entries = list(for_tiles(below, SCOPE).order_by("member__office__rank", "member__code"))
    own = BranchPledge.objects.filter(page_id=page.pk).select_related("category", "lead")
    return page, entries, list(pledges_of(entries)), list(own.order_by("sort_order", "pk"))


def _cards(parts: list[Part]) -> list[Card]:
    """Return a card for each member of the main language's board, with what others say of them."""
    by_member: dict[int, list[tuple[str, Tile]]] = {}
    graded: dict[int, list[tuple[str, GradeView]]] = {}
    for language, board, entries in parts:
        for entry, tile in zip(entries, board.tiles, strict=True):
            by_member.setdefault(entry.member_id, []).append((language, tile))
            newest = grade_views(entry, language)[:1]
            graded.setdefault(entry.member_id, []).extend((language, view) for view in newest)
    main = parts[0]
    cards = []
    for entry in main[2]:
        tiles = by_member[entry.member_id]
        cards.append(
            Card(
                member_id=entry.member_id,
                member_code=entry.member.code,
                public_id=entry.member.public_id,
                name_level=name_level(entry.member, SCOPE),
                photo_id=entry.photo_id if tiles[0][1].photo else None,
                tiles=tiles,
                pledges=_joined([(code, [*tile.pledges]) for code, tile in tiles]),
                grades=graded[entry.member_id],
            )
        )
    return cards


def _joined(lists: list[tuple[str, list]], *, by_place: bool = False) -> list[PrintedPledge]:
    """Return the pledges of the first list with the same pledges of the others.

    The same by their key, or by their place for pledges of a branch, which show none.
    """
    others = [
        (code, {(n if by_place else view.key): view for n, view in enumerate(views)})
        for code, views in lists[1:]
    ]
    code, views = lists[0]
    joined = []
    for number, view in enumerate(views):
        key = number if by_place else view.key
        same = [(other, found[key]) for other, found in others if key in found]
        joined.append(PrintedPledge(str(key), [(code, view), *same]))
    return joined


def branch_name(pilot: Pilot, language: str) -> str:
    """Return the name of the branch in ``language``."""
    return label_in(pilot.name, language)
