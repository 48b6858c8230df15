"""Outcomes of pledges of the branch in the admin: what stands, what waits, and the three steps."""

from __future__ import annotations

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..appraisal import access, branch_outcomes
from ..appraisal.branch_models import BranchOutcome
from ..appraisal.branch_outcomes import Promised
from ..appraisal.models import Gap
from ..labels import content_languages, label_in
from ..people.naming import today
from ..pilots import roles
from ..pilots.models import Pilot
from .asking import AskingView
from .check_forms import FoundForm, PageForm
from .reason import ReasonForm

ROWS = 30


class OfBranch(WagtailAdminTemplateMixin):
    """Views about the pledges of one branch; Http404 unless the reader takes part in its checks."""

    header_icon = "glasses"

    @cached_property
    def pilot(self) -> Pilot:
        """The branch in the address."""
        pilots = roles.pilots_checked_by(self.request.user)
        return get_object_or_404(pilots.select_related("programme"), pk=self.kwargs["pk"])

    @cached_property
    def pledge(self) -> Promised:
        """The approved pledge of the branch in the address, or Http404."""
        found = branch_outcomes.promised(self.pilot).get(self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    @property
    def address(self) -> str:
        """The address of the branch's list."""
        return reverse("pledge_boards:branch_checks", args=[self.pilot.pk])

    def crumbs(self) -> list[tuple[str, str]]:
        """Return (address, label) of what stands above."""
        return [
            (reverse("pledge_boards:checks"), _("Checks")),
            (self.address, _("Pledges of the branch")),
        ]

    def get_page_subtitle(self):
        return str(self.pilot)


class BranchChecksView(OfBranch, TemplateView):
    """The approved pledges of a branch, what stands of each, and what waits to be confirmed."""

    template_name = "pledge_pages/office/branch_checks.html"
    page_title = gettext_lazy("Pledges of the branch")

    def get_breadcrumbs_items(self):
        above = [{"url": url, "label": label} for url, label in self.crumbs()[:1]]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        pledges = sorted(branch_outcomes.promised(self.pilot).values(), key=lambda one: -one.year)
        page = WagtailPaginator(pledges, ROWS).get_page(self.request.GET.get("p"))
        known, user = branch_outcomes.standing(self.pilot), self.request.user
        waiting = {
            row.pledge_key: row
            for row in branch_outcomes.waiting(self.pilot).select_related("found_by")
        }
        context.update(
            page_of_pledges=page,
            rows=[
                self.row(one, known.get(one.key), waiting.get(one.key)) for one in page.object_list
            ],
            may_write=access.may_write(user, self.pilot),
            put_url=reverse("pledge_boards:put_branch_outcomes", args=[self.pilot.pk]),
        )
        return context

    def row(
        self, pledge: Promised, stands: BranchOutcome | None, waits: BranchOutcome | None
    ) -> dict:
        """Return what the list shows of one pledge."""
        args = [self.pilot.pk, pledge.key]
        own = waits is not None and waits.found_by_id == self.request.user.pk
        return {
            "text": label_in(pledge.text),
            "year": pledge.year,
            "stands": stands,
            "gaps": [str(Gap(gap).label) for gap in stands.gaps] if stands else [],
            "waits": waits,
            "confirm_url": ""
            if waits is None or own
            else reverse("pledge_boards:confirm_branch_outcome", args=args),
            "drop_url": ""
            if waits is None
            else reverse("pledge_boards:drop_branch_outcome", args=args),
            "find_url": ""
            if waits is not None
            else reverse("pledge_boards:find_branch_outcome", args=args),
        }


class FindView(OfBranch, AskingView):
    """Records what the reader found of one pledge of the branch."""

    form_class = FoundForm
    page_title = gettext_lazy("Find an outcome")
    done = gettext_lazy("Recorded. Somebody else has to confirm it before it counts.")

    @property
    def introduction(self) -> str:
        """The pledge itself."""
        return label_in(self.pledge.text)

    def get_initial(self):
        return {"checked_on": today()}

    def act(self, data):
        branch_outcomes.find_branch_outcome(
            self.pilot, self.pledge.key, by=self.request.user, **data
        )
        return self.address


class ConfirmView(OfBranch, AskingView):
    """Confirms what somebody else found of one pledge of the branch."""

    form_class = forms.Form
    page_title = gettext_lazy("Confirm an outcome")
    done = gettext_lazy("Confirmed. An editor puts it on the board.")

    @cached_property
    def found(self) -> BranchOutcome:
        """What waits to be confirmed, or Http404."""
        return get_object_or_404(branch_outcomes.waiting(self.pilot), pledge_key=self.pledge.key)

    @property
    def introduction(self) -> str:
        """The pledge, and what was found of it."""
        found, names = self.found, dict(content_languages())
        said = _("“%(pledge)s”: %(outcome)s, checked on %(day)s.") % {
            "pledge": label_in(self.pledge.text),
            "outcome": found.get_outcome_display(),
            "day": found.checked_on,
        }
        for code, method in found.method.items():
            words = " / ".join(filter(None, [found.reason.get(code), method]))
            said += f" {names.get(code, code)}: {words}"
        return said

    def act(self, data):
        branch_outcomes.confirm_branch_outcome(self.found, by=self.request.user)
        return self.address


class DropView(ConfirmView):
    """Gives up what was found before it is confirmed."""

    form_class = ReasonForm
    page_title = gettext_lazy("Give up what was found")
    done = gettext_lazy("Given up. The pledge can be checked anew.")

    def act(self, data):
        branch_outcomes.drop_branch_outcome(self.found, by=self.request.user, **data)
        return self.address


class PutView(OfBranch, AskingView):
    """Writes what stands into a version of the board in each language, and submits it."""

    form_class = PageForm
    page_title = gettext_lazy("Put the outcomes on the board")
    introduction = gettext_lazy(
        "A version of the board in each language says what was confirmed, and is submitted. A "
        "moderator who did not write it approves it."
    )
    done = gettext_lazy("Submitted. A moderator approves it.")

    def act(self, data):
        branch_outcomes.put_branch_outcomes(self.pilot, by=self.request.user, **data)
        return self.address


def views() -> list:
    """Return the addresses of these views below the office's."""
    one = "checks/branch/<int:pk>/<uuid:key>/"
    return [
        path("checks/branch/<int:pk>/", BranchChecksView.as_view(), name="branch_checks"),
        path("checks/branch/<int:pk>/put/", PutView.as_view(), name="put_branch_outcomes"),
        path(f"{one}find/", FindView.as_view(), name="find_branch_outcome"),
        path(f"{one}confirm/", ConfirmView.as_view(), name="confirm_branch_outcome"),
        path(f"{one}drop/", DropView.as_view(), name="drop_branch_outcome"),
    ]
