"""By which day what has to be done with a decision, and from when it may be posted."""

from datetime import date, timedelta

from django.utils import timezone

from .. import conf
from ..people.naming import today
from .models import RUNNING, OutcomeDecision, State


def reply_until(decision: OutcomeDecision) -> date | None:
    """Return the last day of the reply window, or None if the member was not told."""
    if decision.told_on is None:
        return None
    return decision.told_on + timedelta(days=conf.get("REPLY_WINDOW_DAYS"))


def was_heard(decision: OutcomeDecision, on: date | None = None) -> bool:
    """Return whether the member has replied, or the reply window is over."""
    last = reply_until(decision)
    return decision.replied_on is not None or (last is not None and (on or today()) > last)


def appeal_until(decision: OutcomeDecision) -> date | None:
    """Return the last day for an appeal; None if there is none, for the member was not told."""
    if decision.told_on is None:
        return None
    return decision.told_on + timedelta(days=conf.get("APPEAL_DAYS"))


def may_still_appeal(decision: OutcomeDecision, on: date | None = None) -> bool:
    """Return whether the days for an appeal are not over. Who was not told may appeal any day."""
    last = appeal_until(decision)
    return last is None or (on or today()) <= last


def posted_from(decision: OutcomeDecision) -> date | None:
    """Return the first day on which a final decision may be posted, or None if it is not final.

    Kept pledges and what was taken over from before: at once. All others after the days for an
    appeal, or at once if an appeal was dismissed.
    """
    if decision.final_at is None:
        return None
    last = appeal_until(decision)
    if decision.is_positive or decision.imported or last is None:
        return timezone.localdate(decision.final_at)
    if any(appeal.verdict == appeal.Verdict.DISMISSED for appeal in decision.appeals.all()):
        return timezone.localdate(decision.final_at)
    return last + timedelta(days=1)


def may_be_posted(decision: OutcomeDecision, on: date | None = None) -> bool:
    """Return whether ``decision`` stands and may be seen in public."""
    first = posted_from(decision)
    return decision.state == State.FINAL and first is not None and first <= (on or today())


def late_since(decision: OutcomeDecision, on: date | None = None) -> date | None:
    """Return since when the next step with ``decision`` is late, or None."""
    day, allowed = on or today(), timedelta(days=conf.get("CHECK_DAYS"))
    wanted = timezone.localdate(decision.opened_at) + allowed
    if decision.state == State.TOLD:
        last = reply_until(decision)
        wanted = max(wanted, last + timedelta(days=1)) if last else wanted
    elif decision.state == State.FINAL and decision.put_at is None:
        wanted = (posted_from(decision) or wanted) + allowed
    elif decision.state == State.FROZEN:
        # What waits is the appeal, not the check.
        raised = [appeal.raised_on for appeal in decision.appeals.all() if appeal.is_open]
        wanted = max(raised) + allowed if raised else wanted
    elif decision.state not in RUNNING:
        return None
    return wanted if wanted < day else None
