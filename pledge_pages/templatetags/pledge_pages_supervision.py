"""What stands of supervision on boards and members' pages: the way to the form, questions and answers."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from pledge_pages.boards.models import BranchPage, MemberPledgePage
from pledge_pages.boards.views_of import MemberView
from pledge_pages.supervision import reading

register = template.Library()

SECTION = "pledge_pages/supervision/section.html"


@register.simple_tag(takes_context=True)
def report_address(context: template.Context) -> str:
    """The address of the form about the public page that is shown; empty for drafts and previews."""
    page = _public_page(context)
    if page is None:
        return ""
    known = (
        page.member.public_id if isinstance(page, MemberPledgePage) else page.translation_key.hex
    )
    return f"{reverse('pledge_supervision:form', args=[known])}?lang={get_language()}"


@register.simple_tag(takes_context=True)
def village_report_address(context: template.Context) -> str:
    """The address of the form about the board or member that the village reads."""
    if context.get("pilot") is None:
        return ""
    member: MemberView | None = context.get("member")
    url = (
        reverse("pledge_village_supervision:member", args=[member.tile.public_id])
        if member
        else reverse("pledge_village_supervision:branch")
    )
    return f"{url}?lang={get_language()}"


@register.inclusion_tag(SECTION, takes_context=True)
def supervision(context: template.Context) -> dict[str, Any]:
    """What stands below a public board or member's page."""
    page = _public_page(context)
    if page is None:
        return {}
    language = page.locale.language_code
    receipts = f"{reverse('pledge_supervision:receipt')}?lang={language}"
    if isinstance(page, BranchPage):
        questions = reading.board_questions(page, language)
        return _section(context, questions, report_address(context), receipts)
    questions = reading.member_questions(page, language)
    return _section(context, questions, report_address(context), receipts)


@register.inclusion_tag(SECTION, takes_context=True)
def village_supervision(context: template.Context) -> dict[str, Any]:
    """What stands below the board or a member's page in the village view; nothing in previews."""
    pilot = context.get("pilot")
    if pilot is None:
        return {}
    language = get_language() or ""
    member: MemberView | None = context.get("member")
    if member:
        questions = reading.village_questions(pilot, language, {}, only=[member.tile.public_id])
    else:
        names = {tile.public_id: tile.name for tile in context["board"].tiles}
        questions = reading.village_questions(pilot, language, names)
    receipts = f"{reverse('pledge_village_supervision:receipt')}?lang={language}"
    return _section(context, questions, village_report_address(context), receipts)


def _section(
    context: template.Context, questions: reading.Questions, report_url: str, receipt_url: str
) -> dict[str, Any]:
    member: MemberView | None = context.get("member")
    return {
        "questions": questions,
        "report_url": report_url,
        "receipt_url": receipt_url,
        "about_member": bool(member),
        "pledges": {pledge.key: pledge.text for pledge in member.tile.pledges} if member else {},
    }


@register.filter
def text_of(pledges: dict[str, str], key: str) -> str:
    """The text of the pledge with this key; empty if it is not on the page."""
    return pledges.get(key, "")


def _public_page(context: template.Context) -> BranchPage | MemberPledgePage | None:
    """The board or member's page that everyone reads just now, None if it is a draft."""
    page, request = context.get("page"), context.get("request")
    if request is None or getattr(request, "is_preview", False):
        return None
    known = isinstance(page, BranchPage | MemberPledgePage)
    return page if known and page.live else None
