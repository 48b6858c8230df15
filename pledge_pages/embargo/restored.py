"""Notices a database that was put back from a copy, and keeps the gate shut until a lead confirms.

A restored database cannot know what was closed since the copy was made. Two marks tell:

- **where it lies**: the server's own numbers for this database and the gate's table, or the number
  of the file on its disk. A dump that is read back, or a copied file, has others.
- **what it has recorded**: the newest lines of the audit trail, written down outside of the
  database as well (``marks``). A database that knows of less is an older one.

Before the first decision there is nothing that could have been closed since.
"""

import logging
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..pilots.models import Transition
from . import hiding, marks, trail
from .models import GatedPage, Whereabouts
from .triggers import database

logger = logging.getLogger(__name__)

# Seconds for which a process believes what it has found: a copy may be put back under it.
BELIEVED = 60
# Seconds after which the private storage is asked again, if it did not answer.
PATIENCE = 10

_believed: dict[str, float] = {}
_silent: dict[str, float] = {}


@dataclass(frozen=True)
class Finding:
    """Why a database is taken for one that was put back from a copy."""

    # It lies elsewhere than it did.
    moved: bool = False
    # What would tell how old it is has gone.
    unmarked: bool = False
    # How many stage changes, and other lines of the audit trail, it does not know of, at least.
    lost_steps: int = 0
    lost_lines: int = 0


def place_of(connection: BaseDatabaseWrapper) -> str:
    """Return what tells this database from a copy of it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA database_list")
            path = next(row[2] for row in cursor.fetchall() if row[1] == "main")
            return f"file {Path(path).stat().st_ino}" if path else "memory"
        cursor.execute(
            """SELECT d.oid, c.oid, has_function_privilege('pg_control_system()', 'execute')
            FROM pg_database d, pg_class c
            WHERE d.datname = current_database() AND c.oid = %s::regclass""",
            [GatedPage._meta.db_table],
        )
        own, table, readable = cursor.fetchone()
        server = "-"
        if readable:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            (server,) = cursor.fetchone()
        return f"server {server} database {own} table {table}"


def _newest(rows: models.QuerySet) -> models.Subquery:
    return models.Subquery(rows.order_by("-pk").values("pk")[:1])


def _row(using: str) -> Any:
    """Return the database's row with what the database has recorded, or None."""
    rows = Whereabouts.objects.using(using).annotate(
        steps=_newest(Transition.objects.all()),
        page_lines=_newest(trail.page_lines()),
        other_lines=_newest(trail.other_lines()),
    )
    return rows.filter(pk=1).first()


def _record(row: Any) -> marks.Record:
    return (row.steps or 0, row.page_lines or 0, row.other_lines or 0)


def find(using: str | None = None) -> Finding | None:
    """Look afresh; return why the database is taken for a restored one, None if it is not.

    Raises whatever the private storage raises if it does not answer.
    """
    using = using or database()
    # First what is outside: it is written after the database. The other way round, a decision made
    # between the two looks would seem to be lost.
    names = marks.listed()
    row = _row(using)
    if row is None:
        decided = Transition.objects.using(using).exists()
        return Finding(unmarked=True) if decided else None
    if row.noticed_at is not None:
        return Finding(**row.found)
    here, outside = _record(row), marks.read(row.key, names)
    steps, *lines = outside.ahead_of(here)
    if any((steps, *lines)):
        steps, *lines = outside.ahead_of(_record_for_others(using, here))
    moved = outside.copied or row.place != place_of(connections[using])
    finding = Finding(
        moved=here[0] > 0 and moved,
        # The first mark may have been left since they were listed.
        unmarked=row.marked
        and not (outside.records or marks.read(row.key, marks.listed()).records),
        lost_steps=steps,
        lost_lines=sum(lines),
    )
    return None if finding == Finding() else finding


def _record_for_others(using: str, here: marks.Record) -> marks.Record:
    """Return what the database has recorded for a connection of its own.

    A transaction may read the database as it was when it began.
    """
    connection = connections[using]
    if not connection.in_atomic_block or place_of(connection) == "memory":
        return here
    seen = [here]

    def see() -> None:
        try:
            seen.append(_record(_row(using)))
        finally:
            connections[using].close()

    # Each thread has connections of its own.
    thread = Thread(target=see)
    thread.start()
    thread.join()
    steps, page_lines, other_lines = (max(kind) for kind in zip(*seen, strict=True))
    return steps, page_lines, other_lines


def notice(using: str | None = None, *, serving: bool = False) -> Finding | None:
    """Look afresh as :func:`find` does. What is found stands until it is confirmed.

    And every public page of every pilot is hidden: many surfaces ask nothing but whether a page is
    public. What was approved stays held. That marks are missing closes all of it only for a
    process that is ``serving``: a command may run where the private files are not.
    """
    using = using or database()
    finding = find(using)
    if finding is not None and (serving or finding != Finding(unmarked=True)):
        try:
            _close(using, finding)
        except DatabaseError:  # read only, perhaps; the gate stays shut, and the next look tries
            logger.exception("The pages of a restored database could not be hidden.")
    return finding


def _close(using: str, finding: Finding) -> None:
    with transaction.atomic(using=using):
        settle_in(using)
        rows = Whereabouts.objects.using(using).filter(pk=1, noticed_at__isnull=True)
        if rows.update(noticed_at=timezone.now(), found=asdict(finding)):
            logger.error("The database was put back from a copy: its pages wait for a lead.")
            hiding.hide_all(action="pledge_pages.hide_restored", reason="")


def look(**kwargs: Any) -> None:
    """At the start of a request: a surface that asks nothing must not be the first to answer."""
    try:
        verified(serving=True)
    except Exception:  # without a database there is nothing to show either
        logger.warning("Whether the database was put back could not be seen.", exc_info=True)


def verified(using: str | None = None, *, serving: bool = False) -> bool:
    """Return whether this is no restored database, or was confirmed. A yes is believed a while.

    While the private storage does not answer, a process goes on as before; a new one says no.
    """
    alias = using or database()
    now = time.monotonic()
    if now < _believed.get(alias, 0):
        return True
    if now < _silent.get(alias, 0):
        return False
    try:
        settled = notice(alias, serving=serving) is None
    except DatabaseError:
        raise
    except Exception:
        logger.exception("The private storage does not say what the database has recorded.")
        settled = alias in _believed
        _silent[alias] = now + PATIENCE
    _believed.pop(alias, None)
    if settled:
        _believed[alias] = now + BELIEVED
    return settled


def forget_verification() -> None:
    """Make the next :func:`verified` look again."""
    _believed.clear()
    _silent.clear()


# What is kept -----------------------------------------------------------------------------------


def settle_in(using: str | None = None) -> None:
    """Give a database that has none its row. If it was decided in already, that row was lost."""
    using = using or database()
    Whereabouts.objects.using(using).get_or_create(
        pk=1,
        defaults={
            "key": secrets.token_hex(8),
            "place": place_of(connections[using]),
            "marked": Transition.objects.using(using).exists(),
        },
    )


def before_line(
    sender: type[models.Model], instance: Any, using: str, raw: bool = False, **kwargs: Any
) -> None:
    """Before a line of the audit trail is written: look, or what was lost would not show any more."""
    if not _is_new_line(instance, raw) or _will_remember(using):
        return
    instance._settled = False
    if isinstance(instance, Transition) and not Transition.objects.using(using).exists():
        settle_in(using)
        here = place_of(connections[using])
        Whereabouts.objects.using(using).filter(pk=1).exclude(place=here).update(place=here)
    try:
        instance._settled = notice(using) is None
    except DatabaseError:
        raise
    except Exception:  # a pilot can be suspended whatever the storage does
        logger.exception("The private storage does not say what the database has recorded.")


def after_line(
    sender: type[models.Model],
    instance: Any,
    using: str,
    created: bool = False,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """After a line of the audit trail was written: leave a mark outside once it is committed."""
    if created and getattr(instance, "_settled", False) and not _will_remember(using):
        transaction.on_commit(remember, using=using, robust=True)


def _is_new_line(instance: Any, raw: bool) -> bool:
    if raw or not instance._state.adding:
        return False
    return isinstance(instance, Transition) or trail.is_line(instance)


def _will_remember(using: str) -> bool:
    return any(entry[1] is remember for entry in connections[using].run_on_commit)


def remember() -> None:
    """Write down outside what the database has recorded, unless it is older than that."""
    using = database()
    # A test may play a commit and then roll back.
    if connections[using].in_atomic_block:
        return
    row = _row(using)
    if row is None or notice(using) is not None:
        return
    marks.write(row.key, _record(row))
    if not row.marked:
        Whereabouts.objects.using(using).filter(pk=1, key=row.key).update(marked=True)


def start_anew(using: str | None = None) -> None:
    """Take the marks of this database away: it was emptied."""
    row = Whereabouts.objects.using(using or database()).filter(pk=1).first()
    if row is not None:
        marks.wipe(row.key)
    forget_verification()


def describe(finding: Finding) -> list[str]:
    """Return what was noticed, in sentences."""
    said = [_("The database was put back from a copy.")]
    if finding.moved:
        said.append(_("It lies elsewhere than it did."))
    if finding.unmarked:
        said.append(_("The mark that says how old it is has gone from the private files."))
    if finding.lost_steps:
        said.append(
            ngettext(
                "At least %(count)d stage change made since is not in it.",
                "At least %(count)d stage changes made since are not in it.",
                finding.lost_steps,
            )
            % {"count": finding.lost_steps}
        )
    if finding.lost_lines:
        said.append(
            ngettext(
                "At least %(count)d other line of the audit trail is not in it.",
                "At least %(count)d other lines of the audit trail are not in it.",
                finding.lost_lines,
            )
            % {"count": finding.lost_lines}
        )
    return said


def accept(using: str) -> None:
    """Take the database for what it is from now on. Marks of before belong to what was lost."""
    Whereabouts.objects.using(using).filter(pk=1).update(
        key=secrets.token_hex(8),
        place=place_of(connections[using]),
        marked=False,
        noticed_at=None,
        found={},
    )
    forget_verification()
