"""Who holds which role. Superusers lead every programme but hold no branch role by that."""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet

from .models import Pilot, Programme, Role

Anyone = User | AnonymousUser

# Those who work on a branch's pages, and so see its drafts.
STAFF = (Role.Kind.EDITOR, Role.Kind.MODERATOR)


def _roles(user: Anyone) -> QuerySet[Role]:
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Role.objects.none()
    return Role.objects.filter(group__user=user)


def has_role(user: Anyone, kind: str, pilot: Pilot) -> bool:
    """Return whether ``user`` is in the group of that role for ``pilot`` (or its programme)."""
    return (
        _roles(user)
        .filter(kind=kind, programme_id=pilot.programme_id)
        .filter(Q(pilot=pilot) | Q(pilot__isnull=True))
        .exists()
    )


def is_lead(user: Anyone, programme: Programme | None) -> bool:
    """Return whether ``user`` may steer the programme's pilots (a lead or a superuser)."""
    if not user.is_authenticated or not user.is_active or programme is None:
        return False
    return (
        user.is_superuser or _roles(user).filter(kind=Role.Kind.LEAD, programme=programme).exists()
    )


def is_moderator(user: Anyone, programme: Programme, pilot: Pilot | None) -> bool:
    """Return whether ``user`` moderates ``pilot``, or the programme's own page if None."""
    roles = _roles(user).filter(programme=programme)
    if pilot is None:
        return roles.filter(kind__in=[Role.Kind.MODERATOR, Role.Kind.LEAD]).exists()
    return roles.filter(kind=Role.Kind.MODERATOR, pilot=pilot).exists()


def sees_drafts(user: Anyone, pilot: Pilot) -> bool:
    """Return whether ``user`` may see what is not public of ``pilot``: its staff and leads."""
    staff = _roles(user).filter(pilot=pilot, kind__in=STAFF)
    return is_lead(user, pilot.programme) or staff.exists()


def sees_evidence(user: Anyone, pilot: Pilot) -> bool:
    """Return whether ``user`` may see private evidence of ``pilot``: who works on it or checks it."""
    return sees_drafts(user, pilot) or has_role(user, Role.Kind.VERIFIER, pilot)


def led_programmes(user: Anyone) -> QuerySet[Programme]:
    """Return the programmes that ``user`` leads."""
    if user.is_authenticated and user.is_active and user.is_superuser:
        return Programme.objects.all()
    leads = _roles(user).filter(kind=Role.Kind.LEAD)
    return Programme.objects.filter(pk__in=leads.values("programme"))


def pilots_seen_by(user: Anyone) -> QuerySet[Pilot]:
    """Return the pilots of which ``user`` may see what is not public."""
    own = _roles(user).filter(pilot__isnull=False, kind__in=STAFF)
    return Pilot.objects.filter(
        Q(programme__in=led_programmes(user)) | Q(pk__in=own.values("pilot"))
    )


def pilots_written_by(user: Anyone) -> QuerySet[Pilot]:
    """Return the pilots for whose members ``user`` writes: as editor, or leading the programme."""
    own = _roles(user).filter(pilot__isnull=False, kind=Role.Kind.EDITOR)
    return Pilot.objects.filter(
        Q(programme__in=led_programmes(user)) | Q(pk__in=own.values("pilot"))
    )


def pilots_checked_by(user: Anyone) -> QuerySet[Pilot]:
    """Return the pilots whose checks ``user`` may see: its staff, leads and verifiers."""
    checked = _roles(user).filter(pilot__isnull=False, kind=Role.Kind.VERIFIER)
    return Pilot.objects.filter(
        Q(pk__in=pilots_seen_by(user).values("pk")) | Q(pk__in=checked.values("pilot"))
    )
