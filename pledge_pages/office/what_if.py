"""A branch's year under another version of the rules, as a table with bars."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator

from ..appraisal.ledger_reading import years_of
from ..appraisal.what_if import Outcome, WhatIf, what_if
from ..pilots import roles
from ..pilots.models import Pilot
from ..rulebook.wording import points_text
from .about_book import AboutOneBook

ROWS = 30


@dataclass(frozen=True)
class Row:
    """One member before and after, with the bar of the change: where it begins, how wide it is."""

    outcome: Outcome
    name: str
    change: str
    begins: str
    width: str


class WhatIfForm(forms.Form):
    """Asks for a branch of the programme that the reader may see, and a year with points in it."""

    pilot = forms.ModelChoiceField(
        Pilot.objects.none(), label=gettext_lazy("Branch"), to_field_name="code"
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)

    def __init__(self, *args, pilots, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pilot"].queryset = pilots
        known = sorted({year for found in years.values() for year in found}, reverse=True)
        self.fields["year"].choices = [(year, str(year)) for year in known]


class WhatIfView(AboutOneBook, TemplateView):
    """Who would change, and by how much; nothing is changed by looking."""

    template_name = "pledge_pages/office/what_if.html"

    def get_page_title(self):
        return _("What if version %(version)s counted") % {"version": self.book.version}

    @cached_property
    def form(self) -> WhatIfForm:
        """The form as it was sent, or with the first branch and its newest year."""
        pilots = roles.pilots_seen_by(self.request.user).filter(programme=self.book.programme)
        pilots = pilots.select_related("programme").order_by("wave__number", "code")
        years = years_of(pilots)
        data = self.request.GET if "pilot" in self.request.GET else None
        if data is None:
            first = next((pilot for pilot in pilots if pilot.pk in years), None)
            data = {"pilot": first.code, "year": years[first.pk][0]} if first else None
        return WhatIfForm(data, pilots=pilots, years=years)

    def found(self) -> WhatIf | None:
        """Return what is asked for, None if that is nothing."""
        if not self.form.is_valid():
            return None
        asked = self.form.cleaned_data
        return what_if(asked["pilot"], asked["year"], self.book)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": _("What if")}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = self.found()
        context.update(book=self.book, form=self.form, found=found)
        if found is None:
            return context
        pages = WagtailPaginator(found.outcomes, ROWS)
        asked = self.request.GET.get("p", 1)
        page = pages.get_page(asked)
        query = self.request.GET.copy()
        query.pop("p", None)
        context.update(
            page_of_members=page,
            elided_page_range=pages.get_elided_page_range(asked),
            rows=[row_of(outcome, found.most) for outcome in page.object_list],
            query=query.urlencode(),
        )
        return context


def row_of(outcome: Outcome, most: int) -> Row:
    """Return a line of the table; ``most`` is the change that takes half the width of the chart."""
    half = 50 * abs(outcome.change) / most if most else 0
    begins = 50 - half if outcome.change < 0 else 50
    return Row(
        outcome,
        outcome.member.staff_name,
        points_text(outcome.change),
        f"{begins:.1f}%",
        f"{half:.1f}%",
    )
