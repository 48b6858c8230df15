"""What the admin says of printed sheets: which hang, and which of them have become wrong, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from ..labels import content_languages
from ..people.models import Member
from ..pilots import roles
from ..pilots.models import Pilot
from ..posters.models import PrintedSheet
from ..posters.reprints import Wrong, members_of, wrong_sheets

# Sheets shown on one page; those that hang come first.
ROWS = 40
# Reasons shown of one sheet.
REASONS = 12
# Branches looked at for the admin's home.
PILOTS = 10


@dataclass(frozen=True)
class SheetRow:
    """One printing as the lists show it."""

    sheet: PrintedSheet
    languages: str
    shape: str
    state: str
    reasons: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def settle_url(self) -> str:
        """Where it is noted that it was taken down or printed anew."""
        return reverse("pledge_boards:settle_print", args=[self.sheet.pk])


def sheet_rows(pilot: Pilot) -> list[SheetRow]:
    """Return the printings of ``pilot``: wrong ones first, then those that hang, then the others."""
    sheets = list(_sheets_of(PrintedSheet.objects.filter(pilot=pilot))[:ROWS])
    for sheet in sheets:
        sheet.pilot = pilot
    wrong = dict(_by_id(wrong_sheets(sheets)))
    members = members_of(one for why in wrong.values() for one in why)
    rows = [_row(sheet, wrong.get(sheet.pk, []), members) for sheet in sheets]
    return sorted(rows, key=lambda row: (bool(row.sheet.settled), not row.reasons))


def _by_id(found: Iterable[tuple[PrintedSheet, list[Wrong]]]) -> Iterable[tuple[int, list[Wrong]]]:
    return ((sheet.pk, why) for sheet, why in found)


def _sheets_of(sheets: QuerySet[PrintedSheet]) -> QuerySet[PrintedSheet]:
    """Return ``sheets`` with what their rows need, those that are not settled first."""
    found = sheets.select_related("printed_by", "settled_by", "link", "pilot__programme")
    return found.order_by("settled", "-printed_at", "-pk")


def _row(sheet: PrintedSheet, why: Sequence[Wrong], members: dict[int, Member]) -> SheetRow:
    names = dict(content_languages())
    languages = " / ".join(names.get(code, code) for code in sheet.languages)
    if sheet.settled:
        return SheetRow(sheet, languages, "–", sheet.get_settled_display())
    if not why:
        return SheetRow(sheet, languages, "●", _("Right"))
    reasons = [reason_text(one, members) for one in why]
    return SheetRow(
        sheet, languages, "▲", _("Wrong"), reasons[:REASONS], max(0, len(reasons) - REASONS)
    )


def reason_text(one: Wrong, members: dict[int, Member]) -> str:
    """Return a reason with whom it concerns, as the branch's staff name them."""
    if one.member_id is None:
        return one.reason
    who = members.get(one.member_id)
    return f"{who if who else _('A member who was deleted')}: {one.reason}"


class WrongSheetsPanel(Component):
    """On the admin's home: branches with printed sheets that have become wrong."""

    name = "wrong_printed_sheets"
    template_name = "pledge_pages/office/wrong_sheets.html"
    order = 85

    def __init__(self, pilots: list[dict]) -> None:
        self.pilots = pilots

    def get_context_data(self, parent_context):
        return {"pilots": self.pilots}


def warn(request, panels: list) -> None:
    """Put a panel on the home of who may print, if sheets of theirs are wrong."""
    pilots = pilots_with_wrong_sheets(request.user)
    if pilots:
        panels.append(WrongSheetsPanel(pilots))


def pilots_with_wrong_sheets(user) -> list[dict]:
    """Return the branches of ``user`` with wrong sheets, how many, and where they are named."""
    hanging = PrintedSheet.objects.filter(settled="")
    seen = roles.pilots_seen_by(user).filter(pk__in=hanging.values("pilot")).order_by("code")
    ids = list(seen.values_list("pk", flat=True)[:PILOTS])
    if not ids:
        return []
    sheets = hanging.filter(pilot__in=ids).select_related("pilot__programme", "link")
    count: dict[Pilot, int] = {}
    for sheet, _why in wrong_sheets(sheets.order_by("pilot__code", "-pk")):
        count[sheet.pilot] = count.get(sheet.pilot, 0) + 1
    return [
        {"pilot": pilot, "count": number, "url": reverse("pledge_boards:print", args=[pilot.pk])}
        for pilot, number in count.items()
    ]
