"""Which person of a branch an account belongs to."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from .models import Member


def member_of(user: User | AnonymousUser) -> Member | None:
    """Return the member whose account ``user`` is, None if it is nobody's. One query at most."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Member.objects.select_related("pilot__programme").filter(user=user).first()


def is_account_of(user: User | AnonymousUser, member: Member) -> bool:
    """Return whether ``user`` is the account of ``member``. No query."""
    return user.is_authenticated and user.is_active and member.user_id == user.pk


def speaks_as(user: User | AnonymousUser, member: Member) -> bool:
    """Return whether ``user`` is the account of ``member`` and acts for them. No query.

    Raises PermissionDenied for an account of which nobody has confirmed yet that it is theirs.
    """
    if not is_account_of(user, member):
        return False
    if not member.account_is_confirmed:
        raise PermissionDenied(unconfirmed())
    return True


def unconfirmed() -> str:
    """Return what a member is told whose account does not act for them yet."""
    return _(
        "Nobody has confirmed yet that this account is yours, so you can read everything, and do "
        "nothing. A moderator or lead who did not give you the link asks you, and confirms it."
    )


def has_account(member: Member) -> bool:
    """Return whether ``member`` has an account that is open. One query at most."""
    return member.user is not None and member.user.is_active
