"""What boards add to a pilot's checklist, and how much was reported month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from ..labels import content_languages
from ..people.models import Member
from ..pilots.models import Pilot
from ..pilots.readiness import Row, percent
from .content import ProgressUpdate
from .models import MemberPledgePage

MONTHS = 12


def coverage(pilots: Sequence[Pilot], on: date) -> dict[int, int]:
    """Return the share of active members who have a page that a moderator approved. Two queries."""
    active = Member.objects.filter(pilot__in=pilots, active=True).order_by()
    members = dict(active.values_list("pilot").annotate(Count("pk")))
    approved = MemberPledgePage.objects.filter(
        member__in=active, held_approval__isnull=False, held_approval__withdrawn_at__isnull=True
    )
    covered = dict(
        approved.order_by().values_list("member__pilot").annotate(Count("member", distinct=True))
    )
    return {pk: percent(covered.get(pk, 0), number) for pk, number in members.items()}


def months_before(on: date) -> list[date]:
    """Return the first days of the last twelve months, that of ``on`` the last."""
    last = on.year * 12 + on.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]


def updates_by_month(pilots: Sequence[Pilot], on: date) -> dict[int, list[tuple[date, int]]]:
    """Return how many updates each of ``pilots`` has of the last twelve months. One query.

    Counted in the site's first language, or each would count as often as it was translated; of a
    quiet pilot as its pages stand now, drafts with them: this is for staff.
    """
    months = months_before(on)
    rows = (
        ProgressUpdate.objects.filter(
            page__member__pilot__in=pilots,
            page__locale__language_code=content_languages()[0][0],
            on__gte=months[0],
            on__lte=on,
        )
        .order_by()
        .annotate(month=TruncMonth("on"))
        .values_list("page__member__pilot", "month")
        .annotate(Count("pk"))
    )
    numbers: dict[int, dict[date, int]] = defaultdict(dict)
    for pilot, month, number in rows:
        numbers[pilot][month] = number
    return {
        pilot.pk: [(month, numbers[pilot.pk].get(month, 0)) for month in months] for pilot in pilots
    }


ROWS = (
    Row("coverage", _("Members with an approved page"), coverage, 90, unit="%", place=10),
)  # fmt: skip
