"""Finds terms in a text, however they are dressed up. Nothing here knows Django.

It takes time in proportion to the length of the text and to the number of terms.
"""

from array import array
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from .folding import APART, CLOSE, Letters, letters_of
from .pinyin import reads_as_pinyin, spellings


@dataclass(frozen=True)
class Term:
    """A term to look for, and what to write instead.

    ``variants``: also in Traditional characters, full width, with anything between its letters, in
    other case, in pinyin. Otherwise only as it stands. ``fine`` terms excuse what they touch.
    """

    text: str
    variants: bool = True
    suggestion: str = ""
    fine: bool = False
    # Whose it is; handed through.
    key: Hashable = None


@dataclass(frozen=True)
class Place:
    """Where a term stands: from ``start`` up to ``end`` in the text as it was given."""

    start: int
    end: int
    quote: str
    term: Term


class Finder:
    """Finds many terms in one text after the other."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Make ready to look for ``terms``; those without any letter are passed over."""
        self.terms = [_Folded(term) for term in dict.fromkeys(terms)]
        self.terms = [term for term in self.terms if term.letters]

    def __bool__(self) -> bool:
        """Whether there is anything that would be found."""
        return any(not term.term.fine for term in self.terms)

    def places(self, text: str) -> list[Place]:
        """Return where terms stand in ``text``, from its beginning; none overlaps another.

        Of two that overlap the one written out counts before one in pinyin, and the longer one
        before the shorter. What touches a term that is fine is left out.
        """
        if not self or not text:
            return []
        letters = letters_of(text)
        latin = _latin_of(letters)
        found: list[tuple[bool, Place]] = []
        fine: list[tuple[int, int]] = []
        for term in self.terms:
            for spelt, (start, end) in term.found_in(text, letters, latin):
                if term.term.fine:
                    fine.append((start, end))
                else:
                    found.append((spelt, Place(start, end, text[start:end], term.term)))
        kept = _without(found, fine)
        return sorted(_longest(kept), key=lambda place: (place.start, place.end))


class _Folded:
    """A term made ready to be looked for."""

    def __init__(self, term: Term) -> None:
        self.term = term
        self.letters = letters_of(term.text).letters
        self.latin = self.letters.isascii()
        self.pinyin = spellings(self.letters) if term.variants else frozenset()

    def found_in(
        self, text: str, letters: Letters, latin: Letters
    ) -> Iterator[tuple[bool, tuple[int, int]]]:
        """Yield whether it is spelt in pinyin and where it stands."""
        if not self.term.variants:
            wanted = self.term.text.strip()
            for start in _all(text, wanted):
                end = start + len(wanted)
                if _is_word(text, start, end):
                    yield False, (start, end)
            return
        for start in _all(letters.letters, self.letters):
            end = start + len(self.letters)
            if self._stands(letters, start, end):
                yield False, letters.bounds(start, end)
        for spelling in self.pinyin:
            for start in _all(latin.letters, spelling):
                end = start + len(spelling)
                if self._is_spelt(latin, start, end):
                    yield True, latin.bounds(start, end)

    def _stands(self, letters: Letters, start: int, end: int) -> bool:
        """Return whether it is the term and not part of another word or of two sentences."""
        if not letters.holds_together(start, end):
            return False
        if not self.latin:
            return True
        return not _goes_on_before(letters, start) and (
            not _goes_on_after(letters, end) or _is_plural(letters, end)
        )

    def _is_spelt(self, latin: Letters, start: int, end: int) -> bool:
        """Return whether it is the term, alone or in a longer run of pinyin."""
        if not latin.holds_together(start, end):
            return False
        before, after = _rest_of_word(latin, start, -1), _rest_of_word(latin, end, 1)
        return reads_as_pinyin(before) and reads_as_pinyin(after)


def _all(text: str, wanted: str) -> Iterator[int]:
    """Yield where ``wanted`` stands in ``text``, overlapping ones too."""
    start = text.find(wanted)
    while start >= 0:
        yield start
        start = text.find(wanted, start + 1)


def _is_word(text: str, start: int, end: int) -> bool:
    """Return whether no Latin word goes on before or after."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_is_latin(before) and _is_latin(text[start])) and not (
        _is_latin(after) and _is_latin(text[end - 1])
    )


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _goes_on_before(letters: Letters, start: int) -> bool:
    return start > 0 and _goes_on(letters, start)


def _goes_on_after(letters: Letters, end: int) -> bool:
    return end < len(letters.letters) and _goes_on(letters, end)


def _goes_on(letters: Letters, place: int) -> bool:
    """Return whether the letter at ``place`` goes on with the word of the one before it."""
    before, after = letters.letters[place - 1], letters.letters[place]
    if letters.gaps[place] != CLOSE or not (_is_latin(before) and _is_latin(after)):
        return False
    return before.isdigit() == after.isdigit()


def _is_plural(letters: Letters, end: int) -> bool:
    return letters.letters[end] == "s" and not _goes_on_after(letters, end + 1)


def _latin_of(letters: Letters) -> Letters:
    """Return the Latin letters alone, without digits, which may stand for tones."""
    text, places, gaps = [], array("L"), bytearray()
    gap = CLOSE
    for place, sign in enumerate(letters.letters):
        before = letters.gaps[place]
        if "a" <= sign <= "z":
            text.append(sign)
            places.append(letters.places[place])
            gaps.append(max(gap, before))
            gap = CLOSE
        else:
            # Digits close up as if they were not there; other scripts part words.
            gap = max(gap, before, CLOSE if sign.isdigit() else APART)
    return Letters(letters.text, "".join(text), places, gaps)


def _rest_of_word(latin: Letters, place: int, step: int) -> str:
    """Return the letters of the same word before (-1) or after (1) ``place``."""
    found = []
    here = place
    while len(found) < 100:
        if step < 0:
            if here <= 0 or latin.gaps[here] != CLOSE:
                break
            here -= 1
            found.append(latin.letters[here])
        else:
            if here >= len(latin.letters) or latin.gaps[here] != CLOSE:
                break
            found.append(latin.letters[here])
            here += 1
    return "".join(found if step > 0 else reversed(found))


def _without(
    found: list[tuple[bool, Place]], fine: list[tuple[int, int]]
) -> list[tuple[bool, Place]]:
    """Leave out what touches one of the places that are fine."""
    ends = sorted(fine)
    merged: list[tuple[int, int]] = []
    for start, end in ends:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    kept, at = [], 0
    for spelt, place in sorted(found, key=lambda pair: pair[1].start):
        while at < len(merged) and merged[at][1] <= place.start:
            at += 1
        if at == len(merged) or merged[at][0] >= place.end:
            kept.append((spelt, place))
    return kept


def _longest(found: list[tuple[bool, Place]]) -> list[Place]:
    """Return places that do not overlap: written out before pinyin, the longer first."""
    ranked = sorted(found, key=lambda p: (p[0], p[1].start - p[1].end, p[1].start))
    taken: list[Place] = []
    covered: set[int] = set()
    for _spelt, place in ranked:
        signs = range(place.start, place.end)
        if covered.isdisjoint(signs):
            covered.update(signs)
            taken.append(place)
    return taken
