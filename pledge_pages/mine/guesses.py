"""Slows down whoever tries passwords: from one place, and for one account from wherever."""

from django.http import HttpRequest

from ..brake import Brake

WINDOW = 10 * 60

_PLACE = Brake("sign-in", 20, WINDOW)
_ACCOUNT = Brake("sign-in-account", 10, WINDOW)


def too_many(request: HttpRequest) -> bool:
    """Return whether so much was tried that ``request`` has to wait, whatever it says."""
    return _PLACE.holds(request) or _ACCOUNT.holds(_named(request))


def count(request: HttpRequest) -> None:
    """Count a wrong password, or a link that opens nothing."""
    _PLACE.count(request)
    if name := _named(request):
        _ACCOUNT.count(name)


def _named(request: HttpRequest) -> str:
    """Return the account that was tried, however it was spelt; empty if none was."""
    return request.POST.get("username", "").strip().casefold()[:150]
