"""Which pages a reader may see: the public what is public, staff what is theirs as well."""

import re
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from wagtail.models import Page

from ..boards.models import BranchPage, MemberPledgePage, ProgrammePage
from ..embargo import gate
from ..embargo.models import GatedPage
from ..embargo.moderation import may_moderate
from ..pilots.roles import pilots_seen_by, sees_drafts
from ..pilots.stages import Stage

Anyone = User | AnonymousUser
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
MAX_ID = 2**31 - 1


def visible_boards(user: Anyone) -> QuerySet[BranchPage]:
    """Return the boards that ``user`` may see: all that are public, and those of their pilots."""
    return _visible(BranchPage.objects.all(), user, "pilot")


def visible_members(user: Anyone) -> QuerySet[MemberPledgePage]:
    """Return the members' pages that ``user`` may see."""
    return _visible(MemberPledgePage.objects.all(), user, "gate__pilot")


def _visible(pages: Any, user: Anyone, pilot: str) -> Any:
    if not gate.may_serve():
        return pages.none()
    public = pages.live().public().filter(**{f"{pilot}__stage": Stage.APPROVED})
    if not user.is_authenticated:
        return public
    return public | pages.filter(**{f"{pilot}__in": pilots_seen_by(user)})


def is_public(page: Page) -> bool:
    """Return whether everyone may see ``page``, which may be of any type."""
    return bool(page.live and gate.may_serve() and not page.get_view_restrictions().exists())


def is_staff(user: Anyone, page: Page, row: GatedPage) -> bool:
    """Return whether ``user`` may see drafts of ``page``, as in the admin."""
    if not user.is_authenticated or not user.is_active:
        return False
    if row.pilot is not None and sees_drafts(user, row.pilot):
        return True
    return may_moderate(user, page) or page.permissions_for_user(user).can_edit()


def gated_page(page_id: int) -> tuple[Page, GatedPage] | None:
    """Return the page of this id with its gate, or None if no gated page has it."""
    if not 0 < page_id <= MAX_ID or not gate.may_serve():
        return None
    row = GatedPage.objects.select_related("pilot__programme", "programme").filter(pk=page_id)
    found = row.first()
    if found is None:
        return None
    return Page.objects.select_related("locale").get(pk=page_id).specific, found


def type_of(page: Page) -> str:
    """Return what the API calls the type of ``page``."""
    if isinstance(page, ProgrammePage):
        return "programme"
    return "board" if isinstance(page, BranchPage) else "member"
