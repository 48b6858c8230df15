"""What stands in the spreadsheet of a board: rows of plain values, sheet by sheet, as approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..boards import remarks
from ..boards.content import Status
from ..boards.models import MemberPledgePage
from ..boards.snapshots import ApprovedBoard
from ..labels import label_in
from ..people.models import Scope
from ..people.naming import shown_name

# A spreadsheet is copied and printed: it names whom a printed board may name.
SCOPE = Scope.VILLAGE_PRINT

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, and what its columns are called. Names are codes, headings are words."""

    name: str
    headings: tuple[Promise, ...]


MEMBER, PLEDGE = _("Member"), _("Pledge key")

SHEETS = (
    Sheet("members", (MEMBER, _("Full name"), _("Office"), _("Posts"))),
    Sheet(
        "pledges",
        (
            MEMBER, PLEDGE, _("Year"), _("Category"), _("Kind"), _("Concerns"), _("Pledge"),
            _("Measure"), _("Baseline"), _("Agreed on"), _("Due"), _("State"), _("Percent done"),
        ),
    ),
    Sheet("tasks", (MEMBER, PLEDGE, _("Task"), _("Due"), _("Done on"))),
    Sheet(
        "updates",
        (
            MEMBER, PLEDGE, pgettext_lazy("of an update", "Date"), _("Kind"), _("Percent done"),
            _("What was done"),
        ),
    ),
    Sheet(
        "outcomes",
        (
            MEMBER, PLEDGE, _("Year"), _("Outcome"), _("Checked on"), _("How it was checked"),
            _("Reason, as published"), _("The member’s own account"), _("Account given on"),
            _("Said beside it"),
        ),
    ),
    Sheet(
        "branch_pledges",
        (
            PLEDGE, _("Year"), _("Category"), _("Pledge"), _("Led by"), _("State"), _("Checked on"),
            _("How it was checked"), _("Reason, as published"),
        ),
    ),
)  # fmt: skip


def rows_of(sheet: str, board: ApprovedBoard, language: str) -> Iterator[Values]:
    """Yield the rows of that sheet in the order of the board. One query at most."""
    if sheet in _OF_BOARD:
        yield from _OF_BOARD[sheet](board, language)
        return
    for entry in board.entries:
        yield from _ROWS[sheet](entry, language)


def _member(entry: MemberPledgePage, language: str) -> Iterator[Values]:
    member = entry.member
    posts = "; ".join(label_in(post.name, language) for post in member.posts.all())
    office = label_in(member.office.name, language)
    yield (member.code, shown_name(member, SCOPE, language).text, office, posts)


def _pledges(entry: MemberPledgePage, language: str) -> Iterator[Values]:
    for row in entry.pledges.all():
        yield (
            entry.member.code, str(row.key), row.year, label_in(row.category.name, language),
            row.get_kind_display(), row.get_scope_display(), row.text, row.measure, row.baseline,
            row.agreed_on, row.due, str(Status(row.status).label), row.percent,
        )  # fmt: skip


def _tasks(entry: MemberPledgePage, language: str) -> Iterator[Values]:
    for row in entry.tasks.all():
        yield (entry.member.code, str(row.pledge_key), row.text, row.due, row.done_on)


def _updates(entry: MemberPledgePage, language: str) -> Iterator[Values]:
    for row in sorted(entry.updates.all(), key=lambda row: row.on):
        kind = row.get_kind_display()
        yield (entry.member.code, str(row.pledge_key), row.on, kind, row.percent, row.text)


def _outcomes(board: ApprovedBoard, language: str) -> Iterator[Values]:
    known = remarks.about(board.entries)
    for entry in board.entries:
        for row in entry.pledges.all():
            if row.outcome:
                said = known.get((entry.member_id, row.key), ())
                yield (
                    entry.member.code, str(row.key), row.year, row.get_outcome_display(),
                    row.checked_on, row.method, row.reason, row.reply, row.replied_on,
                    " ".join(str(remarks.Remark(code).label) for code in said),
                )  # fmt: skip


def _branch_pledges(board: ApprovedBoard, language: str) -> Iterator[Values]:
    members = {entry.member_id: entry.member for entry in board.entries}
    for row in board.own:
        lead = members.get(row.lead_id)
        yield (
            str(row.key), row.year, label_in(row.category.name, language), row.text,
            shown_name(lead, SCOPE, language).text if lead else "", str(Status(row.status).label),
            row.checked_on, row.method, row.reason,
        )  # fmt: skip


_ROWS: dict[str, Callable[[MemberPledgePage, str], Iterator[Values]]] = {
    "members": _member,
    "pledges": _pledges,
    "tasks": _tasks,
    "updates": _updates,
}
_OF_BOARD: dict[str, Callable[[ApprovedBoard, str], Iterator[Values]]] = {
    "outcomes": _outcomes,
    "branch_pledges": _branch_pledges,
}
