"""Signing in and out, and setting a password, by Django's own views: for accounts of members only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    LoginView,
    LogoutView,
    PasswordResetConfirmView,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _

from ..people import accounts
from ..village.answers import wait
from . import guesses
from .frame import address, frame_of, member_of, sealed
from .invitations import TOKENS, open_account


class OwnSignInForm(AuthenticationForm):
    """Name and password of a member's account; any other is as wrong as a wrong password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = _("Name of the account")
        self.fields["username"].widget.attrs |= {"autocapitalize": "off", "spellcheck": "false"}

    def confirm_login_allowed(self, user: User) -> None:
        """Raise ValidationError unless ``user`` is the account of a member."""
        super().confirm_login_allowed(user)
        if accounts.member_of(user) is None:
            raise self.get_invalid_login_error()


class SignInView(LoginView):
    """Where a member signs in. Who tries too often has to wait."""

    authentication_form = OwnSignInForm
    template_name = "pledge_pages/mine/sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form to whoever is not in."""
        if member_of(request) is not None:
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let in who knows the password."""
        if guesses.too_many(request):
            return wait(request)  # type: ignore[return-value]
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Count it, and show the form again."""
        guesses.count(self.request)
        return super().form_invalid(form)

    def get_default_redirect_url(self) -> str:
        """Return the member's first page."""
        return address("home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Put the frame around the form."""
        return super().get_context_data(**{**frame_of(self.request, None), **kwargs})


class SignOutView(LogoutView):
    """Signs out, by a form."""

    def get_default_redirect_url(self) -> str:
        """Return where one signs in."""
        return address("sign_in")


class PasswordView(PasswordResetConfirmView):
    """Where an invitation leads: one sets a password, once."""

    template_name = "pledge_pages/mine/password.html"
    token_generator = TOKENS

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, unless too many links that open nothing were tried from there."""
        if guesses.too_many(self.request):
            return wait(self.request)
        response = super().dispatch(*args, **kwargs)
        if not self.validlink and response.status_code == 200:
            guesses.count(self.request)
        return response

    def get_user(self, uidb64: str) -> User | None:
        """Return the account in the address, if it is a member's that is open."""
        try:
            number = urlsafe_base64_decode(uidb64).decode()
        except ValueError:
            return None
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            return None
        user = super().get_user(uidb64)
        return user if user is not None and accounts.member_of(user) else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password, and send on to sign in with it."""
        token = self.request.session.get(INTERNAL_RESET_SESSION_TOKEN, "")
        assert self.user is not None, "or the link would open nothing"
        try:
            open_account(self.user, token=token, password=form.cleaned_data["new_password1"])
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, _("The password is set. Sign in with it."))
        return redirect(address("sign_in"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Put the frame around the form."""
        context = super().get_context_data(**{**frame_of(self.request, None), **kwargs})
        # The link to another language would lead past the token that is in the session.
        return {**context, "languages": []}


sign_in = sealed(SignInView.as_view())
sign_out = sealed(SignOutView.as_view())
password = sealed(PasswordView.as_view())
