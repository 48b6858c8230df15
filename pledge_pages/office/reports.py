"""Supervision in the admin: the list of reports, one report with its steps, and entering one."""

from __future__ import annotations

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from ..labels import content_languages
from ..pilots.models import Pilot
from ..supervision import access, actions, receiving
from ..supervision.errors import ReportError
from ..supervision.models import Kind, Report, ReportContact
from ..supervision.stages import STEPS, State, overdue
from ..supervision.wording import warnings_about
from .lists import OnlyFor
from .report_forms import EnterForm, StepForm, TextsForm
from .report_rows import about, clock, pledge_of, report_url, standing

# Steps that ask for a text, and where it is kept; the others are buttons.
ASKING = {"reject": "rejection", "redact": "public_text", "answer": "answer"}


def views() -> list:
    """Return the addresses of supervision below those of the office."""
    one = "supervision/<uuid:pk>/"
    return [
        path("supervision/", ReportListView.as_view(), name="reports"),
        path(
            "supervision/results/",
            ReportListView.as_view(results_only=True),
            name="reports_results",
        ),
        path("supervision/enter/", EnterReportView.as_view(), name="enter_report"),
        path(one, ReportView.as_view(), name="report"),
        path(f"{one}<slug:step>/", ReportStepView.as_view(), name="report_step"),
    ]


class ReportFilterSet(WagtailFilterSet):
    """Filters reports by state, clock, kind and branch, offering what the reader may see."""

    state = django_filters.MultipleChoiceFilter(
        choices=State.choices, label=gettext_lazy("State"), widget=forms.CheckboxSelectMultiple
    )
    clock = django_filters.ChoiceFilter(
        choices=[("overdue", gettext_lazy("Overdue"))],
        label=gettext_lazy("In time"),
        method="late",
    )
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=gettext_lazy("Kind"))
    pilot = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Branch"),
        queryset=lambda request: Pilot.objects.filter(
            pk__in=access.reports_seen_by(request.user).values("pilot")
        ),
    )

    class Meta:
        model = Report
        fields = ["state", "clock", "kind", "pilot"]

    def late(self, queryset, _name, _value):
        """Keep what is past the clock of its state."""
        return queryset.filter(overdue(timezone.localdate()))


class ReportListView(OnlyFor, generic.IndexView):
    """Reports that the reader may open, newest day first; within a day in no order."""

    model = Report
    page_title = gettext_lazy("Supervision")
    header_icon = "comment"
    index_url_name = "pledge_boards:reports"
    index_results_url_name = "pledge_boards:reports_results"
    filterset_class = ReportFilterSet
    paginate_by = 30
    default_ordering = ("-received_on", "pk")
    any_permission_required = ["view"]
    list_export = []

    def is_for(self, user):
        return self.permission_policy.user_has_any_permission(user, ["view"])

    @property
    def columns(self):
        return [
            TitleColumn(
                "received_on",
                label=_("Received on"),
                accessor=lambda report: f"{report.received_on:%Y-%m-%d}",
                get_url=report_url,
            ),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            Column("about", label=_("About"), accessor=about),
            Column("pilot", label=_("Branch"), accessor="pilot"),
            Column("state", label=_("State"), accessor=standing),
            Column("clock", label=_("Due"), accessor=clock),
            Column(
                "public",
                label=_("Public"),
                accessor=lambda report: _("Yes") if report.is_published else _("No"),
            ),
        ]

    def get_base_queryset(self):
        return access.reports_seen_by(self.request.user).select_related("pilot", "member")

    def get_edit_url(self, instance):
        return report_url(instance)

    def get_list_buttons(self, instance):
        return []

    @property
    def header_buttons(self):
        if not access.pilots_supervised_by(self.request.user).exists():
            return []
        url = reverse("pledge_boards:enter_report")
        return [HeaderButton(_("Enter a report"), url=url, icon_name="plus")]

    @property
    def header_more_buttons(self):
        return []


class InSupervision(WagtailAdminTemplateMixin):
    """Views below the list of reports."""

    header_icon = "comment"

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:reports"), "label": _("Supervision")},
            *self.further_breadcrumbs(),
        ]

    def further_breadcrumbs(self) -> list[dict[str, str]]:
        """Return what stands behind the list."""
        return [{"url": "", "label": self.get_page_title()}]


class AboutOneReport(InSupervision):
    """Views about one report that the reader may open."""

    @cached_property
    def report(self) -> Report:
        """The report in the address; Http404 for who may not open it, the person named first."""
        seen = access.reports_seen_by(self.request.user)
        rows = seen.select_related("pilot__programme", "member", "answered_by", "published_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self):
        return f"{self.report.pilot} · {self.report.received_on:%Y-%m-%d}"


@method_decorator(cache_control(no_store=True), name="dispatch")
class ReportView(AboutOneReport, TemplateView):
    """Shows one report, as much of it as the reader may see, and the steps that may follow."""

    template_name = "pledge_pages/office/report.html"
    page_title = gettext_lazy("Report")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        report, user = self.report, self.request.user
        original = access.reads_original(user, report)
        contact = ReportContact.objects.filter(report=report).first() if original else None
        context.update(
            report=report,
            about=about(report),
            pledge=pledge_of(report, user),
            standing=standing(report),
            clock=clock(report),
            reads_original=original,
            contact=contact.text if contact else "",
            texts=in_languages(report.public_text),
            answers=in_languages(report.answer),
            rejection=in_languages(report.rejection),
            warnings=warnings_about(report.public_text) + warnings_about(report.answer),
            steps=[self.button(name) for name in access.steps_open_to(user, report)],
        )
        return context

    def button(self, name: str) -> dict:
        """Return what the button of the step ``name`` needs."""
        return {
            "name": name,
            "label": STEPS[name].label,
            "url": reverse("pledge_boards:report_step", args=[self.report.pk, name]),
            "asks": name in ASKING,
            "takes_away": name in ("withdraw", "erase"),
        }


def in_languages(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Return (language, text) of each text there is."""
    return [(name, texts[code]) for code, name in content_languages() if texts.get(code)]


@method_decorator(cache_control(no_store=True), name="dispatch")
class ReportStepView(AboutOneReport, FormView):
    """Takes one step with a report, after asking for what it needs."""

    template_name = "pledge_pages/office/report_step.html"

    @property
    def step(self) -> str:
        """The step in the address; Http404 if there is none of that name."""
        if self.kwargs["step"] not in STEPS:
            raise Http404
        return self.kwargs["step"]

    def get_page_title(self):
        return STEPS[self.step].label

    def further_breadcrumbs(self):
        return [
            {"url": report_url(self.report), "label": _("Report")},
            {"url": "", "label": self.get_page_title()},
        ]

    def dispatch(self, request, *args, **kwargs):
        if not access.may_take(self.step, self.report, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return TextsForm if self.step in ASKING else StepForm

    def get_form_kwargs(self):
        kwargs = {**super().get_form_kwargs(), "report": self.report}
        if self.step in ASKING:
            kwargs["texts"] = getattr(self.report, ASKING[self.step])
        return kwargs

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        report = self.report
        context.update(
            report=report,
            step=self.step,
            label=STEPS[self.step].label,
            reads_original=access.reads_original(self.request.user, report),
            texts=in_languages(report.public_text),
            standing_now=in_languages(getattr(report, ASKING.get(self.step, "answer"))),
            back_url=report_url(report),
        )
        return context

    def form_valid(self, form):
        act = getattr(actions, self.step)
        try:
            act(
                self.report,
                by=self.request.user,
                version=form.cleaned_data["version"],
                **form.given,
            )
        except ReportError as error:
            return self.refused(form, error)
        messages.success(self.request, _("Done: %(step)s.") % {"step": STEPS[self.step].label})
        seen = access.reports_seen_by(self.request.user).filter(pk=self.report.pk)
        return redirect(report_url(self.report) if seen.exists() else "pledge_boards:reports")

    def refused(self, form, error: ReportError):
        """Say why not, beside what was written."""
        del self.report  # read it anew: somebody may have changed it
        if self.step not in ASKING:
            messages.error(self.request, " ".join(error.messages))
            return redirect(report_url(self.report))
        for message in error.messages:
            form.add_error(None, message)
        form.look_again(self.report)
        return self.form_invalid(form)


@method_decorator(cache_control(no_store=True), name="dispatch")
class EnterReportView(OnlyFor, InSupervision, FormView):
    """Writes down what came by box, in person or by telephone, and shows its receipt once."""

    template_name = "pledge_pages/office/report_enter.html"
    page_title = gettext_lazy("Enter a report")
    form_class = EnterForm

    def is_for(self, user):
        return access.pilots_supervised_by(user).exists()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form):
        try:
            report, code = receiving.enter(
                form.said, by=self.request.user, received_on=form.cleaned_data["received_on"]
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        context = self.get_context_data(form=form, code=code, url=report_url(report))
        return TemplateResponse(self.request, self.template_name, context)
