"""The lock itself: database triggers that let nothing gated be public before its time.

Python explains, the triggers guarantee: they also see ``queryset.update``, ``bulk_create``, raw
SQL and a swapped content type. They are installed after every migration and compared, word for
word, with what they should be. A second set keeps the audit trail as it was written (``trail``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from django.db import connections, router, transaction

from . import postgresql, sqlite, trail
from .tables import gated_tables

DIALECTS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}

_verified: set[str] = set()


def database() -> str:
    """Return the alias of the database that the gate is kept in."""
    from ..models import GatedPage

    return router.db_for_write(GatedPage)


def _dialect(vendor: str) -> ModuleType:
    if vendor not in DIALECTS:
        raise NotImplementedError(f"pledge_pages has no embargo triggers for {vendor}")
    return DIALECTS[vendor]


def install(using: str | None = None) -> None:
    """Install every trigger, replacing what is there. Does nothing before the tables exist.

    Where the plugin was taken out (migrated to zero), removes those on the tables of others.
    """
    connection = connections[using or database()]
    tables = gated_tables()
    if not tables.exist(connection):
        if connection.vendor in DIALECTS and tables.are_gone(connection):
            remove(connection.alias)
        return
    dialect = _dialect(connection.vendor)
    # In one step: there is no moment without the lock.
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        dialect.install(cursor, tables)
    _verified.discard(connection.alias)


def remove(using: str | None = None) -> None:
    """Drop every trigger: before a migration that rebuilds tables on SQLite, and in tests."""
    connection = connections[using or database()]
    with connection.cursor() as cursor:
        _dialect(connection.vendor).remove(cursor)
    _verified.discard(connection.alias)


def missing(using: str | None = None) -> list[str]:
    """Return the names of the triggers that are missing or differ from what they should be."""
    connection = connections[using or database()]
    tables = gated_tables()
    if not tables.exist(connection):
        return ["(tables)"]
    with connection.cursor() as cursor:
        return _dialect(connection.vendor).missing(cursor, tables)


def missing_trail(using: str | None = None) -> list[str]:
    """Return the names of the audit trail's triggers that are missing or altered."""
    connection = connections[using or database()]
    if not gated_tables().exist(connection):
        return ["(tables)"]
    with connection.cursor() as cursor:
        return _dialect(connection.vendor).missing_trail(cursor)


def remove_trail(using: str | None = None) -> None:
    """Drop the audit trail's triggers: before a migration that may rewrite its tables."""
    connection = connections[using or database()]
    with connection.cursor() as cursor:
        _dialect(connection.vendor).remove(cursor, (trail.PREFIX,))


@contextmanager
def trail_lifted(using: str | None = None) -> Iterator[None]:
    """Let lines of the audit trail be deleted inside the block, in one transaction.

    Only for emptying a database: ``flush``, and ``load_demo --reset``. The others wait until the
    lock is back, or see it as it was: there is no moment in which they could change a line.
    """
    connection = connections[using or database()]
    if connection.vendor not in DIALECTS or not gated_tables().exist(connection):
        yield
        return
    dialect = _dialect(connection.vendor)
    with transaction.atomic(using=connection.alias):
        _settle(connection)
        remove_trail(connection.alias)
        yield
        _settle(connection)
        with connection.cursor() as cursor:
            dialect.install_trail(cursor)


def _settle(connection) -> None:
    """Check what PostgreSQL has put off: it alters no table with work left to do."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def verified(using: str | None = None) -> bool:
    """Return whether the triggers are in place. A yes is remembered by this process."""
    alias = using or database()
    if alias not in _verified and not missing(alias):
        _verified.add(alias)
    return alias in _verified


def forget_verification() -> None:
    """Make the next :func:`verified` look again."""
    _verified.clear()
