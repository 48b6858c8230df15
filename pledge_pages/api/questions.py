"""What villagers asked and reported, with the branch's answers, where both are published."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from .. import conf
from ..supervision import reading
from . import schemas
from .access import CODE, visible_boards
from .addresses import api_url, checked_language, only_known, preferred
from .boards import DEFAULT_LIMIT, MAX_OFFSET, OPTIONAL
from .problems import Problem, bad_input, not_found
from .tokens import TokenOrPublic

router = Router(tags=["questions"], auth=TokenOrPublic())


class QuestionsQuery(Schema):
    """In which language, and which page of the list."""

    language: str | None = Field(
        None, max_length=16, description="A language of the board; its own one if left out."
    )
    limit: int = Field(
        DEFAULT_LIMIT, ge=1, description="Rows on a page; 100 at most unless the site says else."
    )
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="Rows to leave out.")


@router.api_operation(
    ["GET"],
    "/boards/{code}/questions/",
    response={200: schemas.QuestionList, 401: Problem, 404: Problem, 422: Problem},
    url_name="questions",
    summary="List questions and answers",
    operation_id="questions_list",
    openapi_extra=OPTIONAL,
)
def list_questions(request: HttpRequest, code: str, query: Query[QuestionsQuery]) -> dict[str, Any]:
    """List what is published about a public board and its public members, newest answer first.

    A token shows no more: what is not published is read in the admin.
    """
    only_known(request, QuestionsQuery)
    most = conf.get("API_MAX_LIMIT")
    if query.limit > most:
        raise bad_input([("limit", _("At most %(le)s.") % {"le": most})])
    wanted = checked_language(query.language)
    boards = visible_boards(request.user).none()
    if CODE.fullmatch(code):
        boards = visible_boards(request.user).filter(pilot__code=code, live=True)
    found = {board.locale.language_code: board for board in boards.select_related("locale")}
    chosen = preferred(list(found), wanted)
    if chosen is None:
        raise not_found()
    rows = reading.on_board(found[chosen])
    count = rows.count()
    after, before = query.offset + query.limit, max(query.offset - query.limit, 0)
    with translation.override(chosen):
        views = reading.views_of(rows[query.offset : after], chosen)
    return {
        "language": chosen,
        "count": count,
        "next": _url(request, code, chosen, query, after) if after < count else None,
        "previous": _url(request, code, chosen, query, before) if query.offset else None,
        "results": views,
    }


def _url(request: HttpRequest, code: str, language: str, query: QuestionsQuery, offset: int) -> str:
    return api_url(request, "questions", code, language=language, limit=query.limit, offset=offset)
