"""What the admin says of tasks: a word and a shape for each state, and what waits in a branch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from ..labels import label_in
from ..people.naming import today
from ..pilots.models import Pilot, Role
from ..tasks.clock import Late, late_pledges
from ..tasks.models import Assignment, State
from .sight import User, has_any_role, pilots_with_role

# State -> shape, so that it is not told by colour or words alone.
SHAPES = {State.OFFERED: "○", State.ACCEPTED: "●", State.DECLINED: "✕", State.WITHDRAWN: "–"}
# Branches on the home panel.
BRANCHES = 8


@dataclass(frozen=True)
class AssignmentRow:
    """One assignment as the list shows it."""

    assignment: Assignment
    what: str
    name: str
    state: str
    url: str


def what_of(assignment: Assignment) -> str:
    """Return what is asked, in the reader's language: the task, the post, or both."""
    parts = [label_in(assignment.text), str(assignment.post) if assignment.post else ""]
    return " · ".join(part for part in parts if part)


def standing(assignment: Assignment) -> str:
    """Return shape and words for where an assignment stands."""
    return f"{SHAPES[State(assignment.state)]} {assignment.get_state_display()}"


def assignment_url(assignment: Assignment) -> str:
    """Return the address of an assignment's page."""
    return reverse("pledge_boards:assignment", args=[assignment.pk])


def for_rows(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Return ``assignments`` with what their rows need."""
    return assignments.select_related("member", "pilot", "post")


def assignment_rows(assignments: Iterable[Assignment]) -> list[AssignmentRow]:
    """Return the rows of ``assignments``, whose reader works on the branch or leads it."""
    return [
        AssignmentRow(row, what_of(row), row.member.staff_name, standing(row), assignment_url(row))
        for row in assignments
    ]


def late_row(late: Late) -> dict:
    """Return what the list of a branch shows of a late pledge."""
    said = _("▲ Overdue since %(day)s") if late.overdue else _("◇ No report, wanted by %(day)s")
    return {
        "pledge": late.pledge,
        "name": late.member.staff_name,
        "url": reverse("pledge_members:inspect", args=[late.member.pk]),
        "standing": said % {"day": late.since.isoformat()},
        "reported_on": late.reported_on,
    }


class LatePanel(Component):
    """On the admin's home: what is overdue, silent or unanswered in the branches one edits."""

    name = "late_pledges"
    template_name = "pledge_pages/office/late_panel.html"
    order = 89

    def __init__(self, rows: list[dict]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context):
        return {"rows": self.rows}


def show_late(request, panels: list) -> None:
    """Put the panel on the home of whoever edits a branch in which something is late."""
    if not has_any_role(request.user):
        return
    rows = late_for(request.user)
    if rows:
        panels.append(LatePanel(rows))


def late_for(user: User) -> list[dict]:
    """Return what is late in the branches that ``user`` edits: what it is, how many, and where."""
    pilots = pilots_with_role(user, Role.Kind.EDITOR).order_by("code")[:BRANCHES]
    return [row for pilot in pilots for row in _late_in(pilot) if row["count"]]


def _late_in(pilot: Pilot) -> list[dict]:
    found = late_pledges(pilot, today())
    overdue = sum(row.overdue for row in found)
    open_tasks = Assignment.objects.filter(pilot=pilot, state=State.OFFERED).count()
    late = reverse("pledge_boards:late", args=[pilot.pk])
    asked = reverse("pledge_boards:assignments")
    silent = _("Pledges without a report for %(days)d days") % {"days": pilot.update_days}
    return [
        {"pilot": pilot, "label": label, "count": count, "url": url}
        for label, count, url in (
            (_("Overdue pledges"), overdue, late),
            (silent, len(found) - overdue, late),
            (
                _("Tasks without an answer"),
                open_tasks,
                f"{asked}?branch={pilot.code}&state={State.OFFERED}",
            ),
        )
    ]
