"""What was decided of a member's pledges, as the member is told it, and what they may say to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ..appraisal import days
from ..appraisal.models import Appeal, OutcomeDecision, State
from ..appraisal.pledges import approved_pledges
from ..labels import label_in
from ..people.models import Member
from ..people.naming import today

MOST = 50


@dataclass(frozen=True)
class OwnDecision:
    """One decision with what it is about and what the member may still do."""

    decision: OutcomeDecision
    pledge: str
    appeal: Appeal | None

    @property
    def method(self) -> str:
        """How it was checked."""
        return label_in(self.decision.method)

    @property
    def reason(self) -> str:
        """Why it is found so."""
        return label_in(self.decision.reason)

    @property
    def reply(self) -> str:
        """What the member said to it."""
        return label_in(self.decision.reply)

    @property
    def reply_until(self) -> date | None:
        """The last day for a reply, as long as there may be one."""
        return days.reply_until(self.decision) if self.may_reply else None

    @property
    def may_reply(self) -> bool:
        """Whether the member may still reply here."""
        return not reply_hindrance(self.decision)

    @property
    def may_appeal(self) -> bool:
        """Whether the member may still appeal."""
        stands = self.decision.state in (State.TOLD, State.FINAL)
        return stands and self.appeal is None and days.may_still_appeal(self.decision)

    @property
    def appeal_until(self) -> date | None:
        """The last day for an appeal, as long as there may be one; None also if any day will do."""
        return days.appeal_until(self.decision) if self.may_appeal else None


def told_to(member: Member) -> QuerySet[OutcomeDecision]:
    """Return the decisions that ``member`` was told of or that are final, the newest first."""
    rows = OutcomeDecision.objects.filter(member=member)
    told = Q(told_on__isnull=False) | Q(final_at__isnull=False)
    return rows.filter(told).exclude(state=State.DROPPED).prefetch_related("appeals")


def shown_to(member: Member, decisions: Iterable[OutcomeDecision]) -> list[OwnDecision]:
    """Return ``decisions`` with the approved texts of the pledges that they are about."""
    texts = approved_pledges([member.pk])
    found = []
    for decision in decisions:
        pledge = texts.get((member.pk, decision.pledge_key))
        appeal = next(iter(decision.appeals.all()), None)
        found.append(OwnDecision(decision, str(pledge) if pledge else "", appeal))
    return found


def reply_hindrance(decision: OutcomeDecision) -> str:
    """Return why the member cannot reply to ``decision`` by their own account now, or ''."""
    if decision.replied_on is not None:
        return _("You have given your account already.")
    last = days.reply_until(decision)
    if last is None or decision.state not in (State.TOLD, State.FINAL, State.FROZEN):
        return _("There is nothing to reply to now.")
    if today() > last:
        return _("The days for a reply ended on %(day)s. Ask your branch.") % {"day": last}
    return ""


def check_may_reply(decision: OutcomeDecision) -> None:
    """Raise ValidationError unless the member may reply to ``decision`` now."""
    if hindrance := reply_hindrance(decision):
        raise ValidationError(hindrance, code="late")
