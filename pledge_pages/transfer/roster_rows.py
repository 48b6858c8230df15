"""One row of a roster: what its cells say, and what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..quiet_words.lint import advice
from ..quiet_words.personal_data import personal_data
from .columns import PLEDGE_COLUMNS, Headings, plain
from .sheets import Cells, Fault, Formula

# So many are listed; of the others the number is said.
MOST_SHOWN = 50
# Of what a column may hold.
MOST_NAMED = 30
# Longer than any field; what it may really hold, the field says.
MOST_IN_CELL = 5000
# Written as one word; every other surname is taken to be one character.
COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "司徒",
        "司空",
        "夏侯",
        "轩辕",
        "端木",
        "百里",
        "南宫",
        "独孤",
        "申屠",
        "淳于",
        "单于",
        "公羊",
        "太史",
        "澹台",
        "钟离",
        "闻人",
        "东郭",
        "南门",
        "呼延",
        "西门",
        "万俟",
        "赫连",
        "拓跋",
        "完颜",
        "耶律",
        "公冶",
        "濮阳",
        "第五",
    ]
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")


@dataclass(frozen=True)
class RowError:
    """What is wrong in one row: in which column, as the file calls it, and why."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return _("Row %(row)d, “%(column)s”: %(reason)s") % {
            "row": self.row, "column": self.column, "reason": self.reason,
        }  # fmt: skip


class RosterErrors(ValidationError):
    """Everything that is wrong with a roster, in the order of its rows; the first of it in words."""

    def __init__(self, rows: Iterable[RowError]) -> None:
        self.rows = sorted(rows, key=lambda row: row.row)
        said = [str(row) for row in self.rows[:MOST_SHOWN]]
        if more := len(self.rows) - len(said):
            text = ngettext("And %(count)d more is wrong.", "And %(count)d more are wrong.", more)
            said.append(text % {"count": more})
        super().__init__({"file": said})


class CellsOfRow:
    """One row: its cells by column, and what is wrong with them."""

    def __init__(
        self, headings: Headings, errors: list[RowError], number: int, cells: Cells
    ) -> None:
        self.headings, self.errors, self.number = headings, errors, number
        self._texts: dict[tuple[str, str], str] = {}
        self._values: dict[tuple[str, str], Any] = {}
        self._wrong: set[tuple[str, str]] = set()
        for place, key in headings.places.items():
            value = cells[place] if place < len(cells) else None
            self._values[key], self._texts[key] = value, self._read(value, key)
        names = headings.places.values()
        self.name_column = "name" if ("name", "") in names else "surname"

    @property
    def has_pledge(self) -> bool:
        """Whether it says anything about a pledge but its year."""
        keys = [key for key in self._texts if key[0] in PLEDGE_COLUMNS and key[0] != "year"]
        return any(self._texts[key] for key in keys)

    def text(self, name: str, language: str = "") -> str:
        """Return what the column says; empty if it says nothing or is not there."""
        return self._texts.get((name, language), "")

    def named(self, name: str, known: Mapping[str, Any]) -> Any:
        """Return which of ``known`` the column names, or None; what is not known is wrong."""
        said = self.text(name)
        found = known.get(plain(said)) if said else None
        if said and found is None:
            self.unknown(name, said, known)
        return found

    def unknown(self, name: str, said: str, known: Mapping[str, Any]) -> None:
        """Note that the column says what is none of ``known``, and what there is."""
        words = dict.fromkeys(str(getattr(one, "label", one)) for one in known.values())
        listed = "、".join([*words][:MOST_NAMED]) + ("…" if len(words) > MOST_NAMED else "")
        text = _("There is no “%(word)s”. There are: %(there)s.")
        self.wrong(name, text % {"word": said[:60], "there": listed})

    def day(self, name: str) -> date | None:
        """Return the day in the column, or None; what is no day is wrong."""
        value, said = self._values.get((name, "")), self.text(name)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date) or not said:
            return value if isinstance(value, date) else None
        found = _DAY.match(unicodedata.normalize("NFKC", said))
        try:
            if found:
                return date(*(int(part) for part in found.groups()))
        except ValueError:
            pass  # such as 31 February
        self.wrong(name, _("This is no date. Write it as YYYY-MM-DD."))
        return None

    def year(self) -> int | None:
        """Return the year in its column, or None; what is no year is wrong."""
        said = unicodedata.normalize("NFKC", self.text("year")).removesuffix("年")
        if not said:
            return None
        if re.fullmatch(r"\d{4}", said):
            return int(said)
        self.wrong("year", _("This is no year for a pledge."))
        return None

    def check(
        self,
        row: models.Model,
        exclude: Sequence[str],
        places: Mapping[str, str],
        language: str = "",
    ) -> None:
        """Put down what ``row``, made of these cells, must not be like."""
        try:
            row.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                for message in messages:
                    self.wrong(places.get(name, self.name_column), message, language)

    def wrong(self, name: str, reason: str, language: str = "") -> None:
        """Put down that something is wrong in a column; once for each is enough."""
        there = [key for key in self._texts if key[0] == name]
        key = (name, language) if (name, language) in there else next(iter(there), (name, ""))
        if key in self._wrong:
            return
        self._wrong.add(key)
        word = self.headings.word(*key)
        self.errors.append(RowError(self.number, word, reason))

    def _read(self, value: Any, key: tuple[str, str]) -> str:
        """Return a cell as a text in the way that people write it."""
        if value is None:
            return ""
        if isinstance(value, Formula | Fault):
            self._bad(key, _("It calculates. Put its value in its place."))
            return ""
        if isinstance(value, datetime | date):
            return value.strftime("%Y-%m-%d")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = str(value).replace("\r\n", "\n").strip()
        if len(text) > MOST_IN_CELL:
            self._bad(key, _("At most %(max)d characters.") % {"max": MOST_IN_CELL})
        elif _CONTROL.search(text):
            self._bad(key, _("It holds signs that cannot be kept. Write it anew."))
        elif found := next((one for one in personal_data(text) if one.blocking), None):
            self._bad(key, _("It holds %(what)s") % {"what": advice(found.kind)})
        else:
            return text
        return ""

    def _bad(self, key: tuple[str, str], reason: str) -> None:
        self._texts.setdefault(key, "")
        self.wrong(key[0], reason, key[1])


def name_in(row: CellsOfRow, *, required: bool = True) -> tuple[str, str]:
    """Return surname and given name: from two columns, or from one taken apart."""
    if row.name_column == "surname":
        parts = _closed(row.text("surname")), _closed(row.text("given_name"))
    else:
        parts = split_name(row.text("name"))
    if required and not parts[0]:
        row.wrong(row.name_column, _("It must not be empty."))
    return parts


def split_name(name: str) -> tuple[str, str]:
    """Return surname and given name of a whole name, whose surname stands first."""
    name = _closed(name)
    if not _HAN.search(name):
        surname, _comma, given = name.partition("," if "," in name else " ")
        return surname.strip(), given.strip()
    if "·" in name:
        surname, dot, given = name.partition("·")
        return surname, dot + given
    length = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:length], name[length:]


def _closed(name: str) -> str:
    """Return a name without the blanks that only make it as wide as others: 王 芳."""
    name = " ".join(unicodedata.normalize("NFKC", name).split())
    return name.replace(" ", "") if _HAN.search(name) else name
