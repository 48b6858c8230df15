"""The admin's home: what waits for me. Wagtail's own lists leave gated pages to it."""

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.models import Page, Task

from ..embargo.gate import is_gated
from ..embargo.models import ModerationTask
from ..pilots.models import Pilot
from ..pilots.stages import VERBS, Stage
from .check_rows import checks_for, waiting_rows
from .member_accounts import account_rows, accounts_waiting_for
from .page_lists import HEADS, draft_rows, returned_rows, review_rows
from .pilot_list import pilot_url
from .pilot_page import obstacle_to
from .review_waiting import review_waiting_rows, reviews_waiting_for
from .sight import has_any_role, hidden_from
from .tables import stage_context
from .waiting import (
    boards_with_gaps,
    drafts_of,
    held_for,
    pilots_to_concur,
    pilots_to_move,
    returned_to,
    reviews_for,
    without_page,
)

ROWS = 8
NAMES = 5

# The step that usually comes next from each stage.
USUAL_NEXT = {
    Stage.PROPOSED: "agree",
    Stage.AGREED: "start",
    Stage.QUIET: "review",
    Stage.REVIEWED: "approve",
    Stage.SUSPENDED: "resume",
}


class WaitingPanel(Component):
    """Reviews, returned pages, checks, year-end reviews, accounts, drafts, members without a page, pilots."""

    name = "what_waits_for_me"
    template_name = "pledge_pages/office/waiting.html"
    order = 90

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        lists = [
            self.list_of(user, "review", _("To review"), reviews_for, review_rows),
            self.list_of(user, "returned", _("Returned to you"), returned_to, returned_rows),
            self.list_of(user, "checks", _("Checks that wait for you"), checks_for, waiting_rows),
            self.list_of(
                user, "reviews", _("Year-end reviews"), reviews_waiting_for, review_waiting_rows
            ),
            self.list_of(
                user, "accounts", _("Accounts to confirm"), accounts_waiting_for, account_rows
            ),
            self.list_of(user, "drafts", _("Drafts to finish and submit"), drafts_of, draft_rows),
        ]
        pilots = pilots_to_move(user)
        wanted = pilots_to_concur(user)
        return {
            "lists": [entry for entry in lists if entry["total"]],
            "gaps": self.gaps(user),
            "pilots": [pilot_row(pilot, user) for pilot in pilots[:ROWS]],
            "pilots_total": pilots.count(),
            "concurrences": [concurrence_row(pilot) for pilot in wanted[:ROWS]],
            "concurrences_total": wanted.count(),
            "held": held_for(user),
        }

    @staticmethod
    def list_of(user, which: str, heading: str, find, rows) -> dict:
        """Return one bounded list with its full number and where the whole of it is."""
        found = find(user)
        return {
            "which": which,
            "heading": heading,
            "heads": HEADS.get(which, (_("Page"), _("Language"))),
            "last": _("State") if which in HEADS else _("Reason"),
            "rows": rows(found[:ROWS], user),
            "total": found.count(),
            "url": reverse("pledge_boards:waiting", args=[which]),
        }

    @staticmethod
    def gaps(user) -> list[dict]:
        """Return the boards on which members have no page yet, with where to make one."""
        return [
            {
                "board": board.title,
                "language": board.locale.get_display_name(),
                "count": count,
                "names": [str(member) for member in without_page(board)[:NAMES]],
                "url": reverse(
                    "wagtailadmin_pages:add", args=["pledge_pages", "memberpledgepage", board.pk]
                ),
            }
            for board, count in boards_with_gaps(user)[:ROWS]
        ]

    def render_html(self, parent_context=None) -> str:
        if not has_any_role(parent_context["request"].user):
            return ""
        return super().render_html(parent_context)


def pilot_row(pilot: Pilot, user) -> dict:
    """Return what the panel shows of a pilot: its stage, and the next step or what it waits for."""
    verb = USUAL_NEXT[Stage(pilot.stage)]
    obstacle = obstacle_to(pilot, verb, user)
    return {
        "pilot": pilot,
        "url": pilot_url(pilot),
        "step_url": reverse("pledge_boards:step", args=[pilot.pk, verb]),
        "step": VERBS[verb].label,
        "obstacle": obstacle,
        **stage_context(pilot),
    }


def concurrence_row(pilot: Pilot) -> dict:
    """Return what the panel shows of a pilot that cannot be approved before someone concurs."""
    return {
        "pilot": pilot,
        "url": pilot_url(pilot),
        "step_url": reverse("pledge_boards:step", args=[pilot.pk, "concur"]),
        **stage_context(pilot),
    }


# Wagtail's panels -------------------------------------------------------------------------


class OtherReviewsPanel(WorkflowObjectsToModeratePanel):
    """Wagtail's list of reviews, without gated pages."""

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        context["states"] = [row for row in context["states"] if not _gated(row["obj"])]
        return context


class OtherPagesInReviewPanel(UserObjectsInWorkflowModerationPanel):
    """Wagtail's list of one's own pages in a workflow, without gated pages."""

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        states = context["workflow_states"]
        context["workflow_states"] = [s for s in states if not _gated(s.content_object)]
        return context


class SeenEditsPanel(RecentEditsPanel):
    """Wagtail's list of one's last edits, without pages of branches one has left."""

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        edits = context["last_edits"]
        hidden = hidden_from(parent_context["request"].user, [page.pk for _at, page in edits])
        context["last_edits"] = [(at, page) for at, page in edits if page.pk not in hidden]
        return context


class SeenLocksPanel(LockedPagesPanel):
    """Wagtail's list of pages one has locked, without those of branches one has left."""

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        pages = context["locked_pages"]
        hidden = hidden_from(parent_context["request"].user, pages.values_list("pk", flat=True))
        context["locked_pages"] = pages.exclude(pk__in=hidden)
        return context


REPLACED = {
    WorkflowObjectsToModeratePanel: OtherReviewsPanel,
    UserObjectsInWorkflowModerationPanel: OtherPagesInReviewPanel,
    RecentEditsPanel: SeenEditsPanel,
    LockedPagesPanel: SeenLocksPanel,
}


def _gated(instance) -> bool:
    return isinstance(instance, Page) and is_gated(instance)


def build_home(request, panels: list) -> None:
    """Put our panel first, and Wagtail's without what is not for this reader."""
    for index, panel in enumerate(panels):
        if type(panel) in REPLACED:
            panels[index] = REPLACED[type(panel)]()
    if not _has_other_tasks():
        # Wagtail would look at every review one by one, only for us to leave all of them out.
        panels[:] = [panel for panel in panels if not isinstance(panel, OtherReviewsPanel)]
    panels.append(WaitingPanel())


def _has_other_tasks() -> bool:
    ours = ContentType.objects.get_for_model(ModerationTask)
    return Task.objects.filter(active=True).exclude(content_type=ours).exists()
