"""Finds addresses in a text, with or without a host, and takes them apart.

They are read as a browser or a helpful person would: escapes, full width, invisible signs, other
slashes, detours by ``.`` and ``..``. Nothing here knows Django.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from .folding import plain

# A path in an address: from its first slash up to whatever ends it. Chinese characters may end it,
# for no space parts it from the sentence, or belong to it: both are tried.
NARROW = re.compile(r"(?:https?:)?/[A-Za-z0-9_%~.:@+\-/]+", re.IGNORECASE)
WIDE = re.compile(r"(?:https?:)?/[\w%~.:@+\-/]+", re.IGNORECASE)
# What may stand before the first slash: a host, or the beginning of a path.
LEADING = re.compile(r"[A-Za-z0-9_%~.@+\-]")
HOST = re.compile(r"^(?:https?:)?//[^/]*", re.IGNORECASE)
PRIVATE = re.compile(r"(?:^|/)photos/(?:evidence/)?([A-Za-z0-9_-]{16,})")
# Whatever follows the token: somebody leaves it out.
VILLAGE = re.compile(r"(?:^|/)v/\W*[A-Za-z0-9_-]{16,}", re.IGNORECASE)

# A browser takes a backslash for a slash; a reader those that look like one.
SLASHES = str.maketrans(dict.fromkeys("\\\u2044\u2215\u29f8\u2571", "/"))
ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# Escapes of escapes are taken apart so many times.
MOST_LAYERS = 3


@dataclass(frozen=True)
class Address:
    """Where an address stands in a text, and the parts of its path."""

    start: int
    end: int
    parts: tuple[str, ...]
    # Begins with a slash or a host: it means the same wherever it stands.
    rooted: bool = True
    # Begins with ``.`` or ``..``.
    climbs: bool = False

    @property
    def path(self) -> str:
        """The path without detours and outer slashes."""
        return "/".join(self.parts)

    def leads_to(self) -> Iterator[str]:
        """Yield the paths of what it may name or lie below, the longest first, without case."""
        yield from _above(self.parts)
        if not self.rooted and not self.climbs:
            # The first part may be a host that was written without ``http``.
            yield from _above(self.parts[1:])

    def ends_of_paths(self) -> Iterator[str]:
        """Yield what a path may end with that this leads to from some page, the longest first."""
        for path in () if self.rooted else _above(self.parts):
            if self.climbs or "/" in path:
                yield path


def _above(parts: tuple[str, ...]) -> Iterator[str]:
    for length in range(len(parts), 0, -1):
        # No slug holds what a sentence puts behind an address.
        last = re.split(r"[^\w-]", parts[length - 1], maxsplit=1)[0]
        if last:
            yield "/".join((*parts[: length - 1], last)).casefold()


def addresses_in(text: str) -> Iterator[Address]:
    """Yield each address in ``text``; one that holds escapes is found once more without them.

    Takes time in proportion to the length of the text.
    """
    for reading, where in readings(text):
        read, signs = plain(reading)
        read = read.translate(SLASHES)
        for start, end in _spans(read) if "/" in read else ():
            first, last = where[signs[start]], where[signs[end - 1]]
            address = _taken_apart(first, last + 1, read[start:end])
            if address.parts:
                yield address


def readings(text: str) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield ``text``, and what it says without escapes (%2F); with where each sign of it stands."""
    places: Sequence[int] = range(len(text))
    for _layer in range(MOST_LAYERS):
        yield text, places
        found = _decoded(text)
        if found is None:
            return
        text, inner = found
        places = [places[place] for place in inner]


def _spans(read: str) -> Iterator[tuple[int, int]]:
    for pattern in (NARROW,) if read.isascii() else (NARROW, WIDE):
        for found in pattern.finditer(read):
            start = found.start()
            if not read[start].isalpha():  # no http before it
                while start and LEADING.match(read[start - 1]):
                    start -= 1
            yield start, found.end()


def _taken_apart(start: int, end: int, written: str) -> Address:
    path = unescaped(HOST.sub("/", written)).translate(SLASHES)
    rooted = path.startswith("/")
    climbs = path.startswith(".")
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            climbs = climbs or not (rooted or parts)
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    if parts:
        parts[-1] = parts[-1].rstrip(".")
    return Address(start, end, tuple(part for part in parts if part), rooted, climbs)


def unescaped(text: str) -> str:
    """Return ``text`` without escapes (%2F), also of escapes, and without what no reader sees."""
    return plain([reading for reading, _places in readings(text)][-1])[0]


def _decoded(text: str) -> tuple[str, list[int]] | None:
    """Return ``text`` with its escapes (%2F) taken apart, and where each sign stood; None without."""
    signs: list[str] = []
    places: list[int] = []
    last = 0
    for found in ESCAPES.finditer(text):
        signs.append(text[last : found.start()])
        places.extend(range(last, found.start()))
        # Each byte stands at its escape, three signs wide.
        at = found.start()
        for sign in unquote_to_bytes(found.group()).decode(errors="replace"):
            signs.append(sign)
            places.append(at)
            at = min(at + 3 * len(sign.encode()), found.end() - 3)
        last = found.end()
    if not signs:
        return None
    signs.append(text[last:])
    places.extend(range(last, len(text)))
    return "".join(signs), places


def private_tokens(path: str) -> list[str]:
    """Return the part that names a photo or an evidence file in ``path``, if there is one."""
    return PRIVATE.findall(path)


def is_village_link(path: str) -> bool:
    """Return whether ``path`` is that of a village's own link, as it stands on the wall."""
    return VILLAGE.search(path) is not None
