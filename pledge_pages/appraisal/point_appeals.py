"""Appeals against points: raised by the member or for them, decided by somebody who was no part of it.

While one is open no review of the year is closed, so no grade that rests on the points is posted.
Upheld, the entry is taken back by an entry against it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from .. import conf
from ..contention import in_one_transaction
from ..people.accounts import is_account_of
from ..photos.models import EvidenceFile
from ..pilots import roles
from ..pilots.models import Pilot
from . import access, ledger
from .access import Anyone
from .ledger_models import PointEntry
from .models import Appeal, Gap
from .outcomes import check_day, check_words


def appeal_until(entry: PointEntry) -> date:
    """Return the last day for an appeal against ``entry``: the days run from when it was confirmed.

    What came from before has no such day, and may be appealed against at any time.
    """
    confirmation = getattr(entry, "confirmation", None)
    seen_at = confirmation.at if confirmation else timezone.now()
    return timezone.localdate(seen_at) + timedelta(days=conf.get("APPEAL_DAYS"))


def may_appeal(user: Anyone, entry: PointEntry) -> bool:
    """Return whether ``user`` may appeal against ``entry`` now: the member, or staff for them."""
    if entry.reversal_of_id or hasattr(entry, "reversal") or hasattr(entry, "appeal"):
        return False
    speaks = is_account_of(user, entry.member) or roles.sees_drafts(user, entry.member.pilot)
    return speaks and timezone.localdate() <= appeal_until(entry)


def may_judge(user: Anyone, entry: PointEntry) -> bool:
    """Return whether ``user`` may decide an appeal against ``entry``: who neither entered nor confirmed."""
    if not ledger.may_decide(user, entry.member.pilot) or is_account_of(user, entry.member):
        return False
    confirmation = getattr(entry, "confirmation", None)
    imported = entry.source == PointEntry.Source.HISTORY
    parties = {None if imported else entry.entered_by_id, confirmation and confirmation.by_id}
    return user.pk not in parties


def _locked(entry: PointEntry) -> PointEntry:
    ledger.lock_member(entry.member_id)
    rows = PointEntry.objects.select_related("confirmation", "member__pilot__programme")
    return rows.get(pk=entry.pk)


@in_one_transaction
def raise_points_appeal(
    entry: PointEntry,
    *,
    by: User,
    ground: str,
    on: date | None = None,
    scan: EvidenceFile | None = None,
) -> Appeal:
    """Appeal against ``entry``: the member's account does, or staff for the member. Once only.

    Raises PermissionDenied or ValidationError naming the field.
    """
    entry = _locked(entry)
    access.check_speaks_for(by, entry.member)
    if Appeal.objects.filter(entry=entry).exists():
        raise ValidationError(_("There was an appeal against this entry."), code="twice")
    if entry.reversal_of_id or hasattr(entry, "reversal"):
        raise ValidationError(_("This entry was taken back, or takes one back."))
    on = check_day("on", on, not_before=entry.on)
    if on > appeal_until(entry):
        raise ValidationError(
            _("The days for an appeal ended on %(day)s.") % {"day": appeal_until(entry)},
            code="late",
        )
    if scan is not None and (scan.pilot_id != entry.member.pilot_id or scan.public):
        raise ValidationError({"scan": _("Choose a file of the branch that is not public.")})
    appeal = Appeal(
        pilot=entry.member.pilot, member=entry.member, entry=entry, raised_on=on, raised_by=by,
        ground=check_words("ground", {"": ground}).get("", ""), scan=scan,
    )  # fmt: skip
    appeal.full_clean(validate_unique=False, validate_constraints=False)
    appeal.save()
    on_paper = by.pk != entry.member.user_id
    _write_down(appeal, "raise_points_appeal", by, on_paper=on_paper)
    return appeal


@in_one_transaction
def decide_points_appeal(appeal: Appeal, *, by: User, verdict: str, reason: str) -> Appeal:
    """Decide ``appeal``: dismissed, and the entry stays; upheld, and it is taken back.

    Raises PermissionDenied or ValidationError naming the field.
    """
    if appeal.entry is None:
        raise ValidationError(_("This appeal is not against points."))
    entry = _locked(appeal.entry)
    appeal = Appeal.objects.select_related("member").get(pk=appeal.pk)
    if not may_judge(by, entry):
        raise PermissionDenied(
            _("A moderator or lead who neither entered nor confirmed it decides the appeal.")
        )
    if not appeal.is_open:
        raise ValidationError(_("The appeal is decided already."), code="twice")
    if verdict not in Appeal.Verdict.values:
        raise ValidationError({"verdict": _("Say whether it is upheld or dismissed.")})
    appeal.verdict_reason = check_words("reason", {"": reason}).get("", "")
    if not appeal.verdict_reason:
        raise ValidationError({"reason": _("Give a reason.")})
    appeal.verdict, appeal.decided_by, appeal.decided_at = verdict, by, timezone.now()
    appeal.full_clean(validate_unique=False, validate_constraints=False)
    appeal.save()
    if verdict == Appeal.Verdict.UPHELD and not hasattr(entry, "reversal"):
        ledger.take_back_after_appeal(entry, by=by, ref=f"appeal {appeal.pk}")
    _write_down(appeal, "decide_points_appeal", by, verdict=verdict)
    return appeal


def _write_down(appeal: Appeal, action: str, by: User, **data: object) -> None:
    entry = appeal.entry
    assert entry is not None, "appeals against points alone are written down here"
    said = {"member": appeal.member.code, "clause": entry.clause, "points": entry.points, **data}
    log(instance=appeal, action=f"pledge_pages.{action}", user=by, data=said)


@dataclass(frozen=True)
class PastAppeal:
    """An appeal against points as older papers have it; ``verdict`` is empty while it was open."""

    entry: PointEntry
    ground: str
    raised_on: date
    verdict: str = ""
    reason: str = ""
    decided_on: date | None = None
    # Whether a counter-entry followed that the ledger from before has.
    taken_back: bool = False

    def gaps(self) -> list[str]:
        """Return what we require today and these papers do not say."""
        found = [Gap.NO_SCAN]
        if self.verdict:
            found.append(Gap.NO_JUDGE)
        if self.verdict == Appeal.Verdict.UPHELD and not self.taken_back:
            found.append(Gap.NO_COUNTER)
        return [str(gap.value) for gap in found]


@in_one_transaction
def import_appeals(pilot: Pilot, past: Iterable[PastAppeal], *, by: User) -> list[Appeal]:
    """Take over ``past`` appeals of ``pilot``, each with the list of what is not known of it.

    Entries are left as they are: what an appeal corrected, the ledger from before has. One line in
    the audit trail says how many, and how often what was missing. Raises PermissionDenied unless
    ``by`` leads the programme, or ValidationError; nothing is done then.
    """
    if not roles.is_lead(by, pilot.programme):
        raise PermissionDenied(_("Only leads of the programme take over older appeals."))
    made = []
    for row in past:
        member = row.entry.member
        if member.pilot_id != pilot.pk or row.raised_on < row.entry.on:
            raise ValidationError(_("%s: the appeal does not fit the entry.") % member.code)
        decided = row.decided_on
        appeal = Appeal(
            pilot=pilot, member=member, entry=row.entry, ground=row.ground, raised_by=by,
            raised_on=row.raised_on, verdict=row.verdict, verdict_reason=row.reason,
            decided_by=by if row.verdict else None,
            decided_at=timezone.make_aware(datetime.combine(decided, time(12))) if decided else None,
            imported=True, gaps=row.gaps(),
        )  # fmt: skip
        appeal.full_clean()
        appeal.save()
        made.append(appeal)
    missing = Counter(gap for appeal in made for gap in appeal.gaps)
    data = {"count": len(made), "missing": dict(sorted(missing.items()))}
    log(instance=pilot, action="pledge_pages.import_appeals", user=by, data=data)
    return made
