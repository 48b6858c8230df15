"""The audit trail: which lines there are, and what each of them says of itself when it is written.

A line can never be changed again, so it holds codes instead of names of people, and the codes of
the branch and programme it belongs to: what it is about may be deleted one day.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet, prefetch_related_objects
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from ..pilots.models import Pilot, Programme
from .models import GatedPage
from .triggers.trail import ACTIONS

# A row of either of the two; neither has type hints.
LogEntry = Any


def is_line(entry: LogEntry) -> bool:
    """Return whether an entry of Wagtail's log is a line of the trail."""
    return entry.action.startswith(ACTIONS)


def stamp_line(
    sender: type[models.Model], instance: LogEntry, raw: bool = False, **kwargs: Any
) -> None:
    """Before an entry of Wagtail's log is saved: if it is a line, let it say where it belongs."""
    if raw or not instance._state.adding or not is_line(instance):
        return
    if isinstance(instance, PageLogEntry):
        gate = GatedPage.objects.select_related("pilot", "programme").filter(
            page_id=instance.page_id
        )
        _stamp(instance, gate.first())
        # Wagtail puts down how a title changed; it does so in a line of its own as well.
        instance.data = {key: value for key, value in instance.data.items() if key != "title"}
        instance.label = _label_of_page(instance.page) or instance.label
    else:
        about = _object_of(instance)
        if about is not None:
            _stamp(instance, about)
            instance.label = _label_of(about)


def stamp_lines(entries: Iterable[PageLogEntry]) -> list[PageLogEntry]:
    """Return ``entries`` about pages, each saying where it belongs, for a bulk insert."""
    stamped = list(entries)
    ids = [entry.page_id for entry in stamped]
    gates = GatedPage.objects.select_related("pilot", "programme").in_bulk(ids)
    pages = {page.pk: page for page in Page.objects.filter(pk__in=ids).specific()}
    prefetch_related_objects([p for p in pages.values() if hasattr(p, "member_id")], "member")
    prefetch_related_objects([p for p in pages.values() if hasattr(p, "programme_id")], "programme")
    for entry in stamped:
        _stamp(entry, gates.get(entry.page_id))
        if entry.page_id in pages:
            entry.label = _label_of_page(pages[entry.page_id]) or entry.label
    return stamped


def _stamp(entry: LogEntry, about: Any) -> None:
    """Write the codes of the branch and programme of ``about`` into the entry's data."""
    if about is None:
        return
    pilot = about if isinstance(about, Pilot) else getattr(about, "pilot", None)
    programme = about if isinstance(about, Programme) else getattr(about, "programme", None)
    if programme is None and pilot is not None:
        programme = pilot.programme
    codes = {"pilot": pilot and pilot.code, "programme": programme and programme.code}
    entry.data = {**entry.data, **{key: code for key, code in codes.items() if code}}


def _object_of(entry: ModelLogEntry) -> models.Model | None:
    model = entry.content_type.model_class() if entry.content_type else None
    return model._base_manager.filter(pk=entry.object_id).first() if model else None


def _label_of_page(page: Page) -> str:
    """Return the code of the member or programme whose page it is; others keep their title."""
    specific = page.specific_deferred
    about = getattr(specific, "member", None) or getattr(specific, "programme", None)
    return about.code if about is not None else ""


def _label_of(about: models.Model) -> str:
    """Return the code of what a line is about, or its kind and number: never a name."""
    return getattr(about, "code", "") or f"{about._meta.model_name} {about.pk}"


def page_lines() -> QuerySet[PageLogEntry]:
    """Return every line about a page."""
    return PageLogEntry.objects.filter(action__startswith=ACTIONS).order_by()


def other_lines() -> QuerySet[ModelLogEntry]:
    """Return every line about a member, a file or the database."""
    return ModelLogEntry.objects.filter(action__startswith=ACTIONS).order_by()


def of_programmes(codes: Iterable[str]) -> Q:
    """Return the condition that a line in Wagtail's log belongs to one of these programmes."""
    return Q(data__programme__in=list(codes))
