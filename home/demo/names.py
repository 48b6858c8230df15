"""Splits a Chinese name into surname and given name."""

from dataclasses import dataclass
from itertools import product

from pypinyin import Style, pinyin

# Of the surnames in use, none is longer.
LONGEST_SURNAME = 2


@dataclass(frozen=True)
class SplitName:
    """A person's name in parts, in Chinese and in Latin letters."""

    surname: str
    given_name: str
    surname_latin: str
    given_name_latin: str


def split_name(native: str, latin: str) -> SplitName:
    """Return the parts of the name ``native``, whose spelling ``latin`` sets the surname apart.

    The surname is as many characters as are read like the first word of ``latin``. Raises
    ValueError if there are none.
    """
    surname_latin, _space, given_latin = latin.partition(" ")
    for length in range(1, LONGEST_SURNAME + 1):
        if surname_latin.lower() in readings(native[:length]) and native[length:]:
            return SplitName(native[:length], native[length:], surname_latin, given_latin)
    raise ValueError(f"{native} does not begin with a surname that is read “{surname_latin}”.")


def readings(characters: str) -> set[str]:
    """Return every way in which ``characters`` can be read, as Pinyin without tones."""
    each = pinyin(characters, style=Style.NORMAL, heteronym=True)
    return {"".join(syllables) for syllables in product(*each)}
