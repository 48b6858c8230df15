"""Who may do what with decisions: those who check, those who write, and never the member alone."""

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..people.accounts import is_account_of, member_of, speaks_as
from ..people.models import Member, Scope
from ..people.naming import shown_name
from ..pilots import roles
from ..pilots.models import Pilot, Role
from .models import OutcomeDecision

Anyone = User | AnonymousUser


def decisions_seen_by(user: Anyone) -> QuerySet[OutcomeDecision]:
    """Return the decisions that ``user`` may see: those of branches they work on, lead or check."""
    return OutcomeDecision.objects.filter(pilot__in=roles.pilots_checked_by(user))


def may_see(user: Anyone, pilot: Pilot) -> bool:
    """Return whether ``user`` may see, and open, checks of ``pilot``."""
    return roles.sees_evidence(user, pilot)


def may_check(user: Anyone, member: Member) -> bool:
    """Return whether ``user`` may be one of the two checkers of a pledge of ``member``."""
    if is_account_of(user, member):
        return False
    kinds = (*roles.STAFF, Role.Kind.VERIFIER)
    return any(roles.has_role(user, kind, member.pilot) for kind in kinds)


def is_outside(user: User, pilot: Pilot) -> bool:
    """Return whether ``user`` checks ``pilot`` from outside: no member of it, and none of its staff."""
    if not roles.has_role(user, Role.Kind.VERIFIER, pilot):
        return False
    if any(roles.has_role(user, kind, pilot) for kind in roles.STAFF):
        return False
    own = member_of(user)
    return own is None or own.pilot_id != pilot.pk


def may_write(user: Anyone, pilot: Pilot) -> bool:
    """Return whether ``user`` may put decisions on pages: editors of the branch and leads."""
    return roles.has_role(user, Role.Kind.EDITOR, pilot) or roles.is_lead(user, pilot.programme)


def may_judge(user: Anyone, decision: OutcomeDecision) -> bool:
    """Return whether ``user`` may decide an appeal: a moderator or lead who was no part of it."""
    pilot = decision.pilot
    if not (
        roles.is_lead(user, pilot.programme) or roles.has_role(user, Role.Kind.MODERATOR, pilot)
    ):
        return False
    if is_account_of(user, decision.member) or decision.opened_by_id == user.pk:
        return False
    return not decision.statements.filter(checker=user.pk).exists()


def check_seen(user: User, member: Member) -> None:
    """Raise PermissionDenied unless ``user`` takes part in the checks of the member's branch."""
    check_takes_part(user, member.pilot)


def check_takes_part(user: User, pilot: Pilot) -> None:
    """Raise PermissionDenied unless ``user`` takes part in the checks of ``pilot``."""
    if not may_see(user, pilot):
        raise PermissionDenied(
            _("You take no part in the checks of the branch %(code)s.") % {"code": pilot.code}
        )


def check_not_own(user: User, member: Member) -> None:
    """Raise PermissionDenied if ``user`` is the member: nobody decides on their own pledge."""
    if is_account_of(user, member):
        raise PermissionDenied(
            _("It is your own pledge. Someone else has to do this; you may reply and appeal.")
        )


def check_speaks_for(user: User, member: Member) -> None:
    """Raise PermissionDenied unless ``user`` is the member, or staff who enter it for them."""
    if not (speaks_as(user, member) or roles.sees_drafts(user, member.pilot)):
        raise PermissionDenied(
            _("Only the member, or staff of the branch for the member, may enter this.")
        )


def name_for(user: Anyone, member: Member, *, sees_drafts: bool) -> str:
    """Return what ``user`` reads as the member's name: staff the full one, others by consent.

    ``sees_drafts`` is whether ``user`` works on the member's branch; lists ask it once.
    """
    if sees_drafts or is_account_of(user, member):
        return member.staff_name
    return f"{shown_name(member, Scope.VILLAGE_QR).text} ({member.code})"


def may_review(user: Anyone, pilot: Pilot) -> bool:
    """Return whether ``user`` may see the reviews of ``pilot`` and enter figures: staff and leads."""
    return roles.sees_drafts(user, pilot)


def may_grade(user: Anyone, pilot: Pilot) -> bool:
    """Return whether ``user`` may propose grades, close and correct: moderators and leads."""
    return roles.is_lead(user, pilot.programme) or roles.has_role(user, Role.Kind.MODERATOR, pilot)


def check_reviews(user: User, pilot: Pilot) -> None:
    """Raise PermissionDenied unless ``user`` takes part in the reviews of ``pilot``."""
    if not may_review(user, pilot):
        raise PermissionDenied(
            _("You take no part in the reviews of the branch %(code)s.") % {"code": pilot.code}
        )


def check_grades(user: User, pilot: Pilot) -> None:
    """Raise PermissionDenied unless ``user`` may decide on grades of ``pilot``, and on their own of none."""
    if not may_grade(user, pilot):
        raise PermissionDenied(
            _("Only moderators of the branch %(code)s and leads do this.") % {"code": pilot.code}
        )
    own = member_of(user)
    if own is not None and own.pilot_id == pilot.pk:
        raise PermissionDenied(
            _("You are a member of this branch. Someone who is not reviewed has to do this.")
        )


def check_not_about(user: User, member: Member) -> None:
    """Raise PermissionDenied if ``user`` is the member: nobody enters figures about themselves."""
    if is_account_of(user, member):
        raise PermissionDenied(
            _(
                "It is about you. Someone else has to enter it; you may give your own view and reply."
            )
        )
