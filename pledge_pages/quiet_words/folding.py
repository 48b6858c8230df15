"""Reads a text as a person would: the letters that are meant, and where each of them stands.

Full width, decorated, Traditional and upper-case letters become plain ones; what no reader sees is
left out. Nothing here knows Django.
"""

import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache

# Between two letters: nothing, something to be read past, or the end of what belongs together.
CLOSE, APART, BROKEN = 0, 1, 2

# What ends a sentence or a part of one, also where it is not followed by a space.
BREAKS = frozenset("\u3002\uff01\uff1f\uff1b\uff0c\u3001\uff1a\u2026\u2028\u2029")
# The same in Latin script, unless it stands inside a word, as in a file name.
LATIN_BREAKS = frozenset(".!?;,:")


@cache
def _simplifier():
    from opencc import OpenCC

    return OpenCC("t2s")


class Folds(dict[str, str]):
    """The plain letters that a character stands for, by character; empty for what is no letter."""

    def __missing__(self, sign: str) -> str:
        letters = [
            part
            for part in unicodedata.normalize("NFKD", sign).casefold()
            if unicodedata.category(part)[0] in "LN"
        ]
        # A fold may bring marks of its own: İ becomes i and a dot.
        plain = "".join(letters)
        folded = plain if plain.isascii() else _simplifier().convert(plain)
        self[sign] = folded
        return folded


class Hidden(dict[str, bool]):
    """Whether a reader sees nothing of a character: it joins, directs, or changes another one."""

    def __missing__(self, sign: str) -> bool:
        hidden = unicodedata.category(sign) in ("Cf", "Mn", "Me", "Cc", "Cn", "Co") and (
            not sign.isspace()
        )
        # Blank letters: they are letters to Unicode, and nothing to the eye.
        hidden = hidden or sign in "\u115f\u1160\u3164\uffa0\u2800"
        self[sign] = hidden
        return hidden


FOLDS = Folds()
HIDDEN = Hidden()


@dataclass(frozen=True)
class Letters:
    """The letters of a text, where each stands in it, and what lies before each of them."""

    text: str
    letters: str
    places: array
    gaps: bytearray

    def bounds(self, start: int, end: int) -> tuple[int, int]:
        """Return where the letters from ``start`` up to ``end`` begin and end in the text."""
        return self.places[start], self.places[end - 1] + 1

    def holds_together(self, start: int, end: int) -> bool:
        """Return whether a reader takes these letters for one word.

        A full stop or comma between them parts them, unless something stands in every gap.
        """
        inside = self.gaps[start + 1 : end]
        return BROKEN not in inside or CLOSE not in inside


def plain(text: str) -> tuple[str, list[int]]:
    """Return ``text`` in half width, without what no reader sees, and where each sign stood."""
    signs, places = [], []
    for place, sign in enumerate(text):
        if not HIDDEN[sign]:
            # Digits of other scripts are none to a person who reads numbers here.
            signs.append(chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else sign)
            places.append(place)
    return "".join(signs), places


def letters_of(text: str) -> Letters:
    """Return the letters of ``text``; takes time in proportion to its length."""
    found: list[str] = []
    places, gaps = array("L"), bytearray()
    gap = CLOSE
    for place, sign in enumerate(text):
        if HIDDEN[sign]:
            continue
        folded = FOLDS[sign]
        if not folded:
            gap = max(gap, _gap_of(sign, place, text))
            continue
        for number, letter in enumerate(folded):
            found.append(letter)
            places.append(place)
            gaps.append(CLOSE if number else gap)
        gap = CLOSE
    return Letters(text, "".join(found), places, gaps)


def _gap_of(sign: str, place: int, text: str) -> int:
    if sign in BREAKS:
        return BROKEN
    if sign in LATIN_BREAKS:
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        inside = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
        return APART if inside else BROKEN
    return APART
