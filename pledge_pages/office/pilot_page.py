"""A pilot's page in the admin: where it stands, what may follow, what is held, what happened."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page, WorkflowState

from ..embargo.announcement import announcement_types
from ..embargo.models import HeldApproval
from ..labels import label_in
from ..pilots import actions, roles
from ..pilots.models import Pilot, Transition
from ..pilots.stages import RUNNING, VERBS, Stage, verbs_from
from ..transfer.importing import may_import
from .announcement_rows import announcements_of
from .printed_rows import sheet_rows
from .sight import page_name, specific_pages
from .standing import SHAPES, state_label
from .tables import stage_context
from .village_rows import SUM_DAYS, link_rows

HELD_ROWS = 20
HISTORY_ROWS = 20


@dataclass(frozen=True)
class Step:
    """A step that may follow: its button, and why it cannot be taken now if so."""

    verb: str
    label: str
    url: str
    obstacle: str
    note: str = ""
    # Whether it is one to take beside the main one.
    minor: bool = False


def steps_for(pilot: Pilot, user) -> list[Step]:
    """Return the steps that may follow and that ``user`` may take, with what is in their way."""
    return [
        Step(
            verb.name,
            str(verb.label),
            reverse("pledge_boards:step", args=[pilot.pk, verb.name]),
            obstacle_to(pilot, verb.name, user),
            note_on(pilot, verb.name, user),
            minor=verb.name == "concur" and roles.is_lead(user, pilot.programme),
        )
        for verb in verbs_from(pilot.stage)
        if actions.may_take(verb.name, pilot, user)
    ]


def obstacle_to(pilot: Pilot, verb: str, user) -> str:
    """Return why ``user`` cannot take the step ``verb`` with ``pilot`` now, or an empty string."""
    try:
        actions.check_step(pilot, verb, by=user)
    except ValidationError as error:
        return " ".join(error.messages)
    except PermissionDenied as error:
        return str(error)
    if verb == "approve" and actions.concurrence_for(pilot, by=user) is None:
        return _("Someone else has to concur first.")
    if verb == "concur" and has_concurred(pilot, user):
        return _("You have concurred already.")
    return ""


def has_concurred(pilot: Pilot, user) -> bool:
    """Return whether ``user`` has concurred since ``pilot`` entered the stage it is in."""
    own = pilot.transitions.filter(verb="concur", by=user).first()
    return own is not None and still_counts(own)


def still_counts(concurrence: Transition) -> bool:
    """Return whether a concurrence was given since the pilot entered the stage it is in."""
    steps = concurrence.pilot.transitions.exclude(verb="concur")
    return not steps.filter(id__gt=concurrence.id).exists()


def note_on(pilot: Pilot, verb: str, user) -> str:
    """Return what ``user`` should know before taking the step ``verb``, or an empty string."""
    if verb != "concur":
        return ""
    if pilot.stage != Stage.REVIEWED:
        return _("It is kept in the history. The approval needs one given after the review.")
    if roles.is_lead(user, pilot.programme):
        return _("It does not count for an approval of your own: another lead has to approve.")
    return _("A lead can approve the pilot then.")


def page_counts(pilot: Pilot) -> list[tuple[str, str, int]]:
    """Return (shape, label, number of pages) for each state that pages of ``pilot`` are in."""
    pages = Page.objects.filter(gate__pilot=pilot)
    standing = Q(held_approval__isnull=False, held_approval__withdrawn_at__isnull=True)
    numbers = pages.aggregate(
        published=Count("pk", filter=Q(live=True)),
        held=Count("pk", filter=Q(live=False) & standing),
    )
    numbers["pending"] = (
        WorkflowState.objects.filter(
            base_content_type__app_label="wagtailcore",
            base_content_type__model="page",
            object_id__in=[str(pk) for pk in pages.values_list("pk", flat=True)],
        )
        .filter(status=WorkflowState.STATUS_IN_PROGRESS)
        .count()
    )
    rest = pages.count() - numbers["published"] - numbers["held"]
    return [
        (SHAPES["published"], state_label("published"), numbers["published"]),
        (SHAPES["held"], state_label("held"), numbers["held"]),
        (SHAPES["private"], _("Not approved"), rest),
        (SHAPES["pending"], state_label("pending"), numbers["pending"]),
    ]


def held_rows(approvals) -> list[dict]:
    """Return what the tables of held pages show: the page's name, who approved it, and when."""
    approvals = list(approvals)
    pages = specific_pages(approval.page_id for approval in approvals)
    return [
        {
            "approval": approval,
            "page": pages[approval.page_id],
            "name": page_name(pages[approval.page_id]),
            "language": pages[approval.page_id].locale.get_display_name(),
        }
        for approval in approvals
        if approval.page_id in pages
    ]


def held_of(pilot: Pilot):
    """Return the approvals of pages of ``pilot`` that are held."""
    return (
        HeldApproval.objects.filter(
            page__gate__pilot=pilot, withdrawn_at__isnull=True, page__live=False
        )
        .select_related("approved_by", "author")
        .order_by("-approved_at", "-pk")
    )


def with_labels(history):
    """Give each row of a page of the pilot's history the name of its step."""
    for row in history:
        row.step_label = VERBS[row.verb].label if row.verb in VERBS else row.verb
    return history


class AboutOnePilot(WagtailAdminTemplateMixin):
    """Views about one pilot that the reader may see."""

    header_icon = "circle-check"

    @cached_property
    def pilot(self) -> Pilot:
        """The pilot in the address; Http404 if the reader may not see it."""
        pilots = roles.pilots_seen_by(self.request.user)
        return get_object_or_404(
            pilots.select_related("programme", "wave", "lead"), pk=self.kwargs["pk"]
        )

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:pilots"), "label": _("Pilots")},
            {
                "url": reverse("pledge_boards:pilot", args=[self.pilot.pk]),
                "label": str(self.pilot),
            },
        ]


class PilotView(AboutOnePilot, TemplateView):
    """Shows one pilot."""

    template_name = "pledge_pages/office/pilot.html"

    def get_page_title(self):
        return str(self.pilot)

    @cached_property
    def header_buttons(self):
        found = []
        if may_import(self.request.user, self.pilot):
            url = reverse("pledge_boards:import", args=[self.pilot.pk])
            found.append(HeaderButton(_("Import a roster"), url=url, icon_name="upload"))
        if roles.is_lead(self.request.user, self.pilot.programme):
            url = reverse("pledge_boards:edit_pilot", args=[self.pilot.pk])
            found.append(HeaderButton(_("Edit"), url=url, icon_name="edit"))
        return found

    def get_context_data(self, **kwargs):
        pilot, user = self.pilot, self.request.user
        held = held_of(pilot)
        concurrence = pilot.transitions.filter(verb="concur").select_related("by").first()
        history = pilot.transitions.select_related("by")
        pages = WagtailPaginator(history, HISTORY_ROWS)
        context = super().get_context_data(**kwargs)
        context.update(stage_context(pilot))
        context.update(
            pilot=pilot,
            programme_name=pilot.programme.shown_name(),
            liaison=label_in(pilot.liaison),
            steps=steps_for(pilot, user),
            running=pilot.stage in RUNNING,
            approved=pilot.stage == Stage.APPROVED,
            concurrence=concurrence,
            concurrence_counts=concurrence is not None and still_counts(concurrence),
            counts=page_counts(pilot),
            boards=self.boards(),
            held=held_rows(held[:HELD_ROWS]),
            held_total=held.count(),
            history=with_labels(pages.get_page(self.request.GET.get("p"))),
            may_withdraw=roles.is_lead(user, pilot.programme)
            or roles.is_moderator(user, pilot.programme, pilot),
            village_rows=link_rows(pilot),
            printed_rows=sheet_rows(pilot),
            announcements=announcements_of(pilot),
            may_announce=roles.is_lead(user, pilot.programme) and bool(announcement_types()),
            sum_days=SUM_DAYS,
        )
        context["elided_page_range"] = pages.get_elided_page_range(self.request.GET.get("p", 1))
        return context

    def boards(self) -> list[dict]:
        """Return the pilot's boards with where they are found in the explorer."""
        boards = self.pilot.pages.select_related("locale").order_by("locale")
        return [
            {
                "title": board.title,
                "language": board.locale.get_display_name(),
                "url": reverse("wagtailadmin_explore", args=[board.pk]),
            }
            for board in boards
        ]
