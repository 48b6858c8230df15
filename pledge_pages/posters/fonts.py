"""The fonts that print is set in, and which signs they have.

Noto Sans CJK comes with the plugin as a package; nothing of the server's own fonts is used. Signs it
lacks can be had from more files, named in the setting PLEDGE_PAGES_FONT_PATHS.
"""

from functools import lru_cache
from pathlib import Path

import manimgx_fonts_cjk
import typst
from django.core.exceptions import ImproperlyConfigured
from fontTools.ttLib import TTFont

from .. import conf

# The face of Noto Sans CJK whose forms are those of mainland China.
FAMILY = "Noto Sans CJK SC"

# What is drawn as nothing, whether a font has it or not: joiners, marks of direction as they come
# along with pasted names, variation selectors.
INVISIBLE = (
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xE0100, 0xE01EF),
)


def families() -> list[str]:
    """Return the names of all fonts, the one that is tried first at the beginning."""
    found = [font.family for font in _loaded(_paths()).fonts()]
    more = [name for name in found if not name.startswith("Noto Sans CJK")]
    return [FAMILY, *dict.fromkeys(more)]


def loaded() -> typst.Fonts:
    """Return the fonts as typst wants them. Read once for a process.

    Raises ImproperlyConfigured if a file or folder of PLEDGE_PAGES_FONT_PATHS is not there, or the
    font that comes with the plugin is missing.
    """
    return _loaded(_paths())


def missing(text: str) -> list[str]:
    """Return the signs of ``text`` that no font has, each once, in their order.

    What draws nothing (spaces, line ends, :data:`INVISIBLE`) is never missing.
    """
    known = _coverage(_paths())
    lacking = (
        sign for sign in text if ord(sign) not in known and not (sign.isspace() or _invisible(sign))
    )
    return list(dict.fromkeys(lacking))


def _invisible(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in INVISIBLE)


def _paths() -> tuple[str, ...]:
    packaged = Path(manimgx_fonts_cjk.__file__).parent
    return (str(packaged), *(str(path) for path in conf.get("FONT_PATHS")))


@lru_cache(maxsize=4)
def _loaded(paths: tuple[str, ...]) -> typst.Fonts:
    for path in paths:
        if not Path(path).exists():
            raise ImproperlyConfigured(
                f"PLEDGE_PAGES_FONT_PATHS names {path}, which is not there. Take it out of the "
                "setting, or install the font."
            )
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(paths)
    )
    if FAMILY not in fonts.families():
        raise ImproperlyConfigured(
            f"The font {FAMILY} is missing. Install the package manimgx-fonts-cjk again."
        )
    return fonts


@lru_cache(maxsize=4)
def _coverage(paths: tuple[str, ...]) -> frozenset[int]:
    """Return the code points of all signs that the fonts have."""
    known: set[int] = set()
    for font in _loaded(paths).fonts():
        other_face = font.family.startswith("Noto Sans CJK") and font.family != FAMILY
        if font.path and not other_face:
            with TTFont(font.path, fontNumber=font.index, lazy=True) as file:
                known.update(file.getBestCmap())
    return frozenset(known)
