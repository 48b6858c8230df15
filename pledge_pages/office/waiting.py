"""What waits for a person: reviews, returned pages, drafts, pilots. Queries, no words."""

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from wagtail.models import Page, TaskState, WorkflowState

from ..boards.models import BranchPage
from ..embargo.models import GatedPage, HeldApproval, ModerationTask
from ..embargo.moderation import states_for
from ..people.models import Member
from ..pilots import roles
from ..pilots.models import Pilot, Role, Transition
from ..pilots.stages import Stage
from .sight import User, gates_seen_by, pilots_with_role


def reviews_for(user: User) -> QuerySet[TaskState]:
    """Return the reviews that ``user`` may decide, oldest first: none of their own writing."""
    found = TaskState.objects.none()
    for task in ModerationTask.objects.all():
        found = found | states_for(task, user)
    return (
        found.exclude(revision__user=user)
        .select_related("revision__user", "workflow_state__requested_by")
        .order_by("started_at", "pk")
    )


def reviews_of(pages_of: Q) -> QuerySet[WorkflowState]:
    """Return the open reviews (in progress or returned) of pages that ``pages_of`` selects."""
    pages = Page.objects.filter(pages_of)
    keys = [str(pk) for pk in pages.values_list("pk", flat=True)]
    return WorkflowState.objects.active().filter(
        base_content_type__app_label="wagtailcore",
        base_content_type__model="page",
        object_id__in=keys,
    )


def edited_by(user: User) -> Q:
    """Select the pages that ``user`` edits: those of branches in whose editors' group they are."""
    return Q(gate__pilot__in=pilots_with_role(user, Role.Kind.EDITOR))


def returned_to(user: User) -> QuerySet[WorkflowState]:
    """Return the reviews that ended with a reason for ``user``'s branches, newest first."""
    return (
        reviews_of(edited_by(user))
        .filter(status=WorkflowState.STATUS_NEEDS_CHANGES)
        .select_related("current_task_state__finished_by")
        .order_by("-current_task_state__finished_at", "-pk")
    )


def drafts_of(user: User) -> QuerySet[Page]:
    """Return the pages that ``user`` edits whose newest version is neither approved nor in review."""
    return unapproved(Page.objects.filter(edited_by(user), alias_of__isnull=True))


def unapproved(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Return those of ``pages`` whose newest version is neither approved nor under review."""
    reviews = WorkflowState.objects.active().filter(
        base_content_type__app_label="wagtailcore",
        base_content_type__model="page",
        object_id=OuterRef("key"),
    )
    approved = HeldApproval.objects.filter(
        page=OuterRef("pk"), withdrawn_at__isnull=True, revision=OuterRef("latest_revision")
    )
    return (
        pages.annotate(key=Cast("pk", CharField()))
        .filter(~Exists(reviews), ~Exists(approved))
        .order_by("-latest_revision_created_at", "-pk")
    )


def boards_with_gaps(user: User) -> list[tuple[BranchPage, int]]:
    """Return the boards that ``user`` edits with how many active members have no page on them."""
    boards = BranchPage.objects.filter(pilot__in=pilots_with_role(user, Role.Kind.EDITOR))
    found = []
    for board in boards.select_related("locale", "pilot").order_by("pilot__code", "locale"):
        count = without_page(board).count()
        if count:
            found.append((board, count))
    return found


def without_page(board: BranchPage) -> QuerySet[Member]:
    """Return the active members of the board's branch who have no page in its language."""
    members = Member.objects.filter(pilot_id=board.pilot_id, active=True)
    return members.exclude(pages__locale_id=board.locale_id)


def pilots_to_move(user: User) -> QuerySet[Pilot]:
    """Return the pilots that ``user`` leads and that are neither public nor ended."""
    return (
        Pilot.objects.filter(programme__in=roles.led_programmes(user))
        .exclude(stage__in=[Stage.APPROVED, Stage.ENDED])
        .select_related("programme", "wave")
        .order_by("wave__number", "code")
    )


def pilots_to_concur(user: User) -> QuerySet[Pilot]:
    """Return the pilots whose approval waits for ``user``'s concurrence, or a colleague's.

    They are reviewed, and nobody but leads concurred since: whoever approves has to be another.
    """
    own = Role.objects.filter(group__user=user, kind=Role.Kind.MODERATOR)
    steps = Transition.objects.filter(pilot=OuterRef("pk"))
    entered = steps.exclude(verb="concur").order_by("-pk").values("pk")[:1]
    leads = Role.objects.filter(
        kind=Role.Kind.LEAD, programme=OuterRef("pilot__programme"), group__user=OuterRef("by")
    )
    concurred = steps.filter(verb="concur", pk__gt=OuterRef("entered")).exclude(Exists(leads))
    return (
        Pilot.objects.filter(
            Q(pk__in=own.values("pilot"))
            | Q(programme__in=own.filter(pilot__isnull=True).values("programme")),
            stage=Stage.REVIEWED,
        )
        .exclude(programme__in=roles.led_programmes(user))
        .annotate(entered=Subquery(entered))
        .filter(~Exists(concurred))
        .select_related("programme", "wave")
        .order_by("wave__number", "code")
    )


def held_for(user: User) -> int:
    """Return how many pages that ``user`` may see are held."""
    gates: QuerySet[GatedPage] = gates_seen_by(user)
    return HeldApproval.objects.filter(
        page__gate__in=gates, withdrawn_at__isnull=True, page__live=False
    ).count()
