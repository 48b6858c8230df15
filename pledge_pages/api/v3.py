"""What Wagtail's API v3 forgets, added by the means its framework offers; see DESIGN on previews.

Its redirects are everyone's to list, with the old addresses of pages that were public and the ids
of pages that never were. And some of its answers differ, for a token without rights, by whether a
page is hidden or is not there at all.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponseBase
from wagtail.api.v3.auth import BearerTokenAuth

from ..embargo.gate import may_serve
from ..embargo.models import GatedPage
from .access import MAX_ID, gated_page, is_staff

Run = Callable[..., Any]

_in_api: ContextVar[bool] = ContextVar("pledge_pages_in_api_v3", default=False)


def take_over() -> None:
    """Let every operation of API v3 know only what its reader may know. Before its URLs are read."""
    from wagtail.api.v3.api import api

    api.add_decorator(as_for_nobody, mode="view")
    api.add_decorator(to_nowhere, mode="operation")
    if apps.is_installed("wagtail.contrib.redirects"):
        hide_redirects()


def as_for_nobody(run: Run) -> Run:
    """Wrap an operation: for a page hidden from the token's user, ask for one that is not there.

    Only so is the answer the same, whatever the operation checks first.
    """

    @wraps(run)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_hidden_from(request, kwargs.get("page_id")):
            kwargs["page_id"] = MAX_ID
        token = _in_api.set(True)
        try:
            return run(request, *args, **kwargs)
        finally:
            _in_api.reset(token)

    return answer


def to_nowhere(view: Run) -> Run:
    """Wrap a view whose body names a page: one that is hidden from the user is not there."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        data = kwargs.get("data")
        for holder, name in ((data, "destination_id"), (getattr(data, "meta", None), "parent_id")):
            if is_hidden_from(request, getattr(holder, name, None)):
                setattr(holder, name, MAX_ID)
        return view(request, *args, **kwargs)

    return answer


def is_hidden_from(request: HttpRequest, page_id: Any) -> bool:
    """Return whether the page is gated, not public, and not for the token's user to see."""
    if not str(page_id).isdecimal() or BearerTokenAuth()(request) is None:
        return False
    found = gated_page(int(page_id))
    if found is None:  # or no gated page may be served at all, not even to staff
        return not may_serve() and GatedPage.objects.filter(pk=int(page_id)).exists()
    return not found[0].live and not is_staff(request.user, *found)


def hide_redirects() -> None:
    """Leave redirects to what is not public out of whatever API v3 reads."""
    from wagtail.contrib.redirects.models import Redirect

    manager = Redirect._default_manager
    stock = manager.get_queryset

    def get_queryset():
        rows = stock()
        if not _in_api.get():
            return rows
        hidden = GatedPage.objects.filter(page__live=False).values("page")
        return rows.exclude(redirect_page__in=hidden)

    # The manager that every plain Redirect.objects is.
    manager.get_queryset = get_queryset
