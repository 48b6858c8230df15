"""What the API shows of year-end reviews: a member's grades, and how many of a board have which."""

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field


class Votes(Schema):
    """How many voted for a grade in the secret ballot."""

    label: str
    votes: int


class Survey(Schema):
    """How many of the villagers who were asked are satisfied."""

    percent: int
    satisfied: int | None = Field(description="Null, like the next two, where few were not.")
    neutral: int | None
    dissatisfied: int | None


class Grade(Schema):
    """What the year-end review found of a member, as the member's page says it."""

    year: int
    grade: str
    grade_label: str
    reviewed_on: date | None
    corrected_on: date | None = Field(description="When another grade took its place.")
    ballot: list[Votes] = Field(description="The highest grade first; empty if there was none.")
    survey: Survey | None = Field(description="Null if too few answered, or nobody was asked.")
    opinion: str
    reply: str = Field(description="The member's own account.")
    replied_on: date | None


class GradeCount(Schema):
    """How many members of a board have a grade."""

    grade: str
    grade_label: str
    number: int
    public_ids: list[str] = Field(
        description="Who has it, if it is for a few only and they may be named."
    )

    @staticmethod
    def resolve_grade(obj: Any) -> str:
        return obj.code

    @staticmethod
    def resolve_grade_label(obj: Any) -> str:
        return obj.label

    @staticmethod
    def resolve_public_ids(obj: Any) -> list[str]:
        return [tile.public_id for tile in obj.named]
