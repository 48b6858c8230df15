"""A wave's page in the admin: its pilots, and the steps that all of them take together."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..pilots import roles
from ..pilots.models import Pilot, Wave
from ..pilots.stages import RUNNING, Stage
from .pilot_list import pilot_url, waves_seen_by
from .tables import stage_context

# A wave is some villages of a township.
ROWS = 200


class WaveView(WagtailAdminTemplateMixin, TemplateView):
    """Shows the pilots of one wave."""

    template_name = "pledge_pages/office/wave.html"
    header_icon = "circle-check"

    @cached_property
    def wave(self) -> Wave:
        """The wave in the address; Http404 if the reader may not see it."""
        return get_object_or_404(waves_seen_by(self.request.user), pk=self.kwargs["pk"])

    def pilots(self) -> QuerySet[Pilot]:
        """Return the wave's pilots that the reader may see."""
        seen = roles.pilots_seen_by(self.request.user)
        return seen.filter(wave=self.wave).select_related("lead").order_by("code")

    def get_page_title(self):
        return str(self.wave)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:pilots"), "label": _("Pilots")},
            {"url": "", "label": str(self.wave)},
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        pilots = list(self.pilots()[:ROWS])
        stages = [pilot.stage for pilot in pilots]
        context.update(
            wave=self.wave,
            programme_name=self.wave.programme.shown_name(),
            rows=[{"pilot": p, "url": pilot_url(p), **stage_context(p)} for p in pilots],
            reviewed=stages.count(Stage.REVIEWED),
            running=sum(stage in RUNNING for stage in stages),
            leads=roles.is_lead(self.request.user, self.wave.programme),
        )
        return context
