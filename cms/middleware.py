"""Which language a request is answered in or sent on."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
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
        if response.status_code == 404 and request.resolver_match is not None:
            patch_vary_headers(response, ("Accept-Language",))
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
