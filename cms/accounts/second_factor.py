"""Who needs a second factor, and whether this session has shown it."""

from enum import Enum
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from pledge_pages.models import Role

SESSION_KEY = "second_factor"
# Whoever may change accounts or groups can give themselves any role.
POWERS = ("auth.add_user", "auth.change_user", "auth.change_group")


class Lack(Enum):
    """What a signed-in session still lacks."""

    ENROLMENT = "enrolment"
    CODE = "code"


def device(user: Any) -> int | None:
    """Return the key of the authenticator app that ``user`` has set up, or None."""
    found = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP)
    return found.values_list("pk", flat=True).first()


def is_compulsory_for(user: Any) -> bool:
    """Return whether ``user`` may not work without a second factor: moderators, leads, superusers.

    Only where SECOND_FACTOR_COMPULSORY is set, as under the production settings.
    """
    if not settings.SECOND_FACTOR_COMPULSORY:
        return False
    if user.is_superuser or any(user.has_perm(power) for power in POWERS):
        return True
    kinds = (Role.Kind.MODERATOR, Role.Kind.LEAD)
    return Role.objects.filter(group__user=user, kind__in=kinds).exists()


def remember(request: HttpRequest, user: Any) -> None:
    """Write into the session that ``user`` has shown the second factor they have now."""
    request.session[SESSION_KEY] = device(user)


def lack(request: HttpRequest) -> Lack | None:
    """Return what the session lacks, or None if it is complete or nobody's.

    Whoever has set up a second factor must have shown it in this very session, however the
    session was made. One that was set up anew must be shown anew.
    """
    user = request.user
    if not user.is_authenticated:
        return None
    own = device(user)
    if own is None:
        return Lack.ENROLMENT if is_compulsory_for(user) else None
    return None if request.session.get(SESSION_KEY) == own else Lack.CODE
