"""The lock itself: database triggers that let nothing gated be public before its time.

Python explains, the triggers guarantee: they also see ``queryset.update``, ``bulk_create``, raw
SQL and a swapped content type. They are installed after every migration and compared, word for
word, with what they should be.
"""

from types import ModuleType

from django.db import connections, router, transaction

from . import postgresql, sqlite
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


def verified(using: str | None = None) -> bool:
    """Return whether the triggers are in place. A yes is remembered by this process."""
    alias = using or database()
    if alias not in _verified and not missing(alias):
        _verified.add(alias)
    return alias in _verified


def forget_verification() -> None:
    """Make the next :func:`verified` look again."""
    _verified.clear()
