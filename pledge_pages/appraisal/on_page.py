"""Brings decisions to the member's page, and takes them off: by new versions that are moderated.

Nothing here publishes anything. A version is written and submitted; somebody else approves it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import WorkflowState

from ..boards.content import Pledge
from ..boards.models import MemberPledgePage
from ..contention import in_one_transaction
from ..embargo.approval import lock_gate
from ..embargo.errors import EmbargoError
from ..embargo.models import digest_of
from ..labels import label_in
from . import access, days
from .models import OutcomeDecision, State
from .outcomes import lock, require, standing_beside
from .pledges import Known, final_decisions

# What a pledge says of its outcome; these values mean that it says nothing.
NOTHING: dict[str, object] = {
    "outcome": "", "checked_on": None, "method": "", "reason": "", "reply": "", "replied_on": None,
}  # fmt: skip


@dataclass
class Written:
    """The versions that were submitted, and why there is none of the other pages."""

    pages: list[MemberPledgePage] = field(default_factory=list)
    # How many pages say so already.
    same: int = 0
    left: list[str] = field(default_factory=list)


def said_of(decision: OutcomeDecision, language: str) -> dict[str, object]:
    """Return what a pledge says in ``language`` once ``decision`` is on its page."""
    return {
        "outcome": decision.outcome,
        "checked_on": decision.checked_on,
        "method": label_in(decision.method, language),
        "reason": label_in(decision.reason, language),
        "reply": label_in(decision.reply, language),
        "replied_on": decision.replied_on,
    }


def pages_of(decision: OutcomeDecision) -> list[MemberPledgePage]:
    """Return the pages of the member, one for each language, in the order in which they are locked."""
    pages = MemberPledgePage.objects.filter(member=decision.member_id)
    return list(pages.select_related("locale").order_by("pk"))


@in_one_transaction
def put_on_page(
    decision: OutcomeDecision, *, by: User, with_draft: bool = False
) -> list[MemberPledgePage]:
    """Write what ``decision`` finds into a new version of the member's page in each language,
    and submit it for moderation.

    A page with a newer draft that nobody approved is refused, so that nothing is carried along
    unseen, unless ``with_draft``: then it is written upon that draft, which the moderator sees as
    a whole. Raises PermissionDenied, ValidationError saying what is in the way, or EmbargoError.
    """
    decision = lock(decision)
    _check_writer(decision, by)
    require(decision, State.FINAL)
    if not days.may_be_posted(decision):
        raise ValidationError(
            _("The days for an appeal are not over: nothing is posted before %(day)s.")
            % {"day": days.posted_from(decision)},
            code="appeal_days",
        )
    written = _write(
        decision, lambda language: said_of(decision, language), by=by, with_draft=with_draft
    )
    if written.left:
        raise ValidationError(written.left, code="in_the_way")
    if not written.pages and (decision.put_at or not written.same):
        raise ValidationError(_("No approved page is there to be changed."), code="twice")
    decision.put_at = timezone.now()
    decision.save(update_fields=["put_at"])
    return written.pages


@in_one_transaction
def take_off_page(
    decision: OutcomeDecision, *, by: User, with_draft: bool = False
) -> list[MemberPledgePage]:
    """Take what ``decision`` finds, which stands no more, off the member's page in each language.

    By new versions that are submitted, as in :func:`put_on_page`, with the same refusals.
    """
    decision = lock(decision)
    _check_writer(decision, by)
    require(decision, State.FROZEN, State.OVERTURNED)
    if standing_beside(decision) is not None:
        raise ValidationError(_("A later decision stands. Put that one on the page."))
    written = take_off(decision, by=by, with_draft=with_draft)
    if written.left:
        raise ValidationError(written.left, code="in_the_way")
    if not written.pages:
        raise ValidationError(_("No approved page says so any more."), code="twice")
    return written.pages


def take_off(decision: OutcomeDecision, *, by: User, with_draft: bool = False) -> Written:
    """Take ``decision`` off as far as nothing is in the way. The caller has locked and checked."""
    return _write(
        decision, lambda _language: NOTHING, by=by, with_draft=with_draft, action="take_off_page"
    )


def _check_writer(decision: OutcomeDecision, by: User) -> None:
    access.check_not_own(by, decision.member)
    if not access.may_write(by, decision.pilot):
        raise PermissionDenied(_("Editors of the branch and leads put outcomes on the page."))


def _write(
    decision: OutcomeDecision,
    said_in: Callable[[str], dict[str, object]],
    *,
    by: User,
    with_draft: bool,
    action: str = "put_on_page",
) -> Written:
    """Write what ``said_in`` gives for a language into each page that has the pledge, and submit it."""
    written = Written()
    known = final_decisions(members=[decision.member_id]).get(decision.member_id, {})
    for row in pages_of(decision):
        lock_gate(row)
        page = MemberPledgePage.objects.select_related("locale").get(pk=row.pk)
        draft = page.get_latest_revision_as_object()
        pledges = list(draft.pledges.all())
        pledge = next((each for each in pledges if each.key == decision.pledge_key), None)
        if pledge is None or page.standing_approval is None:
            continue
        language = page.locale.language_code
        wanted = said_in(language)
        if pledge.found == wanted:
            written.same += 1
            continue
        hindrance = hindrance_to(page, with_draft=with_draft)
        if not hindrance:
            _say(pledge, wanted)
            settle(pledges, pledge, known, language)
            draft.pledges = pledges
            data = {"outcome": decision.outcome, "decision": decision.pk, "draft": with_draft}
            hindrance = submit(draft, page, by, f"pledge_pages.{action}", data)
        if hindrance:
            written.left.append(f"{page.locale.get_display_name()}: {hindrance}")
        else:
            written.pages.append(page)
    return written


def _say(pledge: Pledge, said: Mapping[str, object]) -> None:
    for name, value in said.items():
        setattr(pledge, name, value)


def settle(pledges: list[Pledge], but: Pledge | None, known: Known, language: str) -> None:
    """Let every other pledge that says something of an outcome say what stands now.

    A version is approved as a whole: one outcome that was decided otherwise would hold up all.
    """
    for pledge in pledges:
        if pledge is but or pledge.found == NOTHING:
            continue
        other = known.get(pledge.key)
        stands = other is not None and days.may_be_posted(other)
        _say(pledge, said_of(other, language) if other is not None and stands else NOTHING)


def hindrance_to(page: MemberPledgePage, *, with_draft: bool) -> str:
    """Return why no version can be written upon the newest one of ``page`` now, or ''."""
    if page.workflow_in_progress:
        return _("the page is in review. Have it approved or returned first.")
    if not with_draft and has_newer_draft(page):
        return _(
            "there is a newer draft that nobody approved. Have it approved first, or write upon "
            "it: the moderator sees all of it then."
        )
    return ""


def has_newer_draft(page: MemberPledgePage) -> bool:
    """Return whether the newest version of ``page`` is not, word for word, the approved one."""
    approval, latest = page.standing_approval, page.latest_revision
    return approval is None or latest is None or digest_of(latest.content) != approval.digest


def submit(
    draft: MemberPledgePage, page: MemberPledgePage, by: User, action: str, data: dict
) -> str:
    """Save ``draft`` as a version written by ``by`` and submit it. Return why not, or ''."""
    try:
        with transaction.atomic():
            draft.save_revision(user=by)
            returned: WorkflowState | None = page.current_workflow_state
            if returned is not None:
                returned.resume(by)
            else:
                page.get_workflow().start(draft, by)
            log(instance=page, action=action, user=by, data=data)
    except EmbargoError as error:
        return str(error)
    return ""
