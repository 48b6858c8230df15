"""Whether the rows of a member's page agree: a pledge, its tasks, and what was reported of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .content import Pledge, PledgeTask, ProgressUpdate, Status

if TYPE_CHECKING:
    from .models import MemberPledgePage

# Of these relations.
ROWS = ("pledges", "tasks", "updates")


@dataclass(frozen=True)
class Contradiction:
    """What one row says against another: where, and in words."""

    relation: str
    number: int
    field: str
    text: str


def contradictions(rows: Mapping[str, Sequence[Any]]) -> Iterator[Contradiction]:
    """Yield what contradicts itself in ``rows``, which holds those of each relation of ROWS."""
    pledges: Sequence[Pledge] = rows["pledges"]
    for number, pledge in enumerate(pledges):
        tasks: list[PledgeTask] = list(_about(pledge, rows["tasks"]))
        updates: list[ProgressUpdate] = list(_about(pledge, rows["updates"]))
        begun = pledge.percent or updates or any(task.done_on for task in tasks)
        if begun and pledge.status_said == Status.NOT_STARTED:
            text = _("Something was done about it already, so it has been started.")
            yield Contradiction("pledges", number, "progress", text)
        reported = percent_reported(updates)
        if not pledge.outcome and reported is not None and pledge.percent != reported:
            text = _("The newest update says %(percent)d.") % {"percent": reported}
            yield Contradiction("pledges", number, "percent", text)
    due = {str(pledge.key): pledge.due for pledge in pledges if pledge.due}
    for number, task in enumerate(rows["tasks"]):
        latest = due.get(str(task.pledge_key))
        if task.due and latest and task.due > latest:
            text = _("The pledge itself is due earlier, on %(day)s.") % {"day": latest.isoformat()}
            yield Contradiction("tasks", number, "due", text)


def percent_reported(updates: Iterable[ProgressUpdate]) -> int | None:
    """Return what the newest of ``updates`` that gives a number says is done, or None."""
    said = [row for row in updates if row.percent is not None and row.on]
    # Of the same day, the last one counts.
    return max(enumerate(said), key=lambda pair: (pair[1].on, pair[0]))[1].percent if said else None


def take_reported_percent(page: MemberPledgePage) -> None:
    """Let each pledge of ``page`` without an outcome say what its newest update says is done."""
    pledges, updates = list(page.pledges.all()), list(page.updates.all())
    changed = False
    for pledge in pledges:
        reported = percent_reported(_about(pledge, updates))
        if not pledge.outcome and reported is not None and pledge.percent != reported:
            pledge.percent, changed = reported, True
    if changed:
        page.pledges = pledges


def rows_of(page: Any) -> dict[str, list[Any]] | None:
    """Return the rows of ``page`` that have to agree; None if it has no such rows."""
    if not all(hasattr(page, relation) for relation in ROWS):
        return None
    return {relation: list(getattr(page, relation).all()) for relation in ROWS}


def _about(pledge: Pledge, rows: Iterable[Any]) -> Iterator[Any]:
    """Yield the ``rows`` about ``pledge``; a form gives their key as a text."""
    key = str(pledge.key)
    return (row for row in rows if str(row.pledge_key) == key)
