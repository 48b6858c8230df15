"""What a request asks for, and the addresses the answers hold."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Schema
from wagtail.api.utils import get_full_url

from ..labels import content_languages
from .problems import bad_input

NAMESPACE = "pledge_pages_api_v1"


def only_known(request: HttpRequest, *schemas: type[Schema]) -> None:
    """Refuse (422) a request with a query parameter that none of ``schemas`` knows."""
    known = sorted({name for schema in schemas for name in schema.model_fields})
    unknown = sorted(set(request.GET) - set(known))
    if unknown:
        message = _("There is no such parameter.")
        if known:
            message = _("There is no such parameter. There are: %(known)s.") % {
                "known": ", ".join(known)
            }
        raise bad_input((name[:64], message) for name in unknown)


def checked_language(code: str | None) -> str | None:
    """Return ``code`` if the site has content in that language; refuse (422) it otherwise."""
    codes = [known for known, _name in content_languages()]
    if code is not None and code not in codes:
        raise bad_input([("language", _("One of: %(known)s.") % {"known": ", ".join(codes)})])
    return code


def preferred(languages: list[str], wanted: str | None) -> str | None:
    """Return ``wanted``, or the site's own language, or any; None if there is none of them."""
    if wanted is not None:
        return wanted if wanted in languages else None
    if settings.LANGUAGE_CODE in languages:
        return settings.LANGUAGE_CODE
    return min(languages, default=None)


def absolute(request: HttpRequest, path: str | None) -> str | None:
    """Return the whole address for a path on this site; None stays None."""
    return get_full_url(request, path) if path else None


def api_url(request: HttpRequest, view: str, *args: str | int, **query: str | int) -> str:
    """Return the whole address of one of this API's views."""
    path = reverse(f"{NAMESPACE}:{view}", args=args)
    if query:
        path += "?" + urlencode(query)
    return get_full_url(request, path)
