"""About three hundred steps at random on each database; `make soak` takes as many as one likes."""

import os
import time
from datetime import UTC
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.chance import eyes
from tests.chance.machine import Chance, Tally
from tests.chance.record import Run, put_down

pytestmark = pytest.mark.django_db

STEPS = int(os.environ.get("CHANCE_STEPS", "300"))
MINUTES = float(os.environ.get("CHANCE_MINUTES", "600"))
# Where a long run is put down, if it is one.
RECORD = os.environ.get("CHANCE_RECORD")
QUICK = any(os.environ.get(name) for name in ("CHANCE_QUICK", "CI"))
# How many steps a run has before the town begins anew; long runs take turns.
LENGTHS = (50, 50, 150) if RECORD else (50,)
BATCH = 600


def play(steps: int, length: int) -> settings:
    """Return how chance plays."""
    return settings(
        max_examples=max(1, steps // length),
        stateful_step_count=length,
        deadline=None,
        # Other steps every time; a failure prints what happened, and how to play it again.
        derandomize=False,
        database=None,
        print_blob=True,
        report_multiple_bugs=False,
        # Finding the shortest story takes minutes: not where others wait for the result, nor for
        # who breaks things on purpose.
        phases=[Phase.generate] if QUICK else list(Phase),
        suppress_health_check=list(HealthCheck),
    )


def test_whatever_happens_everyone_sees_what_they_should(ground):
    eyes.look_everywhere(ground)
    Chance.ground, Chance.tally = ground, Tally()
    began, result = time.monotonic(), "failed"
    try:
        batch = 0
        while Chance.tally.steps < STEPS and time.monotonic() - began < MINUTES * 60:
            length = LENGTHS[batch % len(LENGTHS)]
            missing = STEPS - Chance.tally.steps
            run_state_machine_as_test(Chance, settings=play(min(missing, BATCH), length))
            batch += 1
            say(began)
        result = "passed"
        if not RECORD:
            print(Chance.tally)
    finally:
        if RECORD:
            run = Run(
                connection.vendor.replace("sqlite", "SQLite").replace("postgresql", "PostgreSQL"),
                time_machine.escape_hatch.datetime.datetime.now(tz=UTC).date(),
                Chance.tally,
                " and ".join(sorted({str(length) for length in LENGTHS}, key=int)),
                (time.monotonic() - began) / 60,
                result,
            )
            put_down(Path(RECORD), run)


def say(began: float) -> None:
    """Tell whoever waits how far it is."""
    minutes = (time.monotonic() - began) / 60
    print(
        f"{connection.vendor}: {Chance.tally.steps} of {STEPS} steps, {minutes:.1f} of at most "
        f"{MINUTES:.0f} minutes",
        flush=True,
    )
