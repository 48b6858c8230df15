"""What the rules add to a pilot's checklist: that they were corrected while it was tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Min
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ..pilots.models import Pilot, Transition
from ..pilots.readiness import Row
from .models import RuleBook


def changes(pilots: Sequence[Pilot], on: date) -> dict[int, int]:
    """Return how many versions of the rules came into force since each of ``pilots`` began quietly.

    Nothing for one that has not begun. Two queries.
    """
    begun = dict(
        Transition.objects.filter(pilot__in=pilots, verb="start")
        .order_by()
        .values_list("pilot")
        .annotate(Min("at"))
    )
    books = RuleBook.objects.filter(
        programme__in={pilot.programme_id for pilot in pilots},
        status=RuleBook.Status.APPROVED,
        effective_on__lte=on,
    )
    days = list(books.values_list("programme", "effective_on"))
    return {
        pilot.pk: sum(
            programme == pilot.programme_id
            and day is not None
            and day > localtime(begun[pilot.pk]).date()
            for programme, day in days
        )
        for pilot in pilots
        if pilot.pk in begun
    }


ROWS = (Row("rule_changes", _("Changes of the rules since it began"), changes, 1, place=50),)
