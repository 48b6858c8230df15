"""What the columns of a roster are called, in Chinese and English, and which are not taken at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from ..labels import content_languages


@dataclass(frozen=True)
class Column:
    """One column: what it holds, and what its heading may be. Texts may have one a language."""

    name: str
    label: Promise
    headings: tuple[str, ...]
    in_languages: bool = False


NAME_COLUMNS = ("name", "surname")
PLEDGE_COLUMNS = (
    "year", "category", "text", "measure", "baseline", "agreed_on", "due", "kind", "scope",
)  # fmt: skip

COLUMNS = (
    Column("code", gettext_lazy("number"), (
        "编号", "党员编号", "成员编号", "内部编号", "成员", "number", "no", "code", "internal code", "member", "member code",
    )),
    Column("name", gettext_lazy("name"), ("姓名", "党员姓名", "名字", "name", "full name")),
    Column("surname", gettext_lazy("surname"), ("姓", "姓氏", "surname", "family name", "last name")),
    Column("given_name", gettext_lazy("given name"), ("名", "given name", "first name")),
    Column("latin", gettext_lazy("name in Latin letters"), (
        "英文名", "英文姓名", "拼音", "姓名拼音", "english name", "name in english", "latin name", "name in latin letters", "pinyin",
    )),
    Column("office", gettext_lazy("office"), ("职务", "党内职务", "office", "position")),
    Column("posts", gettext_lazy("posts"), ("岗位", "岗位职责", "认领岗位", "认岗", "posts", "post")),
    Column("photo", gettext_lazy("photo"), ("照片", "照片文件", "相片", "photo", "photo file")),
    Column("year", gettext_lazy("year"), ("年度", "年份", "承诺年度", "year")),
    Column("category", gettext_lazy("category"), ("类别", "承诺类别", "category")),
    Column("text", gettext_lazy("pledge"), ("承诺", "承诺内容", "承诺事项", "pledge", "pledge text"), True),
    Column("measure", gettext_lazy("measure"), (
        "怎么算办到", "衡量标准", "完成标准", "标准", "measure", "how anyone can check it",
    ), True),
    Column("baseline", gettext_lazy("baseline"), ("起点", "现状", "baseline"), True),
    Column("agreed_on", gettext_lazy("agreed on"), ("审诺日期", "agreed on")),
    Column("due", gettext_lazy("due"), (
        "到期", "到期日", "期限", "完成时限", "完成期限", "截止日期", "due", "due date", "due on",
    )),
    Column("kind", gettext_lazy("kind"), ("类型", "承诺类型", "kind")),
    Column("scope", gettext_lazy("concerns"), ("涉及", "涉及范围", "concerns", "scope")),
)  # fmt: skip

BY_HEADING = {heading: column for column in COLUMNS for heading in column.headings}

# What is said of a person that has no place on a board. In Chinese a part of a heading is enough.
REFUSED_PARTS = (
    "出生", "生日", "年龄", "身份证", "证件", "护照", "电话", "手机", "联系方式", "座机", "住址", "地址", "住所",
    "户籍", "门牌", "银行", "账号", "卡号", "邮箱", "电邮", "微信", "qq号", "车牌", "健康", "疾病", "病史",
)  # fmt: skip
REFUSED_WORDS = re.compile(
    r"\b(birth\w*|born|age|dob|phones?|telephone|tel|mobile|cell|contact|id|identity|passport|"
    r"address|residence|e-?mail|wechat|qq|bank|account|card|plate|health|illness)\b"
)
# Behind a heading, beside a language.
REMARKS = frozenset({"必填", "选填", "可选", "required", "optional"})
LANGUAGE_WORDS = {
    "zh": ("中文", "汉语", "汉文", "chinese", "zh"),
    "en": ("英文", "英语", "english", "en"),
}
MOST_COLUMNS = 60
_BRACKETS = re.compile(r"^(.*?)\(([^()]*)\)$")

# A heading that was understood: the column, and the language if its text is in one.
Key = tuple[str, str]


@dataclass(frozen=True)
class Headings:
    """Which column stands where, what it is called in the file, and what is not read."""

    places: Mapping[int, Key]
    words: Mapping[Key, str]
    unread: tuple[str, ...]

    def word(self, name: str, language: str = "") -> str:
        """Return what the file calls a column; our own word for one that it does not have."""
        found = self.words.get((name, language)) or self.words.get((name, ""))
        return found or str(next(column.label for column in COLUMNS if column.name == name))

    def has(self, *names: str) -> bool:
        """Return whether one of these columns is there."""
        return any(name in names for name, _language in self.places.values())


def plain(text: str) -> str:
    """Return a heading, or another short word, without what people write differently."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("*", "").replace(":", "")
    text = " ".join(text.replace("_", " ").split()).rstrip(".")
    # Between Chinese signs a blank means nothing: 姓 名.
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff(])", "", text).strip()


def is_header(cells: Sequence[object]) -> bool:
    """Return whether a row is the one with the headings: one that names people."""
    words = [_parted(str(cell))[0] for cell in cells if cell is not None]
    columns = [BY_HEADING.get(word) for word in words]
    return any(column is not None and column.name in NAME_COLUMNS for column in columns)


def read_headings(cells: Sequence[object]) -> Headings:
    """Return what the row of headings says.

    Raises ValidationError naming each column that is not taken, or is there twice.
    """
    places: dict[int, Key] = {}
    words: dict[Key, str] = {}
    unread, errors = [], []
    for place, cell in enumerate(cells):
        said = "" if cell is None else " ".join(str(cell).split())[:100]
        if not said:
            continue
        key = _key(said)
        if is_refused(said):
            errors.append(
                _(
                    "Column “%(column)s”: such data about people is not kept here. Delete the column."
                )
                % {"column": said}
            )
        elif key is None:
            unread.append(said)
        elif key in words:
            errors.append(
                _("Column “%(column)s”: there is another one for the same, “%(other)s”.")
                % {"column": said, "other": words[key]}
            )
        else:
            places[place], words[key] = key, said
    errors += _missing(words)
    if errors:
        raise ValidationError({"file": errors})
    return Headings(places, words, tuple(unread))


def _missing(words: Mapping[Key, str]) -> Iterator[str]:
    """Yield what has to be there beside the columns in ``words``."""
    names = {name for name, _language in words}
    if "office" not in names:
        yield _("There is no column for the office.")
    if names.intersection(PLEDGE_COLUMNS) - {"year"} and "text" not in names:
        yield _("There are columns about pledges, but none for what is pledged.")


def is_refused(heading: str) -> bool:
    """Return whether a column with this heading would hold what is not kept of people."""
    word = plain(heading)
    if word in BY_HEADING:
        return False
    closed = word.replace(" ", "")
    return any(part in closed for part in REFUSED_PARTS) or bool(REFUSED_WORDS.search(word))


def _key(heading: str) -> Key | None:
    """Return the column that ``heading`` names, with the language of its text, or None."""
    word, language = _parted(heading)
    column = BY_HEADING.get(word)
    if column is None:
        return None
    first = content_languages()[0][0]
    if column.in_languages:
        return column.name, language or first
    if column.name == "name" and language and language != first:
        return "latin", ""
    return None if language and language != first else (column.name, "")


def _parted(heading: str) -> tuple[str, str]:
    """Return a heading without what stands in brackets behind it, and the language named there."""
    word = plain(heading)
    found = _BRACKETS.match(word)
    if found is None:
        return word, ""
    before, inside = plain(found[1]), found[2].strip()
    if inside in REMARKS:
        return before, ""
    language = _languages().get(inside, "")
    return (before, language) if language else (word, "")


def _languages() -> dict[str, str]:
    """Return the words for each content language."""
    found = {}
    for code, name in content_languages():
        info = get_language_info(code)
        words = (code, name, info["name"], info["name_local"], info["name_translated"])
        for word in (*words, *LANGUAGE_WORDS.get(code.split("-")[0], ())):
            found[plain(str(word))] = code
    return found
