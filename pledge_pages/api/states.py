"""Where many pages stand, in two queries: what ``Gated.review_state`` says of one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from wagtail.models import Page, WorkflowState

from ..embargo.models import HeldApproval


@dataclass(frozen=True)
class State:
    """Where a page stands; ``draft_state`` is None for who may not see drafts."""

    review_state: str
    draft_state: str | None
    content: str
    page_id: int | None = None


# All that the public learns of any page it can see.
PUBLIC = State("published", None, "public")


def states_of(pages: Iterable[Page]) -> dict[int, State]:
    """Return where each of these pages stands, by page id. For staff only."""
    pages = list(pages)
    ids = [page.pk for page in pages]
    approvals = {
        approval.page_id: approval for approval in HeldApproval.objects.filter(page_id__in=ids)
    }
    in_review = _in_review(ids)
    return {
        page.pk: _state(page, approvals.get(page.pk), str(page.pk) in in_review) for page in pages
    }


def _in_review(ids: list[int]) -> set[str]:
    if not ids or not getattr(settings, "WAGTAIL_WORKFLOW_ENABLED", True):
        return set()
    return set(
        WorkflowState.objects.filter(
            base_content_type=Page(id=ids[0]).get_base_content_type(),
            object_id__in=[str(pk) for pk in ids],
            status=WorkflowState.STATUS_IN_PROGRESS,
        ).values_list("object_id", flat=True)
    )


def _state(page: Page, approval: HeldApproval | None, in_review: bool) -> State:
    standing = approval if approval and approval.stands else None
    if page.live:
        review_state, content = "published", "public"
    elif standing:
        # What was altered since is nobody's approved word.
        review_state, content = "held", "approved" if standing.is_intact else "draft"
    elif in_review:
        review_state, content = "pending", "draft"
    else:
        review_state, content = "withdrawn" if approval else "private", "draft"
    if in_review:
        draft_state = "pending"
    elif standing and standing.revision_id == page.latest_revision_id:
        draft_state = "none"
    else:
        draft_state = "private"
    return State(review_state, draft_state, content, page.pk)
