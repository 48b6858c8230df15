"""Wagtail search backends that find any stretch of Chinese or English text.

Use: ``WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backends"}}``; the module that
suits the database is chosen here. Databases other than PostgreSQL and SQLite (with FTS5) get
Wagtail's own backend.
"""

from typing import Any

from django.db import connection
from wagtail.search.backends.base import BaseSearchBackend


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:
    """Make the backend for the default database. In: the options of WAGTAILSEARCH_BACKENDS."""
    if connection.vendor == "postgresql":
        from .postgresql import BigramPostgresSearchBackend

        return BigramPostgresSearchBackend(params)
    if connection.vendor == "sqlite":
        from wagtail.search.backends.database.sqlite.utils import fts5_available

        if fts5_available():
            from .sqlite import BigramSQLiteSearchBackend

            return BigramSQLiteSearchBackend(params)
    from wagtail.search.backends.database import SearchBackend as stock_backend

    return stock_backend(params)
