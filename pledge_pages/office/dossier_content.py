"""What the dossier of a pilot says: sections of plain rows, for leads and the meeting that decides.

Codes stand for members: of whom a printed board may not give the full name, no free text in it does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from ..appraisal.pledges import approved_pledges
from ..boards.models import MemberPledgePage
from ..boards.readiness import updates_by_month
from ..boards.views_of import StatusCounts
from ..embargo.release import Item, plan
from ..people.models import Consent, Member, Scope
from ..people.naming import name_level
from ..pilots.models import Pilot
from ..pilots.readiness import findings
from ..pilots.stages import VERBS
from ..posters.sheet import plain_text
from ..supervision.models import Kind, Report
from ..supervision.stages import State

# Rows of a section, at most; how many more there are is said.
MOST_ROWS = 60


@dataclass
class Section:
    """A heading, and below it a table or a sentence that there is nothing."""

    heading: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    nothing: str = ""
    more: str = ""

    def bounded(self) -> Section:
        """Return the section with no more rows than a dossier has room for."""
        left = len(self.rows) - MOST_ROWS
        if left > 0:
            self.rows = self.rows[:MOST_ROWS]
            self.more = ngettext(
                "%(number)d more row in the admin.", "%(number)d more rows in the admin.", left
            ) % {"number": left}
        return self


def sections_of(pilot: Pilot, *, by: User, on: date) -> list[Section]:
    """Return the sections of the dossier of ``pilot`` as ``by``, a lead, may read it."""
    members = list(Member.objects.filter(pilot=pilot).prefetch_related("consents"))
    hide = names_hidden(members)
    parts = (
        _checklist(pilot, on),
        _trend(pilot, on),
        _outcomes(members),
        _reports(pilot),
        _objections(pilot, by, hide),
        _steps(pilot, hide),
    )
    return [part.bounded() for part in parts]


def names_hidden(members: list[Member]) -> Callable[[str], str]:
    """Return what puts the code in place of each name that may not be printed in full."""
    codes: dict[str, str] = {}
    for member in members:
        if name_level(member, Scope.VILLAGE_PRINT) == Consent.Level.FULL:
            continue
        latin, given = member.surname_latin, member.given_name_latin
        for name in (member.staff_name, f"{latin} {given}", f"{given} {latin}", f"{latin}{given}"):
            if member.given_name and len(name.strip()) > 1:
                codes[name.strip()] = member.code
    longest_first = sorted(codes.items(), key=lambda pair: -len(pair[0]))

    def hide(text: str) -> str:
        for name, code in longest_first:
            text = text.replace(name, code)
        return plain_text(text)

    return hide


def _checklist(pilot: Pilot, on: date) -> Section:
    rows = [
        [str(found.row.label), found.shown, found.target, f"{found.shape} {found.word}"]
        for found in findings([pilot], on)[pilot.pk]
    ]
    return Section(_("Checklist"), [_("What"), _("Now"), _("Wanted"), _("State")], rows)


def _trend(pilot: Pilot, on: date) -> Section:
    months = updates_by_month([pilot], on)[pilot.pk]
    return Section(
        _("Updates by month"),
        [f"{day:%y-%m}" for day, _number in months],
        [[str(number) for _day, number in months]],
    )


def _outcomes(members: list[Member]) -> Section:
    years: dict[int, StatusCounts] = defaultdict(StatusCounts)
    for pledge in approved_pledges(member.pk for member in members).values():
        years[pledge.year].add(pledge.outcome)
    labels = [str(label) for _code, label, _number in StatusCounts().as_rows]
    rows = [
        [str(year), str(counts.total), *(str(number) for _c, _l, number in counts.as_rows)]
        for year, counts in sorted(years.items(), reverse=True)
    ]
    return Section(
        _("Approved pledges and what became of them"),
        [_("Year"), _("Pledges"), *labels],
        rows,
        nothing=_("No pledge was approved."),
    )


def _reports(pilot: Pilot) -> Section:
    counted = Report.objects.filter(pilot=pilot).order_by().values_list("kind", "state")
    numbers = {(kind, state): number for kind, state, number in counted.annotate(Count("pk"))}
    rows = []
    for kind in Kind:
        row = [numbers.get((kind.value, state.value), 0) for state in State]
        if any(row):
            rows.append([str(kind.label), str(sum(row)), *map(str, row)])
    return Section(
        _("What villagers reported, asked and praised"),
        [_("Kind"), _("All"), *(str(state.label) for state in State)],
        rows,
        nothing=_("Nothing came in."),
    )


def _objections(pilot: Pilot, by: User, hide: Callable[[str], str]) -> Section:
    """Return what an approval today would be refused for, or would leave behind."""
    dry_run = plan([pilot], by=by)
    rows = [[_("Pilot"), hide(refusal)] for refusal in dry_run.refusals]
    rows += [[_about(item), hide(str(item.reason))] for item in dry_run.stays_back]
    drafts = len(dry_run.stays_draft)
    if drafts:
        text = ngettext(
            "%(number)d page has nothing approved, and would stay a draft.",
            "%(number)d pages have nothing approved, and would stay drafts.",
            drafts,
        ) % {"number": drafts}
        rows.append([_("Pages"), text])
    return Section(
        _("What speaks against approving it today"),
        [_("About"), _("Objection")],
        rows,
        nothing=_("Nothing speaks against it."),
    )


def _about(item: Item) -> str:
    """Return what an objection is about: the code of a member, or the board; never a name."""
    page: Page = item.page
    language = page.locale.language_code
    if isinstance(page, MemberPledgePage):
        return f"{page.member.code} ({language})"
    return f"{page._meta.verbose_name} ({language})"


def _steps(pilot: Pilot, hide: Callable[[str], str]) -> Section:
    rows = []
    for row in pilot.transitions.all():
        moved = row.get_to_stage_display()
        if row.from_stage != row.to_stage:
            moved = f"{row.get_from_stage_display()} → {moved}"
        verb = str(VERBS[row.verb].label) if row.verb in VERBS else row.verb
        day = date_format(localtime(row.at), "SHORT_DATE_FORMAT")
        rows.append([day, verb, moved, hide(row.reason)])
    columns = [_("When"), _("Step"), _("Stage"), _("Reason")]
    return Section(_("Steps so far"), columns, rows, nothing=_("No step was taken."))
