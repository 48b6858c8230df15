"""Puts down how a long run ended, in the reference; the last run on each database is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.chance.machine import Tally

BEGIN, END = "<!-- runs -->", "<!-- end of runs -->"
HEAD = "| Database | Day | Steps | Runs' length | Minutes | Result |\n|---|---|---|---|---|---|\n"
KINDS = "\n| Step | Done | Refused |\n|---|---|---|\n"


@dataclass(frozen=True)
class Run:
    """One long run on one database."""

    database: str
    on: date
    tally: Tally
    lengths: str
    minutes: float
    result: str

    @property
    def row(self) -> str:
        steps = f"{self.tally.steps:,}"
        cells = (self.database, self.on.isoformat(), steps, self.lengths, f"{self.minutes:.0f}")
        return f"| {' | '.join(cells)} | {self.result} |\n"

    @property
    def kinds(self) -> str:
        """How often each kind of step was done and refused, as rows of a table."""
        names = sorted({*self.tally.done, *self.tally.refused})
        return "".join(
            f"| {name} | {self.tally.done[name]:,} | {self.tally.refused[name]:,} |\n"
            for name in names
        )


def put_down(path: Path, run: Run) -> None:
    """Write the run into the page at ``path``, in the place of the last one on its database."""
    before, _begin, rest = path.read_text().partition(BEGIN)
    kept, _end, after = rest.partition(END)
    rows = [
        line + "\n"
        for line in kept.splitlines()
        if line.count("|") == 7
        and not line.startswith(("| Database", "|---", f"| {run.database} "))
    ]
    table = HEAD + "".join(sorted([*rows, run.row]))
    told = f"\nWhat was done in the run on {run.database}:\n{KINDS}{run.kinds}"
    path.write_text(f"{before}{BEGIN}\n{table}{told}{END}{after}")
