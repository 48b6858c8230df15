"""Makes boards and members' pages from what was approved of them: to be drawn, never to be saved.

All pages of a board at once: a handful of queries, whatever the number of members.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch
from wagtail.models import Page

from ..embargo.approval import in_force
from ..embargo.gate import without_restricted
from ..embargo.models import ApprovedContent, HeldApproval
from ..people.models import Consent, Member, Scope
from ..photos.models import EvidenceFile, MemberPhoto, renditions_for
from ..photos.renditions import TILE
from ..rulebook.models import Category
from . import reading, remarks
from .content import BranchPledge, Pledge, ProgressUpdate
from .models import BranchPage, MemberPledgePage
from .showing import Place
from .views_of import Board

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ApprovedBoard:
    """A board and its members' pages as they were approved, and whose turn it is to be shown."""

    page: BranchPage
    # In the order of the board.
    entries: list[MemberPledgePage]

    @property
    def pledges(self) -> list[Pledge]:
        """Every member's pledges, newest year first."""
        rows = [pledge for entry in self.entries for pledge in entry.pledges.all()]
        return sorted(rows, key=lambda pledge: -pledge.year)

    @property
    def own(self) -> list[BranchPledge]:
        """The pledges of the branch, in their order."""
        return list(self.page.branch_pledges.all())


def approved_board(
    page: BranchPage, *, scope: str, spec: str = TILE, only: str | None = None
) -> ApprovedBoard | None:
    """Return the board ``page`` as it was approved, None if it was not or is not to be seen now.

    Names and photos (in the size ``spec``) can be asked for in ``scope``. ``only`` is the public
    id of the one member that is wanted. What refers to something deleted since is left out.
    """
    found = [_made(row, content, page) for row, content in _contents(page, only)]
    boards = [made for made in found if made.pk == page.pk]
    if not boards:
        return None
    pages = [made for made in found if made.pk != page.pk]
    entries = _with_members(pages, page.pilot_id, scope)
    entries = _with_categories(boards[0], entries)
    _give_photos(entries, spec)
    entries.sort(key=lambda entry: (entry.member.office.rank, entry.member.code))
    return ApprovedBoard(boards[0], entries)


def draft_board(page: BranchPage, *, scope: str, spec: str = TILE) -> ApprovedBoard:
    """Return the board ``page``, as it is in memory, with the newest draft of each page below it.

    For staff only: nobody has approved it.
    """
    below = Page.objects.child_of(page).filter(
        content_type=ContentType.objects.get_for_model(MemberPledgePage)
    )
    found = []
    for row in below.select_related("latest_revision"):
        if row.latest_revision is not None:
            found.append(_from(row, row.latest_revision.content, page))
    entries = _with_categories(page, _with_members(found, page.pilot_id, scope))
    _give_photos(entries, spec)
    entries.sort(key=lambda entry: (entry.member.office.rank, entry.member.code))
    return ApprovedBoard(page, entries)


def version(
    page: MemberPledgePage, content: dict, board: BranchPage, *, scope: str, spec: str
) -> MemberPledgePage | None:
    """Return ``page``, which stands below ``board``, with the content of one of its versions.

    For the member and staff: the caller knows whether anybody has approved it. None if the member
    is of another branch, or a pledge of a category that is no more.
    """
    found = _with_members([_from(page, content, board)], board.pilot_id, scope)
    found = _with_categories(board, found)
    _give_photos(found, spec)
    for entry in found:
        give_evidence(entry)
    return found[0] if found else None


def drafted(
    page: BranchPage, *, year: int | None, place: Place, scope: str = Scope.PUBLIC_WEB
) -> Board:
    """Return how the board would look in ``scope`` if every newest draft were approved."""
    return _drawn(draft_board(page, scope=scope), year=year, place=place, scope=scope)


def approved(
    page: BranchPage, *, year: int | None, place: Place, scope: str = Scope.PUBLIC_WEB
) -> Board:
    """Return how the board would look in ``scope`` if all that is approved were public."""
    found = approved_board(page, scope=scope) or ApprovedBoard(page, [])
    return _drawn(found, year=year, place=place, scope=scope)


def _drawn(found: ApprovedBoard, *, year: int | None, place: Place, scope: str) -> Board:
    return reading.drawn(
        found.page, found.entries, found.pledges, found.own, year=year, scope=scope, place=place
    )


def shows_photo(page: BranchPage, photo: MemberPhoto) -> bool:
    """Return whether ``photo`` is on an approved page of its member below the board ``page``."""
    return any(
        content.snapshot.get("photo") == photo.pk
        and content.snapshot.get("member") == photo.member_id
        for content in _below(page, photo.member.public_id)
    )


def shows_evidence(page: BranchPage, file: EvidenceFile) -> bool:
    """Return whether an approved page below the board ``page`` refers to ``file``."""
    return any(
        update.get("evidence") == file.pk
        for content in _below(page)
        for update in content.snapshot.get("updates", [])
    )


def _below(board: BranchPage, only: str | None = None) -> list[ApprovedContent]:
    """Return what is to be seen of members' pages below ``board``; nothing if it is not itself."""
    found = {row.pk: content for row, content in _contents(board, only)}
    return list(found.values()) if found.pop(board.pk, None) else []


def give_evidence(entry: MemberPledgePage) -> None:
    """Fetch the evidence of a page made here, in one query."""
    updates: Sequence[ProgressUpdate] = entry.updates.all()
    wanted = {update.evidence_id for update in updates if update.evidence_id}
    known = EvidenceFile.objects.in_bulk(wanted) if wanted else {}
    for update in updates:
        update.evidence = known.get(update.evidence_id or 0)


def _contents(board: BranchPage, only: str | None = None) -> list[tuple[Page, ApprovedContent]]:
    """Return what was approved, and is to be seen now, of ``board`` and the pages below it.

    ``only`` is the public id of the one member whose page is wanted. A restriction on ``board``
    itself is the caller's to ask for.
    """
    below = Page.objects.filter(
        path__startswith=board.path,
        depth=board.depth + 1,
        content_type=ContentType.objects.get_for_model(MemberPledgePage),
    )
    if only is not None:
        below = below.filter(slug=only)
    pages = Page.objects.filter(pk=board.pk) | without_restricted(below, below=board)
    rows = HeldApproval.objects.filter(page__in=pages.order_by(), withdrawn_at__isnull=True)
    found = []
    for last in rows.select_related("page__earlier_approval"):
        content = in_force(last, getattr(last.page, "earlier_approval", None))
        if not content.is_intact:
            logger.error(
                "What was approved of page %s was altered, and is not shown.", last.page_id
            )
        elif not (content.waits or content.is_over):
            found.append((last.page, content))
    return found


def _made(row: Page, content: ApprovedContent, board: BranchPage) -> Any:
    """Return ``row`` as it was approved."""
    made = _from(row, content.snapshot, board)
    made.last_published_at = content.approved_at
    return made


def _from(row: Page, content: dict, board: BranchPage) -> Any:
    """Return ``row`` with the content of a version."""
    model = BranchPage if row.pk == board.pk else MemberPledgePage
    made = model.from_serializable_data(content, check_fks=False)
    # What belongs to the row and not to what was approved, as Wagtail does with a revision.
    made.pk = made.id = row.pk
    made.path, made.depth, made.slug, made.live = row.path, row.depth, row.slug, row.live
    made.locale = board.locale
    return made


def _with_members(
    entries: Iterable[MemberPledgePage], pilot_id: int, scope: str
) -> list[MemberPledgePage]:
    """Return ``entries`` with their members; those of another branch, or of nobody, are left out."""
    entries = list(entries)
    consents = Consent.objects.filter(scope=scope, current=True)
    known = (
        Member.objects.filter(pilot_id=pilot_id)
        .annotate(remarked=remarks.column("pk"))
        .select_related("office")
        .prefetch_related("posts", Prefetch("consents", queryset=consents))
        .in_bulk({entry.member_id for entry in entries})
    )
    for entry in entries:
        if entry.member_id in known:
            entry.member = known[entry.member_id]
            entry.remarked = entry.member.remarked
    return [entry for entry in entries if entry.member_id in known]


def _with_categories(
    board: BranchPage, entries: Iterable[MemberPledgePage]
) -> list[MemberPledgePage]:
    """Return ``entries`` with the categories of their pledges, without those that name a lost one.

    The board is not left out: its own pledges of such a category are.
    """
    entries = list(entries)
    rows = {entry.pk: list(entry.pledges.all()) for entry in entries}
    own = list(board.branch_pledges.all())
    wanted = {row.category_id for found in (*rows.values(), own) for row in found}
    known = Category.objects.in_bulk(wanted)
    for row in (*own, *(row for found in rows.values() for row in found)):
        if row.category_id in known:
            row.category = known[row.category_id]
    board.branch_pledges = [row for row in own if row.category_id in known]
    return [entry for entry in entries if all(row.category_id in known for row in rows[entry.pk])]


def _give_photos(entries: Iterable[MemberPledgePage], spec: str) -> None:
    """Fetch the photos and how large they are in ``spec``; never somebody else's face."""
    entries = list(entries)
    wanted = {entry.photo_id for entry in entries if entry.photo_id}
    photos = MemberPhoto.objects.in_bulk(wanted) if wanted else {}
    sizes = renditions_for(wanted, spec) if wanted else {}
    for entry in entries:
        photo = photos.get(entry.photo_id or 0)
        size = sizes.get(entry.photo_id or 0)
        entry.photo = photo if photo and photo.member_id == entry.member_id else None
        entry.photo_width, entry.photo_height = (size.width, size.height) if size else (None, None)
