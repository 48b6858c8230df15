"""What the admin says of reports: how one stands, and which wait for the reader."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from ..boards.content import Pledge
from ..labels import label_in
from ..pilots import roles
from ..pilots.models import Role
from ..supervision import access
from ..supervision.models import Report
from ..supervision.stages import State, overdue
from .sight import User

# State -> shape, so that it is not told by colour or words alone.
SHAPES = {
    State.RECEIVED: "○",
    State.ACCEPTED: "◔",
    State.ASKED_MEMBER: "◑",
    State.ANSWERED: "◕",
    State.CLOSED: "●",
    State.REJECTED: "✕",
}


def about(report: Report) -> str:
    """Return whom a report is about, as staff call them."""
    return str(report.member) if report.member else _("The branch")


def standing(report: Report) -> str:
    """Return shape and words for where a report stands."""
    return f"{SHAPES[State(report.state)]} {report.get_state_display()}"


def clock(report: Report) -> str:
    """Return until when a report may stay as it is, and whether that is over."""
    due = report.due_on
    if due is None:
        return "–"
    late = _("overdue") if report.is_overdue else ""
    return f"▲ {due:%Y-%m-%d} {late}" if late else f"{due:%Y-%m-%d}"


def pledge_of(report: Report, user: User) -> str:
    """Return the text of the pledge that a report is about, as far as ``user`` may read it."""
    if report.pledge_key is None:
        return ""
    pledges = Pledge.objects.filter(key=report.pledge_key, page__member=report.member)
    if not roles.sees_drafts(user, report.pilot):
        pledges = pledges.filter(page__live=True)
    return label_in(
        {row.page.locale.language_code: row.text for row in pledges.select_related("page__locale")}
    )


def report_url(report: Report) -> str:
    """Return the address of a report in the admin."""
    return reverse("pledge_boards:report", args=[report.pk])


class ReportsPanel(Component):
    """On the admin's home: what of supervision waits for the reader."""

    name = "reports_that_wait"
    template_name = "pledge_pages/office/reports_panel.html"
    order = 88

    def __init__(self, rows: list[dict]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context):
        return {"rows": self.rows}


def show_waiting(request, panels: list) -> None:
    """Put the panel on the home of whoever something waits for."""
    rows = waiting_for(request.user)
    if rows:
        panels.append(ReportsPanel(rows))


def waiting_for(user: User) -> list[dict]:
    """Return what waits for ``user``: what it is, how many, and where they are listed."""
    seen = access.reports_seen_by(user)
    if not seen.exists():
        return []
    editors = access.pilots_with(user, (Role.Kind.EDITOR, Role.Kind.SUPERVISOR))
    publishers = access.pilots_with(user, (Role.Kind.MODERATOR, Role.Kind.SUPERVISOR))
    own = access.pilots_supervised_by(user)
    found = [
        (_("To accept or not"), "state=received", Q(pilot__in=own, state=State.RECEIVED)),
        (
            _("To answer"),
            "state=accepted&state=asked_member",
            Q(pilot__in=editors, state__in=[State.ACCEPTED, State.ASKED_MEMBER]),
        ),
        (
            _("To publish, or to close"),
            "state=answered",
            Q(pilot__in=publishers, state=State.ANSWERED, published_on__isnull=True)
            & ~Q(answered_by=user.pk),
        ),
        (_("Overdue"), "clock=overdue", overdue(timezone.localdate())),
    ]
    base = reverse("pledge_boards:reports")
    rows = [
        {"label": label, "url": f"{base}?{query}", "count": seen.filter(which).count()}
        for label, query, which in found
    ]
    return [row for row in rows if row["count"]]
