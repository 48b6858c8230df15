"""Wires the second factor to the session in which it was shown."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _shown(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    from . import second_factor

    second_factor.remember(request, user)


class AccountsConfig(AppConfig):
    """Signing in to the demo site."""

    name = "cms.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Remember in the session that a code has been given."""
        from allauth.mfa.signals import authenticator_used

        authenticator_used.connect(_shown, dispatch_uid="second factor shown")
