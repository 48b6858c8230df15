"""Runs an action in a process of its own, which may be killed before a chosen statement.

The processes come from a fork server that has loaded everything already, so that one takes a
moment only. They get the database of the test by its settings.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

# The process dies with everything sent and nothing committed.
BEFORE_COMMIT = "before the commit"
# It dies with everything committed, and nothing done of what was to be done then.
AFTER_COMMIT = "after the commit"
PATIENCE = 120


@dataclass(frozen=True)
class End:
    """How a process ended: killed, or with an answer or an error."""

    killed: bool
    answer: Any = None
    error: str | None = None


def start() -> None:
    """Let the fork server load Django; children are forked from it later."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.races.loaded"])


def run(
    act: Callable, *args: Any, database: Mapping[str, Any], die_at: int | str | None = None
) -> End:
    """Do ``act(*args)`` in a new process on ``database`` (what differs of DATABASES' entry)."""
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(act, args, dict(database), die_at, theirs))
    process.start()
    theirs.close()
    try:
        said = ours.recv() if ours.poll(PATIENCE) else None
    except EOFError:
        said = None
    process.join(PATIENCE)
    if process.exitcode == -signal.SIGKILL:
        return End(killed=True)
    assert said is not None, f"the process ended with {process.exitcode}"
    return End(False, *said)


def _child(
    act: Callable, args: tuple, database: dict, die_at: int | str | None, pipe: Connection
) -> None:
    from django.db import connection, connections

    from pledge_pages.embargo import restored

    connections.settings["default"].update(database)
    connections.close_all()
    # It has private files of its own, without the marks of this database.
    restored.find = lambda using=None: None  # type: ignore[assignment]
    done = 0

    def watch(execute, sql, params, many, context):
        nonlocal done
        if done == die_at:
            _die()
        done += 1
        return execute(sql, params, many, context)

    commit = connection._commit

    def end():
        if die_at == BEFORE_COMMIT:
            _die()
        commit()
        if die_at == AFTER_COMMIT:
            _die()

    connection._commit = end
    answer = error = None
    with connection.execute_wrapper(watch):
        try:
            answer = act(*args)
        except Exception as raised:  # said to the test
            error = f"{type(raised).__name__}: {raised}"
    connections.close_all()
    pipe.send((answer, error))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# What they do: the arguments go from process to process -------------------------------------


def release(code: str, by: str) -> None:
    """Approve a pilot."""
    from pledge_pages.embargo.release import approve_pilots

    pilots, lead = _pilots_and_lead(code, by)
    approve_pilots(pilots, by=lead, reason="it has proved itself")


def suspend(code: str, by: str) -> None:
    """Suspend a pilot."""
    from pledge_pages.embargo.release import suspend_pilots

    pilots, lead = _pilots_and_lead(code, by)
    suspend_pilots(pilots, by=lead, reason="something is wrong")


def state_check(decision: int, by: str) -> None:
    """Confirm what a check found, as one of its checkers."""
    from django.contrib.auth.models import User

    from pledge_pages.appraisal.outcomes import make_statement
    from pledge_pages.models import OutcomeDecision

    found = OutcomeDecision.objects.get(pk=decision)
    make_statement(found, by=User.objects.get(username=by), agrees=True, text="I saw it.")


def accept_task(assignment: int, by: str) -> None:
    """Accept what a member was asked to take on."""
    from django.contrib.auth.models import User

    from pledge_pages.models import Assignment
    from pledge_pages.tasks.actions import accept

    accept(Assignment.objects.get(pk=assignment), by=User.objects.get(username=by))


def post(address: str, data: dict, session: str) -> tuple[int, str]:
    """Send a form as whoever has that session; return the status and what they are told."""
    from django.conf import settings
    from django.contrib.messages import get_messages
    from django.test import Client

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    response = client.post(address, data)
    told = [str(message) for message in get_messages(response.wsgi_request)]
    return response.status_code, response.content.decode() + " ".join(told)


def call(address: str, token: str, version: str) -> tuple[int, str]:
    """Post a decision on ``version`` to our API; return the status and the detail of the problem."""
    from django.test import Client

    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "zh-hans"}
    answer = Client(headers=headers).post(address, {"version": version}, "application/json")
    return answer.status_code, answer.json().get("detail", "")


def _pilots_and_lead(code: str, by: str):
    from django.contrib.auth.models import User

    from pledge_pages.models import Pilot

    return Pilot.objects.filter(code=code), User.objects.get(username=by)
