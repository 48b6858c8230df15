"""Text as one stream of overlapping character pairs, the same for every database.

"Renew the board" is stored as the pairs ``re en ne ew wt th he eb bo oa ar rd``; a query is
cut the same way, and finds the text when its pairs stand next to each other in it. So every
stretch of two or more characters can be found: part of an English word, words across a space,
any run of Chinese characters, with no dictionary that could miss a name.
"""

import unicodedata
from collections.abc import Iterator

#: The shortest query the public search accepts, in characters after folding.
SHORTEST_QUERY = 2
#: Characters of a query that are looked at; longer queries are cut (as Wagtail itself does).
LONGEST_QUERY = 255
#: Folded characters of one index column (title, body, autocomplete) that can be found.
#: PostgreSQL stores at most 1 MB of distinct pairs a column, and a pair takes 12 bytes at most.
LONGEST_TEXT = 80_000


def fold(text: str) -> str:
    """Reduce a text to what the search compares.

    In: any string. Out: NFKC and case-folded, letters and digits of all scripts only.
    Folding twice changes nothing, and every part of a folded text is itself folded.
    """
    while (folded := _fold_once(text)) != text:
        # Dropping a mark can bring two characters together that NFKC then joins.
        text = folded
    return text


def _fold_once(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(str.isalnum, folded))


def pairs(folded: str) -> Iterator[str]:
    """Cut a folded text into pairs, in order.

    Each pair is spelt with the hexadecimal code points of its two characters ("re" is
    ``72x65``), because both databases' own tokenizers drop or alter rare characters. The last
    token, the last character alone, keeps a phrase from running on into the next text and lets
    ``starts_with`` find every character.
    """
    codes = [f"{ord(character):x}" for character in folded]
    for first, second in zip(codes, [*codes[1:], ""], strict=True):
        yield f"{first}x{second}"


def phrase(term: str) -> list[str]:
    """The pairs of a folded query term of two or more characters."""
    return list(pairs(term))[:-1]


def starts_with(character: str) -> str:
    """The beginning of every pair whose first character is the given one."""
    return f"{ord(character):x}x"


def terms(query: str) -> list[str]:
    """Split what somebody typed into the folded stretches that must all be found.

    Words are split at white space. A word of a single character is joined to its neighbour, for
    a pair needs two; every term is an unbroken stretch of the folded query, so a text in which
    the query stands always has them all. Out: an empty list if nothing can be searched for.
    """
    words = [word for word in query[:LONGEST_QUERY].split() if fold(word)]
    groups: list[str] = []
    waiting = ""
    for word in words:
        waiting = f"{waiting} {word}" if waiting else word
        if len(fold(waiting)) >= SHORTEST_QUERY:
            groups.append(waiting)
            waiting = ""
    if waiting:
        last = groups.pop() if groups else ""
        groups.append(f"{last} {waiting}")
    return [fold(group) for group in groups]


def is_long_enough(query: str) -> bool:
    """Whether a query has the two letters or digits the public search asks for."""
    return len(fold(query)) >= SHORTEST_QUERY
