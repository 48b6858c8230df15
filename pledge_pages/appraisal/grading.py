"""Gives grades by points: thresholds, the share that a grade is for, satisfaction. Plain Python."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """What decided a grade."""

    POINTS = "points"
    # There were points enough for a better grade, but it has been given often enough.
    SHARE = "share"
    # Or the villagers were not satisfied enough.
    SATISFACTION = "satisfaction"


@dataclass(frozen=True)
class GradeRule:
    """A grade: from how many points (None: the rest), for ``part`` of every ``whole`` members."""

    code: str
    threshold: int | None
    part: int | None = None
    whole: int | None = None
    min_satisfaction: int | None = None

    def places(self, members: int) -> int:
        """Return how many of ``members`` can have it."""
        if self.part is None or self.whole is None:
            return members
        return members * self.part // self.whole


@dataclass(frozen=True)
class Standing:
    """A member's points. ``then`` tells those with the same points apart: more comes first."""

    key: Hashable
    points: int
    # In per cent; None where nobody was asked, which stands in no grade's way.
    satisfaction: int | None = None
    then: int = 0


def grade_all(
    standings: Iterable[Standing], grades: Sequence[GradeRule]
) -> dict[Hashable, tuple[str, Reason]]:
    """Return the grade of every member and what decided it; nothing if there are no grades.

    Where a share runs out among those who cannot be told apart, none of them gets the grade.
    """
    left = sorted(standings, key=lambda one: (-one.points, -one.then))
    members, given = len(left), {}
    held_back: dict[Hashable, Reason] = {}
    ordered = sorted(grades, key=lambda rule: _height(rule), reverse=True)
    for rule in ordered:
        able = []
        for one in left:
            if rule.threshold is not None and one.points < rule.threshold:
                continue
            if _dissatisfied(one, rule):
                held_back.setdefault(one.key, Reason.SATISFACTION)
            else:
                able.append(one)
        chosen = _fitting(able, rule.places(members))
        for one in able[len(chosen) :]:
            held_back.setdefault(one.key, Reason.SHARE)
        for one in chosen:
            given[one.key] = (rule.code, held_back.get(one.key, Reason.POINTS))
        left = [one for one in left if one.key not in given]
    return given


def _height(rule: GradeRule) -> float:
    return float("-inf") if rule.threshold is None else rule.threshold


def _dissatisfied(one: Standing, rule: GradeRule) -> bool:
    if rule.min_satisfaction is None or one.satisfaction is None:
        return False
    return one.satisfaction < rule.min_satisfaction


def _fitting(able: list[Standing], places: int) -> list[Standing]:
    """Return the best of ``able`` for ``places``, no more, and nobody beside their equal."""
    if len(able) <= places:
        return able
    edge = (able[places].points, able[places].then)
    return [one for one in able[:places] if (one.points, one.then) != edge]
