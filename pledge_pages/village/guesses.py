"""Slows down whoever tries addresses."""

from django.http import HttpRequest

from ..brake import Brake

# Wrong addresses from one place within so many seconds; then the next wrong ones have to wait.
MOST = 20
WINDOW = 10 * 60

_BRAKE = Brake("guess", MOST, WINDOW)


def too_many(request: HttpRequest) -> bool:
    """Return whether so much was guessed from where ``request`` comes that it has to wait."""
    return _BRAKE.holds(request)


def count(request: HttpRequest) -> None:
    """Count an address that never was any link's."""
    _BRAKE.count(request)
