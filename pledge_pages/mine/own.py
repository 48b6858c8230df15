"""What there is of a member's own page: each language's newest draft and what was approved."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from ..boards import reading, snapshots
from ..boards.models import BranchPage, MemberPledgePage
from ..boards.showing import Place
from ..boards.views_of import MemberView
from ..embargo.approval import in_force
from ..embargo.models import EarlierApproval, HeldApproval
from ..labels import content_languages
from ..people.models import Member
from ..photos.renditions import LARGE


def pages_of(member: Member) -> dict[str, MemberPledgePage]:
    """Return the member's pages by language, the site's first language first. One query."""
    rows = MemberPledgePage.objects.filter(member=member).select_related(
        "locale", "latest_revision", "gate__pilot__programme"
    )
    found = {page.locale.language_code: page for page in rows}
    return {code: found[code] for code, _name in content_languages() if code in found}


@dataclass(frozen=True)
class OwnPage:
    """A member's page in one language, with the board that it stands on and what was approved."""

    page: MemberPledgePage
    board: BranchPage
    approval: HeldApproval | None

    def draft(self, scope: str) -> MemberPledgePage | None:
        """Return it as it was written last, approved or not, for the readers of ``scope``."""
        latest = self.page.latest_revision
        return self._made(latest.content, scope) if latest is not None else None

    def approved(self, scope: str) -> MemberPledgePage | None:
        """Return it as it was approved and counts now, None if nothing approved does."""
        if self.approval is None:
            return None
        earlier = EarlierApproval.objects.filter(page_id=self.page.pk).first()
        content = in_force(self.approval, earlier)
        if not content.is_intact or content.is_over:
            return None
        return self._made(content.snapshot, scope)

    def view(self, version: MemberPledgePage, scope: str) -> MemberView:
        """Return what is shown of ``version`` to the readers of ``scope``; nothing in it leads away."""
        language = self.page.locale.language_code
        place = Place(
            url=None,
            board_title=self.board.title,
            programme_title=self.board.pilot.programme.shown_name(language),
            programme_url=None,
        )
        return reading.member_view(version, scope=scope, place=place)

    @property
    def has_newer_draft(self) -> bool:
        """Whether what was written last is not what was approved."""
        approved = self.approval.revision_id if self.approval is not None else None
        return approved != self.page.latest_revision_id

    @property
    def stands(self) -> tuple[str, str]:
        """Shape and words for who can read what was approved."""
        if self.page.live:
            return "●", _("Public: everyone can read it.")
        if self.approval is not None:
            if self.page.gate.is_open:
                return "◐", _("Not public yet: it waits for what stands above it, or for its date.")
            return "◐", _("Not public: held until the pilot is approved.")
        if self.page.workflow_in_progress:
            return "◔", _("Not public: it is being reviewed.")
        return "○", _("Not public: a draft that nobody has approved.")

    def _made(self, content: dict, scope: str) -> MemberPledgePage | None:
        return snapshots.version(self.page, content, self.board, scope=scope, spec=LARGE)


def own_page_of(member: Member) -> OwnPage | None:
    """Return the member's page in the language that is spoken now, or in another, or None."""
    pages = pages_of(member)
    page = pages.get(translation.get_language() or "") or next(iter(pages.values()), None)
    if page is None:
        return None
    boards = BranchPage.objects.select_related("pilot__programme", "locale")
    board = boards.get(path=page.path[: -Page.steplen])
    return OwnPage(page, board, page.standing_approval)


def hindrance(page: MemberPledgePage) -> str:
    """Return why the member cannot write upon the newest draft of ``page`` now, or ''."""
    if page.workflow_in_progress:
        return _("Your page is being reviewed. Report again once that is decided.")
    if page.get_lock() is not None:
        return _("Your page is locked by its branch just now. Try again later, or ask them.")
    return ""
