"""Appeals: raised by the member or for them, decided by somebody who was no part of the check.

From the day on which the member was told, for APPEAL_DAYS; who was not told may appeal any day. An
open appeal freezes the decision: no version that says so can be approved, and where the outcome is
on a page already, versions without it are submitted at once.
"""

from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ..contention import in_one_transaction
from ..photos.models import EvidenceFile
from . import access, days
from .models import Appeal, OutcomeDecision, State
from .on_page import take_off
from .outcomes import check_day, check_words, fell, lock, require, write_down


@in_one_transaction
def raise_appeal(
    decision: OutcomeDecision,
    *,
    by: User,
    ground: str,
    on: date | None = None,
    scan: EvidenceFile | None = None,
) -> Appeal:
    """Appeal against ``decision``: the member's account does, or staff for the member.

    It is frozen until the appeal is decided, and taken off the page by versions that are
    submitted; where a newer draft or a review is in the way, that has to be done by hand.
    Raises PermissionDenied or ValidationError naming the field.
    """
    decision = lock(decision)
    access.check_speaks_for(by, decision.member)
    if decision.appeals.exists():
        raise ValidationError(_("There was an appeal against this decision."), code="twice")
    require(decision, State.TOLD, State.FINAL)
    on = check_day("on", on, not_before=decision.checked_on)
    if not days.may_still_appeal(decision, on):
        raise ValidationError(
            _("The days for an appeal ended on %(day)s.") % {"day": days.appeal_until(decision)},
            code="late",
        )
    if scan is not None and (scan.pilot_id != decision.pilot_id or scan.public):
        raise ValidationError({"scan": _("Choose a file of the branch that is not public.")})
    appeal = Appeal(
        pilot=decision.pilot,
        member=decision.member,
        decision=decision,
        ground=check_words("ground", {"": ground}).get("", ""),
        raised_on=on,
        raised_by=by,
        scan=scan,
    )
    appeal.full_clean(validate_constraints=False)
    appeal.save()
    decision.state, decision.put_at = State.FROZEN, None
    decision.save(update_fields=["state", "put_at"])
    write_down(decision, "raise_appeal", by, on_paper=by.pk != decision.member.user_id)
    if decision.final_at is not None:
        take_off(decision, by=by)
    return appeal


@in_one_transaction
def decide_appeal(appeal: Appeal, *, by: User, verdict: str, reason: str) -> Appeal:
    """Decide ``appeal``: dismissed, and the decision stands again; upheld, and it is set aside.

    ``by`` moderates the branch or leads the programme, and neither checked nor opened it. Raises
    PermissionDenied or ValidationError naming the field.
    """
    decision = lock(_decision_of(appeal))
    appeal = decision.appeals.get(pk=appeal.pk)
    if not access.may_judge(by, decision):
        raise PermissionDenied(
            _("A moderator or lead who neither opened nor checked it decides the appeal.")
        )
    if not appeal.is_open:
        raise ValidationError(_("The appeal is decided already."), code="twice")
    if verdict not in Appeal.Verdict.values:
        raise ValidationError({"verdict": _("Say whether it is upheld or dismissed.")})
    appeal.verdict_reason = check_words("reason", {"": reason}).get("", "")
    if not appeal.verdict_reason:
        raise ValidationError({"reason": _("Give a reason.")})
    appeal.verdict, appeal.decided_by, appeal.decided_at = verdict, by, timezone.now()
    appeal.full_clean(validate_constraints=False)
    appeal.save()
    was_final = decision.final_at is not None
    if verdict == Appeal.Verdict.UPHELD:
        decision.state = State.OVERTURNED
    else:
        decision.state = State.FINAL if was_final else State.TOLD
    decision.save(update_fields=["state"])
    write_down(decision, "decide_appeal", by, verdict=verdict)
    if verdict == Appeal.Verdict.UPHELD and was_final:
        fell(decision, by)
    return appeal


def _decision_of(appeal: Appeal) -> OutcomeDecision:
    if appeal.decision is None:
        raise ValidationError(_("This appeal is not against an outcome."))
    return appeal.decision
