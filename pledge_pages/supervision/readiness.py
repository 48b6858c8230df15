"""What supervision adds to a pilot's checklist: whether villagers are answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from ..pilots.models import Pilot
from ..pilots.readiness import Row, percent
from .models import Kind, Report
from .stages import State


def answered(pilots: Sequence[Pilot], on: date) -> dict[int, int]:
    """Return the share of reports and questions that were answered, of those taken up. One query.

    Nothing where none came: praise asks for no answer.
    """
    reports = Report.objects.filter(pilot__in=pilots, received_on__lte=on)
    reports = reports.exclude(kind=Kind.PRAISE).exclude(state=State.REJECTED)
    rows = (
        reports.order_by()
        .values_list("pilot")
        .annotate(Count("pk"), done=Count("pk", filter=Q(answered_on__isnull=False)))
    )
    return {pilot: percent(done, number) for pilot, number, done in rows}


ROWS = (Row("answered", _("Villagers’ reports answered"), answered, 90, unit="%", place=40),)
