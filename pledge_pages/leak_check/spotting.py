"""Looks for needles in what a visitor was sent, however it is written."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote, unquote

from .needles import Needle

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
# How sure a find is.
MENTIONED, POSSIBLE, SURE = range(3)
# Left where something was taken out, so that what stood around it does not grow together.
GAP = "\n"


@dataclass(frozen=True)
class Hit:
    """One needle that was found, and how sure it is that it is what was looked for."""

    needle: Needle
    certain: bool
    # No more than the name of a place in somebody's sentence.
    mentioned: bool = False


def spellings(text: str) -> list[str]:
    """Return ``text`` with every usual way of writing a character undone, in small letters."""
    found = [text]
    if "\\u" in text:
        found.append(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))
    if "&" in text:
        found.append(html.unescape(text))
    if "%" in text:
        found.append(unquote(text))
    # A marked word is cut in two by its tags; a name may be broken at a space.
    found += [_SPACE.sub(" ", _TAG.sub("", one)) for one in list(found) if "<" in one]
    return [one.casefold() for one in dict.fromkeys(found)]


def without_echo(text: str, said: Iterable[str]) -> str:
    """Return ``text`` without what the reader said when asking, however it is written back."""
    for words in sorted(set(said), key=len, reverse=True):
        if not words:
            continue
        escaped = words.encode("ascii", "backslashreplace").decode()
        for one in {words, html.escape(words), quote(words), quote(words, safe=""), escaped,
                    quote(words).replace("%20", "+")}:  # fmt: skip
            text = text.replace(one, GAP)
    return text


def said_by(address: str) -> set[str]:
    """Return what an answer may repeat of ``address``: the path, and its longer parts."""
    path, _mark, query = address.partition("?")
    inner = path.strip("/")
    said = {inner, *(part for part in inner.split("/") if len(part) > 3)}
    return {form for part in said if part for form in (part, unquote(part))} | ({query} - {""})


class Spotter:
    """Finds needles in texts; the same text is searched once."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self.needles = [(needle, needle.text.casefold()) for needle in needles]
        self.pairs = [frozenset(pairwise(text)) for _needle, text in self.needles]
        self.known: dict[int, list[Hit]] = {}

    def hits(self, text: str) -> list[Hit]:
        """Return what is found in ``text``."""
        key = hash(text)
        if key not in self.known:
            self.known[key] = list(self._search(text))
        return self.known[key]

    def _search(self, text: str) -> Iterator[Hit]:
        read = spellings(text)
        present: set[tuple[str, str]] = set()
        for one in read:
            present.update(pairwise(one))
        for (needle, words), pairs in zip(self.needles, self.pairs, strict=True):
            # Two letters side by side that stand nowhere rule a needle out at once.
            if not pairs <= present:
                continue
            found = {how for one in read for how in _places(needle, words, one)}
            if found:
                best = max(found)
                yield Hit(needle, needle.sure and best == SURE, best == MENTIONED)


def _places(needle: Needle, words: str, text: str) -> Iterator[int]:
    """Yield for each place of ``words`` how sure it is that it is what is looked for."""
    at = text.find(words)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(words) : at + len(words) + 1]
        how = _sureness(needle, words, before, after)
        if how is not None:
            yield how
        at = text.find(words, at + 1)


def _sureness(needle: Needle, words: str, before: str, after: str) -> int | None:
    """Return how sure a find is between these two signs; None if it is another word."""
    quoted = before == after and before in ('"', "'")
    chance = MENTIONED if needle.place else POSSIBLE
    if needle.kind == "slug":
        if _joins(before, "-_") or _joins(after, "-_"):
            return None
        return SURE if quoted or "/" in (before, after) else chance
    if needle.kind not in ("title", "name", "programme"):
        return SURE
    if (words[0].isascii() and _joins(before)) or (words[-1].isascii() and _joins(after)):
        return chance
    # A place that stands alone in a list or a field is an entry; in a sentence it is a place.
    alone = quoted or (before == ">" and after == "<")
    return SURE if alone or not needle.place else MENTIONED


def _joins(sign: str, more: str = "") -> bool:
    """Return whether ``sign`` makes one Latin word of what stands beside it."""
    return bool(sign) and ((sign.isascii() and sign.isalnum()) or sign in more)
