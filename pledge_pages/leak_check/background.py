"""Runs a leak check while the browser goes on: by the site's task worker, or in a thread."""

import logging
from threading import Thread

from django.db import close_old_connections, connections
from django_tasks import task
from django_tasks.backends.dummy import DummyBackend
from django_tasks.backends.immediate import ImmediateBackend

from . import check as checks
from .models import LeakCheck

logger = logging.getLogger(__name__)


@task()
def run_in_task(check_id: int) -> None:
    """Run the check with that id."""
    checks.run(LeakCheck.objects.get(pk=check_id))


def start(check: LeakCheck) -> None:
    """Run ``check`` without waiting for it.

    A worker does it if the site has one; else a thread of this process.
    """
    if isinstance(run_in_task.get_backend(), (ImmediateBackend, DummyBackend)):
        Thread(target=run_in_thread, args=[check.pk], daemon=True).start()
    else:
        run_in_task.enqueue(check.pk)


def run_in_thread(check_id: int) -> None:
    """Run the check with that id, with connections of its own."""
    close_old_connections()
    try:
        checks.run(LeakCheck.objects.get(pk=check_id))
    except Exception:
        logger.exception("The leak check %s was broken off", check_id)
    finally:
        connections.close_all()
