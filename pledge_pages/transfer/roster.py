"""Turns the rows of a roster into people and what they promise; every row that is wrong is named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from ..boards.content import MAX_TEXT, Pledge
from ..labels import content_languages
from ..people.models import Member, Office, Post
from ..rulebook.models import Category
from .columns import PLEDGE_COLUMNS, Headings, plain
from .roster_rows import CellsOfRow, RosterErrors, RowError, name_in
from .sheets import Cells, Row

# Two letters or more and a dash: where a number of a member begins with a code.
_OF_A_BRANCH = re.compile(r"[^\W\d_]{2,}-")
_POSTS_APART = re.compile(r"[;,、；，\n]")


@dataclass
class Promised:
    """One pledge of a row, in the languages that it has a text in."""

    row: int
    pledges: dict[str, Pledge]

    @property
    def first(self) -> Pledge:
        """It in the first of its languages."""
        return next(iter(self.pledges.values()))


@dataclass
class Person:
    """One person of the roster, from one row or from several with the same number."""

    row: int
    code: str
    member: Member
    # None: the file says nothing about them.
    posts: list[Post] | None
    photo: str
    promised: list[Promised] = field(default_factory=list)
    # Names of the fields of ``member`` that the file says something about.
    said: frozenset[str] = frozenset()


class Roster:
    """Reads rows one by one, and gathers the people in them and what is wrong."""

    def __init__(self, headings: Headings, branch: str) -> None:
        self.headings, self.branch = headings, branch
        self.people: list[Person] = []
        self.errors: list[RowError] = []
        self._by_code: dict[str, Person] = {}
        self._by_name: dict[str, Person] = {}
        languages = [code for code, _name in content_languages()]
        self._languages = [code for code in languages if ("text", code) in headings.words]
        self._offices = _by_words(Office.objects.all())
        self._posts = _by_words(Post.objects.all())
        self._categories = _by_words(Category.objects.all())
        self._kinds = _by_labels(Pledge.Kind, languages)
        self._scopes = _by_labels(Pledge.Scope, languages)

    def read(self, rows: Iterable[Row]) -> list[Person]:
        """Return the people in ``rows``; RosterErrors if anything is wrong with one of them."""
        for number, cells in rows:
            self._row(number, cells)
        if self.errors:
            raise RosterErrors(self.errors)
        return self.people

    # One row ------------------------------------------------------------------------------

    def _row(self, number: int, cells: Cells) -> None:
        row = CellsOfRow(self.headings, self.errors, number, cells)
        code = self._code(row)
        same = self._by_code.get(code.casefold()) if code else None
        if same is not None:
            self._go_on(row, same)
        else:
            self._begin(row, code)
        self._promise(row, same or self.people[-1])

    def _begin(self, row: CellsOfRow, code: str) -> None:
        """Take the first row of somebody."""
        surname, given = name_in(row)
        latin = row.text("latin").split(maxsplit=1)
        member = Member(
            code=code, surname=surname, given_name=given, surname_latin=(latin or [""])[0],
            given_name_latin=latin[1] if len(latin) > 1 else "",
        )  # fmt: skip
        office = row.named("office", self._offices)
        if office is not None:
            member.office = office
        elif not row.text("office"):
            row.wrong("office", _("It must not be empty."))
        exclude = ["pilot", "office", "public_id", "user", *([] if code else ["code"])]
        where = {
            "code": "code", "surname": row.name_column, "given_name": row.name_column,
            "surname_latin": "latin", "given_name_latin": "latin",
        }  # fmt: skip
        if surname:
            row.check(member, exclude, where)
        said = {"surname", "given_name", "office"}
        if latin:
            said |= {"surname_latin", "given_name_latin"}
        person = Person(
            row.number, code, member, self._posts_in(row), row.text("photo"), said=frozenset(said)
        )
        self._keep(row, person)

    def _keep(self, row: CellsOfRow, person: Person) -> None:
        """Keep ``person``, unless somebody else is called the same and no number tells them apart."""
        name = person.member.staff_name
        other = self._by_name.get(name) if name else None
        if other is not None and not (person.code and other.code):
            row.wrong(
                row.name_column,
                _("Row %(row)d has the same name. Give each a number that tells them apart.")
                % {"row": other.row},
            )
        self.people.append(person)
        if person.code:
            self._by_code[person.code.casefold()] = person
        if name:
            self._by_name.setdefault(name, person)

    def _go_on(self, row: CellsOfRow, person: Person) -> None:
        """Take a further row of somebody: it may say the same of them again, or nothing."""
        surname, given = name_in(row, required=False)
        if surname + given not in ("", person.member.staff_name):
            row.wrong(
                "code",
                _("Row %(row)d has the same number and another name.") % {"row": person.row},
            )
        if not row.has_pledge:
            row.wrong("code", _("Row %(row)d has the same number.") % {"row": person.row})
        office, posts = row.named("office", self._offices), self._posts_in(row)
        latin = f"{person.member.surname_latin} {person.member.given_name_latin}".strip()
        told = {
            "office": office in (None, getattr(person.member, "office", None)),
            "posts": posts is None or set(posts) == set(person.posts or ()),
            "photo": row.text("photo") in ("", person.photo),
            "latin": row.text("latin") in ("", latin),
        }
        for name, agrees in told.items():
            if not agrees:
                row.wrong(name, _("Row %(row)d says something else of them.") % {"row": person.row})

    def _code(self, row: CellsOfRow) -> str:
        """Return the number in the row with the branch's code before it; empty if there is none."""
        said, own = unicodedata.normalize("NFKC", row.text("code")), f"{self.branch}-"
        number = said[len(own) :] if said.casefold().startswith(own.casefold()) else said
        if _OF_A_BRANCH.match(number):
            text = _("This number has the code of another branch. Here it begins with %(code)s.")
            row.wrong("code", text % {"code": own})
        return f"{own}{number}" if number else ""

    def _posts_in(self, row: CellsOfRow) -> list[Post] | None:
        said = [part.strip() for part in _POSTS_APART.split(row.text("posts"))]
        found = []
        for word in filter(None, said):
            post = self._posts.get(plain(word))
            if post is None:
                row.unknown("posts", word, self._posts)
            else:
                found.append(post)
        return found if any(said) else None

    def _promise(self, row: CellsOfRow, person: Person) -> None:
        """Read the pledge in the row, if there is one."""
        if not row.has_pledge:
            return
        languages = [code for code in self._languages if row.text("text", code)]
        if not languages:
            row.wrong("text", _("It must not be empty: the row says more about a pledge."))
        category = row.named("category", self._categories)
        for name in ("category", "due"):
            if not row.text(name):
                row.wrong(name, _("It must not be empty."))
        due, agreed = row.day("due"), row.day("agreed_on")
        year = row.year() or (due.year if due else None)
        kind = row.named("kind", self._kinds) or Pledge.Kind.VOLUNTARY
        scope = row.named("scope", self._scopes) or Pledge.Scope.OWN
        made = {}
        for language in languages:
            pledge = Pledge(
                year=year, category=category, due=due, agreed_on=agreed, kind=kind, scope=scope,
                text=row.text("text", language), measure=row.text("measure", language),
                baseline=row.text("baseline", language),
            )  # fmt: skip
            places = {name: name for name in PLEDGE_COLUMNS}
            # Without a year of its own it is that of the day, which is asked for anyway.
            exclude = ["page", "locale", "category", *([] if year else ["year"])]
            if len(pledge.text) > MAX_TEXT:
                row.wrong("text", _("At most %(max)d characters.") % {"max": MAX_TEXT}, language)
            row.check(pledge, exclude, places, language)
            made[language] = pledge
        if made:
            person.promised.append(Promised(row.number, made))


def _by_words(rows: Iterable[Any]) -> dict[str, Any]:
    """Return rows that have a code and labels by all of these, as they may be written."""
    found: dict[str, Any] = {}
    for row in rows:
        for word in (row.code, *(row.name or {}).values()):
            found.setdefault(plain(str(word)), row)
    return found


def _by_labels(choices: type[models.TextChoices], languages: Sequence[str]) -> dict[str, Any]:
    """Return choices by value and by label, in every language."""
    return {plain(word): choice for choice in choices for word in _labels(choice, languages)}


def _labels(choice: Any, languages: Sequence[str]) -> Iterator[str]:
    yield choice.value
    for language in {*languages, "en", "zh-hans"}:
        with override(language):
            yield str(choice.label)
