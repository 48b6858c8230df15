"""Who asks: the bearer of one of Wagtail's API tokens, or the public. Never a session cookie.

The only place that touches Wagtail's preview of API v3, and nothing of it but this class.
"""

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.models import APIToken

from .problems import Refusal


class TokenOrPublic(BearerTokenAuth):
    """Lets everyone in. Whoever shows a token is its user; all others are the public."""

    def __call__(self, request: HttpRequest) -> APIToken | AnonymousUser:
        """Set ``request.user`` and return what stands for it. Refusal (401) for a bad token."""
        request.user = AnonymousUser()
        token = super().__call__(request)
        if token is None and shows_token(request):
            raise Refusal(401, _("The token is unknown or was revoked."))
        return token or AnonymousUser()


class TokenOnly(TokenOrPublic):
    """Lets in only who shows a token."""

    def __call__(self, request: HttpRequest) -> APIToken:
        """Set ``request.user`` and return the token. Refusal (401) without one."""
        token = super().__call__(request)
        if not isinstance(token, APIToken):
            raise Refusal(401, _("Show a token: “Authorization: Bearer …”."))
        return token


def bearer(request: HttpRequest) -> User:
    """Return the user behind a request that TokenOnly let in."""
    if isinstance(request.user, AnonymousUser):
        raise TypeError("The request came in without a token.")
    return request.user


def shows_token(request: HttpRequest) -> bool:
    """Return whether the request presents a bearer token, good or bad."""
    scheme = request.headers.get("Authorization", "").split(" ")[0]
    return scheme.lower() == "bearer"
