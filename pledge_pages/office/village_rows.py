"""What the admin says of village links: what each does now, and how much it is used."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..pilots.models import Pilot
from ..pilots.stages import Stage
from ..village.models import VillageLink

# Days shown one by one, and added up.
DAYS = 14
SUM_DAYS = 30
# Links shown; those that open nothing any more come last.
ROWS = 40


@dataclass(frozen=True)
class LinkRow:
    """One link as the lists show it."""

    link: VillageLink
    shape: str
    state: str
    visits: int
    url: str


@dataclass(frozen=True)
class DayRow:
    """The readers of one day; ``width`` is the length of its bar, such as "40%"."""

    day: date
    count: int
    width: str


def state_of(link: VillageLink) -> tuple[str, str]:
    """Return (shape, words) that say what ``link`` does now."""
    if link.is_revoked:
        return "✕", _("Revoked: opens nothing")
    if link.is_expired:
        return "✕", _("Its time is over: opens nothing")
    if link.opens:
        return "●", _("Opens the board")
    if link.pilot.stage == Stage.SUSPENDED:
        return "■", _("Closed while the pilot is suspended")
    if link.pilot.stage == Stage.ENDED:
        return "✕", _("Closed: the pilot has ended")
    return "○", _("Opens once the pilot has been started")


def link_rows(pilot: Pilot) -> list[LinkRow]:
    """Return the links of ``pilot``, those that are valid first, each with its recent visits."""
    since = timezone.localdate() - timedelta(days=SUM_DAYS - 1)
    found = list(pilot.village_links.select_related("issued_by", "revoked_by")[:ROWS])
    recent = VillageLink.objects.filter(pk__in=[link.pk for link in found], visits__day__gte=since)
    sums = dict(recent.order_by().annotate(sum=Sum("visits__count")).values_list("pk", "sum"))
    for link in found:
        link.pilot = pilot
    return [
        LinkRow(
            link,
            *state_of(link),
            sums.get(link.pk, 0),
            reverse("pledge_boards:village_link", args=[link.pk]),
        )
        for link in sorted(found, key=lambda link: not link.is_valid)
    ]


def day_rows(link: VillageLink) -> list[DayRow]:
    """Return the last days with their readers, newest first."""
    today = timezone.localdate()
    counts = dict(
        link.visits.filter(day__gt=today - timedelta(days=DAYS)).values_list("day", "count")
    )
    most = max(counts.values(), default=0) or 1
    days = [today - timedelta(days=back) for back in range(DAYS)]
    return [
        DayRow(day, counts.get(day, 0), f"{100 * counts.get(day, 0) / most:.0f}%") for day in days
    ]
