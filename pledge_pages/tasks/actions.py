"""Tasks and posts: assigned to members, accepted, declined, withdrawn; each with a line in the trail.

An accepted task becomes a pledge in a new draft of the member's page. Nothing here submits or
publishes anything.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..appraisal.outcomes import check_day, check_words
from ..boards.content import YEARS, check_due
from ..contention import in_one_transaction
from ..people.accounts import is_account_of
from ..people.models import Member
from ..people.naming import today
from ..photos.models import EvidenceFile
from ..pilots.actions import check_reason
from ..pilots.models import Pilot
from . import access
from .models import MAX_DECLINE, Assignment, State
from .offers import Offer
from .on_page import write_pledge

MOST_AT_ONCE = 200


@in_one_transaction
def assign_to(
    members: Sequence[Member],
    offer: Offer,
    *,
    by: User,
    year: int,
    due: date,
    at: datetime | None = None,
) -> list[Assignment]:
    """Ask ``members`` of one branch to take on what ``offer`` says: all of them, or nobody.

    Raises PermissionDenied, or ValidationError naming the field.
    """
    members = list(dict.fromkeys(members))
    pilot = _branch_of(members)
    access.check_assigns(by, pilot)
    if offer.post is not None:
        access.check_post(by, members, pilot)
    if year not in YEARS:
        raise ValidationError({"year": _("This is no year for a pledge.")})
    check_due(due, year)
    Pilot.objects.select_for_update(of=("self",)).get(pk=pilot.pk)
    _refuse_second(members, offer, year)
    made = []
    for member in members:
        assignment = Assignment(
            pilot=pilot, member=member, template=offer.template, kind=offer.kind,
            document=offer.document, post=offer.post, category=offer.category, text=offer.text,
            measure=offer.measure, first_task=offer.first_task, numbers=offer.numbers, year=year,
            due=due, assigned_by=by, assigned_at=at or timezone.now(),
        )  # fmt: skip
        assignment.full_clean(validate_constraints=False)
        assignment.save()
        _write_down(assignment, "assign_task", by)
        made.append(assignment)
    return made


def _branch_of(members: Sequence[Member]) -> Pilot:
    """Return the one branch of ``members``; ValidationError if they are none, or too many."""
    if not members:
        raise ValidationError({"members": _("Choose at least one member.")})
    if len(members) > MOST_AT_ONCE:
        raise ValidationError(
            {"members": _("At most %(max)d members at once.") % {"max": MOST_AT_ONCE}}
        )
    if len({member.pilot_id for member in members}) > 1:
        raise ValidationError({"members": _("The members belong to different branches.")})
    if not all(member.active for member in members):
        raise ValidationError({"members": _("Only active members are asked.")})
    return members[0].pilot


def _refuse_second(members: Sequence[Member], offer: Offer, year: int) -> None:
    """Raise ValidationError naming (by code) who has been asked the same already."""
    same = Assignment.objects.filter(member__in=members)
    asked = same.none()
    if offer.template is not None:
        standing = [State.OFFERED, State.ACCEPTED]
        asked = same.filter(template=offer.template, year=year, state__in=standing)
    if offer.post is not None:
        asked = asked | same.filter(post=offer.post, state=State.OFFERED)
    codes = sorted(set(asked.values_list("member__code", flat=True)))
    if codes:
        raise ValidationError(
            {"members": _("Asked already: %(codes)s.") % {"codes": ", ".join(codes)}}, code="twice"
        )


@in_one_transaction
def accept(
    assignment: Assignment, *, by: User, on: date | None = None, scan: EvidenceFile | None = None
) -> Assignment:
    """Accept what was asked: as the member, or with the member's paper, which may be scanned.

    A task becomes a pledge in a new draft of the member's page, in each language in which it has a
    text; a post is entered. Raises PermissionDenied, or ValidationError saying what is in the way.
    """
    assignment = _answer(assignment, State.ACCEPTED, by=by, on=on, scan=scan)
    if assignment.post is not None:
        access.check_post(assignment.assigned_by, [assignment.member], assignment.pilot)
        assignment.member.posts.add(assignment.post)
    if assignment.text:
        assignment.pledge_key = write_pledge(assignment, by=by)
    assignment.save()
    _write_down(assignment, "accept_task", by, how=assignment.answered_how)
    return assignment


@in_one_transaction
def decline(
    assignment: Assignment,
    *,
    by: User,
    reason: str,
    on: date | None = None,
    scan: EvidenceFile | None = None,
) -> Assignment:
    """Decline what was asked, with a reason; it is for the branch's staff, and never public.

    Raises PermissionDenied, or ValidationError naming the field.
    """
    assignment = _answer(assignment, State.DECLINED, by=by, on=on, scan=scan)
    reason = check_words("reason", {"": reason}).get("", "")
    if not reason:
        raise ValidationError({"reason": _("Give a reason.")})
    if len(reason) > MAX_DECLINE:
        raise ValidationError({"reason": _("At most %(max)d characters.") % {"max": MAX_DECLINE}})
    assignment.reason = reason
    assignment.save()
    _write_down(assignment, "decline_task", by, how=assignment.answered_how)
    return assignment


@in_one_transaction
def withdraw(assignment: Assignment, *, by: User, reason: str) -> Assignment:
    """Take back what was asked and not answered yet, with a reason.

    Raises PermissionDenied, StageError without a reason, or ValidationError.
    """
    reason = check_reason(reason)
    assignment = _lock(assignment)
    access.check_assigns(by, assignment.pilot)
    _require_open(assignment)
    assignment.state = State.WITHDRAWN
    assignment.save(update_fields=["state"])
    _write_down(assignment, "withdraw_task", by, reason=reason)
    return assignment


def _answer(
    assignment: Assignment, state: str, *, by: User, on: date | None, scan: EvidenceFile | None
) -> Assignment:
    """Return ``assignment``, locked, with an answer that nobody has saved yet."""
    assignment = _lock(assignment)
    access.check_answers(by, assignment.member)
    _require_open(assignment)
    own = is_account_of(by, assignment.member)
    if own and (scan is not None or on not in (None, today())):
        raise ValidationError(_("Your own answer is of today, and needs no paper."))
    if scan is not None and (scan.pilot_id != assignment.pilot_id or scan.public):
        raise ValidationError({"scan": _("Choose a file of the branch that is not public.")})
    first = timezone.localdate(assignment.assigned_at)
    assignment.state = state
    assignment.answered_on = check_day("on", on, not_before=first)
    assignment.answered_how = Assignment.How.ACCOUNT if own else Assignment.How.PAPER
    assignment.answered_by, assignment.scan = by, scan
    return assignment


def _lock(assignment: Assignment) -> Assignment:
    """Return ``assignment`` afresh, locked after its pilot, as approvals lock."""
    Pilot.objects.select_for_update(of=("self",)).get(pk=assignment.pilot_id)
    rows = Assignment.objects.select_for_update(of=("self",))
    return rows.select_related("pilot__programme", "member__pilot__programme", "assigned_by").get(
        pk=assignment.pk
    )


def _require_open(assignment: Assignment) -> None:
    if assignment.state != State.OFFERED:
        raise ValidationError(
            _("This cannot be done now: “%(state)s”.") % {"state": assignment.get_state_display()},
            code="wrong_state",
        )


def _write_down(assignment: Assignment, action: str, by: User, **data: object) -> None:
    """Write a line about ``assignment`` into the audit trail. Codes only, never a name."""
    template = assignment.template.code if assignment.template else ""
    said = {"member": assignment.member.code, "template": template, **data}
    log(instance=assignment, action=f"pledge_pages.{action}", user=by, data=said)
