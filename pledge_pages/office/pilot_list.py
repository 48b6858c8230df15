"""The list of pilots by wave and stage, and the form that changes what is known of one."""

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from ..labels import label_in
from ..pilots import roles
from ..pilots.models import Pilot, Programme, Wave
from ..pilots.stages import Stage
from .sight import leads_any, programmes_seen_by
from .tables import LinkColumn, StageColumn


class PilotFilterSet(WagtailFilterSet):
    """Filters pilots by stage, wave and programme, offering what the reader may see."""

    stage = django_filters.MultipleChoiceFilter(
        choices=Stage.choices, label=gettext_lazy("Stage"), widget=forms.CheckboxSelectMultiple
    )
    programme = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Programme"),
        queryset=lambda request: programmes_seen_by(request.user),
    )
    wave = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Wave"),
        queryset=lambda request: waves_seen_by(request.user),
    )

    class Meta:
        model = Pilot
        fields = ["stage", "wave", "programme"]


def waves_seen_by(user):
    """Return the waves of the pilots that ``user`` sees or leads."""
    own = roles.pilots_seen_by(user).values("wave")
    return Wave.objects.filter(
        Q(pk__in=own) | Q(programme__in=roles.led_programmes(user))
    ).select_related("programme")


class PilotListView(generic.IndexView):
    """Every pilot that the reader may see, in the order of the waves."""

    model = Pilot
    page_title = gettext_lazy("Pilots")
    header_icon = "circle-check"
    index_url_name = "pledge_boards:pilots"
    index_results_url_name = "pledge_boards:pilots_results"
    filterset_class = PilotFilterSet
    paginate_by = 30
    default_ordering = ("programme__code", "wave__number", "code")
    any_permission_required = ["view", "change"]
    search_fields = ["code"]
    list_export = []

    @property
    def columns(self):
        return [
            TitleColumn("name", label=_("Pilot"), accessor=str, get_url=pilot_url),
            StageColumn("stage", label=_("Stage"), sort_key="stage", accessor="stage"),
            LinkColumn("wave", label=_("Wave"), accessor=lambda p: p.wave or "–", get_url=wave_url),
            Column(
                "programme",
                label=_("Programme"),
                accessor=lambda p: self.programme_names.get(p.programme_id, ""),
            ),
            Column("lead", label=_("Lead"), accessor=lambda p: p.lead or "–"),
            Column("liaison", label=_("Liaison officer"), accessor=shown_liaison),
            Column("held", label=_("Held pages"), accessor="held_count"),
            Column("live", label=_("Public pages"), accessor="live_count"),
        ]

    @cached_property
    def programme_names(self) -> dict[int, str]:
        """The names of the programmes: the neutral ones until they are announced."""
        return {p.pk: p.shown_name() for p in programmes_seen_by(self.request.user)}

    def get_base_queryset(self):
        pilots = roles.pilots_seen_by(self.request.user)
        held = Q(
            gated_pages__page__held_approval__isnull=False,
            gated_pages__page__held_approval__withdrawn_at__isnull=True,
            gated_pages__page__live=False,
        )
        return pilots.select_related("programme", "wave", "lead").annotate(
            held_count=Count("gated_pages", filter=held, distinct=True),
            live_count=Count("gated_pages", filter=Q(gated_pages__page__live=True), distinct=True),
        )

    def get_edit_url(self, instance):
        return pilot_url(instance)

    def get_list_buttons(self, instance):
        return []

    @property
    def header_buttons(self):
        if not leads_any(self.request.user):
            return []
        buttons = [
            HeaderButton(
                _("Open a branch"), url=reverse("pledge_boards:open_branch"), icon_name="plus"
            )
        ]
        if self.request.user.is_superuser:
            url = reverse("pledge_boards:open_programme")
            buttons.append(HeaderButton(_("Open a programme"), url=url, icon_name="plus-inverse"))
        return buttons

    @property
    def header_more_buttons(self):
        return []


def pilot_url(pilot: Pilot) -> str:
    """Return the address of a pilot's page in the admin."""
    return reverse("pledge_boards:pilot", args=[pilot.pk])


def wave_url(pilot: Pilot) -> str | None:
    """Return the address of the page of the pilot's wave, if it is in one."""
    return reverse("pledge_boards:wave", args=[pilot.wave_id]) if pilot.wave_id else None


def shown_liaison(pilot: Pilot) -> str:
    """Return the liaison officer's name, or a dash."""
    return label_in(pilot.liaison) or "–"


class PilotForm(forms.ModelForm):
    """What leads may change of a pilot: everything but code, programme and stage."""

    class Meta:
        model = Pilot
        fields = ["name", "wave", "lead", "liaison", "update_days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wave"].queryset = Wave.objects.filter(programme=self.instance.programme)
        self.fields["lead"].queryset = leads_of([self.instance.programme])


def leads_of(programmes: list[Programme]):
    """Return the users who may be named lead of a pilot in ``programmes``."""
    users = get_user_model().objects.filter(is_active=True)
    return users.filter(
        Q(is_superuser=True)
        | Q(groups__pledge_role__kind="lead", groups__pledge_role__programme__in=programmes)
    ).distinct()


class PilotEditView(generic.EditView):
    """Changes name, wave, lead and liaison officer of a pilot."""

    model = Pilot
    form_class = PilotForm
    header_icon = "circle-check"
    index_url_name = "pledge_boards:pilots"
    edit_url_name = "pledge_boards:edit_pilot"

    def get_queryset(self):
        policy = self.permission_policy
        return policy.instances_user_has_permission_for(self.request.user, "change")

    def get_success_url(self):
        return pilot_url(self.object)
