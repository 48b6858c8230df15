"""What the readers of one branch's link may see: the board, its members' pages, their files.

Held snapshots until the pilot is approved, the public pages from then on; never a draft. Names and
photos are those that may be shown to the village.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import override

from ..boards import reading, snapshots
from ..boards.models import BranchPage, MemberPledgePage
from ..boards.showing import Place
from ..boards.views_of import Board, MemberView
from ..embargo import gate
from ..labels import content_languages
from ..people.models import Scope
from ..people.naming import photo_allowed
from ..photos.models import EvidenceFile, MemberPhoto
from ..photos.renditions import LARGE
from ..photos.serving import in_row_of_live_page, on_live_page
from ..pilots.models import Pilot

SCOPE = Scope.VILLAGE_QR
PHOTO_VIEW = "pledge_village:photo"
EVIDENCE_VIEW = "pledge_village:evidence"


@dataclass
class Village:
    """One branch, as its village reads it."""

    pilot: Pilot

    @cached_property
    def boards(self) -> dict[str, BranchPage]:
        """The branch's boards by language, the site's first language first; seen or not."""
        found = {
            page.locale.language_code: page
            for page in BranchPage.objects.filter(pilot=self.pilot).select_related("locale")
        }
        order = [code for code, _name in content_languages()]
        return {code: found[code] for code in sorted(found, key=lambda code: _rank(code, order))}

    def place(self, page: BranchPage) -> Place:
        """Return where the board ``page`` stands for the village."""
        language = page.locale.language_code
        return Place(
            url=reverse("pledge_village:board"),
            board_title=page.title,
            programme_title=self.pilot.programme.shown_name(language),
            programme_url=None,
            photo_view=PHOTO_VIEW,
            evidence_view=EVIDENCE_VIEW,
        )

    def board(self, language: str, *, year: int | None = None) -> Board | None:
        """Return the board in ``language`` for ``year``, None if there is none to be seen."""
        page = self._open(language)
        if page is None:
            return None
        if self.pilot.is_public:
            return reading.board(page, year=year, scope=SCOPE, place=self.place(page))
        found = snapshots.approved_board(page, scope=SCOPE)
        if found is None:
            return None
        return reading.drawn(
            found.page,
            found.entries,
            found.pledges,
            found.own,
            year=year,
            scope=SCOPE,
            place=self.place(found.page),
        )

    def member(self, language: str, public_id: str) -> MemberView | None:
        """Return the page of a member in ``language``, None if there is none to be seen."""
        page = self._open(language)
        if page is None:
            return None
        if self.pilot.is_public:
            below = MemberPledgePage.objects.child_of(page).live().filter(slug=public_id)
            entry = reading.for_tiles(below, SCOPE, LARGE).first()
        else:
            found = snapshots.approved_board(page, scope=SCOPE, spec=LARGE, only=public_id)
            entry = found.entries[0] if found and found.entries else None
            if found and entry:
                page = found.page
                snapshots.give_evidence(entry)
        if entry is None or entry.get_view_restrictions():
            return None
        return reading.member_view(entry, scope=SCOPE, place=self.place(page))

    def _open(self, language: str) -> BranchPage | None:
        """Return the board in ``language``, unless it is certain that nobody may see it."""
        page = self.boards.get(language)
        if page is None or not gate.may_serve():
            return None
        if self.pilot.is_public and not page.live:
            return None
        return None if page.get_view_restrictions() else page

    def public_url(self, language: str) -> str | None:
        """Return the address at which everyone can read the board, if they can."""
        page = self.boards[language]
        with override(language):
            return page.full_url if self.pilot.is_public and page.live else None

    # Files ---------------------------------------------------------------------------------

    def shows_photo(self, photo: MemberPhoto) -> bool:
        """Return whether a page to be seen shows ``photo``, and its member agreed to that."""
        member = photo.member
        if member.pilot_id != self.pilot.pk or not photo_allowed(member, SCOPE):
            return False
        if self.pilot.is_public:
            return gate.may_serve() and on_live_page(photo)
        return any(
            snapshots.shows_photo(page, photo)
            for language in self.boards
            if (page := self._open(language))
        )

    def shows_evidence(self, file: EvidenceFile) -> bool:
        """Return whether a page to be seen refers to ``file``, and it is public and checked."""
        if file.pilot_id != self.pilot.pk or not file.may_be_shown:
            return False
        if self.pilot.is_public:
            return gate.may_serve() and in_row_of_live_page(file)
        return any(
            snapshots.shows_evidence(page, file)
            for language in self.boards
            if (page := self._open(language))
        )


def _rank(code: str, order: list[str]) -> int:
    return order.index(code) if code in order else len(order)
