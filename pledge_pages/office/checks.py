"""Checks in the admin: what is being checked, what is due, and one check with all there is to it.

Staff of a branch, its verifiers and leads see them. Pledges are shown as they were approved, never
as a draft.
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..appraisal import access, days, outcomes
from ..appraisal.models import Gap, OutcomeDecision, State
from ..appraisal.pledges import (
    ApprovedPledge,
    approved_pledge,
    evidence_for,
    without_decision,
)
from ..people.models import Member
from ..people.naming import today
from ..photos.models import EvidenceFile
from ..pilots import roles
from ..pilots.models import Pilot
from . import branch_checks
from .check_forms import CheckFilterForm, OpenCheckForm, placed
from .check_rows import GOES_ON, SHAPES, check_rows, check_url, for_rows, going_on
from .check_steps import StepView, steps_for
from .lists import ROWS, NarrowedListView
from .sight import has_any_role


class ChecksView(NarrowedListView):
    """Every check that the reader may see, newest first, by branch and state."""

    template_name = "pledge_pages/office/checks.html"
    page_title = gettext_lazy("Checks")
    header_icon = "glasses"
    form_class = CheckFilterForm

    def is_for(self, user):
        return has_any_role(user)

    def pilots(self):
        return roles.pilots_checked_by(self.request.user)

    def rows(self, found):
        return check_rows(found, self.request.user)

    def narrowed(self, wanted):
        found = for_rows(access.decisions_seen_by(self.request.user))
        if wanted.get("branch"):
            found = found.filter(pilot=wanted["branch"])
        if wanted.get("state") == GOES_ON:
            return found.filter(going_on())
        return found.filter(state=wanted["state"]) if wanted.get("state") else found


class DueView(WagtailAdminTemplateMixin, TemplateView):
    """The pledges of one branch that are due and were not checked, the longest overdue first."""

    template_name = "pledge_pages/office/checks_due.html"
    page_title = gettext_lazy("Due, and not checked")
    header_icon = "glasses"

    @cached_property
    def pilot(self) -> Pilot:
        """The branch in the address; Http404 unless the reader takes part in its checks."""
        pilots = roles.pilots_checked_by(self.request.user)
        return get_object_or_404(pilots.select_related("programme"), pk=self.kwargs["pk"])

    def get_page_subtitle(self):
        return str(self.pilot)

    def get_breadcrumbs_items(self):
        return [*checks_crumbs(self), {"url": "", "label": str(self.pilot)}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = without_decision(self.pilot, today())
        page = WagtailPaginator(found, ROWS).get_page(self.request.GET.get("p"))
        drafts = roles.sees_drafts(self.request.user, self.pilot)
        rows = [
            {
                "pledge": pledge,
                "name": access.name_for(self.request.user, member, sees_drafts=drafts),
                "url": reverse("pledge_boards:open_check", args=[member.pk, pledge.key]),
            }
            for pledge, member in page.object_list
        ]
        context.update(pilot=self.pilot, page_of_pledges=page, rows=rows)
        return context


def checks_crumbs(view) -> list[dict]:
    """Return the way to the list of checks."""
    return [
        *view.breadcrumbs_items,
        {"url": reverse("pledge_boards:checks"), "label": _("Checks")},
    ]


class OpenCheckView(WagtailAdminTemplateMixin, FormView):
    """Opens the check of one approved pledge."""

    template_name = "pledge_pages/office/check_open.html"
    form_class = OpenCheckForm
    page_title = gettext_lazy("Open a check")
    header_icon = "glasses"

    @cached_property
    def member(self) -> Member:
        """The member in the address; Http404 unless the reader takes part in the branch's checks."""
        pilots = roles.pilots_checked_by(self.request.user)
        members = Member.objects.filter(pilot__in=pilots).select_related("pilot__programme")
        return get_object_or_404(members, pk=self.kwargs["pk"])

    @cached_property
    def pledge(self) -> ApprovedPledge:
        """The approved pledge in the address, or Http404."""
        found = approved_pledge(self.member, self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    def get_breadcrumbs_items(self):
        return [*checks_crumbs(self), {"url": "", "label": self.get_page_title()}]

    def get_initial(self):
        return {"checked_on": today()}

    def get_form_kwargs(self):
        files = evidence_for(self.pledge, self.member.pilot)
        ids = [file.pk for file in files]
        return {**super().get_form_kwargs(), "files": EvidenceFile.objects.filter(pk__in=ids)}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        drafts = roles.sees_drafts(user, self.member.pilot)
        context.update(
            pledge=self.pledge,
            name=access.name_for(user, self.member, sees_drafts=drafts),
            earlier=earlier_decisions(self.member, self.pledge.key),
        )
        return context

    def form_valid(self, form):
        try:
            decision = outcomes.open_check(
                self.member, self.pledge.key, by=self.request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, placed(error, form))
            return self.form_invalid(form)
        messages.success(self.request, _("The check is open. Two checkers have to confirm it."))
        return redirect(check_url(decision))


def earlier_decisions(
    member: Member, key: UUID, but: OutcomeDecision | None = None
) -> list[OutcomeDecision]:
    """Return the other decisions about a pledge, newest first."""
    found = OutcomeDecision.objects.filter(member=member, pledge_key=key)
    return list(found.exclude(pk=but.pk if but else None)[:ROWS])


class CheckView(WagtailAdminTemplateMixin, TemplateView):
    """One check: the pledge as approved, what was found, who said what, and what may follow."""

    template_name = "pledge_pages/office/check.html"
    header_icon = "glasses"

    @cached_property
    def decision(self) -> OutcomeDecision:
        """The decision in the address; Http404 unless the reader may see it."""
        found = access.decisions_seen_by(self.request.user).select_related(
            "member", "pilot__programme", "opened_by", "told_by", "final_by", "reply_by",
            "reply_scan", "supersedes",
        )  # fmt: skip
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_page_title(self):
        return _("Check %(number)d") % {"number": self.decision.pk}

    def get_breadcrumbs_items(self):
        return [*checks_crumbs(self), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        decision, user = self.decision, self.request.user
        drafts = roles.sees_drafts(user, decision.pilot)
        context.update(
            decision=decision,
            name=access.name_for(user, decision.member, sees_drafts=drafts),
            pledge=approved_pledge(decision.member, decision.pledge_key),
            shape=SHAPES[State(decision.state)],
            files=[row.file for row in decision.evidence.select_related("file")],
            statements=decision.statements.select_related("checker", "checker_member"),
            appeal=decision.appeals.select_related("raised_by", "decided_by", "scan").first(),
            reply_until=days.reply_until(decision),
            appeal_until=days.appeal_until(decision),
            posted_from=days.posted_from(decision),
            late_since=days.late_since(decision),
            gaps=[Gap(gap).label for gap in decision.gaps],
            others=earlier_decisions(decision.member, decision.pledge_key, but=decision),
            steps=steps_for(decision, user),
            sees_drafts=drafts,
        )
        return context


def views() -> list:
    """Return the addresses of these views below the office's."""
    return [
        path("checks/", ChecksView.as_view(), name="checks"),
        *branch_checks.views(),
        path("checks/due/<int:pk>/", DueView.as_view(), name="checks_due"),
        path("checks/open/<int:pk>/<uuid:key>/", OpenCheckView.as_view(), name="open_check"),
        path("checks/<int:pk>/", CheckView.as_view(), name="check"),
        path("checks/<int:pk>/<slug:verb>/", StepView.as_view(), name="check_step"),
    ]
