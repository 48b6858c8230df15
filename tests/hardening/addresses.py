"""Every address of the site that takes no arguments."""

import re
from collections.abc import Callable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

PLAIN = re.compile(r"[\w/.\-]*")


def plain_addresses(
    resolver: URLResolver | None = None, start: str = "/"
) -> Iterator[tuple[str, Callable]]:
    """Yield (address, view) of every address below ``resolver`` that is nothing but text."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = start + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from plain_addresses(entry, address)
        elif isinstance(entry, URLPattern) and PLAIN.fullmatch(address):
            yield address, entry.callback
