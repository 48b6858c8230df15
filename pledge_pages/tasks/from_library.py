"""Pledges from the library: put into the draft of a member's page, with their numbers filled in.

Nothing is submitted or public by it. The library says nothing of who agreed to what, so the day on
which the branch agreed stays open.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale

from ..boards.content import YEARS, Pledge, check_due
from ..boards.models import MemberPledgePage
from ..contention import in_one_transaction
from ..embargo.approval import lock_gate
from ..rulebook.models import PledgeTemplate
from .offers import Offer, from_template
from .on_page import PledgeRows, check_free

MOST_AT_ONCE = 20


@dataclass(frozen=True)
class Choice:
    """One pledge of the library and the numbers that fill it in."""

    template: PledgeTemplate
    numbers: Mapping[str, Any]


def offered_in(language: str) -> QuerySet[PledgeTemplate]:
    """Return what the library offers in ``language``; what a document asks is assigned instead."""
    library = PledgeTemplate.objects.filter(active=True, kind=PledgeTemplate.Kind.LIBRARY)
    return library.filter(text__has_key=language)


def pages_beside(page: MemberPledgePage) -> list[MemberPledgePage]:
    """Return the member's pages in other languages."""
    pages = MemberPledgePage.objects.filter(member=page.member_id, alias_of__isnull=True)
    return list(pages.exclude(pk=page.pk).select_related("locale").order_by("pk"))


@in_one_transaction
def add_from_library(
    page: MemberPledgePage,
    choices: Sequence[Choice],
    *,
    by: User,
    year: int,
    due: date,
    also: Collection[str] = (),
) -> list[UUID]:
    """Write ``choices`` as pledges into a new draft of ``page``: all of them, or none.

    ``also`` are codes of other languages in which the member has a page: what has a text there
    is written there too, under the same key. Returns the keys. Raises PermissionDenied, or
    ValidationError that names the pledge or says what is in the way.
    """
    if not 0 < len(choices) <= MOST_AT_ONCE:
        raise ValidationError(
            {"take": _("Choose from 1 to %(max)d pledges.") % {"max": MOST_AT_ONCE}}
        )
    if year not in YEARS:
        raise ValidationError({"year": _("This is no year for a pledge.")})
    check_due(due, year)
    beside = [other for other in pages_beside(page) if other.locale.language_code in also]
    drafts = [_draft(one, by) for one in sorted([page, *beside], key=lambda one: one.pk)]
    keys = []
    for choice in choices:
        rows = PledgeRows(_offer(choice), year=year, due=due)
        for draft in drafts:
            _add(rows, draft, choice.template.code, own=draft.pk == page.pk)
        keys.append(rows.key)
    codes = [choice.template.code for choice in choices]
    for draft in drafts:
        draft.save_revision(user=by)
        log(
            instance=draft,
            action="pledge_pages.add_from_library",
            user=by,
            data={"member": draft.member.code, "templates": codes},
        )
    return keys


def _draft(page: MemberPledgePage, by: User) -> Any:
    """Return the newest version of ``page``, locked; refuse if ``by`` may not write a newer one."""
    lock_gate(page)
    fresh = MemberPledgePage.objects.select_related("locale", "member").get(pk=page.pk)
    check_free(fresh)
    if not fresh.permissions_for_user(by).can_edit():
        raise PermissionDenied(_("Only editors of the branch write on this page."))
    return fresh.get_latest_revision_as_object()


def _offer(choice: Choice) -> Offer:
    """Return what ``choice`` says with its numbers; ValidationError naming it if it cannot."""
    if choice.template.kind != PledgeTemplate.Kind.LIBRARY:
        raise ValidationError({"take": _("What a document asks is assigned, under “Tasks”.")})
    try:
        offer = from_template(choice.template, choice.numbers)
    except ValidationError as error:
        said = {"code": choice.template.code, "reason": " ".join(error.messages)}
        raise ValidationError({"take": _("%(code)s: %(reason)s") % said}) from error
    return replace(offer, kind=Pledge.Kind.VOLUNTARY.value)


def _add(rows: PledgeRows, draft: Any, code: str, *, own: bool) -> None:
    """Add ``rows`` to ``draft``, unless it says the same already or has no language for it."""
    locale: Locale = draft.locale
    text = rows.asked.text.get(locale.language_code)
    if not text and not own:
        return
    said = {"code": code, "language": locale.get_display_name()}
    if not text:
        raise ValidationError({"take": _("%(code)s: it has no text in %(language)s.") % said})
    if any(row.text == text and row.year == rows.year for row in draft.pledges.all()):
        raise ValidationError(
            {"take": _("%(code)s: the page has this pledge already (%(language)s).") % said},
            code="twice",
        )
    rows.add_to(draft, locale)
