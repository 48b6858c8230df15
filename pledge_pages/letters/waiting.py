"""What waits for somebody in a branch: villagers' reports, year-end reviews, appeals. Numbers only.

Nobody is told of a report about themselves, nor of one on the day on which it came: a mail must not
say more exactly than the report itself when that was.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

from ..appraisal.models import Appeal
from ..appraisal.review_hearing import was_heard
from ..appraisal.review_models import BranchReview
from ..people.naming import today
from ..pilots import roles
from ..pilots.models import Pilot, Role
from ..pilots.stages import Stage
from ..supervision.access import TAKEN_BY, reports_seen_by
from ..supervision.models import Report
from ..supervision.stages import RUNNING, STEPS, State

# A report whose clock ends within so many days is due soon.
SOON = timedelta(days=2)

SAID: dict[str, Promise] = {
    "received": ngettext_lazy(
        "%(number)d new report to take up or not", "%(number)d new reports to take up or not",
        "number",
    ),
    "due": ngettext_lazy(
        "%(number)d report of which the time ends within two days",
        "%(number)d reports of which the time ends within two days", "number",
    ),
    "overdue": ngettext_lazy(
        "%(number)d report of which the time is over",
        "%(number)d reports of which the time is over", "number",
    ),
    "heard": ngettext_lazy(
        "%(number)d year-end review in which the days for a reply are over",
        "%(number)d year-end reviews in which the days for a reply are over", "number",
    ),
    "appeal": ngettext_lazy(
        "%(number)d appeal without a decision", "%(number)d appeals without a decision", "number"
    ),
    "point_appeal": ngettext_lazy(
        "%(number)d appeal against points without a decision",
        "%(number)d appeals against points without a decision", "number",
    ),
}  # fmt: skip
# Where each is found: the name of an address of the office.
WHERE = {
    "received": "reports", "due": "reports", "overdue": "reports", "heard": "reviews",
    "appeal": "checks", "point_appeal": "points",
}  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """So many things of one kind that wait for somebody in a branch."""

    pilot: Pilot
    kind: str
    # Of each thing, with what happened to it.
    told: frozenset[str]

    @property
    def said(self) -> str:
        """What waits, in words and without a name."""
        return str(SAID[self.kind] % {"number": len(self.told)})


def waiting_for(user: User) -> list[Waiting]:
    """Return what waits for ``user``, branch by branch. Eight queries at most."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for pilot, kind, key in (*_reports(user), *_reviews(user), *_appeals(user)):
        found[pilot, kind].add(hashlib.sha256(f"{kind}:{key}".encode()).hexdigest()[:16])
    running = Pilot.objects.exclude(stage=Stage.ENDED).select_related("programme")
    pilots = running.order_by("code").in_bulk({pilot for pilot, _kind in found})
    return [
        Waiting(pilots[pk], kind, frozenset(found[pk, kind]))
        for pk in sorted(pilots, key=lambda pk: pilots[pk].code)
        for kind in SAID
        if (pk, kind) in found
    ]


def _reports(user: User) -> Iterator[tuple[int, str, str]]:
    """Yield the reports with which ``user`` can take the next step: new, due soon, overdue."""
    kinds: dict[int | None, set[str]] = defaultdict(set)
    for pilot, kind in Role.objects.filter(group__user=user).values_list("pilot", "kind"):
        kinds[pilot].add(kind)
    for report in _open_reports(user):
        moving = [
            step.name
            for step in STEPS.values()
            if report.state in step.origins and step.target not in (None, report.state)
        ]
        if not any(kinds[report.pilot_id].intersection(TAKEN_BY[name]) for name in moving):
            continue
        key, due = f"{report.pk}:{report.state}", report.due_on
        if report.is_overdue:
            yield report.pilot_id, "overdue", key
        elif due is not None and due <= today() + SOON:
            yield report.pilot_id, "due", key
        elif report.state == State.RECEIVED:
            yield report.pilot_id, "received", key


def _open_reports(user: User) -> QuerySet[Report]:
    seen = reports_seen_by(user).exclude(member__user=user)
    return seen.filter(state__in=RUNNING, received_on__lt=today()).defer("text")


def _reviews(user: User) -> Iterator[tuple[int, str, str]]:
    """Yield the reviews in which everyone was told, and has replied or may no more."""
    told = BranchReview.objects.filter(
        state=BranchReview.State.TOLD, pilot__in=roles.pilots_seen_by(user)
    )
    for review in told.prefetch_related("entries"):
        entries = list(review.entries.all())
        if entries and all(was_heard(entry) for entry in entries):
            yield review.pilot_id, "heard", f"{review.pk}:{review.graded_at}"


def _appeals(user: User) -> Iterator[tuple[int, str, str]]:
    """Yield the appeals that nobody has decided, but for those of ``user``."""
    waiting = Appeal.objects.filter(pilot__in=roles.pilots_seen_by(user), verdict="")
    waiting = waiting.exclude(member__user=user)
    for pk, pilot, entry in waiting.order_by("pk").values_list("pk", "pilot", "entry"):
        yield pilot, "point_appeal" if entry else "appeal", str(pk)
