"""What rooms below have against a page, before it is reviewed or goes public.

The gate knows who approved what; whether a text says what it must not is for others to find out.
They register here when Django starts (``apps.py``), for the embargo imports none of them.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from wagtail.models import Page

from .errors import EmbargoError

# Raises EmbargoError, or a subclass, if the page may not be public as it is in memory.
PageCheck = Callable[[Page], None]
# Makes such a check; it gets the ids of the pilots that are about to be approved.
MakesCheck = Callable[[frozenset[int]], PageCheck]

_before_public: list[MakesCheck] = []
_before_review: list[PageCheck] = []

# Pages that were meant to be born public in Wagtail's admin, with what speaks against each.
_held_back: ContextVar[list[tuple[Page, EmbargoError]] | None] = ContextVar(
    "pledge_pages_held_back", default=None
)


def register(
    *, before_public: MakesCheck | None = None, before_review: PageCheck | None = None
) -> None:
    """Add a check of pages that are about to be public, and of versions about to be reviewed."""
    if before_public is not None and before_public not in _before_public:
        _before_public.append(before_public)
    if before_review is not None and before_review not in _before_review:
        _before_review.append(before_review)


def public_check(opening: Iterable[int] = ()) -> PageCheck:
    """Return a check for many pages in a row; it looks once at what must not be public now.

    ``opening`` are ids of pilots that count as approved already.
    """
    checks = [make(frozenset(opening)) for make in _before_public]

    def check(page: Page) -> None:
        for one in checks:
            one(page)

    return check


def check_public(page: Page) -> None:
    """Raise EmbargoError if ``page``, as it is in memory, may not be public."""
    public_check()(page)


def check_review(page: Page) -> None:
    """Raise EmbargoError if ``page``, as it is in memory, may not be submitted or approved."""
    for check in _before_review:
        check(page)


@contextmanager
def births_as_drafts() -> Iterator[list[tuple[Page, EmbargoError]]]:
    """Let pages that may not be born public inside the block be born as drafts instead.

    Wagtail's editor inserts a page as live before it publishes it: an error would lose what was
    typed. Gives the list of those pages with what speaks against them.
    """
    held_back: list[tuple[Page, EmbargoError]] = []
    token = _held_back.set(held_back)
    try:
        yield held_back
    finally:
        _held_back.reset(token)


def tell_of_birth(page: Page) -> None:
    """Say that somebody has been told why ``page`` was born as a draft."""
    held_back = _held_back.get()
    if held_back:
        held_back[:] = [pair for pair in held_back if pair[0] is not page]


def check_birth(page: Page) -> None:
    """Before a page is inserted as live: refuse it, or in the admin make it a draft."""
    try:
        check_public(page)
    except EmbargoError as error:
        held_back = _held_back.get()
        if held_back is None:
            raise
        held_back.append((page, error))
        page.live = False
        page.has_unpublished_changes = True
        page.live_revision = None
        page.first_published_at = page.last_published_at = None
