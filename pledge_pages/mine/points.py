"""The member's own ledger of points, entry by entry, and appeals against an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..appraisal import point_appeals
from ..appraisal.ledger_lines import LineRow, line_rows
from ..appraisal.ledger_models import PointEntry
from ..appraisal.ledger_reading import ledgers_of
from ..appraisal.models import Appeal
from ..labels import label_in
from ..people.models import Member
from ..people.naming import today
from ..rulebook.wording import points_text
from .forms import OwnAppealForm
from .frame import account_of, address, own_page, shown
from .writing import act, writing


@dataclass(frozen=True)
class OwnLine:
    """One line of the ledger, with what the member may do about it."""

    row: LineRow

    @property
    def appeal(self) -> Appeal | None:
        """The appeal against it, if there was one."""
        return getattr(self.row.entry, "appeal", None)

    @property
    def appeal_until(self) -> date | None:
        """The last day for an appeal, as long as there may be one."""
        last = point_appeals.appeal_until(self.row.entry)
        may = self.row.stands and self.appeal is None and today() <= last
        return last if may else None


@own_page
def points(request: HttpRequest, member: Member, year: int | None = None) -> HttpResponseBase:
    """Show the member's ledger of a year, entry by entry, with why each counts as it does."""
    entries = PointEntry.objects.filter(member=member)
    years = sorted(set(entries.values_list("year", flat=True).order_by()), reverse=True)
    if year is not None and year not in years:
        raise Http404
    year = year or next(iter(years), None)
    context: dict[str, Any] = {
        "year": year,
        "years": [
            {"url": address("points_of", one), "year": one, "current": one == year} for one in years
        ],
    }
    if year is not None:
        ledger = ledgers_of([member], year)[0]
        added_up = ledger.added_up()
        context |= {
            "sum": added_up,
            "rows": [OwnLine(row) for row in line_rows(ledger, added_up)],
            "waiting": ledger.waiting(),
        }
    return shown(request, member, "points.html", context, section="points")


@writing
def appeal(request: HttpRequest, member: Member, pk: int) -> HttpResponseBase:
    """Take in an appeal against one entry; no review of its year is closed until it is decided."""
    rows = PointEntry.objects.filter(member=member).select_related(
        "member__pilot__programme", "confirmation", "appeal", "reversal"
    )
    entry = rows.filter(pk=pk).first()
    if entry is None:
        raise Http404
    form = OwnAppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ground = form.cleaned_data["ground"]
        raises = partial(
            point_appeals.raise_points_appeal, entry, by=account_of(request), ground=ground
        )
        if act(form, raises):
            messages.success(request, _("Your appeal is kept. Somebody else decides it."))
            return redirect(address("points_of", entry.year))
    may = point_appeals.may_appeal(account_of(request), entry)
    context = {
        "entry": entry, "form": form, "points": points_text(entry.points),
        "reason": label_in(entry.reason),
        "hindrance": "" if may else _("It cannot be appealed against now."),
    }  # fmt: skip
    return shown(request, member, "points_appeal.html", context, section="points")
