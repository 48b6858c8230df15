"""Which addresses a row of the matrix really asks for: it may not claim more than it does."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from django.test import Client

from tests.embargo.catalogue.entry import merged, rows_of
from tests.worlds import LANGUAGES

LANGUAGE = "<language>/"


def named(pattern: str) -> str:
    """Return a URL pattern with the language it begins with left open."""
    pattern = pattern.removeprefix("^")
    for language in LANGUAGES:
        if pattern.startswith(f"{language}/"):
            return LANGUAGE + pattern.removeprefix(f"{language}/")
    return pattern


@contextmanager
def listening() -> Iterator[set[str]]:
    """Collect what every test client in the block asks for: URL patterns, and with the method."""
    heard: set[str] = set()
    stock = Client.request

    def request(client, **kwargs):
        answer = stock(client, **kwargs)
        match = answer.wsgi_request.resolver_match
        if match is not None:
            pattern = named(match.route)
            heard.update((pattern, f"{answer.wsgi_request.method} {without_types(pattern)}"))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield heard


def without_types(pattern: str) -> str:
    """Return a URL pattern as the description of an API writes it."""
    return re.sub(r"<\w+:(\w+)>", r"<\1>", pattern)


@cache
def claims() -> dict[str, set[str]]:
    """Return the URL patterns and operations that the catalogue says a row asks for, by row."""
    from tests.embargo.catalogue import operations, urls

    made = defaultdict(set)
    for entry, cover in (*merged(urls.ADDRESSES).items(), *merged(operations.OPERATIONS).items()):
        for row in rows_of(cover):
            made[row].add(entry)
    return made


def idle(row: str, heard: set[str]) -> list[str]:
    """Return what the catalogue says that a row asks for, and it did not."""
    return sorted(claims().get(row, set()) - heard)
