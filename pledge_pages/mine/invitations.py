"""Accounts for members, who may do without: given, closed, and opened with a password of one's own.

An account is bound to one member and holds no role. What it is called is the member's code, which
names nobody. The link that opens it works once, and for PASSWORD_RESET_TIMEOUT seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.formats import date_format
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from ..appraisal.outcomes import check_words
from ..contention import in_one_transaction
from ..labels import content_languages
from ..people.accounts import is_account_of
from ..people.models import Member
from ..pilots import roles
from ..pilots.actions import check_reason
from ..pilots.models import Pilot, Role
from ..village.links import site_of

MAIL = "pledge_pages/mine/mail"
LINK_FIELDS = (
    "account_given_by", "account_given_at", "account_confirmed_by", "account_confirmed_at",
)  # fmt: skip


class InvitationTokens(PasswordResetTokenGenerator):
    """Django's tokens; one made for something else opens no invitation."""

    key_salt = "pledge_pages.mine.invitations"


TOKENS = InvitationTokens()


@dataclass(frozen=True)
class Invitation:
    """An account that waits for a password, and the way to set it."""

    member: Member
    user: User
    token: str
    until: datetime

    def link(self, language: str) -> str:
        """Return the whole address that opens the account, once."""
        uid = urlsafe_base64_encode(force_bytes(self.user.pk))
        path = reverse("pledge_mine:password", args=[language, uid, self.token])
        return site_of(self.member.pilot) + path


def may_invite(user: User | AnonymousUser, pilot: Pilot) -> bool:
    """Return whether ``user`` may give members of ``pilot`` accounts: its editors and leads."""
    return roles.has_role(user, Role.Kind.EDITOR, pilot) or roles.is_lead(user, pilot.programme)


@in_one_transaction
def invite_member(member: Member, *, by: User, email: str = "") -> Invitation:
    """Give ``member`` an account, or a new way into the one they have; mail it to ``email`` if given.

    A password that was set before, and a link that was given before, work no more; and until
    somebody else has confirmed it anew, the account does nothing in the member's name. The address is
    kept with the account and shown nowhere. Raises PermissionDenied, or ValidationError.
    """
    _check_inviter(member, by)
    email = email.strip()
    if email:
        _check_address(email)
    member = _lock(member)
    if not member.active:
        raise ValidationError(_("The member is not active."))
    user = member.user or _new_account(member)
    _check_plain(user)
    user.is_active = True
    # Another one each time: the tokens of before were made with the last.
    user.set_unusable_password()
    if email:
        user.email = email
    user.save()
    member.user, member.account_given_by, member.account_given_at = user, by, timezone.now()
    member.account_confirmed_by = member.account_confirmed_at = None
    member.save(update_fields=["user", *LINK_FIELDS])
    log(
        instance=member,
        action="pledge_pages.invite_member",
        user=by,
        data={"member": member.code, "mailed": bool(email)},
    )
    until = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    invitation = Invitation(member, user, TOKENS.make_token(user), until)
    if email:
        transaction.on_commit(lambda: _mail(invitation))
    return invitation


@in_one_transaction
def revoke_account(member: Member, *, by: User, reason: str) -> Member:
    """Close the account of ``member`` at once: it signs in no more, and is signed out everywhere.

    It stays bound to the member, whose replies refer to it. Raises PermissionDenied, StageError
    without a reason, or ValidationError.
    """
    reason = check_reason(reason)
    _check_inviter(member, by)
    member = _lock(member)
    user = member.user
    if user is None or not user.is_active:
        raise ValidationError(_("The member has no account that is open."))
    _check_plain(user)
    user.is_active = False
    user.set_unusable_password()
    # Of no use any more.
    user.email = ""
    user.save()
    log(
        instance=member,
        action="pledge_pages.revoke_account",
        user=by,
        data={"member": member.code, "reason": reason},
    )
    return member


@in_one_transaction
def open_account(user: User, *, token: str, password: str) -> None:
    """Let the password of ``user`` be ``password``, if ``token`` still opens the account.

    Raises ValidationError.
    """
    user = get_user_model().objects.select_for_update().get(pk=user.pk)
    member = Member.objects.filter(user=user).first()
    if member is None or not user.is_active or not TOKENS.check_token(user, token):
        raise ValidationError(_("This link works no more. Ask your branch for a new one."))
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    log(
        instance=member, action="pledge_pages.open_account", user=user, data={"member": member.code}
    )


def may_confirm(user: User | AnonymousUser, member: Member) -> bool:
    """Return whether ``user`` may say that the account is the member's: never who gave the link."""
    if member.account_given_by_id == user.pk or is_account_of(user, member):
        return False
    moderates = roles.has_role(user, Role.Kind.MODERATOR, member.pilot)
    return moderates or roles.is_lead(user, member.pilot.programme)


@in_one_transaction
def confirm_account(member: Member, *, by: User, reason: str) -> Member:
    """Note that ``by`` asked the member, who has the account in hand; ``reason`` says how.

    From then on it acts in the member's name, until another link is given. Raises PermissionDenied,
    StageError without a reason, or ValidationError.
    """
    reason = check_words("reason", {"": check_reason(reason)})[""]
    member = _lock(member)
    if not may_confirm(by, member):
        raise PermissionDenied(
            _("A moderator of the branch or a lead confirms it, and never who gave the link.")
        )
    user = member.user
    if user is None or not user.is_active or not user.has_usable_password():
        raise ValidationError(_("Nobody has opened the account yet."))
    if member.account_is_confirmed:
        raise ValidationError(_("The account is confirmed already."))
    member.account_confirmed_by, member.account_confirmed_at = by, timezone.now()
    member.save(update_fields=["account_confirmed_by", "account_confirmed_at"])
    log(
        instance=member,
        action="pledge_pages.confirm_account",
        user=by,
        data={"member": member.code, "reason": reason},
    )
    return member


def _check_inviter(member: Member, by: User) -> None:
    if not may_invite(by, member.pilot):
        raise PermissionDenied(_("Editors of the branch and leads give its members accounts."))


def _check_address(email: str) -> None:
    try:
        validate_email(email)
        get_user_model()._meta.get_field("email").clean(email, None)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error


def _lock(member: Member) -> Member:
    rows = Member.objects.select_for_update(of=("self",))
    return rows.select_related("pilot__programme", "user").get(pk=member.pk)


def _new_account(member: Member) -> User:
    users = get_user_model()
    if users.objects.filter(username__iexact=member.code).exists():
        raise ValidationError(
            _("Another account is called %(code)s already. An administrator renames it.")
            % {"code": member.code}
        )
    return users(username=member.code)


def _check_plain(user: User) -> None:
    """Raise ValidationError if ``user`` holds any role: who invites must not take it over."""
    powers = user.pk and (user.groups.exists() or user.user_permissions.exists())
    if user.is_staff or user.is_superuser or powers:
        raise ValidationError(
            _("This account does other work on the site too. An administrator changes it.")
        )


def _mail(invitation: Invitation) -> None:
    """Send the link, in every language of the site: nobody knows which one is read."""
    parts, subject = [], ""
    for code, _name in content_languages():
        with override(code):
            context = {
                "link": invitation.link(code),
                "account": invitation.user.get_username(),
                "until": date_format(timezone.localtime(invitation.until), "Y-m-d H:i"),
            }
            parts.append(render_to_string(f"{MAIL}/invitation.txt", context).strip())
            subject = subject or render_to_string(f"{MAIL}/invitation_subject.txt").strip()
    send_mail(subject, "\n\n".join(parts) + "\n", None, [invitation.user.email])
