"""Points in the admin: branches and years, the members of a branch, and one member's ledger."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from ..appraisal import ledger
from ..appraisal.ledger_lines import line_rows
from ..appraisal.ledger_reading import ledgers_of, members_with_points, waiting_in, years_of
from ..boards.content import YEARS
from ..people.models import Member
from ..pilots import roles
from ..pilots.models import Pilot
from .lists import OnlyFor
from .points_forms import EnterPointsView, ReverseEntryView
from .sight import programmes_seen_by

ROWS = 40


class PointsView(OnlyFor, WagtailAdminTemplateMixin, TemplateView):
    """The branches that the reader may see, with the years for which there are points."""

    template_name = "pledge_pages/office/points.html"
    page_title = gettext_lazy("Points")
    header_icon = "order"

    def is_for(self, user):
        return programmes_seen_by(user).exists()

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        pilots = roles.pilots_seen_by(self.request.user).select_related("wave")
        this_year = timezone.localdate().year
        pages = WagtailPaginator(pilots.order_by("wave__number", "code"), ROWS)
        page = pages.get_page(self.request.GET.get("p", 1))
        years = years_of(page.object_list)
        context = super().get_context_data(**kwargs)
        context.update(
            page_of_pilots=page,
            elided_page_range=pages.get_elided_page_range(self.request.GET.get("p", 1)),
            rows=[
                {
                    "pilot": pilot,
                    "years": sorted({this_year, *years.get(pilot.pk, [])}, reverse=True),
                }
                for pilot in page.object_list
            ],
        )
        return context


class AboutOneYear(WagtailAdminTemplateMixin):
    """Views about the points of one branch in one year; Http404 unless the reader may see them."""

    header_icon = "order"

    @cached_property
    def year(self) -> int:
        """The year in the address."""
        if self.kwargs["year"] not in YEARS:
            raise Http404
        return self.kwargs["year"]

    @cached_property
    def pilot(self) -> Pilot:
        """The branch in the address."""
        pilots = roles.pilots_seen_by(self.request.user).select_related("programme")
        return get_object_or_404(pilots, pk=self.kwargs["pk"])

    @property
    def branch_url(self) -> str:
        """Where the branch's year is."""
        return reverse("pledge_boards:branch_points", args=[self.pilot.pk, self.year])

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:points"), "label": _("Points")},
            {"url": self.branch_url, "label": f"{self.pilot} {self.year}"},
        ]


class BranchPointsView(AboutOneYear, TemplateView):
    """The members of a branch with what their ledgers come to."""

    template_name = "pledge_pages/office/branch_points.html"

    def get_page_title(self):
        return _("Points of %(year)d") % {"year": self.year}

    def get_page_subtitle(self):
        return str(self.pilot)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        pages = WagtailPaginator(members_with_points(self.pilot, self.year), ROWS)
        asked = self.request.GET.get("p", 1)
        page = pages.get_page(asked)
        ledgers = ledgers_of(list(page.object_list), self.year)
        context.update(
            pilot=self.pilot,
            year=self.year,
            page_of_members=page,
            elided_page_range=pages.get_elided_page_range(asked),
            rows=[
                {"ledger": one, "sum": one.added_up(), "name": one.member.staff_name,
                 "waiting": one.waiting()}
                for one in ledgers
            ],
            waiting=waiting_in(self.pilot, self.year).count(),
            without=any(not one.entries and one.member.active for one in ledgers),
        )  # fmt: skip
        return context


class OpenYearView(AboutOneYear, View):
    """Enters the base for every member who has none."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        """Enter them, by the rules of today."""
        try:
            count = ledger.open_year(
                self.pilot, self.year, on=timezone.localdate(), by=request.user
            )
        except (ValidationError, PermissionDenied) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        else:
            messages.success(
                request,
                _("Entered for %(count)d members. Somebody else has to confirm.")
                % {"count": count},
            )
        return redirect(self.branch_url)


class WaitingPointsView(AboutOneYear, TemplateView):
    """The entries that wait for a second person, and the button that confirms those ticked."""

    template_name = "pledge_pages/office/waiting_points.html"
    page_title = gettext_lazy("Points to confirm")

    def get_page_subtitle(self):
        return f"{self.pilot} {self.year}"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        pages = WagtailPaginator(waiting_in(self.pilot, self.year), ROWS)
        asked = self.request.GET.get("p", 1)
        page = pages.get_page(asked)
        user = self.request.user
        context.update(
            pilot=self.pilot,
            year=self.year,
            page_of_entries=page,
            elided_page_range=pages.get_elided_page_range(asked),
            rows=[
                {"entry": entry, "name": entry.member.staff_name,
                 "own": entry.entered_by_id == user.pk}
                for entry in page.object_list
            ],
            may_confirm=ledger.may_decide(user, self.pilot),
            back_url=self.branch_url,
        )  # fmt: skip
        return context

    def post(self, request, *args, **kwargs):
        """Confirm those that are ticked, all or none."""
        ticked = [key for key in request.POST.getlist("entry")[:ROWS] if key.isdecimal()]
        entries = waiting_in(self.pilot, self.year).filter(
            pk__in=[key for key in ticked if len(key) < 19]
        )
        try:
            count = ledger.confirm_entries(entries, by=request.user)
        except (ValidationError, PermissionDenied) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        else:
            messages.success(request, _("Confirmed: %(count)d.") % {"count": count})
        return redirect("pledge_boards:waiting_points", self.pilot.pk, self.year)


class LedgerView(AboutOneYear, TemplateView):
    """A member's ledger of a year, entry by entry, with why each counts as it does."""

    template_name = "pledge_pages/office/ledger.html"

    @cached_property
    def member(self) -> Member:
        """The member in the address."""
        members = Member.objects.filter(pilot__in=roles.pilots_seen_by(self.request.user))
        return get_object_or_404(
            members.select_related("pilot__programme", "office"), pk=self.kwargs["pk"]
        )

    @cached_property
    def pilot(self) -> Pilot:
        """The member's branch."""
        return self.member.pilot

    def get_page_title(self):
        return self.member.staff_name

    def get_page_subtitle(self):
        return str(self.year)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": str(self.member)}]

    @cached_property
    def header_buttons(self):
        url = reverse("pledge_boards:enter_points", args=[self.member.pk, self.year])
        return [HeaderButton(_("Enter points"), url=url, icon_name="plus")]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        own = ledgers_of([self.member], self.year)[0]
        added_up = own.added_up()
        context.update(
            member=self.member,
            pilot=self.pilot,
            year=self.year,
            sum=added_up,
            rows=line_rows(own, added_up),
            waiting=own.waiting(),
        )
        return context


def views() -> list:
    """Return the addresses of these views below the office's."""
    branch, member = "points/<int:pk>/<int:year>/", "points/members/<int:pk>/<int:year>/"
    return [
        path("points/", PointsView.as_view(), name="points"),
        path(branch, BranchPointsView.as_view(), name="branch_points"),
        path(f"{branch}open/", OpenYearView.as_view(), name="open_points"),
        path(f"{branch}waiting/", WaitingPointsView.as_view(), name="waiting_points"),
        path(member, LedgerView.as_view(), name="ledger"),
        path(f"{member}enter/", EnterPointsView.as_view(), name="enter_points"),
        path("points/entries/<int:pk>/reverse/", ReverseEntryView.as_view(), name="reverse_points"),
    ]
