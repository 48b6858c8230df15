"""How large a request may be."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from pledge_pages.api import problems

CHUNK = 64 * 1024


class RequestSizeMiddleware:
    """Answers 413, with the limit, to a request that says it is larger than it may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer to ``request``, which is read only if it is not too large."""
        size = _announced(request)
        if size <= min(settings.REQUEST_MAX_SIZE_VISITOR, settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
            return self.get_response(request)
        limit = _limit(request)
        return self.get_response(request) if size <= limit else _refusal(request, limit)


def _announced(request: HttpRequest) -> int:
    """Django reads no more than this of a request, and nothing if it is missing."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _limit(request: HttpRequest) -> int:
    """Only a form with files may be larger than what is kept in memory."""
    if request.content_type != "multipart/form-data":
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.user.is_authenticated:
        return settings.REQUEST_MAX_SIZE
    return settings.REQUEST_MAX_SIZE_VISITOR


def _refusal(request: HttpRequest, limit: int) -> HttpResponseBase:
    _drain(request)
    most = filesizeformat(limit)
    if request.path_info.startswith("/api/"):
        detail = _("The request is too large: at most %(limit)s are allowed.") % {"limit": most}
        return problems.answer(problems.Refusal(413, detail))
    return render(request, "413.html", {"limit": most}, status=413)


def _drain(request: HttpRequest) -> None:
    """Throw away what is still coming: a browser that cannot finish sending shows no answer."""
    left = 4 * settings.REQUEST_MAX_SIZE
    try:
        while left > 0 and (chunk := request.read(CHUNK)):
            left -= len(chunk)
    except UnreadablePostError:
        return
