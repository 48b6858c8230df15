"""What appraisal adds to a pilot's checklist: what is overdue, open appeals, how content villagers are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import conf
from ..people.models import Member
from ..pilots.models import Pilot
from ..pilots.readiness import Row, Unsaid, percent
from .models import Appeal, OutcomeDecision, State
from .pledges import approved_pledges
from .review_models import Appraisal, BranchReview
from .reviews import SURVEY


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


def satisfaction(pilots: Sequence[Pilot], on: date) -> dict[int, int | Unsaid]:
    """Return the share of satisfied answers in the newest review closed by ``on``. Two queries.

    Nothing where no villager was asked; of fewer answers than may be shown no number is said.
    """
    closed = BranchReview.objects.filter(pilot__in=pilots, state=BranchReview.State.CLOSED)
    newest: dict[int, int] = {}
    for review in closed.order_by("-year", "-pk"):
        if timezone.localdate(review.closed_at) <= on:
            newest.setdefault(review.pilot_id, review.pk)
    standing = Appraisal.objects.filter(review__in=newest.values(), correction__isnull=True)
    sums = standing.order_by().values_list("review__pilot").annotate(*map(Sum, SURVEY))
    found: dict[int, int | Unsaid] = {}
    for pilot, *counted in sums:
        satisfied, neutral, dissatisfied = (number or 0 for number in counted)
        answers = satisfied + neutral + dissatisfied
        if answers >= max(conf.get("SURVEY_LEAST_ANSWERS"), 1):
            found[pilot] = percent(satisfied, answers)
        elif answers:
            found[pilot] = Unsaid(_("too few answers"))
    return found


ROWS = (
    Row("overdue", _("Pledges overdue without an outcome"), overdue, 0, at_most=True, place=20),
    Row("appeals", _("Appeals open"), open_appeals, 0, at_most=True, place=30),
    Row("satisfaction", _("Villagers satisfied"), satisfaction, 80, unit="%", place=60),
)
