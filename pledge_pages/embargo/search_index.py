"""Brings public pages into the search index and takes them out, many at a time.

Gated pages are not indexed whenever they are saved (``search_auto_update`` is off): a page's
rows are written after the page itself, so what was indexed then would be the version before.
An index in the database is written in the same transaction as the pages; one elsewhere is told
once that transaction has come to its end.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import prefetch_related_objects
from wagtail.models import Page


def remember(page_ids: Collection[int]) -> None:
    """Index those of the pages that are public.

    A page type may name in ``search_prefetch`` the relations that its texts stand in.
    """
    if not page_ids:
        return
    inside, outside = _backends(with_auto_update=True)
    _add(page_ids, inside)
    if outside:
        transaction.on_commit(lambda: _add(page_ids, outside))


def _add(page_ids: Collection[int], backends: list) -> None:
    by_type: dict[type[Page], list[Page]] = defaultdict(list)
    for page in Page.objects.filter(pk__in=page_ids, live=True).specific():
        by_type[type(page)].append(page)
    for model, pages in by_type.items():
        prefetch_related_objects(pages, *getattr(model, "search_prefetch", ()))
        for backend in backends:
            backend.add_bulk(model, pages)


def forget(types_of_pages: Mapping[int, int]) -> None:
    """Remove pages, given as ids with their content types, from every search backend."""
    # Wagtail's search cannot be imported before all models are.
    from wagtail.search.models import IndexEntry

    if not types_of_pages:
        return
    types = {*types_of_pages.values(), ContentType.objects.get_for_model(Page).pk}
    # The backends in the database share one table of entries.
    entries = IndexEntry.objects.filter(
        content_type_id__in=types, object_id__in=[str(pk) for pk in types_of_pages]
    )
    entries._raw_delete(entries.db)
    _inside, outside = _backends()
    if outside:
        pages = list(Page.objects.filter(pk__in=types_of_pages))
        transaction.on_commit(lambda: _remove(pages, outside))


def _remove(pages: list[Page], backends: list) -> None:
    for backend in backends:
        for page in pages:
            backend.delete(page)


def _backends(**kwargs) -> tuple[list, list]:
    """Return the search backends inside the database, and those outside of it."""
    from wagtail.search.backends import get_search_backends

    inside, outside = [], []
    for backend in get_search_backends(**kwargs):
        bases = type(backend).__mro__
        in_database = any(".backends.database." in base.__module__ for base in bases)
        (inside if in_database else outside).append(backend)
    return inside, outside
