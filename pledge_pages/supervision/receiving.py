"""How a report comes in: from the public without a name, or written down by the committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..people.accounts import is_account_of
from ..people.models import Member
from ..pilots.models import Pilot
from . import access, receipts
from .errors import ReportError
from .models import ENTERED, MAX_CONTACT, MAX_TEXT, Report, ReportContact

# Of one branch in one day; more than that is no village talking.
MOST_A_DAY = 200


@dataclass(frozen=True)
class Said:
    """What somebody said, about whom, and by which way it came."""

    pilot: Pilot
    kind: str
    channel: str
    text: str
    contact: str = ""
    member: Member | None = None
    pledge_key: UUID | None = None


@in_one_transaction
def receive(said: Said, *, code: str) -> Report:
    """Keep what came from the public, once for each ``code``.

    No line is logged: it would tell the second. Raises ReportError for a text that is missing or
    too long, if the same code came with another text, or if the branch got too much today.
    """
    before = Report.objects.filter(receipt_hash=receipts.hash_of(code)).first()
    if before is not None:
        return _same(before, said)
    today = timezone.localdate()
    if Report.objects.filter(pilot=said.pilot, received_on=today).count() >= MOST_A_DAY:
        raise ReportError(_("Too much came in today. Please try again tomorrow."), code="full")
    try:
        with transaction.atomic():
            return _keep(said, code, today)
    except IntegrityError:  # the same form, sent twice at the same moment
        return _same(Report.objects.get(receipt_hash=receipts.hash_of(code)), said)


def _same(report: Report, said: Said) -> Report:
    """Return ``report`` if it is what was ``said``; ReportError if it says something else."""
    if (report.pilot_id, report.text, report.kind) != (said.pilot.pk, said.text.strip(), said.kind):
        raise ReportError(
            _("This form was sent already. To send another text, press the button again."),
            code="sent",
        )
    return report


@in_one_transaction
def enter(said: Said, *, by: User, received_on: date | None = None) -> tuple[Report, str]:
    """Write down what came by box, in person or by telephone. Returns it with its receipt code.

    Raises PermissionDenied unless ``by`` is in the committee and not the person named, or
    ReportError naming the field.
    """
    allowed = access.pilots_supervised_by(by).filter(pk=said.pilot.pk).exists()
    if not allowed or (said.member and is_account_of(by, said.member)):
        raise PermissionDenied(_("Only the supervision committee of the branch enters reports."))
    if said.channel not in ENTERED:
        raise ReportError({"channel": _("Say how it came.")})
    day = received_on or timezone.localdate()
    if day > timezone.localdate():
        raise ReportError({"received_on": _("The day lies in the future.")})
    code = receipts.new_code()
    report = _keep(said, code, day)
    log(
        instance=report,
        action="pledge_pages.enter_report",
        user=by,
        data={"report_state": report.state},
    )
    return report, code


def _keep(said: Said, code: str, day: date) -> Report:
    text, contact = said.text.strip(), said.contact.strip()
    if not text:
        raise ReportError({"text": _("Write what you want to say.")})
    if len(text) > MAX_TEXT:
        raise ReportError({"text": _("At most %(max)d characters.") % {"max": MAX_TEXT}})
    if len(contact) > MAX_CONTACT:
        raise ReportError({"contact": _("At most %(max)d characters.") % {"max": MAX_CONTACT}})
    if said.member and said.member.pilot_id != said.pilot.pk:
        raise ReportError({"member": _("The member belongs to another branch.")})
    report = Report(
        pilot=said.pilot,
        member=said.member,
        pledge_key=said.pledge_key if said.member else None,
        kind=said.kind,
        channel=said.channel,
        text=text,
        received_on=day,
        state_since=timezone.localdate(),
        receipt_hash=receipts.hash_of(code),
    )
    report.full_clean(exclude=["receipt_hash"])
    report.save(force_insert=True)
    if contact:
        ReportContact.objects.create(report=report, text=contact)
    return report
