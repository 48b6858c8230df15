"""A draft as it would be printed: the first sheet of the board, or a member's door plate."""

from base64 import b64encode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from ..boards.models import BranchPage, MemberPledgePage
from ..boards.previews import Preview
from . import drawing, fonts, sheet
from .content import draft_of
from .errors import PrintError
from .wish import Kind, Wish, a_quarter_after


def draw(page: Page, request: HttpRequest) -> HttpResponse:
    """Return a picture of what would be printed of ``page``, as it is in memory."""
    language = page.locale.language_code
    with translation.override(language):
        context = {"language": language, **picture_of(page)}
        return HttpResponse(render_to_string("pledge_pages/posters/preview.html", context))


def picture_of(page: Page) -> dict[str, str]:
    """Return, for a template, the ``picture`` of what would be printed of ``page``, or a ``refusal``."""
    with translation.override(page.locale.language_code):
        if isinstance(page, MemberPledgePage):
            content = draft_of(page.get_parent().specific, [page])
            wish = Wish(kind=Kind.PLATES)
        else:
            assert isinstance(page, BranchPage)
            content, wish = draft_of(page), Wish()
        today = timezone.localdate()
        made = sheet.made(
            content,
            wish,
            on=today,
            valid_until=a_quarter_after(today),
            address="",
            fonts=fonts.families(),
        )
        try:
            return {"picture": b64encode(drawing.picture(made)).decode()}
        except PrintError as error:
            return {"refusal": " ".join(error.messages)}


PREVIEW = Preview("print", gettext_lazy("As it will be printed"), draw)
