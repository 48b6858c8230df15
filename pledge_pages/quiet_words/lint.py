"""Looks for people's data in all that a page says, before it is reviewed, approved or printed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import Page

from ..embargo.errors import ReviewError
from .personal_data import (
    ADDRESS,
    BANK_CARD,
    HEALTH,
    ID_NUMBER,
    MOBILE,
    PLATE,
    Finding,
    personal_data,
)
from .reading import Passage, evidence_titles, passages
from .wording import place_of

# The field in which a public excuse stands.
EXCUSE = "reason"


@dataclass(frozen=True)
class Found:
    """One piece of a person's data: in which text, and where in it."""

    passage: Passage
    finding: Finding

    @property
    def blocking(self) -> bool:
        """Whether it may not be published at all."""
        return self.finding.blocking

    @property
    def sentence(self) -> str:
        """What was found where, and what to do."""
        place = place_of(self.passage.label, self.finding.start, self.finding.quote)
        return f"{place}: {advice(self.finding.kind)}"


def advice(kind: str) -> str:
    """Return what a kind of data is called, and what to do about it."""
    return {
        ID_NUMBER: _("an identity number. Take it out."),
        MOBILE: _("a mobile number. Take it out."),
        BANK_CARD: _("a bank card number. Take it out."),
        PLATE: _("a plate number. Take it out."),
        ADDRESS: _("a house address. Is it needed?"),
        HEALTH: _("somebody's health. Write “for personal reasons” instead."),
    }[kind]


class PersonalDataError(ReviewError):
    """A version with numbers of people in it; ``found`` are the places."""

    def __init__(self, found: list[Found]) -> None:
        self.found = found
        super().__init__(
            " ".join([_("It holds people's numbers."), *(place.sentence for place in found)])
        )


def found_in(instance: models.Model) -> list[Found]:
    """Return what of people's data ``instance`` holds in memory: what blocks, and warnings."""
    return list(_found_in((*passages(instance), *evidence_titles(instance))))


def _found_in(texts: Iterable[Passage]) -> Iterator[Found]:
    for passage in texts:
        excuse = passage.path.rpartition(".")[2] == EXCUSE
        for finding in personal_data(passage.text, health=excuse):
            yield Found(passage, finding)


def check_numbers(instance: models.Model) -> None:
    """Raise PersonalDataError naming each place if ``instance`` holds a number of a person.

    For whoever is about to show a page in another form as well, such as print.
    """
    found = [place for place in found_in(instance) if place.blocking]
    if found:
        raise PersonalDataError(found)


def check_review(page: Page) -> None:
    """Before a version is submitted or approved: raise PersonalDataError if it holds numbers."""
    check_numbers(page)
