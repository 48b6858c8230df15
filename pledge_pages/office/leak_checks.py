"""The leak check in the admin: begin one, watch it, read what earlier ones found."""

from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..leak_check import background, check
from ..leak_check.models import LeakCheck
from ..leak_check.wording import findings_of, moved_during, summary_of, surface_title

ROWS = 20
FINDINGS = 50


class ForLeads:
    """Views for programme leads and administrators."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Let in who may check for leaks."""
        if not check.may_check(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class LeakChecksView(ForLeads, WagtailAdminTemplateMixin, TemplateView):
    """The reports that are kept, newest first, and the button that begins a new one."""

    template_name = "pledge_pages/office/leak_checks.html"
    page_title = gettext_lazy("Leak check")
    header_icon = "view"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        checks: QuerySet[LeakCheck] = LeakCheck.objects.select_related("started_by")
        checks = checks.defer("findings", "surfaces")
        pages = WagtailPaginator(checks, ROWS)
        asked = self.request.GET.get("p", 1)
        context.update(
            checks=pages.get_page(asked),
            elided_page_range=pages.get_elided_page_range(asked),
            running=next((row for row in checks[:ROWS] if row.is_running), None),
            kept=check.KEPT,
        )
        return context


class BeginLeakCheckView(ForLeads, View):
    """Begins a check in the background and leads to its page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin one, unless one is running."""
        try:
            begun = check.begin(by=request.user, source=LeakCheck.Source.ADMIN)
            background.start(begun)
        except (ValidationError, ImproperlyConfigured) as error:
            text = " ".join(getattr(error, "messages", [str(error)]))
            messages.error(request, text)
            return redirect("pledge_boards:leak_checks")
        return redirect("pledge_boards:leak_check", begun.pk)


class LeakCheckView(ForLeads, WagtailAdminTemplateMixin, TemplateView):
    """One check: how far it is, or what it found."""

    template_name = "pledge_pages/office/leak_check.html"
    header_icon = "view"

    @cached_property
    def check(self) -> LeakCheck:
        """The check in the address."""
        rows = LeakCheck.objects.select_related("started_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_title(self):
        return _("Leak check of %(when)s") % {"when": self.check}

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:leak_checks"), "label": _("Leak check")},
            {"url": "", "label": str(self.check)},
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        asked = self.request.GET.get("p", 1)
        pages = WagtailPaginator(findings_of(self.check, self.request.user), FINDINGS)
        found = self.check.certain + self.check.possible + self.check.mentioned
        context.update(
            check=self.check,
            stage=surface_title(self.check.stage),
            summary=summary_of(self.check),
            moved=moved_during(self.check),
            surfaces=[{**row, "title": surface_title(row["name"])} for row in self.check.surfaces],
            findings=pages.get_page(asked),
            elided_page_range=pages.get_elided_page_range(asked),
            left_out=max(0, found - len(self.check.findings)),
        )
        return context
