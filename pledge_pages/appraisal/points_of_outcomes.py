"""What a decided outcome brings into the ledger of points, and what is taken back with it."""

from django.contrib.auth.models import User

from ..rulebook.choosing import in_force
from . import ledger
from .models import OutcomeDecision


def enter(decision: OutcomeDecision, by: User) -> None:
    """Enter what a final decision brings by the rules of the day it was checked on, if there are any.

    It counts once a moderator or lead has confirmed it, like every entry.
    """
    if in_force(decision.pilot.programme, decision.checked_on) is None:
        return
    ledger.bring_in_outcome(
        member=decision.member,
        year=decision.year,
        pledge_key=decision.pledge_key,
        outcome=decision.outcome,
        on=decision.checked_on,
        by=by,
    )


def take_back(decision: OutcomeDecision, by: User) -> None:
    """Take back what a decision brought that stands no more."""
    ledger.drop_outcome(
        member=decision.member,
        year=decision.year,
        pledge_key=decision.pledge_key,
        by=by,
        ref="outcome",
    )
