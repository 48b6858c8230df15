"""The page of the reference that says which guard is missed by which test: docs/reference/mutation.md."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "mutation.md"
HEAD = "| Guard | What is lost without it | First test that failed | Day |\n|---|---|---|---|\n"
LOST = "**not noticed**"


@dataclass(frozen=True)
class Outcome:
    """What came of switching one guard off."""

    target: str
    says: str
    # The test that noticed, or an empty string.
    noticed_by: str

    @property
    def name(self) -> str:
        """How the guard is called on the page."""
        return name_of(self.target)

    @property
    def row(self) -> str:
        noticed = self.noticed_by.removeprefix("tests/").replace("|", "/")
        seen = f"`{noticed}`" if noticed else LOST
        return f"| `{self.name}` | {self.says} | {seen} | {date.today().isoformat()} |"


def name_of(target: str) -> str:
    return target.removeprefix("pledge_pages.")


def noticed(vendor: str) -> set[str]:
    """Return the guards that were noticed when they were last switched off on a database."""
    named = {name for name, row in _rows(vendor).items() if LOST not in row}
    return named | {f"pledge_pages.{name}" for name in named}


def put_down(vendor: str, outcome: Outcome, listed: Collection[str]) -> None:
    """Write ``outcome`` in the place of the last one of its guard; leave out what is not ``listed``."""
    rows = _rows(vendor) | {outcome.name: outcome.row}
    kept = [rows[name] for name in map(name_of, listed) if name in rows]
    seen = sum(LOST not in row for row in kept)
    untried = len(set(listed)) - len(kept)
    left = f"; {untried} more are on the list and were not tried yet" if untried else ""
    section = f"{seen} of {len(kept)} were noticed{left}.\n\n{HEAD}" + "\n".join(kept) + "\n"
    before, _mark, rest = PAGE.read_text(encoding="utf-8").partition(_begin(vendor))
    after = rest.partition(_end(vendor))[2]
    PAGE.write_text(before + _begin(vendor) + section + _end(vendor) + after, encoding="utf-8")


def _rows(vendor: str) -> dict[str, str]:
    """Return the rows of one database by the name of the guard."""
    rest = PAGE.read_text(encoding="utf-8").partition(_begin(vendor))[2]
    lines = rest.partition(_end(vendor))[0].splitlines()
    return {line.split("`")[1]: line for line in lines if line.startswith("| `")}


def _begin(vendor: str) -> str:
    return f"<!-- {vendor} -->\n"


def _end(vendor: str) -> str:
    return f"<!-- end of {vendor} -->\n"
