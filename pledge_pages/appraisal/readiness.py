"""What appraisal adds to a pilot's checklist: what is overdue, and which appeals are open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from ..people.models import Member
from ..pilots.models import Pilot
from ..pilots.readiness import Row
from .models import Appeal, OutcomeDecision, State
from .pledges import approved_pledges


def overdue(pilots: Sequence[Pilot], on: date) -> dict[int, int]:
    """Return how many approved pledges were due before ``on`` and have no outcome. Five queries."""
    pilot_of = dict(Member.objects.filter(pilot__in=pilots).values_list("pk", "pilot"))
    decided = set(
        OutcomeDecision.objects.filter(pilot__in=pilots, state__in=[State.FINAL, State.FROZEN])
        .values_list("member", "pledge_key")
    )  # fmt: skip
    found = {pilot.pk: 0 for pilot in pilots}
    for (member, key), pledge in approved_pledges(pilot_of).items():
        late = pledge.due and pledge.due < on and not pledge.outcome
        if late and (member, key) not in decided:
            found[pilot_of[member]] += 1
    return found


def open_appeals(pilots: Sequence[Pilot], on: date) -> dict[int, int]:
    """Return how many appeals wait for a decision. One query."""
    waiting = Appeal.objects.filter(pilot__in=pilots, verdict="")
    counts = dict(waiting.order_by().values_list("pilot").annotate(Count("pk")))
    return {pilot.pk: counts.get(pilot.pk, 0) for pilot in pilots}


ROWS = (
    Row("overdue", _("Pledges overdue without an outcome"), overdue, 0, at_most=True, place=20),
    Row("appeals", _("Appeals open"), open_appeals, 0, at_most=True, place=30),
)
