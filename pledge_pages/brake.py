"""Slows down whoever does something too often: counted in the cache, for a while, under no one's name."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import conf


@dataclass(frozen=True)
class Brake:
    """So many times from one place within so many seconds, and no more; then one has to wait."""

    name: str
    most: int
    window: int

    def holds(self, of: HttpRequest | str) -> bool:
        """Return whether it was done so often from where the request ``of`` comes that one has to wait.

        Or with what is called ``of``, from wherever.
        """
        return cache.get(self._key(of), 0) >= self.most

    def count(self, of: HttpRequest | str) -> None:
        """Count one more time."""
        key = self._key(of)
        cache.add(key, 0, self.window)
        try:
            cache.incr(key)
        except ValueError:  # its time ended between the two
            cache.add(key, 1, self.window)

    def _key(self, of: HttpRequest | str) -> str:
        """Return the key of the count: another one every day, from which no address can be told."""
        salt = f"pledge_pages.{self.name}.{timezone.localdate()}"
        whose = of if isinstance(of, str) else client_address(of)
        digest = salted_hmac(salt, whose, algorithm="sha256").hexdigest()
        return f"pledge_pages.{self.name}.{digest[:32]}"


def client_address(request: HttpRequest) -> str:
    """Return the network address that ``request`` comes from, behind the site's own proxies."""
    proxies = conf.get("TRUSTED_PROXIES")
    if proxies:
        passed = request.headers.get("x-forwarded-for", "").split(",")
        # Each proxy adds the one it was called from; what stands before may be made up.
        if len(passed) >= proxies and passed[-proxies].strip():
            return passed[-proxies].strip()
    return request.META.get("REMOTE_ADDR", "")
