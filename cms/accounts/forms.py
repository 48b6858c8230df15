"""Forms for signing in, and for codes that are good once."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLogInForm
from allauth.account.forms import ReauthenticateForm as AllauthPasswordForm
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
    "maxlength": "20",
}


def _plain_labels(form: Any) -> None:
    form.label_suffix = ""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class PasswordForm(AllauthPasswordForm):
    """The password again, before the way of signing in is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_labels(self)


class LogInForm(AllauthLogInForm):
    """Name and password, with the field names that Wagtail's own page has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_labels(self)
        self.fields["login"].widget.attrs |= {"autocapitalize": "off", "spellcheck": "false"}

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a field in the page."""
        return super().add_prefix("username" if field_name == "login" else field_name)


class _GoodOnce:
    """A code that was taken is refused for as long as the clock would let it pass again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_labels(self)
        self.fields["code"].label = _("Code")  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs |= CODE_ATTRIBUTES  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Return the code; raise ValidationError if it is wrong or was used before."""
        code = super().clean_code()  # type: ignore[misc]
        steps = 2 * app_settings.TOTP_TOLERANCE + 1
        # However it was spelt: spaces and the like do not count.
        digits = "".join(character for character in code if character.isalnum())
        key = f"second-factor-used:{self.user.pk}:{digits}"  # type: ignore[attr-defined]
        if not cache.add(key, "y", timeout=steps * app_settings.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_GoodOnce, AuthenticateForm):
    """The code that is asked for after the password."""


class CodeAgainForm(_GoodOnce, ReauthenticateForm):
    """The code that is asked for in a session that has not shown it."""


class ActivateForm(_GoodOnce, ActivateTOTPForm):
    """The first code of a new authenticator app."""
