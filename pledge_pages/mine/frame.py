"""What a member's own pages have in common: who may read them, their frame and their headers.

Rooms above add sections of their own: they :func:`register` them when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from ..labels import content_languages
from ..people import accounts
from ..people.models import Member
from ..people.naming import full_name
from ..village.answers import seal

View = Callable[..., HttpResponseBase]

READING: Sequence[str] = ("GET", "HEAD")
WRITING: Sequence[str] = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class Section:
    """One of a member's own pages, as the menu names it."""

    name: str
    label: Promise


_sections: list[Section] = [
    Section("home", gettext_lazy("My pledges")),
    Section("tasks", gettext_lazy("Tasks offered to you")),
    Section("seen", gettext_lazy("How others see me")),
    Section("outcomes", gettext_lazy("Outcomes")),
    Section("consent", gettext_lazy("What may be shown")),
    Section("points", gettext_lazy("My points")),
    Section("reviews", gettext_lazy("Year-end reviews")),
]


def register(section: Section) -> None:
    """Offer ``section`` in the menu; ``section.name`` is an address of this room's."""
    if section not in _sections:
        _sections.append(section)


def sealed(view: View) -> View:
    """Let ``view`` answer in the language of its address; nothing is kept, indexed or told on.

    The view is not given the language. What is not found is the site's own 404.
    """

    @wraps(view)
    @sensitive_post_parameters()
    def answer(request: HttpRequest, language: str, *args, **kwargs) -> HttpResponseBase:
        if language not in dict(content_languages()):
            raise Http404
        with translation.override(language):
            response: Any = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        response.headers["Content-Language"] = language
        # With "no-referrer" a browser would not say where a form comes from.
        response.headers["Referrer-Policy"] = "same-origin"
        seal(response)
        return response

    return answer


def own_page(view: View, *, methods: Sequence[str] = READING) -> View:
    """Let ``view(request, member, …)`` answer to the account of a member, about that member only.

    Everybody else is asked to sign in, whatever is at the address.
    """

    @sealed
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        member = member_of(request)
        if member is None:
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{address('sign_in')}?{query}")
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        return view(request, member, *args, **kwargs)

    return answer


def member_of(request: HttpRequest) -> Member | None:
    """Return the member whose account reads ``request``, None if it is nobody's."""
    return accounts.member_of(request.user)


def account_of(request: HttpRequest) -> User:
    """Return the account that reads one of its own pages."""
    return cast(User, request.user)


def address(name: str, *args: object) -> str:
    """Return the address of one of these pages in the language that is spoken now."""
    return reverse(f"pledge_mine:{name}", args=[translation.get_language(), *args])


def shown(
    request: HttpRequest,
    member: Member | None,
    template: str,
    context: dict[str, Any],
    *,
    section: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return one of the pages in its frame, with the menu if ``member`` is in."""
    context = {**frame_of(request, member, section), **context}
    return render(request, f"pledge_pages/mine/{template}", context, status=status)


def frame_of(request: HttpRequest, member: Member | None, section: str = "") -> dict[str, Any]:
    """Return what the base template of these pages shows around each of them."""
    menu = _sections if member is not None else []
    return {
        "member": member,
        "own_name": full_name(member, translation.get_language()) if member else "",
        "unconfirmed": member and not member.account_is_confirmed and accounts.unconfirmed(),
        "languages": _switch(request),
        "sign_out_url": address("sign_out"),
        "sections": [
            {"url": address(one.name), "label": one.label, "current": one.name == section}
            for one in menu
        ],
    }


def _switch(request: HttpRequest) -> list[dict[str, str | None]]:
    """Return the links to the same page in the other languages."""
    current = translation.get_language()
    _language, _slash, rest = request.path.removeprefix("/").partition("/")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return [
        {
            "code": code,
            "name": translation.get_language_info(code)["name_local"],
            "url": None if code == current else f"/{code}/{rest}{query}",
        }
        for code, _name in content_languages()
    ]
