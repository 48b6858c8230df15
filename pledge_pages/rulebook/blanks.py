"""The numbers that a template leaves open: named, within bounds, filled in when it is used.

``{checks}`` is the number "checks"; three underscores are a number too, the same one in the text and
in the measure, and another in the first task.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

BLANK = "___"
NAMED = re.compile(r"\{([a-z][a-z0-9]{0,23})\}")
# What three underscores are called, in the text and the measure, and in the first task.
NUMBER, FIRST = "number", "first"
MOST_NUMBER = 99_999
MOST_NUMBERS = 8


@dataclass(frozen=True)
class Bounds:
    """From what to what a number may be."""

    least: int = 1
    most: int = MOST_NUMBER


def names_in(text: str, unnamed: str = NUMBER) -> list[str]:
    """Return the names of the numbers that ``text`` leaves open, in their order, each once."""
    return list(dict.fromkeys(NAMED.findall(text.replace(BLANK, f"{{{unnamed}}}"))))


def fill_in(text: str, numbers: Mapping[str, int], unnamed: str = NUMBER) -> str:
    """Return ``text`` with its ``numbers``; there has to be one for each name."""
    return NAMED.sub(lambda found: str(numbers[found[1]]), text.replace(BLANK, f"{{{unnamed}}}"))


def check_bounds(bounds: Any) -> None:
    """Raise ValidationError unless ``bounds`` is an object of (least, most) by name."""
    wrong = ValidationError(
        {"numbers": _("Give the least and the most of each number, such as: checks 1 12")}
    )
    if not isinstance(bounds, dict) or len(bounds) > MOST_NUMBERS:
        raise wrong
    for name, pair in bounds.items():
        if not NAMED.fullmatch(f"{{{name}}}") or not isinstance(pair, list) or len(pair) != 2:
            raise wrong
        least, most = pair
        if not (is_number(least) and is_number(most) and 0 <= least <= most <= MOST_NUMBER):
            raise wrong


def is_number(value: Any) -> bool:
    """Return whether ``value`` is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def check_numbers(wanted: Mapping[str, Bounds], given: Mapping[str, Any]) -> dict[str, int]:
    """Return what is ``given`` for the ``wanted`` numbers.

    Raises ValidationError at "numbers" that names each one that is missing, too small or too large,
    or that nobody asked for.
    """
    errors = [
        _("There is no number “%(name)s” in it.") % {"name": n} for n in given if n not in wanted
    ]
    for name, bounds in wanted.items():
        value: Any = given.get(name)
        if not is_number(value) or not bounds.least <= value <= bounds.most:
            errors.append(
                _("“%(name)s”: give a whole number from %(least)d to %(most)d.")
                % {"name": name, "least": bounds.least, "most": bounds.most}
            )
    if errors:
        raise ValidationError({"numbers": errors})
    return {name: given[name] for name in wanted}
