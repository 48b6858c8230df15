"""What there is of a member's own page: each language's newest draft and what was approved."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ..boards import reading
from ..boards.models import MemberPledgePage
from ..boards.showing import Place
from ..boards.snapshots import give_evidence
from ..boards.views_of import MemberView
from ..embargo.approval import in_force
from ..embargo.models import EarlierApproval
from ..labels import content_languages
from ..people.models import Member, Scope


def pages_of(member: Member) -> dict[str, MemberPledgePage]:
    """Return the member's pages by language, the site's first language first. One query."""
    rows = MemberPledgePage.objects.filter(member=member).select_related(
        "locale", "latest_revision", "gate__pilot__programme"
    )
    found = {page.locale.language_code: page for page in rows}
    return {code: found[code] for code, _name in content_languages() if code in found}


def page_for_reader(member: Member) -> MemberPledgePage | None:
    """Return the member's page in the language that is spoken now, or in another, or None."""
    pages = pages_of(member)
    return pages.get(translation.get_language() or "") or next(iter(pages.values()), None)


def draft_of(page: MemberPledgePage) -> Any:
    """Return ``page`` as it was written last, whether anybody has approved it or not."""
    return page.get_latest_revision_as_object()


def approved_of(page: MemberPledgePage) -> Any | None:
    """Return ``page`` as it was approved and counts now, None if nothing approved does."""
    last = page.standing_approval
    if last is None:
        return None
    content = in_force(last, EarlierApproval.objects.filter(page_id=page.pk).first())
    if not content.is_intact or content.is_over:
        return None
    return page.with_content_json(content.snapshot)


def view_of(version: Any, scope: str = Scope.PUBLIC_WEB) -> MemberView:
    """Return what is shown of ``version`` to the readers of ``scope``; nothing in it leads away."""
    board = version.get_parent().specific
    give_evidence(version)
    place = Place(
        url=None,
        board_title=board.title,
        programme_title=board.pilot.programme.shown_name(version.locale.language_code),
        programme_url=None,
    )
    return reading.member_view(version, scope=scope, place=place)


def hindrance(page: MemberPledgePage) -> str:
    """Return why the member cannot write upon the newest draft of ``page`` now, or ''."""
    if page.workflow_in_progress:
        return _("Your page is being reviewed. Report again once that is decided.")
    if page.get_lock() is not None:
        return _("Your page is locked by its branch just now. Try again later, or ask them.")
    return ""


def stands(page: MemberPledgePage) -> tuple[str, str]:
    """Return shape and words for who can read what was approved of ``page``."""
    if page.live:
        return "●", _("Public: everyone can read it.")
    if page.standing_approval is not None:
        if page.gate.is_open:
            return "◐", _("Not public yet: it waits for what stands above it, or for its date.")
        return "◐", _("Not public: held until the pilot is approved.")
    if page.workflow_in_progress:
        return "◔", _("Not public: it is being reviewed.")
    return "○", _("Not public: a draft that nobody has approved.")
