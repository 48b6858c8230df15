"""No session without its second factor gets any further than the page that asks for it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from . import second_factor
from .second_factor import Lack

# Where a session that lacks something may go, and where it is sent to.
ALWAYS = {"account_login", "wagtailadmin_logout", "wagtailadmin_javascript_catalog"}
OPEN = {
    Lack.ENROLMENT: {"mfa_activate_totp", "account_reauthenticate"},
    Lack.CODE: {"mfa_reauthenticate"},
}
ASKS = {Lack.ENROLMENT: "mfa_activate_totp", Lack.CODE: "mfa_reauthenticate"}
STAFF_PATHS = ("/admin/", "/account/")
# These do not look at sessions: their answers are the same with one and without.
WITHOUT_SESSION = ("/api/v1/", "/api/v2/")


class SecondFactorMiddleware:
    """Sends such a session to set up or give its second factor; elsewhere it is anonymous."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer to ``request``."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseRedirect | None:
        """Return a redirect if the session lacks something that the view needs."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if request.path_info.startswith(WITHOUT_SESSION):
            return None
        lack = second_factor.lack(request)
        match = request.resolver_match
        if lack is None or match is None or match.url_name in ALWAYS | OPEN[lack]:
            return None
        if not request.path_info.startswith(STAFF_PATHS):
            request.user = AnonymousUser()
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse(ASKS[lack])}?{query}")
