"""Counts readers by link and day, and nothing else about them."""

from datetime import timedelta

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from .models import VillageLink, VillageVisit

# Days for which counts are kept.
KEPT = 400


def is_visit(request: HttpRequest) -> bool:
    """Return whether a person reads: no HEAD, and no browser that only fetches ahead."""
    purposes = (request.headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    ahead = any(word in purpose.lower() for purpose in purposes for word in ("prefetch", "preview"))
    return request.method == "GET" and not ahead


def count(link: VillageLink) -> None:
    """Count one more reader of ``link`` today, and note the hour."""
    now = timezone.localtime()
    row, made = VillageVisit.objects.get_or_create(link=link, day=now.date())
    VillageVisit.objects.filter(pk=row.pk).update(count=F("count") + 1)
    hour = now.replace(minute=0, second=0, microsecond=0)
    VillageLink.objects.filter(pk=link.pk).update(last_used_at=hour)
    if made:
        past = now.date() - timedelta(days=KEPT)
        VillageVisit.objects.filter(link=link, day__lt=past).delete()
