"""What the admin says of the rules: versions, clauses, grades and differences, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..labels import label_in
from ..people.models import Office
from ..rulebook.comparing import ADDED, CHANGED, REMOVED, Change, FieldChange
from ..rulebook.models import Clause, Grade, RuleBook
from ..rulebook.wording import cap_text, points_text

# Shape and word: a status is not told by colour alone.
STATUS_SHAPES = {
    RuleBook.Status.DRAFT: "○",
    RuleBook.Status.APPROVED: "●",
    RuleBook.Status.WITHDRAWN: "✕",
}


@dataclass(frozen=True)
class ChangeRow:
    """One difference: what about, the kind of change, and each field before and after."""

    code: str
    shape: str
    kind: str
    text: str
    fields: list[tuple[str, str, str]]


def status_of(book: RuleBook) -> str:
    """Return shape and word for the status of ``book``."""
    trial = f", {_('on trial')}" if book.on_trial and not book.is_draft else ""
    return f"{STATUS_SHAPES[RuleBook.Status(book.status)]} {book.get_status_display()}{trial}"


def share_text(grade: Grade) -> str:
    """Return the share of ``grade`` in words."""
    if grade.share_part is None:
        return "–"
    return _("%(part)d of every %(whole)d members") % {
        "part": grade.share_part,
        "whole": grade.share_whole,
    }


def clause_rows(book: RuleBook) -> list[dict[str, Any]]:
    """Return the clauses of ``book`` as its page shows them."""
    rows = []
    for clause in book.clauses.all():
        clause.rulebook = book
        rows.append(
            {
                "clause": clause,
                "points": _("as before") if clause.trigger == Clause.Trigger.COUNTER
                else points_text(clause.worth),
                "cap": cap_text(clause),
                "text": label_in(clause.text),
                "state": _("● in force") if clause.in_force else _("○ off"),
            }
        )  # fmt: skip
    return rows


def grade_rows(book: RuleBook) -> list[dict[str, Any]]:
    """Return the grades of ``book`` as its page shows them."""
    return [
        {
            "grade": grade,
            "text": label_in(grade.text),
            "threshold": _("the rest") if grade.threshold is None else grade.threshold,
            "share": share_text(grade),
            "satisfaction": "–"
            if grade.min_satisfaction is None
            else f"{grade.min_satisfaction} %",
        }
        for grade in book.grades.all()
    ]


def spared_text(book: RuleBook) -> str:
    """Return the offices that lose no points by ``book``, in words."""
    names = dict(Office.objects.filter(code__in=book.spared).values_list("code", "name"))
    return _(", ").join(label_in(names.get(code)) or code for code in book.spared)


def change_rows(changes: Iterable[Change]) -> list[ChangeRow]:
    """Return differences as the comparison shows them."""
    kinds = {ADDED: ("+", _("added")), REMOVED: ("−", _("removed")), CHANGED: ("≠", _("changed"))}
    return [
        ChangeRow(
            change.code,
            *kinds[change.kind],
            label_in(getattr(change.row, "text", None)),
            [field_row(one) for one in change.fields],
        )
        for change in changes
    ]


def field_row(change: FieldChange) -> tuple[str, str, str]:
    """Return (field, before, after) in words."""
    return change.label, said(change.before), said(change.after)


def said(value: Any) -> str:
    """Return the value of a field in words."""
    if isinstance(value, dict):
        return label_in(value) or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value) or "–"
    words = {**dict(Clause.Trigger.choices), **dict(Clause.Period.choices)}
    return str(words.get(value, "–" if value in (None, "") else value))
