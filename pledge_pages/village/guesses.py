"""Slows down whoever tries addresses: counted in the cache, for minutes, under no one's name."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .. import conf

# Wrong addresses from one place within so many seconds; then none is looked up for a while.
MOST = 20
WINDOW = 10 * 60


def too_many(request: HttpRequest) -> bool:
    """Return whether so much was guessed from where ``request`` comes that it has to wait."""
    return cache.get(_key(request), 0) >= MOST


def count(request: HttpRequest) -> None:
    """Count an address that never was any link's."""
    key = _key(request)
    cache.add(key, 0, WINDOW)
    try:
        cache.incr(key)
    except ValueError:  # its time ended between the two
        cache.add(key, 1, WINDOW)


def client_address(request: HttpRequest) -> str:
    """Return the network address that ``request`` comes from, behind the site's own proxies."""
    proxies = conf.get("TRUSTED_PROXIES")
    if proxies:
        passed = request.headers.get("x-forwarded-for", "").split(",")
        # Each proxy adds the one it was called from; what stands before may be made up.
        if len(passed) >= proxies and passed[-proxies].strip():
            return passed[-proxies].strip()
    return request.META.get("REMOTE_ADDR", "")


def _key(request: HttpRequest) -> str:
    """Return the key of the count: another one every day, from which no address can be told."""
    salt = f"pledge_pages.village.guess.{timezone.localdate()}"
    digest = salted_hmac(salt, client_address(request), algorithm="sha256").hexdigest()
    return f"pledge_pages.guess.{digest[:32]}"
