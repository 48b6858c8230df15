"""Takes over reports from before there was this room, with what is not known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..labels import Labels
from . import access, receipts, searching
from .models import Report
from .receiving import Said
from .stages import ENDED
from .wording import checked


@dataclass(frozen=True)
class History:
    """What is known of a report from before there was this room; None for what is not."""

    received_on: date
    state: str
    public_text: Labels = field(default_factory=dict)
    answer: Labels = field(default_factory=dict)
    rejection: Labels = field(default_factory=dict)
    answered_by: User | None = None
    answered_on: date | None = None
    published_by: User | None = None


# What we require of a report today, and an old one may lack.
LACKING = ("text", "receipt", "days", "contact")


@in_one_transaction
def import_report(
    said: Said, history: History, *, by: User, lacks: Sequence[str]
) -> tuple[Report, str]:
    """Take over a report from earlier times in the state it is in; returns it with a new code.

    ``lacks`` names what is not known of it, from :data:`LACKING`; the line in the trail lists it.
    Raises PermissionDenied unless ``by`` is in the committee, or ReportError.
    """
    if not access.pilots_supervised_by(by).filter(pk=said.pilot.pk).exists():
        raise PermissionDenied(_("Only the supervision committee of the branch enters reports."))
    if unknown := set(lacks) - set(LACKING):
        raise ValueError(f"not in LACKING: {sorted(unknown)}")
    for text in (history.public_text, history.answer, history.rejection):
        if text:
            checked("text", text, said.pilot)
    code = receipts.new_code()
    report = _row(said, history, code)
    report.full_clean(exclude=["receipt_hash", "text"])
    report.save(force_insert=True)
    searching.follow(report)
    log(
        instance=report,
        action="pledge_pages.import_report",
        user=by,
        data={"report_state": report.state, "lacks": list(lacks)},
    )
    return report, code


def _row(said: Said, history: History, code: str) -> Report:
    """Return the report that ``history`` makes of what was ``said``; nothing is saved."""
    ended_on = history.answered_on if history.answer or history.rejection else None
    return Report(
        pilot=said.pilot,
        member=said.member,
        pledge_key=said.pledge_key if said.member else None,
        kind=said.kind,
        channel=said.channel,
        text=said.text.strip(),
        received_on=history.received_on,
        state=history.state,
        state_since=ended_on or history.received_on,
        receipt_hash=receipts.hash_of(code),
        public_text=dict(history.public_text),
        answer=dict(history.answer),
        rejection=dict(history.rejection),
        answered_by=history.answered_by if history.answer else None,
        answered_on=ended_on if history.answer else None,
        published_by=history.published_by,
        published_on=ended_on if history.published_by else None,
        # There is nothing to erase any more.
        erased_on=history.received_on if not said.text and history.state in ENDED else None,
    )
