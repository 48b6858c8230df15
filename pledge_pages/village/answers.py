"""What every answer below the village's addresses has in common, errors included."""

import logging
import traceback
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template import TemplateDoesNotExist, loader
from django.urls import NoReverseMatch, get_resolver, get_urlconf, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from .guesses import WINDOW

logger = logging.getLogger(__name__)

SEALED = "sealed_for_the_village"

View = Callable[..., HttpResponseBase]


READING = ("GET", "HEAD")


def village_view(view: View, *, methods: Sequence[str] = READING) -> View:
    """Let ``view`` answer to readers only, with what is not found as the site's own 404.

    Nothing is kept, indexed, or told to where the reader goes next. A view that takes more than
    the methods of reading has to ask where a form comes from itself.
    """

    @csrf_exempt  # nothing is changed by reading; a form sent by mistake is refused
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response: Any
        if request.method not in methods:
            response = HttpResponseNotAllowed(methods)
        else:
            try:
                response = view(request, *args, **kwargs)
            except Http404 as error:
                response = not_found(request, error)
            except Exception as error:  # whatever it is, its answer is sealed like the others
                response = failed(request, error)
        seal(response)
        # Django would write the address of an error, and with it a token, into its log.
        response._has_been_logged = True
        return response

    return answer


def seal(response: HttpResponseBase) -> None:
    """Set the headers of the village view on ``response``.

    A view whose form has to say where it comes from has said so in the policy already.
    """
    setattr(response, SEALED, True)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Content-Security-Policy", policy())
    patch_vary_headers(response, ["Cookie", "Accept-Language"])


def policy() -> str:
    """Return the strict policy: nothing inline, nothing from elsewhere but the site's own styles."""
    parts = urlsplit(settings.STATIC_URL or "")
    elsewhere = f" {parts.scheme or 'https'}://{parts.netloc}" if parts.netloc else ""
    return (
        f"default-src 'self'{elsewhere}; img-src 'self' data:{elsewhere}; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def not_found(request: HttpRequest, error: Exception) -> HttpResponseBase:
    """Return the answer that the site gives for an address at which there is nothing."""
    handler: View = get_resolver(get_urlconf()).resolve_error_handler(404)
    return handler(request, exception=error)


def failed(request: HttpRequest, error: Exception) -> HttpResponseBase:
    """Return the answer that the site gives when it fails, and log where, without the address."""
    where = "".join(traceback.format_tb(error.__traceback__))
    # Neither the request nor the error's own words: both may hold the token.
    logger.error("The village view failed with %s at\n%s", type(error).__name__, where)
    handler: View = get_resolver(get_urlconf()).resolve_error_handler(500)
    return handler(request)


class SealMiddleware:
    """Seals what other middleware answers in the place of the village view, as it does itself.

    Such as a redirect to HTTPS, whose target holds the token. Put it first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, sealed if it was asked for below the village's addresses."""
        response = self.get_response(request)
        if is_below(request.path) and not getattr(response, SEALED, False):
            response.headers.pop("Referrer-Policy", None)
            seal(response)
        return response


def is_below(path: str) -> bool:
    """Return whether ``path`` lies below the village's addresses, and may hold a token."""
    try:
        return path.startswith(reverse("pledge_village:board"))
    except NoReverseMatch:
        return False


def wait(request: HttpRequest) -> HttpResponseBase:
    """Return the answer to somebody who tried too many addresses."""
    try:
        body: str = loader.render_to_string("429.html", request=request)
    except TemplateDoesNotExist:
        body = _("Too many attempts. Please wait a few minutes, then try again.")
    return HttpResponse(body, status=429, headers={"Retry-After": str(WINDOW)})
