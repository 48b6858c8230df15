"""The member in a year-end review is told of their grade and heard, before it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import conf
from ..contention import in_one_transaction
from ..people.naming import today
from ..photos.models import EvidenceFile
from . import access, grade_mail
from .models import OutcomeDecision
from .outcomes import check_day, check_words
from .review_models import BranchReview, MemberReview
from .reviews import lock_entry, require, write_down


def reply_until(told_on: date | None) -> date | None:
    """Return the last day of the reply window, or None if the member was not told."""
    if told_on is None:
        return None
    return told_on + timedelta(days=conf.get("REPLY_WINDOW_DAYS"))


def was_heard(entry: MemberReview, on: date | None = None) -> bool:
    """Return whether the member was told of this grade, and has replied to it or may no more."""
    last = reply_until(entry.told_on)
    if last is None:
        return False
    return (bool(entry.reply_to) and entry.reply_to == entry.grade) or (on or today()) > last


@in_one_transaction
def tell_member(entry: MemberReview, *, by: User, how: str, on: date | None = None) -> MemberReview:
    """Record that the member was told of figures and grade, how and on what day.

    Whoever has an account is sent the grade by mail as well; "by their account" is that mail.
    Raises PermissionDenied, or ValidationError naming the field.
    """
    entry = lock_entry(entry)
    access.check_reviews(by, entry.review.pilot)
    access.check_not_about(by, entry.member)
    require(entry.review, BranchReview.State.TOLD)
    if entry.told_on is not None:
        raise ValidationError(_("The member was told already."), code="twice")
    if how not in OutcomeDecision.Told.values:
        raise ValidationError({"how": _("Say how the member was told.")})
    if how == OutcomeDecision.Told.ACCOUNT and entry.member.user_id is None:
        raise ValidationError({"how": _("The member has no account. Tell them another way.")})
    assert entry.review.graded_at is not None, "graded, as it is past that"
    if how == OutcomeDecision.Told.ACCOUNT and not grade_mail.has_address(entry):
        raise ValidationError(
            {"how": _("The member's account has no address. Tell them another way.")}
        )
    first = timezone.localdate(entry.review.graded_at)
    entry.told_on = check_day("on", on, not_before=first)
    entry.told_how, entry.told_by = how, by
    entry.save(update_fields=["told_on", "told_how", "told_by"])
    write_down(entry, "tell_grade", by, how=how)
    grade_mail.mail_grade(entry, until=reply_until(entry.told_on))
    return entry


@in_one_transaction
def record_review_reply(
    entry: MemberReview,
    *,
    by: User,
    text: Mapping[str, str],
    on: date | None = None,
    scan: EvidenceFile | None = None,
) -> MemberReview:
    """Record what the member says to their grade; it stands beside it, in public too.

    By the member's account, or by staff with the scan of the paper, which stays private. Once for
    each grade that they are told of. Raises PermissionDenied, or ValidationError naming the field.
    """
    entry = lock_entry(entry)
    access.check_speaks_for(by, entry.member)
    require(entry.review, BranchReview.State.TOLD)
    if entry.told_on is None:
        raise ValidationError(_("The member was not told yet."), code="not_told")
    if entry.reply_to:
        raise ValidationError(_("The member has given an account already."), code="twice")
    said = check_words("text", text)
    if not said:
        raise ValidationError({"text": _("Write down what the member says.")})
    if scan is not None and (scan.pilot_id != entry.review.pilot_id or scan.public):
        raise ValidationError({"scan": _("Choose a file of the branch that is not public.")})
    day = check_day("on", on, not_before=entry.told_on)
    last = reply_until(entry.told_on)
    if last is not None and day > last:
        raise ValidationError(
            {"on": _("The days for a reply ended on %(day)s.") % {"day": last}}, code="late"
        )
    entry.reply, entry.replied_on, entry.reply_to = said, day, entry.grade
    entry.reply_by, entry.reply_scan = by, scan
    fields = ["reply", "replied_on", "reply_to", "reply_by", "reply_scan"]
    entry.clean_fields(exclude=[f.name for f in entry._meta.fields if f.name not in fields])
    entry.save(update_fields=fields)
    write_down(entry, "record_review_reply", by, on_paper=by.pk != entry.member.user_id)
    return entry
