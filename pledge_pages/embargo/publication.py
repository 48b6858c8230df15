"""The one place where a gated page's public row is written."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from django.db import transaction
from wagtail.models import Page, ReferenceIndex

from . import search_index
from .models import GatedPage

_open: ContextVar[frozenset[int]] = ContextVar("pledge_pages_open_pages", default=frozenset())


def is_open_for(page_id: int | None) -> bool:
    """Return whether the running code is publishing approved content of that page."""
    return page_id in _open.get()


def with_aliases(page_ids: Iterable[int]) -> frozenset[int]:
    """Return ``page_ids`` and the ids of their aliases, which are written along with them."""
    found: set[int] = set()
    wave = set(page_ids)
    while wave:
        found |= wave
        aliases = Page.objects.filter(alias_of_id__in=wave).order_by().values_list("pk", flat=True)
        wave = set(aliases) - found
    return frozenset(found)


@contextmanager
def publication(page_ids: Iterable[int]) -> Iterator[None]:
    """Let the public rows of these pages (and their aliases) be written inside the block.

    Opens both locks, the Python guards and the triggers, in one transaction, and closes them
    before it ends; then brings reference and search index up to date, once for each page. Only
    ``embargo.approval`` and ``embargo.release`` call this; a release of many pages opens them all
    together, and a block for pages that are open already does nothing.
    """
    # Wagtail's signal handlers cannot be imported before all models are.
    from wagtail.signal_handlers import (
        disable_reference_index_auto_update,
        reference_index_auto_update_disabled,
    )

    wanted = frozenset(page_ids)
    if wanted <= _open.get():
        yield
        return
    ids = with_aliases(wanted)
    quiet = getattr(reference_index_auto_update_disabled, "value", False)
    with transaction.atomic():
        GatedPage.objects.filter(page_id__in=ids).update(publishing=True)
        token = _open.set(_open.get() | ids)
        try:
            # Wagtail would look for references anew with every row of a page.
            with nullcontext() if quiet else disable_reference_index_auto_update():
                yield
        finally:
            _open.reset(token)
        GatedPage.objects.filter(page_id__in=ids).update(publishing=False)
        for page in Page.objects.filter(pk__in=ids).specific():
            ReferenceIndex.create_or_update_for_object(page)
        search_index.remember(ids)
