"""What the admin says of checks: a word and a shape for each state, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import conf
from ..appraisal import access, days
from ..appraisal.models import RUNNING, Appeal, CheckerStatement, OutcomeDecision, State
from ..appraisal.pledges import approved_pledges
from ..boards.content import Status
from ..people.naming import today
from ..pilots import roles
from ..pilots.models import Role
from .sight import User, pilots_with_role

# State -> shape, so that it is not told by colour or words alone.
SHAPES = {
    State.CHECKING: "○",
    State.DISPUTED: "≠",
    State.CONFIRMED: "◔",
    State.TOLD: "◑",
    State.FINAL: "●",
    State.FROZEN: "■",
    State.OVERTURNED: "✕",
    State.SUPERSEDED: "↻",
    State.DROPPED: "–",
}

# What a list may be narrowed to beside a single state: everything that goes on.
GOES_ON = "open"


@dataclass(frozen=True)
class CheckRow:
    """One decision as the lists show it."""

    decision: OutcomeDecision
    name: str
    pledge: str
    shape: str
    state: str
    late_since: date | None
    url: str


def state_choices() -> list[tuple[str, object]]:
    """Return what the list of checks may be narrowed to."""
    return [("", _("All")), (GOES_ON, gettext_lazy("What goes on")), *State.choices]


def going_on() -> Q:
    """Select the decisions with which something is still to be done."""
    return Q(state__in=[*RUNNING, State.FROZEN]) | Q(state=State.FINAL, put_at__isnull=True)


def check_rows(decisions: Iterable[OutcomeDecision], user: User) -> list[CheckRow]:
    """Return the rows of ``decisions``, which were fetched with member, pilot and consents."""
    decisions = list(decisions)
    pledges = approved_pledges({decision.member_id for decision in decisions})
    drafts = set(roles.pilots_seen_by(user).values_list("pk", flat=True))
    return [
        CheckRow(
            decision,
            access.name_for(user, decision.member, sees_drafts=decision.pilot_id in drafts),
            str(pledges.get((decision.member_id, decision.pledge_key), "–")),
            SHAPES[State(decision.state)],
            decision.get_state_display(),
            days.late_since(decision),
            check_url(decision),
        )
        for decision in decisions
    ]


def check_url(decision: OutcomeDecision) -> str:
    """Return the address of a check's page."""
    return reverse("pledge_boards:check", args=[decision.pk])


def for_rows(decisions: QuerySet[OutcomeDecision]) -> QuerySet[OutcomeDecision]:
    """Return ``decisions`` with what their rows need."""
    return decisions.select_related("member", "pilot", "opened_by").prefetch_related(
        "member__consents", "appeals"
    )


def checks_for(user: User) -> QuerySet[OutcomeDecision]:
    """Return the decisions with which ``user`` may take the next step now, oldest first."""
    own = CheckerStatement.objects.filter(decision=OuterRef("pk"), checker=user.pk)
    part = Exists(own)
    checked = Role.objects.filter(
        group__user=user.pk, kind__in=[*roles.STAFF, Role.Kind.VERIFIER], pilot__isnull=False
    )
    checking = Q(state=State.CHECKING, pilot__in=checked.values("pilot")) & ~part
    written = Q(pilot__in=pilots_with_role(user, Role.Kind.EDITOR)) & _to_write()
    judged = (
        Q(state=State.FROZEN, pilot__in=pilots_with_role(user, Role.Kind.MODERATOR))
        & ~part
        & ~Q(opened_by=user.pk)
    )
    found = OutcomeDecision.objects.filter(checking | written | judged)
    return for_rows(found.exclude(member__user=user.pk)).order_by("opened_at", "pk")


def _to_write() -> Q:
    """Select what the branch's editors have to do something about today."""
    reply = today() - timedelta(days=conf.get("REPLY_WINDOW_DAYS"))
    appeal = today() - timedelta(days=conf.get("APPEAL_DAYS"))
    heard = Q(replied_on__isnull=False) | Q(told_on__lt=reply)
    dismissed = Appeal.objects.filter(decision=OuterRef("pk"), verdict=Appeal.Verdict.DISMISSED)
    postable = (
        Q(outcome=Status.FULFILLED)
        | Q(imported=True)
        | Q(told_on__lt=appeal)
        | Q(Exists(dismissed))
    )
    return (
        Q(state__in=[State.CONFIRMED, State.DISPUTED])
        | (Q(state=State.TOLD) & heard)
        | (Q(state=State.FINAL, put_at__isnull=True) & postable)
    )


def waiting_rows(decisions: Iterable[OutcomeDecision], user: User) -> list[dict]:
    """Return what the lists of what waits show of each check."""
    return [
        {
            "name": f"{row.name}: {row.pledge}",
            "language": row.decision.pilot.code,
            "url": row.url,
            "who": row.decision.opened_by,
            "when": row.decision.opened_at,
            "note": _("%(state)s, late since %(day)s")
            % {"state": row.state, "day": row.late_since.isoformat()}
            if row.late_since
            else row.state,
        }
        for row in check_rows(decisions, user)
    ]
