"""Tasks in the admin: what was assigned, assigning, answers on paper, and pledges that are late.

For editors of the branch and leads. For everybody else, none of it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..people.accounts import is_account_of
from ..people.naming import today
from ..pilots import roles
from ..pilots.models import Pilot
from ..rulebook.models import PledgeTemplate
from ..tasks import access, actions, offers
from ..tasks.clock import late_pledges
from ..tasks.models import Assignment, State
from .asking import AskingView
from .check_steps import with_scan
from .lists import ROWS, NarrowedListView
from .pledge_library import LibraryView
from .reason import ReasonForm
from .sight import writes_any
from .task_forms import (
    AcceptForm,
    AssignForm,
    DeclineForm,
    TakeTemplateForm,
    TaskFilterForm,
    numbers_in,
)
from .task_rows import assignment_rows, assignment_url, for_rows, late_row, standing, what_of


class AssignmentsView(NarrowedListView):
    """Every assignment of the branches for which the reader writes, newest first."""

    template_name = "pledge_pages/office/assignments.html"
    page_title = gettext_lazy("Tasks")
    header_icon = "clipboard-list"
    form_class = TaskFilterForm

    def is_for(self, user):
        return writes_any(user)

    def pilots(self):
        return roles.pilots_written_by(self.request.user)

    def rows(self, found):
        return assignment_rows(found)

    def narrowed(self, wanted):
        found = for_rows(access.assignments_seen_by(self.request.user))
        if wanted.get("branch"):
            found = found.filter(pilot=wanted["branch"])
        if wanted.get("year"):
            found = found.filter(year=wanted["year"])
        return found.filter(state=wanted["state"]) if wanted.get("state") else found


def pilot_or_404(view) -> Pilot:
    """Return the branch in the address; Http404 unless the reader writes for it."""
    pilots = roles.pilots_written_by(view.request.user).select_related("programme")
    return get_object_or_404(pilots, pk=view.kwargs["pk"])


def list_crumb() -> tuple[str, str]:
    """Return address and label of the list of tasks."""
    return reverse("pledge_boards:assignments"), _("Tasks")


class AssignView(AskingView):
    """Assigns a task, a post or both to members of one branch."""

    template_name = "pledge_pages/office/assign.html"
    form_class = AssignForm
    page_title = gettext_lazy("Assign a task")
    header_icon = "clipboard-list"
    introduction = gettext_lazy(
        "Each member is asked, and accepts or declines. An accepted task becomes a pledge in a draft "
        "of the member's page, which is reviewed like every other."
    )

    @cached_property
    def pilot(self) -> Pilot:
        """The branch in the address, or Http404."""
        return pilot_or_404(self)

    @cached_property
    def taken(self) -> PledgeTemplate | None:
        """The template that the reader took, or None; Http404 if there is no such one."""
        form = TakeTemplateForm(self.request.GET)
        if not form.is_valid():
            raise Http404
        return form.cleaned_data["template"]

    def get_page_subtitle(self):
        return str(self.pilot)

    def crumbs(self):
        return [list_crumb()]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "pilot": self.pilot, "template": self.taken}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(taken=self.taken, take_form=TakeTemplateForm({"template": self.taken}))
        return context

    def act(self, data):
        made = actions.assign_to(
            list(data["members"]), self.offer(data), by=self.request.user, year=data["year"],
            due=data["due"],
        )  # fmt: skip
        text = ngettext("%(count)d member is asked.", "%(count)d members are asked.", len(made))
        messages.success(self.request, text % {"count": len(made)})
        return f"{self.crumbs()[-1][0]}?branch={self.pilot.code}"

    def offer(self, data: dict) -> offers.Offer:
        """Return what the form asks of the members."""
        if self.taken is not None:
            return offers.from_template(self.taken, numbers_in(data), data["post"])
        if data["post"] and not (data["text"] or data["measure"]):
            return offers.Offer(post=data["post"])
        return offers.from_text(data["text"], data["measure"], data["category"], data["post"])


@dataclass(frozen=True)
class TaskStep:
    """One step with an assignment that waits: its words, its form, and the action behind it."""

    label: Promise
    note: Promise
    done: Promise
    form: type[forms.Form]
    act: Callable[..., Any]


STEPS = {
    "accept": TaskStep(
        gettext_lazy("Accepted on paper"),
        gettext_lazy(
            "Enter the member's own signed answer. The task becomes a pledge in a draft of the page."
        ),
        gettext_lazy("Accepted. What was asked stands in a draft of the member's page."),
        AcceptForm,
        with_scan(actions.accept, gettext_lazy("Answer of a member, on paper")),
    ),
    "decline": TaskStep(
        gettext_lazy("Declined on paper"),
        gettext_lazy("Enter the member's own answer. Nothing of it is public."),
        gettext_lazy("Declined. The reason is kept for the branch's staff."),
        DeclineForm,
        with_scan(actions.decline, gettext_lazy("Answer of a member, on paper")),
    ),
    "withdraw": TaskStep(
        gettext_lazy("Withdraw it"),
        gettext_lazy("The member is asked no more. It can be assigned again."),
        gettext_lazy("Withdrawn."),
        ReasonForm,
        actions.withdraw,
    ),
}


def steps_for(assignment: Assignment, user) -> list[dict]:
    """Return the steps that ``user`` may take with ``assignment``, with their addresses.

    Whoever is asked answers for themselves, and not on paper.
    """
    if assignment.state != State.OFFERED:
        return []
    own = is_account_of(user, assignment.member)
    return [
        {
            "label": step.label,
            "url": reverse("pledge_boards:assignment_step", args=[assignment.pk, verb]),
            "grave": verb == "withdraw",
        }
        for verb, step in STEPS.items()
        if verb == "withdraw" or not own
    ]


def assignment_or_404(view) -> Assignment:
    """Return the assignment in the address; Http404 unless the reader may see it as staff."""
    found = access.assignments_seen_by(view.request.user).select_related(
        "member", "pilot__programme", "post", "category", "template", "assigned_by", "answered_by",
        "scan",
    )  # fmt: skip
    return get_object_or_404(found, pk=view.kwargs["pk"])


class AssignmentView(WagtailAdminTemplateMixin, TemplateView):
    """One assignment: what was asked of whom, what was answered, and what may follow."""

    template_name = "pledge_pages/office/assignment.html"
    header_icon = "clipboard-list"

    @cached_property
    def assignment(self) -> Assignment:
        """The assignment in the address, or Http404."""
        return assignment_or_404(self)

    def get_page_title(self):
        return _("Task %(number)d") % {"number": self.assignment.pk}

    def get_breadcrumbs_items(self):
        url, label = list_crumb()
        above = {"url": url, "label": label}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(
            assignment=self.assignment,
            standing=standing(self.assignment),
            steps=steps_for(self.assignment, self.request.user),
        )
        return context


class AssignmentStepView(AskingView):
    """Takes one step with an assignment that waits for an answer."""

    header_icon = "clipboard-list"

    @cached_property
    def assignment(self) -> Assignment:
        """The assignment in the address, or Http404."""
        return assignment_or_404(self)

    @cached_property
    def step(self) -> TaskStep:
        """The step in the address; Http404 if it cannot be taken, or not by the reader."""
        verb = self.kwargs["verb"]
        open_to = [each["url"] for each in steps_for(self.assignment, self.request.user)]
        if reverse("pledge_boards:assignment_step", args=[self.assignment.pk, verb]) not in open_to:
            raise Http404
        return STEPS[verb]

    def dispatch(self, request, *args, **kwargs):
        self.introduction, self.done = self.step.note, self.step.done
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return self.step.form

    def get_page_title(self):
        return self.step.label

    def get_page_subtitle(self):
        return f"{self.assignment.member.staff_name}: {what_of(self.assignment)[:60]}"

    def crumbs(self):
        label = _("Task %(number)d") % {"number": self.assignment.pk}
        return [list_crumb(), (assignment_url(self.assignment), label)]

    def act(self, data):
        self.step.act(self.assignment, by=self.request.user, **data)
        return assignment_url(self.assignment)


class LateView(WagtailAdminTemplateMixin, TemplateView):
    """The pledges of one branch that are overdue, or of which nothing was reported for too long."""

    template_name = "pledge_pages/office/late.html"
    page_title = gettext_lazy("Overdue and silent pledges")
    header_icon = "time"

    @cached_property
    def pilot(self) -> Pilot:
        """The branch in the address, or Http404."""
        return pilot_or_404(self)

    def get_page_subtitle(self):
        return str(self.pilot)

    def get_breadcrumbs_items(self):
        url, label = list_crumb()
        above = {"url": url, "label": label}
        return [*self.breadcrumbs_items, above, {"url": "", "label": str(self.pilot)}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = late_pledges(self.pilot, today())
        page = WagtailPaginator(found, ROWS).get_page(self.request.GET.get("p"))
        rows = [late_row(late) for late in page.object_list]
        context.update(pilot=self.pilot, page_of_pledges=page, rows=rows)
        return context


def views() -> list:
    """Return the addresses of these views below the office's."""
    return [
        path("assignments/", AssignmentsView.as_view(), name="assignments"),
        path("assignments/new/<int:pk>/", AssignView.as_view(), name="assign"),
        path("assignments/late/<int:pk>/", LateView.as_view(), name="late"),
        path("assignments/<int:pk>/", AssignmentView.as_view(), name="assignment"),
        path(
            "assignments/<int:pk>/<slug:verb>/",
            AssignmentStepView.as_view(),
            name="assignment_step",
        ),
        path("pages/<int:page_id>/library/", LibraryView.as_view(), name="library"),
    ]
