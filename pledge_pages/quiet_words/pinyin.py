"""Chinese terms as they are written in Latin letters: in addresses and names of files."""

import re
from itertools import product

# What a syllable of Mandarin looks like. A few that it lets in are none, which does no harm: it has
# to tell pinyin from other words.
SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ueng|ang|eng|ing|ong|ian|iao|uai|uan|van|"
    r"ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|vn|[aeiouv])"
)
LONGEST_SYLLABLE = 6
SHORTEST_TERM = 3
# A longer run of letters is no word that anybody wrote.
LONGEST_WORD = 80
# So many syllables of a term are tried in every spelling; the others in the usual one.
TRIED = 8


def is_han(letter: str) -> bool:
    """Return whether ``letter`` is a Chinese character."""
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff"


def spellings(term: str) -> frozenset[str]:
    """Return how the folded ``term`` is written in pinyin, closed up and without tones.

    Empty for a term with fewer than three Chinese characters: two syllables may be an ordinary word,
    as 我们 is "women".
    """
    if sum(map(is_han, term)) < SHORTEST_TERM:
        return frozenset()
    from pypinyin import lazy_pinyin

    choices = [
        # ü is written as u, v or yu.
        dict.fromkeys((one, one.replace("v", "u"), one.replace("v", "yu")))
        if at < TRIED
        else (one,)
        for at, one in enumerate(lazy_pinyin(term))
    ]
    return frozenset("".join(parts) for parts in product(*choices))


def reads_as_pinyin(letters: str) -> bool:
    """Return whether ``letters`` are nothing but syllables of pinyin."""
    if len(letters) > LONGEST_WORD:
        return False
    reached = {0}
    for place in range(len(letters)):
        if place in reached:
            reached |= {
                place + length
                for length in range(1, LONGEST_SYLLABLE + 1)
                if SYLLABLE.fullmatch(letters[place : place + length])
                and place + length <= len(letters)
            }
    return len(letters) in reached
