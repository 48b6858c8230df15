"""Erases what is kept of ended reports longer than the site wants to keep it."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from .. import conf
from ..contention import in_one_transaction
from .actions import forget
from .models import Report
from .stages import ENDED


def past_retention(on: date | None = None) -> QuerySet[Report]:
    """Return the ended reports whose original or contact is still there on the day ``on``."""
    last = (on or timezone.localdate()) - timedelta(days=conf.get("REPORT_RETENTION_DAYS"))
    ended = Report.objects.filter(state__in=ENDED, state_since__lt=last)
    return ended.filter(~Q(text="") | Q(contact__isnull=False)).order_by("pk")


def erase_past_retention() -> int:
    """Erase each of them, with a line in the trail; returns how many they were."""
    count = 0
    for pk in list(past_retention().values_list("pk", flat=True)):
        count += _erase(pk)
    return count


@in_one_transaction
def _erase(pk) -> int:
    """Erase one report, unless somebody was quicker."""
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("pilot__programme")
        .filter(pk=pk, state__in=ENDED)
        .first()
    )
    if report is None or report.erased_on is not None:
        return 0
    forget(report)
    report.version += 1
    report.save()
    data = {"report_state": report.state}
    log(instance=report, action="pledge_pages.erase_report", user=None, data=data)
    return 1
