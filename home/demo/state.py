"""Tells whether the sample town is loaded, whole, or in the way of something else."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import ModelLogEntry

from pledge_pages.people.models import Member
from pledge_pages.pilots.models import Pilot, Programme

from .accounts import names_of
from .sample import Sample

try:
    import fcntl
except ImportError:  # Windows: two loads at the same time are not noticed there.
    fcntl = None  # type: ignore[assignment]


class Busy(Exception):
    """Another process is loading the sample town just now."""


@dataclass(frozen=True)
class Loaded:
    """The sample town in the database."""

    programme: Programme
    as_of: date


def database_is_ready() -> bool:
    """Return whether the tables are there."""
    return Programme._meta.db_table in connection.introspection.table_names()


def loaded(sample: Sample) -> Loaded | None:
    """Return what `load_demo` loaded into this database, or None.

    Everything is loaded in one transaction, the entry that is looked for here at its end: what
    is found is whole.
    """
    programme = Programme.objects.filter(code=sample["town"]["id"]).first()
    if programme is None:
        return None
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Programme),
        object_id=str(programme.pk),
        action="wagtail.create",
    )
    for entry in entries:
        if "sample_town" in entry.data:
            return Loaded(programme, date.fromisoformat(entry.data["sample_town"]["as_of"]))
    return None


def in_the_way(sample: Sample) -> list[str]:
    """Return what of the database's own bears a name that the sample town needs."""
    User = get_user_model()
    names = User.USERNAME_FIELD
    users = User.objects.filter(**{f"{names}__in": names_of(sample)})
    members = [member["id"] for member in sample["members"]]
    found = [f"user “{name}”" for name in users.order_by(names).values_list(names, flat=True)]
    for model, codes in (
        (Programme, [sample["town"]["id"]]),
        (Pilot, list(sample.villages)),
        (Member, members),
    ):
        taken = model.objects.filter(code__in=codes).order_by("code").values_list("code", flat=True)
        found += [f"{model.__name__.lower()} “{code}”" for code in taken]
    return found


def marker() -> Path:
    """Return the file that is there while the sample town is being loaded."""
    return Path(settings.VAR_DIR) / "demo_loading"


@contextlib.contextmanager
def at_work() -> Iterator[bool]:
    """Leave a mark for as long as the block runs; gives whether an earlier one was left behind.

    It is left behind by a process that was killed. Raises Busy if the process still runs.
    """
    path = marker()
    path.parent.mkdir(parents=True, exist_ok=True)
    left_behind = path.exists()
    with path.open("a", encoding="ascii") as file:
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Busy from error
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield left_behind
        finally:
            path.unlink(missing_ok=True)
