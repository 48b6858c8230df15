"""Hides public pages whose approvals stand: they go public again when what hid them is gone."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from wagtail.models import Page, Revision

from ..pilots.actions import lock_programmes
from ..pilots.models import Pilot, Programme
from . import search_index, trail
from .models import EarlierApproval, GatedPage, HeldApproval


@transaction.atomic
def hide_below(page: Page, *, by: User | None, reason: str = "") -> list[int]:
    """Hide every public page below ``page`` and its aliases; what was approved of them stays held.

    A public page would name the page above it. Returns the ids of the pages hidden.
    """
    below = Q(path__startswith=page.path, depth__gt=page.depth)
    for path in Page.objects.filter(alias_of=page.pk).order_by().values_list("path", flat=True):
        below |= Q(path__startswith=path) & ~Q(path=path)
    public = Page.objects.filter(below, live=True).order_by()
    ids = set(public.values_list("pk", flat=True))
    public.filter(pk__in=ids).update(live=False, has_unpublished_changes=True, live_revision=None)
    note_hidden(ids, action="pledge_pages.hide", by=by, reason=reason)
    return sorted(ids)


@transaction.atomic
def hide_all(*, action: str, reason: str) -> list[int]:
    """Hide every public page of every pilot, whatever its stage; what was approved stays held.

    Returns the ids of the pages hidden.
    """
    # A release at the same moment ends first, or begins after this.
    lock_programmes(Programme.objects.values_list("pk", flat=True))
    list(Pilot.objects.select_for_update(of=("self",)).order_by("pk"))
    below = Q(pk__in=())
    for path in GatedPage.objects.filter(top=True).values_list("page__path", flat=True):
        below |= Q(path__startswith=path)
    public = Page.objects.filter(below, live=True).order_by()
    ids = set(public.values_list("pk", flat=True))
    public.filter(pk__in=ids).update(live=False, has_unpublished_changes=True, live_revision=None)
    note_hidden(ids, action=action, by=None, reason=reason)
    return sorted(ids)


def note_hidden(ids: Collection[int], *, action: str, by: User | None, reason: str) -> None:
    """Put down that the pages are held again, and take them out of schedule and search index.

    Page signals are not sent, page by page: it has to be fast and certain.
    """
    for kept in (HeldApproval, EarlierApproval):
        kept.objects.filter(page_id__in=ids).update(released_at=None)
    off_schedule(ids)
    pages = Page.objects.filter(pk__in=ids).order_by()
    lines = list(pages.values_list("pk", "content_type_id", "title"))
    trail.write_lines(lines, action=action, by=by, reason=reason)
    search_index.forget({pk: content_type for pk, content_type, _title in lines})


def off_schedule(ids: Collection[int]) -> None:
    """Take what is approved of the pages for a later date out of the scheduler's hands."""
    Revision.page_revisions.filter(
        object_id__in=[str(pk) for pk in ids], approved_go_live_at__isnull=False
    ).update(approved_go_live_at=None)
