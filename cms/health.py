"""Whether this process can serve: its database, its cache, and the gate's triggers."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pledge_pages.embargo import restored, triggers

logger = logging.getLogger(__name__)


def database() -> str | None:
    """Return None if the database answers; raises what its driver raises otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def shared_cache() -> str | None:
    """Return None if what is put into the cache comes out again."""
    cache.set("health", "ok", timeout=10)
    return None if cache.get("health") == "ok" else "lost what was put in"


def embargo() -> str | None:
    """Return None if all triggers of the gate are in place, else which are missing."""
    missing = triggers.missing()
    return f"missing: {', '.join(missing)}" if missing else None


def audit_trail() -> str | None:
    """Return None if nobody can change a line of the audit trail, else the triggers missing."""
    missing = triggers.missing_trail()
    return f"missing: {', '.join(missing)}" if missing else None


def restored_database() -> str | None:
    """Return None unless the database was put back from a copy and nobody has confirmed it."""
    return None if restored.verified() else "waits for a confirmation"


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": database,
    "cache": shared_cache,
    "embargo": embargo,
    "trail": audit_trail,
    "restore": restored_database,
}


def outcome(name: str, check: Callable[[], str | None]) -> str:
    """Return "ok" or what is wrong. An error's own words may hold secrets: they are logged."""
    try:
        return check() or "ok"
    except Exception:
        logger.exception("Health check %s failed", name)
        return "failed, see the log"


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 if every check is well, 503 otherwise, with one line for each."""
    results = {name: outcome(name, check) for name, check in CHECKS.items()}
    healthy = all(result == "ok" for result in results.values())
    return JsonResponse(results, status=200 if healthy else 503)
