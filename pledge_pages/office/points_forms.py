"""Entering points in the admin, and taking them back."""

from __future__ import annotations

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..appraisal import ledger
from ..appraisal.ledger_models import PointEntry
from ..boards.content import YEARS
from ..labels import MAX_TEXT, LabelsFormField, label_in
from ..people.models import Member
from ..pilots import roles
from ..rulebook import choosing
from ..rulebook.models import Clause
from ..rulebook.wording import points_text
from .asking import AskingView
from .reason import ReasonForm


class EnterPointsForm(forms.Form):
    """Asks by which clause, on which day and what for; how many points follows from the clause."""

    clause = forms.ChoiceField(label=gettext_lazy("Clause"))
    on = forms.DateField(
        label=gettext_lazy("On"),
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("The version of the rules that was in force on this day counts."),
    )
    reason = LabelsFormField(
        max_length=MAX_TEXT, rows=3, label=gettext_lazy("What for"), required=False
    )
    ref = forms.CharField(
        label=gettext_lazy("Evidence or decision"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Where it can be found, such as: minutes of 12 June, item 3."),
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        found: dict[str, str] = {}
        for book in choosing.approved(programme).prefetch_related("clauses").order_by("pk"):
            for clause in book.clauses.all():
                if clause.in_force and clause.trigger != Clause.Trigger.COUNTER:
                    clause.rulebook = book
                    said = f"{clause.code} {points_text(clause.worth)} {label_in(clause.text)}"
                    found[clause.code] = said
        self.fields["clause"].choices = [("", "–"), *sorted(found.items())]


class EnterPointsView(AskingView):
    """Enters points into a member's ledger."""

    form_class = EnterPointsForm
    page_title = gettext_lazy("Enter points")
    header_icon = "order"
    introduction = gettext_lazy(
        "An entry is never changed. It counts once a moderator or lead who did not enter it has "
        "confirmed it; what was wrong is taken back by another entry."
    )
    done = gettext_lazy("The entry is made. Somebody else has to confirm it.")

    @cached_property
    def member(self) -> Member:
        """The member in the address; Http404 unless the reader may enter points there."""
        members = Member.objects.filter(pilot__in=roles.pilots_seen_by(self.request.user))
        if self.kwargs["year"] not in YEARS:
            raise Http404
        return get_object_or_404(members.select_related("pilot__programme"), pk=self.kwargs["pk"])

    def get_page_subtitle(self):
        return f"{self.member.staff_name} {self.kwargs['year']}"

    def crumbs(self):
        return ledger_crumbs(self.member, self.kwargs["year"])

    def get_initial(self):
        return {"on": timezone.localdate()}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "programme": self.member.pilot.programme}

    def act(self, data):
        ledger.enter_points(self.member, year=self.kwargs["year"], by=self.request.user, **data)
        return self.crumbs()[-1][0]


class ReverseForm(ReasonForm):
    """Asks why an entry is taken back, and where that was decided."""

    kept = gettext_lazy("Kept with the entry, for the member to read.")

    ref = forms.CharField(
        label=gettext_lazy("Evidence or decision"), max_length=200, required=False
    )


class ReverseEntryView(AskingView):
    """Takes one entry back by an entry against it."""

    form_class = ReverseForm
    page_title = gettext_lazy("Take back an entry")
    header_icon = "undo"
    introduction = gettext_lazy(
        "An entry against it is made, and neither counts any more; both stay to be read. A "
        "moderator or lead does it who did not enter it; who did may as long as it waits."
    )
    done = gettext_lazy("The entry is taken back.")

    @cached_property
    def entry(self) -> PointEntry:
        """The entry in the address; Http404 unless the reader may see its ledger."""
        entries = PointEntry.objects.filter(
            member__pilot__in=roles.pilots_seen_by(self.request.user)
        )
        return get_object_or_404(
            entries.select_related("member__pilot__programme"), pk=self.kwargs["pk"]
        )

    def get_page_subtitle(self):
        entry = self.entry
        return f"{entry.member.staff_name} {entry.clause} {points_text(entry.points)}, {entry.on}"

    def crumbs(self):
        return ledger_crumbs(self.entry.member, self.entry.year)

    def act(self, data):
        ledger.reverse_entry(self.entry, by=self.request.user, **data)
        return self.crumbs()[-1][0]


def ledger_crumbs(member: Member, year: int) -> list[tuple[str, str]]:
    """Return (address, label) of what stands above a member's ledger, and of the ledger."""
    branch = reverse("pledge_boards:branch_points", args=[member.pilot_id, year])
    return [
        (reverse("pledge_boards:points"), _("Points")),
        (branch, f"{member.pilot} {year}"),
        (reverse("pledge_boards:ledger", args=[member.pk, year]), member.staff_name),
    ]
