"""A draft as the readers of the village link would see it."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from ..boards import reading, snapshots
from ..boards.models import BranchPage, MemberPledgePage
from ..boards.previews import Preview
from ..boards.showing import Place
from ..labels import label_in
from .reading import SCOPE
from .views import BOARD, MEMBER


def draw(page: Page, request: HttpRequest) -> HttpResponse:
    """Return the board or member's page ``page``, as it is in memory, for the village.

    Nothing in it leads anywhere, and its pictures are those that staff may see.
    """
    language = page.locale.language_code
    board = page if isinstance(page, BranchPage) else page.get_parent().specific
    context = {
        "village_name": label_in(board.pilot.name, language),
        "quiet": not board.pilot.is_public,
        "public_url": None,
        "languages": [],
    }
    place = Place(
        url=None,
        board_title=board.title,
        programme_title=board.pilot.programme.shown_name(language),
        programme_url=None,
    )
    with translation.override(language):
        if isinstance(page, MemberPledgePage):
            context["member"] = reading.member_view(page, scope=SCOPE, place=place)
            return HttpResponse(render_to_string(MEMBER, context))
        context["board"] = snapshots.drafted(
            board, year=reading.year_from(request), place=place, scope=SCOPE
        )
        return HttpResponse(render_to_string(BOARD, context))


PREVIEW = Preview("village", gettext_lazy("As the village reads it"), draw)
