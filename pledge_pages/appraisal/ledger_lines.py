"""What is said of a ledger's lines: what for, how much counts, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..boards.content import Pledge
from ..labels import label_in
from ..rulebook.wording import cap_text, points_text
from .ledger_models import PointEntry
from .ledger_reading import MemberLedger
from .scoring import Ledger, Line, Why

# Shape and words: why an entry counts as it does.
WORDS = {
    Why.COUNTED: ("●", gettext_lazy("counts")),
    Why.CAPPED: ("◐", gettext_lazy("the clause's limit is reached: %(cap)s")),
    Why.QUARTER_CAPPED: ("◐", gettext_lazy("no more is deducted in a quarter: %(cap)s")),
    Why.TAKEN_BACK: ("✕", gettext_lazy("taken back on %(day)s")),
    Why.TAKES_BACK: ("↩", gettext_lazy("takes back the entry of %(day)s")),
    Why.WAITING: ("○", gettext_lazy("waits for somebody else to confirm it")),
}


@dataclass(frozen=True)
class LineRow:
    """One line of a ledger as its page shows it."""

    entry: PointEntry
    clause: str
    reason: str
    points: str
    counted: str
    shape: str
    why: str
    # Whether it can still be taken back.
    stands: bool


def pledge_texts(entries: Iterable[PointEntry]) -> dict[UUID, str]:
    """Return what the pledges say that ``entries`` are about, in the active language. One query."""
    keys = {entry.pledge_key for entry in entries if entry.pledge_key}
    rows = Pledge.objects.filter(key__in=keys).values_list("key", "locale__language_code", "text")
    texts: dict[UUID, dict[str, str]] = {}
    for key, language, text in rows:
        texts.setdefault(key, {})[language] = text
    return {key: label_in(found) for key, found in texts.items()}


def line_rows(ledger: MemberLedger, added_up: Ledger) -> list[LineRow]:
    """Return the lines of ``ledger``, in the order of their days."""
    entries = {entry.pk: entry for entry in ledger.entries}
    taken_by = {entry.reversal_of_id: entry for entry in ledger.entries if entry.reversal_of_id}
    pledges = pledge_texts(ledger.entries)
    rows = []
    for line in added_up.lines:
        entry = entries[line.entry.key]
        other = taken_by.get(entry.pk) or entries.get(entry.reversal_of_id or 0)
        clauses = {clause.code: clause for clause in entry.rulebook.clauses.all()}
        clause = clauses.get(entry.clause)
        shape, words = WORDS[line.why]
        rows.append(
            LineRow(
                entry,
                label_in(clause.text) if clause else "",
                label_in(entry.reason) or _said(pledges, entry),
                points_text(entry.points),
                points_text(line.counted),
                shape,
                words % _details(line, entry, other, clause),
                line.why not in (Why.TAKEN_BACK, Why.TAKES_BACK),
            )
        )
    return rows


def _said(pledges: dict[UUID, str], entry: PointEntry) -> str:
    return pledges.get(entry.pledge_key, "") if entry.pledge_key else ""


def _details(line: Line, entry: PointEntry, other: PointEntry | None, clause) -> dict[str, str]:
    cap = cap_text(clause) if clause else ""
    if line.why == Why.QUARTER_CAPPED:
        cap = str(entry.rulebook.quarter_cap)
    return {"cap": cap, "day": other.on.isoformat() if other else _("another ledger")}
