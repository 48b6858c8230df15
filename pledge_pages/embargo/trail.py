"""The audit trail: which lines there are, and what each of them says of itself when it is written.

A line can never be changed again, so it holds codes instead of names of people, and the codes of
the branch and programme it belongs to: what it is about may be deleted one day.
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router
from django.db.models import F, Q, QuerySet
from django.utils import timezone
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


def write_lines(
    pages: Iterable[tuple[int, int, str]], *, action: str, by: User | None, reason: str
) -> None:
    """Write a line of ``action`` about each of ``pages``, given as (id, content type, title).

    Neither pages nor lines are made as objects: a suspension writes hundreds, and has to be fast.
    """
    about = list(pages)
    ids = {pk for pk, _type, _title in about}
    places = {
        row["page_id"]: _codes(row["pilot__code"], row["programme__code"] or row["of_pilot"])
        for row in GatedPage.objects.filter(pk__in=ids)
        .values("page_id", "pilot__code", "programme__code", of_pilot=F("pilot__programme__code"))
        .order_by()
    }
    labels = _labels_of_pages({content_type for _pk, content_type, _title in about}, ids)
    _insert_lines(
        PageLogEntry(action=action, user=by, timestamp=timezone.now()),
        (
            {
                "page_id": pk,
                "content_type_id": content_type,
                "label": labels.get(pk, title),
                "data": {"reason": reason, **places.get(pk, {})},
                "uuid": uuid4(),
            }
            for pk, content_type, title in about
        ),
    )


def _insert_lines(alike: PageLogEntry, lines: Iterable[dict[str, Any]]) -> None:
    """Insert ``lines``, each given as what differs from the unsaved line ``alike``."""
    connection = connections[router.db_for_write(PageLogEntry)]
    fields = [field for field in PageLogEntry._meta.concrete_fields if not field.primary_key]
    common = {
        field: field.get_db_prep_save(getattr(alike, field.attname), connection) for field in fields
    }
    rows = [
        [
            field.get_db_prep_save(line[field.attname], connection)
            if field.attname in line
            else common[field]
            for field in fields
        ]
        for line in lines
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(PageLogEntry._meta.db_table)} ({columns}) VALUES ({marks})",  # noqa: S608
            rows,
        )


def _labels_of_pages(types: Iterable[int | None], ids: Collection[int]) -> dict[int, str]:
    """Return, by page, what ``_label_of_page`` says of those of the content types ``types``."""
    labels: dict[int, str] = {}
    for content_type in types:
        model = content_type and ContentType.objects.get_for_id(content_type).model_class()
        for name in ("programme", "member"):
            if model and any(field.name == name for field in model._meta.fields):
                pages = model._base_manager.filter(pk__in=ids).order_by()
                labels |= {
                    pk: code for pk, code in pages.values_list("pk", f"{name}__code") if code
                }
    return labels


def _stamp(entry: LogEntry, about: Any) -> None:
    """Write the codes of the branch and programme of ``about`` into the entry's data."""
    if about is None:
        return
    pilot = about if isinstance(about, Pilot) else getattr(about, "pilot", None)
    programme = about if isinstance(about, Programme) else getattr(about, "programme", None)
    if programme is None and pilot is not None:
        programme = pilot.programme
    codes = _codes(getattr(pilot, "code", None), getattr(programme, "code", None))
    entry.data = {**entry.data, **codes}


def _codes(pilot: str | None, programme: str | None) -> dict[str, str]:
    """Return the codes that a line carries, those that there are."""
    codes = {"pilot": pilot, "programme": programme}
    return {key: code for key, code in codes.items() if code}


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
