"""The states of a report, the steps that lead from one to the next, and the clock of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .. import conf


class State(models.TextChoices):
    """Where a report stands."""

    RECEIVED = "received", pgettext_lazy("of a report", "Received")
    ACCEPTED = "accepted", pgettext_lazy("of a report", "Accepted")
    ASKED_MEMBER = "asked_member", pgettext_lazy("of a report", "The member was asked")
    ANSWERED = "answered", pgettext_lazy("of a report", "Answered")
    CLOSED = "closed", pgettext_lazy("of a report", "Closed")
    REJECTED = "rejected", pgettext_lazy("of a report", "Not taken up")


# After these nothing is waited for.
ENDED = (State.CLOSED, State.REJECTED)
RUNNING = tuple(state for state in State if state not in ENDED)


@dataclass(frozen=True)
class Step:
    """What can be done with a report: from which states, and to which one (None: it stays)."""

    name: str
    label: Promise
    origins: tuple[State, ...]
    target: State | None = None


_ALL = (
    Step("accept", _("Accept"), (State.RECEIVED,), State.ACCEPTED),
    Step("reject", _("Do not take up"), (State.RECEIVED, State.ACCEPTED), State.REJECTED),
    Step(
        "redact",
        _("Write the public text"),
        (State.RECEIVED, State.ACCEPTED, State.ASKED_MEMBER, State.ANSWERED, State.CLOSED),
    ),
    Step("ask", _("Note that the member was asked"), (State.ACCEPTED,), State.ASKED_MEMBER),
    Step(
        "answer",
        _("Answer"),
        (State.ACCEPTED, State.ASKED_MEMBER, State.ANSWERED),
        State.ANSWERED,
    ),
    Step("publish", _("Publish question and answer"), (State.ANSWERED, State.CLOSED)),
    Step("withdraw", _("Withdraw the publication"), (State.ANSWERED, State.CLOSED)),
    Step("close", _("Close"), (State.ANSWERED,), State.CLOSED),
    Step("erase", _("Erase the original text and the contact"), ENDED),
)
STEPS: Mapping[str, Step] = {step.name: step for step in _ALL}


def days_for(state: str) -> int | None:
    """Return within how many days a report has to leave ``state``; None if it may stay."""
    return conf.get("REPORT_DAYS").get(state)


def due_on(state: str, since: date) -> date | None:
    """Return the last day on which a report that is in ``state`` since ``since`` is in time."""
    days = days_for(state)
    return None if days is None else since + timedelta(days=days)


def overdue(on: date) -> models.Q:
    """Select the reports that are past the clock of their state on the day ``on``."""
    late = models.Q(pk__in=[])
    for state in RUNNING:
        days = days_for(state)
        if days is not None:
            late |= models.Q(state=state, state_since__lt=on - timedelta(days=days))
    return late
