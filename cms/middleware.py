"""Which language a request is answered in or sent on, and what no view can be asked for."""

import re
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.middleware import (
    RedirectMiddleware as WagtailRedirectMiddleware,
)


class PrefixMiddleware(LocaleMiddleware):
    """Sends an address without a language prefix to the same one with it.

    Django does so with every answer 404, even one that a view gave for a reason. Here a view's
    404 stays a 404: the API, the photos and the village view have no prefixed twin, and a
    village token must not travel on in a redirect.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the redirect for an address no view knows, else ``response``."""
        if response.status_code == 404:  # also at an address that no view can be asked for
            patch_vary_headers(response, ("Accept-Language",))
        if response.status_code == 404 and request.resolver_match is not None:
            response.headers.setdefault(
                "Content-Language", translation.get_language() or settings.LANGUAGE_CODE
            )
            return response
        return super().process_response(request, response)


class RedirectMiddleware(WagtailRedirectMiddleware):
    """Wagtail's, for addresses that it can look up: PostgreSQL refuses a NUL."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the redirect from an address at which there is nothing, else ``response``."""
        if "\0" in request.get_full_path() or "\0" in request.path_info:
            return response
        return super().process_response(request, response)


class NumbersMiddleware:
    """Answers 404, and 400 in the APIs, to a number in an address that no database can hold.

    Wagtail's views and APIs hand what they are given to the database, which fails over it.
    """

    TOO_LARGE = re.compile(r"\d{19,}")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the view's answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> JsonResponse | None:
        """Answer for a view that failed over such a number. Raises Http404 outside of the APIs."""
        if not isinstance(error, DatabaseError | OverflowError):
            return None
        if not self.TOO_LARGE.search(request.get_full_path()):
            return None
        if request.path_info.startswith("/api/"):
            return JsonResponse({"message": _("A number in the address is too large.")}, status=400)
        raise Http404
