"""Where this site differs from django-allauth's ways."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made in the admin; the pages themselves say what has happened."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that nobody can sign up."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Leave out allauth's messages, which would turn up on the next page of the admin."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether the password must be given again: not just after signing in."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest > REAUTHENTICATION_TIMEOUT


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, has expired, or was used before."),
        "unreadable_secret": _(
            "This site’s secret key has changed, so your second factor cannot be read. "
            "Ask an administrator to reset it."
        ),
    }

    def get_totp_label(self, user: Any) -> str:
        """Return what the app shows beside the site's name."""
        return user.get_username()

    def encrypt(self, text: str) -> str:
        """Return ``text`` encrypted with a key made of SECRET_KEY."""
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text; raise ValidationError if no key of this site opens it."""
        try:
            return _locks().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise self.validation_error("unreadable_secret") from None


def _locks() -> MultiFernet:
    """The keys: the first locks, all of them open, so that SECRET_KEY can be changed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (salted_hmac(__name__, "", secret, algorithm="sha256").digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
