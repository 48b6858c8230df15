"""A line of a text around what was searched for."""

import re
from functools import lru_cache
from typing import NamedTuple

from .bigrams import fold, terms

#: Characters of the line, and how many of them come before the first hit.
WIDTH = 120
BEFORE = 30
#: Characters of a text in which a hit is looked for.
LONGEST_SEARCHED = 20_000


class Piece(NamedTuple):
    """A piece of a line; ``is_hit`` says whether it is what was searched for."""

    text: str
    is_hit: bool


def line_around(text: str, query: str) -> list[Piece]:
    """Cut a line from a plain text around the first hit, with every hit in it marked.

    In: a text without markup; what was searched for. Out: pieces that make up the line, from the
    beginning of the text if nothing is hit; none for an empty text.
    """
    text = " ".join(text[:LONGEST_SEARCHED].split())
    spans = _hits(text, query)
    start = max(0, spans[0][0] - BEFORE) if spans and spans[0][1] > WIDTH else 0
    end = start + WIDTH
    pieces = [Piece("…", False)] if start else []
    for hit_start, hit_end in spans:
        if hit_start >= end:
            break
        pieces.append(Piece(text[start:hit_start], False))
        pieces.append(Piece(text[hit_start:hit_end], True))
        start = hit_end
    pieces.append(Piece(text[start:end], False))
    if max(start, end) < len(text):
        pieces.append(Piece("…", False))
    return [piece for piece in pieces if piece.text]


def hits(text: str, query: str) -> bool:
    """Whether anything in a plain text is what was searched for."""
    return bool(_hits(text[:LONGEST_SEARCHED], query))


def _hits(text: str, query: str) -> list[tuple[int, int]]:
    """Where the terms of a query stand in a text: start and end, in order, not overlapping."""
    wanted = [re.escape(term) for term in sorted(terms(query), key=len, reverse=True)]
    if not wanted:
        return []
    # The place in the text that each folded character comes from. Characters are folded one by
    # one, so a hit in the few that only fold together goes unmarked.
    places = [place for place, character in enumerate(text) for _ in _fold_one(character)]
    folded = "".join(map(_fold_one, text))
    return [
        (places[match.start()], places[match.end() - 1] + 1)
        for match in re.finditer("|".join(wanted), folded)
    ]


@lru_cache(maxsize=8192)
def _fold_one(character: str) -> str:
    return fold(character)
