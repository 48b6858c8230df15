"""What rooms above have to say on public pages, for the search: they register it when ready."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Prefetch
from wagtail.models import Page

# By page type: what returns the further texts of a page.
_TEXTS: dict[type[Page], list[Callable[[Any], Iterable[str]]]] = defaultdict(list)


def register(
    model: type[Page], *, prefetch: Prefetch, texts: Callable[[Any], Iterable[str]]
) -> None:
    """Let pages of ``model`` be found by the public ``texts`` of each.

    ``prefetch`` is fetched along with lists of pages. Whoever registers sees to it that a page is
    indexed anew, by :func:`.searched.index_anew`, when its texts change.
    """
    _TEXTS[model].append(texts)
    known = getattr(model, "search_prefetch", ())
    model.search_prefetch = (*known, prefetch)  # type: ignore[attr-defined]


def texts_of(page: Page) -> list[str]:
    """Return the further texts of ``page``."""
    return [text for texts in _TEXTS[type(page)] for text in texts(page)]
