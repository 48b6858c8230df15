"""The menu "Pledge boards" and the addresses behind it."""

from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from . import (
    checks,
    dossier,
    exporting,
    overview,
    point_appeals,
    points,
    printing,
    reports,
    reviews,
    rule_books,
    tasks,
    village,
)
from .announcing import AnnounceView
from .branches import OpenBranchView, OpenProgrammeView
from .held import HeldPagesView
from .held_preview import held_preview
from .leak_checks import BeginLeakCheckView, LeakChecksView, LeakCheckView
from .page_lists import WaitingListView
from .pilot_list import PilotEditView, PilotListView
from .pilot_page import PilotView
from .pilot_steps import PilotStepView, WaveStepView
from .quiet_pages import QuietPageView
from .quiet_scan import QuietScanView
from .restored import RestoredView
from .sight import has_any_role, leads_any, programmes_seen_by, writes_any
from .trail import TrailView
from .trail_file import TrailFileView
from .translating import TranslationView
from .waves import WaveView
from .withdrawal import WithdrawView


class RoleMenuItem(MenuItem):
    """Shown to whoever holds a role in any programme."""

    def is_shown(self, request) -> bool:
        return has_any_role(request.user)


class StaffMenuItem(MenuItem):
    """Shown to whoever sees what is not public of any programme: staff of branches, and leads."""

    def is_shown(self, request) -> bool:
        if not hasattr(request, "sees_any"):
            request.sees_any = programmes_seen_by(request.user).exists()
        return request.sees_any


class WriterMenuItem(MenuItem):
    """Shown to editors of branches, and to leads."""

    def is_shown(self, request) -> bool:
        if not hasattr(request, "writes_any"):
            request.writes_any = writes_any(request.user)
        return request.writes_any


class LeadMenuItem(MenuItem):
    """Shown to leads and administrators."""

    def is_shown(self, request) -> bool:
        # There are many of these on every page of the admin.
        if not hasattr(request, "leads_any"):
            request.leads_any = leads_any(request.user)
        return request.leads_any


ITEMS = [
    (RoleMenuItem, _("Pilots"), "pledge_boards:pilots", "circle-check"),
    (RoleMenuItem, _("Held pages"), "pledge_boards:held", "lock"),
    (RoleMenuItem, _("Checks"), "pledge_boards:checks", "glasses"),
    (WriterMenuItem, _("Tasks"), "pledge_boards:assignments", "clipboard-list"),
    (RoleMenuItem, _("Supervision"), "pledge_boards:reports", "comment"),
    (RoleMenuItem, _("Members"), "pledge_members:index", "group"),
    (StaffMenuItem, _("Rule book"), "pledge_boards:rulebooks", "list-ul"),
    (StaffMenuItem, _("Points"), "pledge_boards:points", "order"),
    (LeadMenuItem, _("At a glance"), "pledge_boards:overview", "table"),
    (StaffMenuItem, _("Reviews"), "pledge_boards:reviews", "calendar-check"),
    (LeadMenuItem, _("Waves"), "pledge_waves:index", "list-ol"),
    (LeadMenuItem, _("Leak check"), "pledge_boards:leak_checks", "view"),
    (LeadMenuItem, _("Quiet words"), "pledge_quiet_terms:index", "password"),
    (LeadMenuItem, _("Programmes"), "pledge_programmes:index", "form"),
    (LeadMenuItem, _("Categories"), "pledge_categories:index", "tag"),
    (LeadMenuItem, _("Pledge library"), "pledge_templates:index", "clipboard-list"),
    (LeadMenuItem, _("Posts"), "pledge_posts:index", "tasks"),
    (LeadMenuItem, _("Offices"), "pledge_offices:index", "user"),
    (LeadMenuItem, _("Audit trail"), "pledge_boards:trail", "history"),
]


def menu_item() -> SubmenuMenuItem:
    """Return the menu with its items; other rooms add theirs by the hook named here."""
    items = [
        item(label, reverse_lazy(view), name=view.replace(":", "-"), icon_name=icon, order=order)
        for order, (item, label, view, icon) in enumerate(ITEMS)
    ]
    menu = Menu(register_hook_name="register_pledge_boards_menu_item", items=items)
    return SubmenuMenuItem(
        _("Pledge boards"), menu, name="pledge-boards", icon_name="clipboard-list", order=150
    )


def report_item() -> RoleMenuItem:
    """Return the item of the held pages in Wagtail's menu of reports."""
    return RoleMenuItem(
        _("Held pages"),
        reverse_lazy("pledge_boards:held"),
        name="held-pages",
        icon_name="lock",
        order=1050,
    )


def urlpatterns() -> list:
    """Return the addresses of the office below the admin's."""
    views = [
        path("pilots/", PilotListView.as_view(), name="pilots"),
        path("pilots/results/", PilotListView.as_view(results_only=True), name="pilots_results"),
        path("pilots/open/", OpenBranchView.as_view(), name="open_branch"),
        path("programmes/open/", OpenProgrammeView.as_view(), name="open_programme"),
        path("pilots/<int:pk>/", PilotView.as_view(), name="pilot"),
        path("pilots/<int:pk>/edit/", PilotEditView.as_view(), name="edit_pilot"),
        *village.views(),
        *checks.views(),
        path("pilots/<int:pk>/announce/", AnnounceView.as_view(), name="announce"),
        *printing.views(),
        *overview.views(),
        *exporting.views(),
        *dossier.views(),
        *rule_books.views(),
        *points.views(),
        *point_appeals.views(),
        *reviews.views(),
        *reports.views(),
        *tasks.views(),
        path("pilots/<int:pk>/<slug:verb>/", PilotStepView.as_view(), name="step"),
        path("waves/<int:pk>/", WaveView.as_view(), name="wave"),
        path("waves/<int:pk>/<slug:verb>/", WaveStepView.as_view(), name="wave_step"),
        path("held/", HeldPagesView.as_view(), name="held"),
        path("held/results/", HeldPagesView.as_view(results_only=True), name="held_results"),
        path("leak-checks/", LeakChecksView.as_view(), name="leak_checks"),
        path("leak-checks/begin/", BeginLeakCheckView.as_view(), name="begin_leak_check"),
        path("leak-checks/<int:pk>/", LeakCheckView.as_view(), name="leak_check"),
        path("look-through/", QuietScanView.as_view(), name="quiet_scan"),
        path("trail/", TrailView.as_view(), name="trail"),
        path("trail/file/", TrailFileView.as_view(), name="trail_file"),
        path("restored/", RestoredView.as_view(), name="restored"),
        path("waiting/<slug:which>/", WaitingListView.as_view(), name="waiting"),
        path("pages/<int:page_id>/held/", held_preview, name="held_preview"),
        path("pages/<int:page_id>/quiet-words/", QuietPageView.as_view(), name="quiet_page"),
        path("pages/<int:page_id>/translation/", TranslationView.as_view(), name="translation"),
        path("pages/<int:page_id>/withdraw/", WithdrawView.as_view(), name="withdraw"),
    ]
    return [path("pledge-boards/", include((views, "pledge_boards")))]
