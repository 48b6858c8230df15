"""What year-end reviews found, as pages keep it and as it is shown: grades, counted and one by one.

``MemberPledgePage.grades`` holds one object for each year, the same in every language; it comes with
the page, so nothing more is asked of the database. ``appraisal`` writes it, and moderators approve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date

from ..labels import label_in
from ..people.models import Consent
from ..people.naming import name_level
from .views_of import Tile

if TYPE_CHECKING:
    from .models import MemberPledgePage


SURVEY = ("satisfied", "neutral", "dissatisfied")


@dataclass(frozen=True)
class GradeView:
    """What a review found of one member for one year, as everyone may read it."""

    year: int
    code: str
    label: str
    reviewed_on: date | None
    corrected_on: date | None
    # (label, votes) of the secret ballot, the highest grade first.
    ballot: list[tuple[str, int]]
    # (satisfied, neutral, not satisfied), only where they are not few.
    survey: tuple[int, int, int] | None
    percent: int | None
    opinion: str
    reply: str
    replied_on: date | None

    @property
    def as_fields(self) -> dict[str, Any]:
        """The same as the APIs name its parts; no survey where nothing may be said of it."""
        counted = dict(zip(SURVEY, self.survey or (None, None, None), strict=True))
        return {
            "year": self.year,
            "grade": self.code,
            "grade_label": self.label,
            "reviewed_on": self.reviewed_on,
            "corrected_on": self.corrected_on,
            "ballot": [{"label": label, "votes": votes} for label, votes in self.ballot],
            "survey": None if self.percent is None else {"percent": self.percent, **counted},
            "opinion": self.opinion,
            "reply": self.reply,
            "replied_on": self.replied_on,
        }


@dataclass
class GradeCount:
    """How many members of a board have a grade; of a grade for a few also who, by consent."""

    code: str
    label: str
    place: int
    number: int = 0
    named: list[Tile] = field(default_factory=list)


def grade_views(page: MemberPledgePage, language: str) -> list[GradeView]:
    """Return what ``page`` says of its member's reviews, newest year first."""
    found = [_view(row, language) for row in page.grades or []]
    return sorted(found, key=lambda view: -view.year)


def _view(row: Mapping[str, Any], language: str) -> GradeView:
    survey = row["survey"]
    counted = tuple(survey.get(name) for name in SURVEY)
    return GradeView(
        year=row["year"],
        code=row["grade"],
        label=label_in(row["name"], language),
        reviewed_on=_day(row["reviewed_on"]),
        corrected_on=_day(row["corrected_on"]),
        ballot=[(label_in(one["name"], language), one["votes"]) for one in row["ballot"]],
        survey=counted if None not in counted else None,
        percent=survey.get("percent"),
        opinion=label_in(row["opinion"], language),
        reply=label_in(row["reply"], language),
        replied_on=_day(row["replied_on"]),
    )


def grade_counts(
    entries: Iterable[MemberPledgePage],
    tiles: Mapping[int, Tile],
    year: int | None,
    scope: str,
    language: str,
) -> list[GradeCount]:
    """Return how many of ``entries`` have which grade for ``year``, the highest grade first.

    Who has a grade that is for a few is named in the order of the board, if they may be named in
    ``scope``; of the others there is a number alone.
    """
    counts: dict[str, GradeCount] = {}
    for entry in entries:
        for row in entry.grades or []:
            if row["year"] != year:
                continue
            label = label_in(row["name"], language)
            count = counts.setdefault(row["grade"], GradeCount(row["grade"], label, row["place"]))
            count.number += 1
            if row["limited"] and name_level(entry.member, scope) != Consent.Level.NONE:
                count.named.append(tiles[entry.pk])
    return sorted(counts.values(), key=lambda count: (count.place, count.code))


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None
