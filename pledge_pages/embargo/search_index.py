"""Takes pages out of the search index at once."""

from collections.abc import Collection

from django.apps import apps
from django.db import transaction


def forget(page_ids: Collection[int]) -> None:
    """Remove these pages from every search backend, when the transaction commits.

    Database backends share one table of entries, emptied in one statement; other backends are
    asked page by page.
    """
    ids = sorted(page_ids)
    if ids:
        transaction.on_commit(lambda: _forget(ids))


def _forget(ids: list[int]) -> None:
    from wagtail.models import Page
    from wagtail.search.backends import get_search_backends
    from wagtail.search.backends.database.fallback import DatabaseSearchBackend  # noqa: F401

    if apps.is_installed("wagtail.search"):
        from wagtail.search.models import IndexEntry

        types = set(Page.objects.filter(pk__in=ids).values_list("content_type_id", flat=True))
        IndexEntry.objects.filter(
            content_type_id__in=types, object_id__in=[str(pk) for pk in ids]
        ).delete()
    external = [
        backend for backend in get_search_backends() if ".database." not in type(backend).__module__
    ]
    for backend in external:
        for page in Page.objects.filter(pk__in=ids).specific():
            backend.delete(page)
