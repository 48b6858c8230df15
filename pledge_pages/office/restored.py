"""A database that was put back from a copy: the warning on the admin's home, and its confirmation."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..embargo import confirmation, restored
from ..pilots.models import Pilot, Transition
from ..pilots.stages import Stage
from .reason import ReasonForm

# Pilots shown by name; their number is told in full.
ROWS = 50


class RestoredPanel(Component):
    """Tells leads that nothing is served until they confirm."""

    name = "restored_database"
    template_name = "pledge_pages/office/restored_panel.html"
    order = 10

    def get_context_data(self, parent_context):
        return {
            "may_confirm": confirmation.may_confirm(parent_context["request"].user),
            "url": reverse("pledge_boards:restored"),
        }


def warn(request, panels: list) -> None:
    """Put the warning above all else, while there is something to confirm."""
    if confirmation.may_confirm(request.user) and not restored.verified():
        panels.append(RestoredPanel())


class ConfirmationForm(ReasonForm):
    """Asks why the database may be served again."""

    kept = gettext_lazy(
        "What was done about what was closed since the copy was made. Kept in the audit trail."
    )


class RestoredView(WagtailAdminTemplateMixin, FormView):
    """Shows what was noticed and what will be public, and takes the confirmation."""

    template_name = "pledge_pages/office/restored.html"
    form_class = ConfirmationForm
    page_title = gettext_lazy("Restored database")
    header_icon = "warning"

    def dispatch(self, request, *args, **kwargs):
        if not confirmation.may_confirm(request.user):
            raise PermissionDenied
        if self.finding is None:
            messages.info(request, _("There is nothing to confirm: this is no restored database."))
            return redirect("wagtailadmin_home")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def finding(self) -> restored.Finding | None:
        """What was noticed, looked at afresh."""
        return restored.notice()

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        approved = Pilot.objects.filter(stage=Stage.APPROVED).order_by("code")
        context.update(
            found=restored.describe(self.finding),
            approved=[
                {"pilot": pilot, "url": reverse("pledge_boards:step", args=[pilot.pk, "suspend"])}
                for pilot in approved[:ROWS]
            ],
            approved_total=approved.count(),
            newest=Transition.objects.select_related("pilot", "by").order_by("-pk").first(),
        )
        return context

    def form_valid(self, form):
        try:
            confirmation.confirm(by=self.request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
            return self.form_invalid(form)
        messages.success(self.request, _("Confirmed. Pages of approved pilots are served again."))
        return redirect("wagtailadmin_home")
