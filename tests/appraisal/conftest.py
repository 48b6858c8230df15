"""What the tests of points share: two branches, and rules that are in force."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from pledge_pages.models import RuleBook
from pledge_pages.rulebook.history import PastVersion, import_versions
from tests.staging import staged
from tests.worlds import Town, build_town

FIRST, SECOND = date(2025, 1, 1), date(2026, 3, 1)


def clause(code: str, points: int | None, trigger: str = "hand", **more) -> dict:
    return {"code": code, "points": points, "trigger": trigger, "text": {"en": f"for {code}"},
            **more}  # fmt: skip


CLAUSES = [
    clause("A0", None, "base"), clause("X1", None, "counter"),
    clause("P1", 5, "fulfilled", cap=15), clause("P2", 2, "partly"),
    clause("P4", -8, "not_fulfilled"), clause("D2", -2, cap=8),
    clause("K1", -10, in_force=False),
]  # fmt: skip
GRADES = [
    {"code": "excellent", "name": {"en": "Excellent"}, "threshold": 92, "share_part": 1,
     "share_whole": 3},
    {"code": "rest", "name": {"en": "The rest"}, "threshold": None},
]  # fmt: skip


def rule(town: Town) -> dict[str, RuleBook]:
    """Put two versions in force; by the second, heads of a branch lose no points."""
    why = {"change_reason": {"en": "tried"}}
    second = [*[row for row in CLAUSES if row["code"] != "P1"], clause("P1", 6, "fulfilled")]
    return import_versions(
        town.programme,
        [
            PastVersion("0.9", FIRST, {"base": 80, "quarter_cap": 20, **why}, CLAUSES, GRADES),
            PastVersion("1.0", SECOND, {"base": 80, "spared": ["sec"], **why}, second, GRADES),
        ],
        by=town.admin,
    )


def build_ruled_town() -> Town:
    """Build two branches with rules."""
    town = build_town(members=2)
    rule(town)
    return town


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Let refusals be read in the language that the tests are written in."""
    with translation.override("en"):
        yield


town = staged(build_ruled_town)
