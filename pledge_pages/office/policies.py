"""Who may do what with the office's records: roles decide, not Django's permissions."""

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy

from ..people.models import Member, Office, Post
from ..pilots import roles
from ..pilots.models import Pilot, Programme, Role, Wave
from ..quiet_words.models import QuietTerm
from ..rulebook.models import Category, PledgeTemplate
from ..supervision import access
from ..supervision.models import Report
from .sight import User, leads_any, pilots_with_role

VIEW = "view"


class RolePolicy(BasePermissionPolicy):
    """Permissions that follow from the roles in programmes and pilots, row by row."""

    def rows(self, user: User, action: str) -> QuerySet:
        """Return the rows with which ``user`` may do ``action``."""
        raise NotImplementedError

    def user_has_permission(self, user, action) -> bool:
        if not user.is_authenticated or not user.is_active:
            return False
        return user.is_superuser or self.holds(user, action)

    def holds(self, user: User, action: str) -> bool:
        """Return whether ``user`` may do ``action`` with any row, there already or to be made."""
        return leads_any(user)

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        return self.rows(user, action).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user, actions) -> QuerySet:
        found = Q(pk__in=[])
        for action in actions:
            found |= Q(pk__in=self.rows(user, action).values("pk"))
        return self.model._default_manager.filter(found)

    def users_with_any_permission(self, actions) -> QuerySet:
        leads = Q(groups__pledge_role__kind=Role.Kind.LEAD)
        users = get_user_model().objects.filter(is_active=True)
        return users.filter(Q(is_superuser=True) | leads).distinct()


class ReferencePolicy(RolePolicy):
    """Reference data that all programmes share: leads of any of them keep it."""

    def rows(self, user: User, action: str) -> QuerySet:
        everything = self.model._default_manager.all()
        return everything if self.user_has_permission(user, action) else everything.none()


class ProgrammePolicy(RolePolicy):
    """Programmes and their waves: their own leads; only superusers open and delete programmes."""

    def __init__(self, model, programme: str, restricted: tuple[str, ...] = ()):
        super().__init__(model)
        self.programme = programme
        self.restricted = restricted

    def holds(self, user: User, action: str) -> bool:
        return action not in self.restricted and leads_any(user)

    def rows(self, user: User, action: str) -> QuerySet:
        everything = self.model._default_manager.all()
        if not self.user_has_permission(user, action):
            return everything.none()
        return everything.filter(**{f"{self.programme}__in": roles.led_programmes(user)})


class PilotPolicy(ProgrammePolicy):
    """Pilots: staff see their own, leads change those of their programmes. None is deleted."""

    def holds(self, user: User, action: str) -> bool:
        if action == VIEW:
            return roles.pilots_seen_by(user).exists() or leads_any(user)
        return super().holds(user, action)

    def user_has_permission(self, user, action) -> bool:
        return action != "delete" and super().user_has_permission(user, action)

    def rows(self, user: User, action: str) -> QuerySet:
        return roles.pilots_seen_by(user) if action == VIEW else super().rows(user, action)


class MemberPolicy(RolePolicy):
    """Members: a branch's staff see its people, its editors and leads change them.

    Only leads delete, and only who appears on no page.
    """

    def holds(self, user: User, action: str) -> bool:
        if leads_any(user):
            return True
        if action == VIEW:
            return roles.pilots_seen_by(user).exists()
        return action != "delete" and pilots_with_role(user, Role.Kind.EDITOR).exists()

    def pilots(self, user: User, action: str) -> QuerySet[Pilot]:
        """Return the branches with whose members ``user`` may do ``action``."""
        if not user.is_authenticated or not user.is_active:
            return Pilot.objects.none()
        if action == VIEW:
            return roles.pilots_seen_by(user)
        if action == "delete":
            return Pilot.objects.filter(programme__in=roles.led_programmes(user))
        return roles.pilots_written_by(user)

    def rows(self, user: User, action: str) -> QuerySet[Member]:
        return Member.objects.filter(pilot__in=self.pilots(user, action))


class ReportPolicy(RolePolicy):
    """Reports: who may open them sees them; all that is done with them are actions of their own."""

    def holds(self, user: User, action: str) -> bool:
        if action != VIEW:
            return False
        return leads_any(user) or access.pilots_with(user, REPORT_STAFF).exists()

    def rows(self, user: User, action: str) -> QuerySet[Report]:
        return access.reports_seen_by(user) if action == VIEW else Report.objects.none()


REPORT_STAFF = (*roles.STAFF, Role.Kind.SUPERVISOR)


def policies() -> dict[type, RolePolicy]:
    """Return the policy of each of the office's models."""
    return {
        Pilot: PilotPolicy(Pilot, "programme"),
        Wave: ProgrammePolicy(Wave, "programme"),
        Programme: ProgrammePolicy(Programme, "pk", restricted=("add", "delete")),
        Member: MemberPolicy(Member),
        Report: ReportPolicy(Report),
        QuietTerm: ProgrammePolicy(QuietTerm, "programme"),
        Category: ReferencePolicy(Category),
        PledgeTemplate: ReferencePolicy(PledgeTemplate),
        Office: ReferencePolicy(Office),
        Post: ReferencePolicy(Post),
    }
