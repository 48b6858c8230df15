"""Who may see which report, and how much of it. The person named sees none about themselves."""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet

from ..people.accounts import is_account_of
from ..pilots import roles
from ..pilots.models import Pilot, Role
from .models import Report
from .stages import STEPS, State

Anyone = User | AnonymousUser

# In these a branch's staff work on what was written for the public; never on the original.
SEEN_BY_STAFF = (State.ACCEPTED, State.ASKED_MEMBER, State.ANSWERED, State.CLOSED)
# Step -> the roles in the branch that take it. Leads take none, but may withdraw a publication.
TAKEN_BY = {
    "accept": (Role.Kind.SUPERVISOR,),
    "reject": (Role.Kind.SUPERVISOR,),
    "redact": (Role.Kind.SUPERVISOR,),
    "ask": (Role.Kind.SUPERVISOR, Role.Kind.EDITOR),
    "answer": (Role.Kind.SUPERVISOR, Role.Kind.EDITOR),
    "publish": (Role.Kind.SUPERVISOR, Role.Kind.MODERATOR),
    "withdraw": (Role.Kind.SUPERVISOR, Role.Kind.MODERATOR),
    "close": (Role.Kind.SUPERVISOR,),
    "erase": (Role.Kind.SUPERVISOR,),
}


def pilots_supervised_by(user: Anyone) -> QuerySet[Pilot]:
    """Return the pilots in whose supervision committee ``user`` is."""
    return pilots_with(user, (Role.Kind.SUPERVISOR,))


def pilots_with(user: Anyone, kinds: tuple[str, ...]) -> QuerySet[Pilot]:
    """Return the pilots in which ``user`` holds one of these roles."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Pilot.objects.none()
    own = Role.objects.filter(group__user=user, kind__in=kinds, pilot__isnull=False)
    return Pilot.objects.filter(pk__in=own.values("pilot"))


def reports_seen_by(user: Anyone) -> QuerySet[Report]:
    """Return the reports that ``user`` may open, in whatever form.

    The committee sees all of its branch; staff and leads those that were accepted and have a
    public text. Nobody sees one about themselves; superusers alone cannot be kept from it.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Report.objects.none()
    readable = Q(pilot__in=roles.pilots_seen_by(user), state__in=SEEN_BY_STAFF)
    readable &= ~Q(public_text={})
    reports = Report.objects.filter(Q(pilot__in=pilots_supervised_by(user)) | readable)
    return reports if user.is_superuser else reports.exclude(member__user=user)


def reads_original(user: Anyone, report: Report) -> bool:
    """Return whether ``user`` may read what came in as it came, and the contact: the committee."""
    return not is_named(user, report) and roles.has_role(user, Role.Kind.SUPERVISOR, report.pilot)


def is_named(user: Anyone, report: Report) -> bool:
    """Return whether the report is about ``user``, who then has no part in it."""
    return report.member is not None and is_account_of(user, report.member)


def may_take(name: str, report: Report, user: Anyone) -> bool:
    """Return whether ``user`` holds a role that takes the step ``name`` with ``report``."""
    if is_named(user, report):
        return False
    if name == "withdraw" and roles.is_lead(user, report.pilot.programme):
        return True
    return any(roles.has_role(user, kind, report.pilot) for kind in TAKEN_BY[name])


def steps_open_to(user: Anyone, report: Report) -> list[str]:
    """Return the steps that may follow now and that ``user`` may take."""
    return [
        step.name
        for step in STEPS.values()
        if report.state in step.origins and fits(step.name, report, user)
        if may_take(step.name, report, user)
    ]


def fits(name: str, report: Report, user: Anyone) -> bool:
    """Return whether the step makes sense with ``report`` as it is, for ``user``."""
    if name in ("redact", "answer"):
        return not report.is_published
    if name == "publish":
        ready = bool(report.public_text and report.answer) and not report.is_published
        return ready and report.answered_by_id != user.pk
    if name == "withdraw":
        return report.is_published
    if name == "erase":
        return report.erased_on is None
    return True
