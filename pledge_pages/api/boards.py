"""The boards and their members: for everyone what is public, for staff what is theirs as well."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from .. import conf
from ..boards import reading
from ..boards.api_fields import public_numbers
from ..boards.models import BranchPage, MemberPledgePage, ProgrammePage
from ..boards.views_of import Tile
from ..people.models import Scope
from ..photos.renditions import LARGE
from ..pilots.roles import pilots_seen_by, sees_drafts
from . import schemas
from .access import CODE, visible_boards, visible_members
from .addresses import absolute, api_url, checked_language, only_known, preferred
from .drafts import contents_of, staff_board
from .problems import Problem, bad_input, not_found
from .states import PUBLIC, State, states_of
from .tokens import TokenOrPublic

router = Router(tags=["boards"], auth=TokenOrPublic())

DEFAULT_LIMIT = 20
MAX_OFFSET = 1_000_000
# Anyone may ask; a token shows more.
OPTIONAL = {"security": [{}]}


class LanguageQuery(Schema):
    """Which language is asked for."""

    language: str | None = Field(
        None, max_length=16, description="A language of the site; its own one if left out."
    )


class YearQuery(Schema):
    """Which year is asked for."""

    year: int | None = Field(None, ge=2000, le=2100, description="The newest one if left out.")


class BoardsQuery(Schema):
    """Which boards are asked for, and which page of them."""

    language: str | None = Field(None, max_length=16, description="All languages if left out.")
    programme: str | None = Field(
        None,
        max_length=32,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="The code of a programme; all if left out.",
    )
    limit: int = Field(
        DEFAULT_LIMIT, ge=1, description="Rows on a page; 100 at most unless the site says else."
    )
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="Rows to leave out.")


@router.api_operation(
    ["GET"],
    "/boards/",
    response={200: schemas.BoardList, 401: Problem, 422: Problem},
    url_name="boards",
    summary="List the boards of branches",
    operation_id="boards_list",
    openapi_extra=OPTIONAL,
)
def list_boards(request: HttpRequest, query: Query[BoardsQuery]) -> dict[str, Any]:
    """List every public board, once for each of its languages; `count` counts them like that.

    With a token also those of your branches. `language` leaves one language.
    """
    only_known(request, BoardsQuery)
    most = conf.get("API_MAX_LIMIT")
    if query.limit > most:
        raise bad_input([("limit", _("At most %(le)s.") % {"le": most})])
    boards = visible_boards(request.user)
    if checked_language(query.language):
        boards = boards.filter(locale__language_code=query.language)
    if query.programme is not None:
        boards = boards.filter(pilot__programme__code=query.programme)
    boards = boards.select_related("pilot__programme", "locale").order_by(
        "pilot__programme__code", "pilot__code", "locale__language_code", "pk"
    )
    count = boards.count()
    rows = list(boards[query.offset : query.offset + query.limit])
    after, before = query.offset + query.limit, max(query.offset - query.limit, 0)
    return {
        "count": count,
        "next": _list_url(request, query, after) if after < count else None,
        "previous": _list_url(request, query, before) if query.offset else None,
        "results": _summaries(request, rows),
    }


def _list_url(request: HttpRequest, query: BoardsQuery, offset: int) -> str:
    chosen = query.model_dump(include={"language", "programme"}, exclude_none=True)
    return api_url(request, "boards", **chosen, limit=query.limit, offset=offset)


def _summaries(request: HttpRequest, boards: list[BranchPage]) -> list[dict[str, Any]]:
    seen: set[int] = set()
    if request.user.is_authenticated:
        seen = set(pilots_seen_by(request.user).values_list("pk", flat=True))
    own = [board for board in boards if board.pilot_id in seen]
    states = states_of(own) if own else {}
    numbers = public_numbers(boards, "pilot")
    above = {
        page.path: page
        for page in ProgrammePage.objects.filter(
            path__in={board.path[: -board.steplen] for board in boards}
        ).select_related("locale")
    }
    rows = []
    for board in boards:
        state = states.get(board.pk, PUBLIC)
        page = above.get(board.path[: -board.steplen])
        rows.append(
            {
                **_standing(request, state),
                **_identity(request, board, board.title if board.live else board.draft_title),
                "programme": _programme(
                    request,
                    board.pilot.programme.code,
                    page.title if page and (page.live or state is not PUBLIC) else None,
                    page.get_url(request) if page else None,
                ),
                "url": absolute(request, board.get_url(request)),
                "member_count": numbers[board.pk].members,
                "counts": numbers[board.pk].counts,
                "updated_on": _day(board.last_published_at) if board.live else None,
            }
        )
    return rows


@router.api_operation(
    ["GET"],
    "/boards/{code}/",
    response={200: schemas.Board, 401: Problem, 404: Problem, 422: Problem},
    url_name="board",
    summary="Show one board",
    operation_id="boards_show",
    openapi_extra=OPTIONAL,
)
def show_board(
    request: HttpRequest, code: str, language: Query[LanguageQuery], year: Query[YearQuery]
) -> dict[str, Any]:
    """Show the board of a branch for one year, with its members, their pledges and photos."""
    only_known(request, LanguageQuery, YearQuery)
    wanted = checked_language(language.language)
    boards = visible_boards(request.user).none()
    if CODE.fullmatch(code):
        boards = visible_boards(request.user).filter(pilot__code=code)
    found = {
        board.locale.language_code: board
        for board in boards.select_related("pilot__programme", "locale")
    }
    chosen = preferred(list(found), wanted)
    if chosen is None:
        raise not_found()
    with translation.override(chosen):
        shown = _board(request, found[chosen], year.year)
    if year.year is not None and shown["year"] != year.year:
        message = _("The board has nothing for this year. It has: %(years)s.")
        years = ", ".join(str(entry) for entry in shown["years"]) or "–"
        raise bad_input([("year", message % {"years": years})])
    return shown


def _board(request: HttpRequest, page: BranchPage, year: int | None) -> dict[str, Any]:
    staff = sees_drafts(request.user, page.pilot)
    states: dict[str, State] = {}
    state = PUBLIC
    if staff:
        board, states, state = staff_board(page, year=year)
    else:
        board = reading.board(page, year=year)
    return {
        **_standing(request, state),
        **_identity(request, page, board.title),
        "programme": _programme(
            request,
            page.pilot.programme.code,
            board.programme_title if staff or board.programme_url else None,
            board.programme_url,
        ),
        "url": absolute(request, board.url),
        "member_count": len(board.tiles),
        "counts": board.counts,
        "updated_on": board.updated_on,
        "year": board.year,
        "years": [entry for entry, _url in board.years],
        "introduction": board.introduction,
        "not_listed": board.not_listed,
        "branch_pledges": board.branch_pledges,
        "grades": board.grades,
        "members": [
            _member(request, tile, states.get(tile.public_id, PUBLIC), page.locale.language_code)
            for tile in board.tiles
        ],
    }


@router.api_operation(
    ["GET"],
    "/members/{public_id}/",
    response={200: schemas.Member, 401: Problem, 404: Problem, 422: Problem},
    url_name="member",
    summary="Show one member",
    operation_id="members_show",
    openapi_extra=OPTIONAL,
)
def show_member(
    request: HttpRequest, public_id: str, language: Query[LanguageQuery]
) -> dict[str, Any]:
    """Show a member's page: every pledge with its tasks, progress, evidence and amendments."""
    only_known(request, LanguageQuery)
    wanted = checked_language(language.language)
    pages = visible_members(request.user).none()
    if CODE.fullmatch(public_id):
        pages = visible_members(request.user).filter(member__public_id=public_id)
    found = {
        page.locale.language_code: page
        for page in reading.for_tiles(pages, Scope.PUBLIC_WEB, LARGE).select_related(
            "gate__pilot__programme"
        )
    }
    chosen = preferred(list(found), wanted)
    if chosen is None:
        raise not_found()
    with translation.override(chosen):
        return _member_page(request, found[chosen])


def _member_page(request: HttpRequest, page: MemberPledgePage) -> dict[str, Any]:
    pilot, language = page.gate.pilot, page.locale.language_code
    assert pilot is not None  # only a programme's page has none
    staff = sees_drafts(request.user, pilot)
    state = PUBLIC
    if staff:
        states = states_of([page])
        state = states[page.pk]
        content = contents_of([page], states).get(page.pk)
        page = page.with_content_json(content) if content else page
    view = reading.member_view(page)
    return {
        **_member(request, view.tile, state, language),
        "language": language,
        "board": {
            "code": pilot.code,
            "title": view.board_title if staff or view.board_url else None,
            "url": absolute(request, view.board_url),
            "api_url": api_url(request, "board", pilot.code, language=language),
        },
        "programme": _programme(
            request,
            pilot.programme.code,
            view.programme_title if staff or view.programme_url else None,
            view.programme_url,
        ),
        "noindex": view.noindex,
        "grades": [grade.as_fields for grade in view.grades],
    }


def _standing(request: HttpRequest, state: State) -> dict[str, Any]:
    workflow = api_url(request, "workflow", state.page_id) if state.page_id else None
    return {
        "review_state": state.review_state,
        "draft_state": state.draft_state,
        "content": state.content,
        "workflow_url": workflow,
    }


def _identity(request: HttpRequest, board: BranchPage, title: str) -> dict[str, Any]:
    code, language = board.pilot.code, board.locale.language_code
    return {
        "code": code,
        "language": language,
        "title": title,
        "api_url": api_url(request, "board", code, language=language),
    }


def _programme(
    request: HttpRequest, code: str, title: str | None, url: str | None
) -> dict[str, Any]:
    return {"code": code, "title": title, "url": absolute(request, url)}


def _member(request: HttpRequest, tile: Tile, state: State, language: str) -> dict[str, Any]:
    return {
        **_standing(request, state),
        "public_id": tile.public_id,
        "name": tile.name,
        "initials": tile.initials,
        "office": tile.office_code,
        "office_label": tile.office,
        "is_secretary": tile.is_secretary,
        "posts": tile.posts,
        "photo": tile.photo,
        "url": absolute(request, tile.url),
        "api_url": api_url(request, "member", tile.public_id, language=language),
        "counts": tile.counts,
        "pledges": tile.pledges,
    }


def _day(moment):
    return timezone.localtime(moment).date() if moment else None
