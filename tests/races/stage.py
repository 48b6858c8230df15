"""Two who act at the same moment, on PostgreSQL, with a connection each.

The one is held before a chosen statement, the other begins there and goes as far as it can: to its
end, or up to a lock that the first one holds. Then both go on. So every way in which the two can meet
is played, one after the other, and nothing depends on who is quicker.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections

from pledge_pages.contention import is_contention, is_refusal

# Seconds after which something hangs that should not.
PATIENCE = 30
WRITES = ("INSERT", "UPDATE", "DELETE")


class Actor(threading.Thread):
    """Does one thing in a thread and a connection of its own; may be held before a statement."""

    def __init__(self, act: Callable[[], object], *, hold_at: int | None = None) -> None:
        super().__init__(daemon=True)
        self.act = act
        self.hold_at = hold_at
        self.statements: list[str] = []
        self.backend: int | None = None
        self.arrived = threading.Event()  # at the statement, or at the end
        self.go_on = threading.Event()
        self.refused: BaseException | None = None
        self.failed: BaseException | None = None
        # How often the database found that others were in the way.
        self.contentions = 0

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = cursor.fetchone()[0]
            with connection.execute_wrapper(self._watch):
                self.act()
        except (PermissionDenied, ValidationError) as error:
            self.refused = error
        except BaseException as error:
            if is_refusal(error):
                self.refused = error
            else:  # told to the test by the main thread
                self.failed = error
        finally:
            connections.close_all()
            self.arrived.set()

    def _watch(self, execute, sql, params, many, context):
        if self.hold_at is not None and len(self.statements) == self.hold_at:
            self.arrived.set()
            assert self.go_on.wait(PATIENCE), "nobody let it go on"
        self.statements.append(sql)
        try:
            return execute(sql, params, many, context)
        except Exception as error:
            self.contentions += is_contention(error)
            raise

    def finish(self) -> None:
        """Let it go on, wait for its end, and raise what it did not expect."""
        self.go_on.set()
        self.join(PATIENCE)
        assert not self.is_alive(), f"hangs at: {self.statements[-1]}"
        if self.failed is not None:
            raise self.failed


@dataclass
class Meeting:
    """How one meeting of the two ended."""

    first: Actor
    second: Actor
    # Whether the second had to wait for the first one.
    waited: bool


def meet(first: Callable, second: Callable, *, at: int) -> Meeting:
    """Hold ``first`` before its statement number ``at`` and let ``second`` run into it there."""
    one, two = Actor(first, hold_at=at), Actor(second)
    one.start()
    assert one.arrived.wait(PATIENCE)
    two.start()
    waited = _runs_into_a_lock(two)
    one.finish()
    two.finish()
    return Meeting(one, two, waited)


def _runs_into_a_lock(actor: Actor) -> bool:
    """Wait until ``actor`` has ended or waits for somebody's lock; return whether it waits."""
    with connection.cursor() as cursor:
        while not actor.arrived.wait(0.005):
            if actor.backend is not None:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [actor.backend])
                if cursor.fetchone()[0]:
                    return True
    return False


def points(act: Callable) -> list[int]:
    """Do ``act`` once and return the statements before which it may be held.

    The first one, and every one that follows a statement that locks or writes something: between
    two that only read, nothing changes for others.
    """
    actor = Actor(act)
    actor.start()
    actor.finish()
    taken = [
        number
        for number, sql in enumerate(actor.statements)
        if sql.startswith(WRITES) or "FOR UPDATE" in sql
    ]
    return [0, *(number + 1 for number in taken if number + 1 < len(actor.statements))]


def sample(found: list[int], number: int) -> list[int]:
    """Return about ``number`` of the points, evenly spread, the first and the last among them."""
    if len(found) <= number:
        return found
    step = (len(found) - 1) / (number - 1)
    return sorted({found[round(step * index)] for index in range(number)})


@dataclass
class Memory:
    """The content of every table, to go back to."""

    tables: list[str] = field(default_factory=list)

    def keep(self) -> None:
        """Remember what every table holds now."""
        with connection.cursor() as cursor:
            self.tables = connection.introspection.table_names(cursor)
            cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
            for table in self.tables:
                cursor.execute(f'CREATE TABLE kept."{table}" AS TABLE public."{table}"')

    def restore(self) -> None:
        """Put everything back, past all triggers and foreign keys."""
        with connection.cursor() as cursor:
            ours = _own_triggers(cursor)
            switch = "".join(
                f'ALTER TABLE "{table}" {{0}} TRIGGER "{name}";' for table, name in ours
            )
            rows = "".join(
                f'DELETE FROM public."{table}";'
                f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE TABLE kept."{table}";'
                for table in self.tables
            )
            cursor.execute(
                "BEGIN; SET LOCAL session_replication_role = replica;"
                + switch.format("DISABLE")
                + rows
                + switch.format("ENABLE ALWAYS")
                + "COMMIT"
            )

    def forget(self) -> None:
        """Drop what was kept."""
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE")


def _own_triggers(cursor) -> list[tuple[str, str]]:
    """Return (table, name) of the triggers that fire even where foreign keys are not looked at."""
    cursor.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND t.tgenabled = 'A'"
    )
    return cursor.fetchall()
