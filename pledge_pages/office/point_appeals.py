"""Appeals against points in the admin: raising one for a member, deciding it."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from ..appraisal import point_appeals
from ..appraisal.ledger_models import PointEntry
from ..pilots import roles
from .asking import AskingView
from .check_forms import AppealForm, VerdictForm
from .check_steps import with_scan
from .points_forms import ledger_crumbs
from .rule_book_rows import points_text


class AboutEntryOfPoints(AskingView):
    """A form about one entry; Http404 unless the reader may see its ledger."""

    header_icon = "order"

    @cached_property
    def entry(self) -> PointEntry:
        """The entry in the address."""
        entries = PointEntry.objects.filter(
            member__pilot__in=roles.pilots_seen_by(self.request.user)
        )
        return get_object_or_404(
            entries.select_related("member__pilot__programme", "confirmation"),
            pk=self.kwargs["pk"],
        )

    def get_page_subtitle(self):
        entry = self.entry
        return f"{entry.member.staff_name} {entry.clause} {points_text(entry.points)}, {entry.on}"

    def crumbs(self):
        return ledger_crumbs(self.entry.member, self.entry.year)


class AppealPointsView(AboutEntryOfPoints):
    """Raises an appeal against one entry."""

    form_class = AppealForm
    page_title = gettext_lazy("Appeal against points")
    introduction = gettext_lazy(
        "While the appeal is open no review of the year is closed. A moderator or lead decides it "
        "who neither entered nor confirmed the entry."
    )
    done = gettext_lazy("The appeal is kept.")

    def act(self, data):
        pilot = self.entry.member.pilot
        run = with_scan(
            lambda _pilot, **values: point_appeals.raise_points_appeal(self.entry, **values),
            gettext_lazy("Appeal of a member, on paper"),
            branch=lambda about: about,
        )
        run(pilot, by=self.request.user, **data)
        return self.crumbs()[-1][0]


class DecidePointsAppealView(AboutEntryOfPoints):
    """Decides the appeal against one entry."""

    form_class = VerdictForm
    page_title = gettext_lazy("Decide the appeal")
    introduction = gettext_lazy(
        "Dismissed: the entry stays. Upheld: it is taken back by an entry against it."
    )
    done = gettext_lazy("The appeal is decided.")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["introduction"] = f"{self.introduction} “{self.appeal.ground}”"
        return context

    @cached_property
    def appeal(self):
        """The appeal against the entry, or Http404."""
        found = getattr(self.entry, "appeal", None)
        if found is None:
            raise Http404
        return found

    def dispatch(self, request, *args, **kwargs):
        assert self.appeal
        return super().dispatch(request, *args, **kwargs)

    def act(self, data):
        point_appeals.decide_points_appeal(self.appeal, by=self.request.user, **data)
        return self.crumbs()[-1][0]


def views() -> list:
    """Return the addresses of these views below the office's."""
    entry = "points/entries/<int:pk>/"
    return [
        path(f"{entry}appeal/", AppealPointsView.as_view(), name="appeal_points"),
        path(f"{entry}decide/", DecidePointsAppealView.as_view(), name="decide_points_appeal"),
    ]
