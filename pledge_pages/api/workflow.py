"""A page's review: where it stands, what its reader may do with it, and doing it."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, Router
from wagtail.models import Page, TaskState

from ..embargo import moderation
from ..quiet_words.reading import passages
from . import schemas
from .access import gated_page, is_public, is_staff, type_of
from .addresses import api_url, only_known
from .problems import Problem, Refusal, not_found
from .states import states_of
from .tokens import TokenOnly, bearer
from .transitions import STEPS, may_follow, take

router = Router(tags=["workflow"], auth=TokenOnly())

SHOWS = {200: schemas.Workflow, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
DOES = {**SHOWS, 409: Problem}

NO_COMMENT = schemas.Remark(comment="")
NOTHING_SEEN = schemas.Decision(comment="", version="")


@router.get(
    "/pages/{int:page_id}/workflow/",
    response=SHOWS,
    url_name="workflow",
    summary="Show where a page stands and what you may do with it",
    operation_id="workflow_show",
)
def show(request: HttpRequest, page_id: int) -> dict[str, Any]:
    """Show the state of a page of your branch, and the steps you may take with it now."""
    only_known(request)
    return _shown(request, _page(request, page_id))


@router.post(
    "/pages/{int:page_id}/workflow/submit",
    response=DOES,
    url_name="workflow_submit",
    summary="Submit the newest draft for moderation",
    operation_id="workflow_submit",
)
def submit(request: HttpRequest, page_id: int) -> dict[str, Any]:
    """Start the review of the newest draft, or go on with the one that was returned."""
    return _take(request, page_id, "submit", NO_COMMENT)


@router.post(
    "/pages/{int:page_id}/workflow/approve",
    response=DOES,
    url_name="workflow_approve",
    summary="Approve what is under review",
    operation_id="workflow_approve",
)
def approve(
    request: HttpRequest, page_id: int, decision: Body[schemas.Decision] = NOTHING_SEEN
) -> dict[str, Any]:
    """Approve a version that somebody else wrote: the one that you read, and no newer one.

    It is published if its pilot is approved, and held until then if not: see `review_state`.
    """
    return _take(request, page_id, "approve", decision)


@router.post(
    "/pages/{int:page_id}/workflow/reject",
    response=DOES,
    url_name="workflow_reject",
    summary="Return what is under review, with a reason",
    operation_id="workflow_reject",
)
def reject(
    request: HttpRequest, page_id: int, decision: Body[schemas.Decision] = NOTHING_SEEN
) -> dict[str, Any]:
    """Return the page to its editor. `comment` says what has to be mended."""
    return _take(request, page_id, "reject", decision)


@router.post(
    "/pages/{int:page_id}/workflow/withdraw",
    response=DOES,
    url_name="workflow_withdraw",
    summary="Withdraw the approval, with a reason",
    operation_id="workflow_withdraw",
)
def withdraw(
    request: HttpRequest, page_id: int, remark: Body[schemas.Remark] = NO_COMMENT
) -> dict[str, Any]:
    """Take the approval of a page back. What is public vanishes at once."""
    return _take(request, page_id, "withdraw", remark)


Name = Literal["submit", "approve", "reject", "withdraw"]


def _take(request: HttpRequest, page_id: int, name: Name, remark: schemas.Remark) -> dict[str, Any]:
    only_known(request)
    page = _page(request, page_id)
    seen = remark.version if isinstance(remark, schemas.Decision) else None
    take(name, page, by=bearer(request), comment=remark.comment, seen=seen)
    return _shown(request, _page(request, page_id))


def _page(request: HttpRequest, page_id: int) -> Page:
    """Return the page, if the reader is its staff.

    Refusal: 404 for a page that the reader may not see, as for one that does not exist; 403 for
    one that is public.
    """
    found = gated_page(page_id)
    if found is None:
        raise not_found()
    page, row = found
    if is_staff(request.user, page, row):
        return page
    if is_public(page):
        raise Refusal(403, _("Only the staff of this branch may see and take part in its reviews."))
    raise not_found()


def _shown(request: HttpRequest, page: Page) -> dict[str, Any]:
    state, reader = states_of([page])[page.pk], bearer(request)
    return {
        "id": page.pk,
        "type": type_of(page),
        "title": page.title if page.live else page.draft_title,
        "language": page.locale.language_code,
        "review_state": state.review_state,
        "draft_state": state.draft_state,
        "transitions": [
            {
                "name": step.name,
                "title": step.title(page),
                "href": api_url(request, f"workflow_{step.name}", page.pk),
                "needs_comment": step.needs_comment,
            }
            for step in STEPS.values()
            if may_follow(step, page, reader)
        ],
        "under_review": _under_review(page),
        "last_return": _last_return(page),
    }


def _under_review(page: Page) -> dict[str, Any] | None:
    state = page.current_workflow_task_state
    if state is None:
        return None
    return {
        "version": moderation.version_of(state),
        "submitted_at": state.started_at,
        "texts": [
            {"field": passage.path, "text": passage.text}
            for passage in passages(state.revision.as_object())
        ],
    }


def _last_return(page: Page) -> dict[str, Any] | None:
    review = page.current_workflow_state
    if review is None:
        return None
    state = (
        TaskState.objects.filter(workflow_state=review, status=TaskState.STATUS_REJECTED)
        .order_by("-finished_at", "-pk")
        .first()
    )
    return {"comment": state.comment, "at": state.finished_at} if state else None
