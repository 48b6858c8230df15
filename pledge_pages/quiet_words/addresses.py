"""Finds addresses in a text, with or without a host, and takes them apart."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

# A path in an address: from its first slash up to whatever ends it. Chinese characters end it, for
# no space parts it from the sentence; in addresses that were copied they are escaped.
ADDRESS = re.compile(r"(?:https?:)?/[A-Za-z0-9_%~.:@+\-/]+", re.IGNORECASE)
HOST = re.compile(r"^(?:https?:)?//[^/]*", re.IGNORECASE)
PRIVATE = re.compile(r"(?:^|/)photos/(?:evidence/)?([A-Za-z0-9_-]{16,})")

VILLAGE = re.compile(r"(?:^|/)v/[A-Za-z0-9_-]{16,}(?:/|$)")


def addresses_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and path of each address in ``text``, without host and outer slashes."""
    if "/" not in text:
        return
    for found in ADDRESS.finditer(text):
        path = unquote(HOST.sub("", found.group())).strip("/").rstrip(".")
        if path:
            yield found.start(), found.end(), path


def private_tokens(path: str) -> list[str]:
    """Return the part that names a photo or an evidence file in ``path``, if there is one."""
    return PRIVATE.findall(path)


def is_village_link(path: str) -> bool:
    """Return whether ``path`` is that of a village's own link, as it stands on the wall."""
    return VILLAGE.search(path) is not None
