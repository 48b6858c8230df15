"""Whatever the installed software can do with a page is known, and a row of the matrix tries it.

When one of these fails after an upgrade, or after a new view of our own: read what the new entry
does, add a row to ``ways/`` or to the surfaces if it can publish or show anything gated, and name
that row in ``catalogue/``; or say there in one line why it can do neither. That a row really asks for the
addresses that name it is checked where the row is tried.
"""

from collections.abc import Callable

import pytest
from wagtail.snippets.models import get_snippet_models

from tests.embargo import document
from tests.embargo.catalogue import code, found, operations, urls
from tests.embargo.catalogue.entry import Group, merged, rows_of
from tests.embargo.test_surfaces import SURFACES
from tests.embargo.ways import WAYS

KINDS: dict[str, tuple[Callable[[], set[str]], tuple[Group, ...]]] = {
    "URL patterns": (found.url_patterns, urls.ADDRESSES),
    "operations of the APIs": (found.operations, operations.OPERATIONS),
    "actions": (found.actions, code.ACTIONS),
    "management commands": (found.commands, code.COMMANDS),
    "hooks": (found.page_hooks, code.HOOKS),
    "receivers of signals": (found.receivers, code.RECEIVERS),
    "entries of the log": (found.log_actions, code.LOG),
    "functions that publish": (found.publishing_code, code.PUBLISHING),
}
pytestmark = pytest.mark.once
kinds = pytest.mark.parametrize("kind", KINDS)


@kinds
def test_nothing_is_there_that_the_catalogue_does_not_know(kind: str) -> None:
    look, groups = KINDS[kind]
    new = look() - merged(groups).keys()
    assert sorted(new) == [], (
        f"New {kind}: read what they do, and add them to tests/embargo/catalogue"
    )


@kinds
def test_everything_in_the_catalogue_is_there(kind: str) -> None:
    look, groups = KINDS[kind]
    assert sorted(merged(groups).keys() - look()) == []


@kinds
def test_every_entry_is_covered_by_rows_that_exist_or_says_why_not(kind: str) -> None:
    rows = {way.name for way in WAYS} | {surface.name for surface in SURFACES}
    for name, cover in merged(KINDS[kind][1]).items():
        assert cover, name
        assert set(rows_of(cover)) <= rows, name


def test_names_of_rows_are_their_own() -> None:
    names = [way.name for way in WAYS] + [surface.name for surface in SURFACES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_page_of_the_reference_lists_the_rows_of_today() -> None:
    names = [way.name for way in WAYS] + [surface.name for surface in SURFACES]
    assert document.listed() == names, "Run python -m tests.embargo.document"


def test_the_site_has_no_snippets() -> None:
    assert get_snippet_models() == []
