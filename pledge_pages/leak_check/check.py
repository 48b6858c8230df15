"""Begins a leak check, runs it, and keeps what came of it."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..pilots.roles import led_programmes
from . import forms, inside, interfaces, signing_in  # noqa: F401 - put their surfaces into the list
from .models import LeakCheck
from .needles import all_needles
from .surfaces import SURFACES, Scene
from .visitor import SiteVisitor, Visitor, WebVisitor
from .walking import MENTIONED, Finding, Walk, all_asked

# Reports that are kept.
KEPT = 50
# Findings that are kept of one check; beyond, their number.
MOST_FINDINGS = 1000
# Seconds between two notes of how far it is.
PULSE = 1.0

Watch = Callable[[LeakCheck], None]


def may_check(user: User) -> bool:
    """Return whether ``user`` may begin leak checks and read their reports: leads, superusers."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or led_programmes(user).exists()


def begin(*, by: User | None, source: str, base_url: str = "") -> LeakCheck:
    """Note a new check that is about to run. ``by`` may be nobody on the command line only.

    Raises PermissionDenied; ValidationError if one is running, or if ``base_url`` is no address.
    """
    if (by is None and source != LeakCheck.Source.COMMAND) or (
        by is not None and not may_check(by)
    ):
        raise PermissionDenied(_("Only programme leads and administrators may check for leaks."))
    if base_url:
        try:
            base_url = WebVisitor(base_url).base
        except ValueError as error:
            raise ValidationError(str(error), code="base_url") from error
    with transaction.atomic():
        rows = list(LeakCheck.objects.select_for_update().order_by("-started_at"))
        if any(row.is_running for row in rows):
            raise ValidationError(_("A leak check is running. Wait until it is done."), "running")
        check = LeakCheck.objects.create(started_by=by, source=source, base_url=base_url)
        kept = LeakCheck.objects.order_by("-started_at", "-pk").values_list("pk", flat=True)[:KEPT]
        LeakCheck.objects.exclude(pk__in=list(kept)).delete()
    return check


def run(check: LeakCheck, *, visitor: Visitor | None = None, watch: Watch | None = None) -> None:
    """Do what ``check`` is to do, and keep what was found with it.

    ``watch`` is told each time there is progress. An error is noted and raised again.
    """
    try:
        _run(check, visitor, Pulse(check, watch))
    except BaseException as error:
        check.problem = f"{type(error).__name__}: {error}"[:2000]
        check.save()
        raise
    check.finished_at = check.heard_of_at = timezone.now()
    check.save()
    if watch is not None:
        watch(check)


class Pulse:
    """Tells how far a check is, in the database and to whoever watches."""

    def __init__(self, check: LeakCheck, watch: Watch | None) -> None:
        self.check, self.watch = check, watch
        self.last = 0.0

    def beat(self, done: int, total: int, stage: str, addresses: int) -> None:
        """Note how far it is, now and then."""
        check = self.check
        check.done, check.total, check.stage = done, total, stage
        check.addresses = addresses
        if self.watch is not None:
            self.watch(check)
        if time.monotonic() - self.last >= PULSE:
            self.last = time.monotonic()
            check.heard_of_at = timezone.now()
            check.save(update_fields=["done", "total", "stage", "addresses", "heard_of_at"])


def _run(check: LeakCheck, visitor: Visitor | None, pulse: Pulse) -> None:
    pulse.beat(0, 0, "preparing", 0)
    needles, check.too_short = all_needles()
    check.needles = len(needles)
    if visitor is None:
        visitor = WebVisitor(check.base_url) if check.base_url else SiteVisitor()
    walk, scene = Walk(visitor, needles), Scene(needles)
    rows = [*_walk(walk, scene, pulse), *_look_inside(walk, pulse)]
    for host in scene.unreachable:
        walk.note(Finding("pages", "unreachable", detail={"host": host}))
    check.surfaces, check.addresses = rows, walk.addresses
    keep(check, walk.findings.values())


def _walk(walk: Walk, scene: Scene, pulse: Pulse) -> Iterator[dict]:
    """Read all that is asked on every surface; yield a row of the report for each."""
    plans = []
    for entry in SURFACES:
        asks = entry.asks(scene)
        plans.append((entry, None if asks is None else list(asks)))
    left = sum(len(asks) for _entry, asks in plans if asks)
    done = 0
    for entry, asks in plans:
        begun, first = time.monotonic(), walk.addresses
        if asks is not None:
            left -= len(asks)
            for more in all_asked(walk, entry.name, asks, entry.most):
                done += 1
                pulse.beat(done, done + more + left, entry.name, walk.addresses)
        yield {
            "name": entry.name,
            "state": "absent" if asks is None else "checked",
            "addresses": walk.addresses - first,
            "seconds": round(time.monotonic() - begun, 1),
        }


def _look_inside(walk: Walk, pulse: Pulse) -> Iterator[dict]:
    """Look at what no visitor sees; yield a row of the report for each part."""
    check = pulse.check
    for name, look in ((inside.DATABASE, inside.database), (inside.FILES, inside.files)):
        begun = time.monotonic()
        pulse.beat(check.done, check.total, name, walk.addresses)
        for finding in look():
            walk.note(finding)
        seconds = round(time.monotonic() - begun, 1)
        yield {"name": name, "state": "checked", "addresses": 0, "seconds": seconds}


def keep(check: LeakCheck, findings: Iterable[Finding]) -> None:
    """Put ``findings`` into ``check``, certain ones first; nothing is saved."""
    found = sorted(
        findings,
        key=lambda one: (not one.certain, one.what == MENTIONED, one.surface, one.what, one.key),
    )
    check.certain = sum(one.certain for one in found)
    check.possible = sum(not one.certain and one.what != MENTIONED for one in found)
    check.mentioned = len(found) - check.certain - check.possible
    check.findings = [asdict(one) for one in found[:MOST_FINDINGS]]
