"""Switches off every guard, one at a time, and runs the tests that should notice.

    python -m tests.embargo.mutation [--only WORD] [--new] [--first] [--jobs N] [--write]
    python -m tests.embargo.mutation --scout [--jobs N]

For each guard the likeliest tests run first, and then more; the first that fails is named. With
``--write`` each outcome goes into docs/reference/mutation.md as it comes, in the place of the last one
of that guard; ``--new`` leaves out those that are noticed there already. With ``--first`` only the
likeliest tests run, and only what is noticed is written. On PostgreSQL: prefix ``.ci/with-postgres``,
and leave ``--jobs`` at 1.

``--scout`` runs the tests once and notes in met.json which of them meet which guard.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import django

ROOT = Path(__file__).resolve().parents[3]
# What is not asked which guards it meets: what runs for long, in other processes, or in a browser.
NOT_SCOUTED = (
    "chance", "races", "journeys", "demo", "house", "hardening", "wheel",
    # Thousands, which meet almost everything.
    "embargo/test_ways.py", "embargo/test_surfaces.py", "embargo/test_restored.py",
)  # fmt: skip


def main() -> int:
    """Run, print a line for each guard, and return 1 if one was not missed by any test."""
    options = parse()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    from django.db import connection

    from tests.embargo.mutation import page
    from tests.embargo.mutation.bench import Bench
    from tests.embargo.mutation.guards import guards_on

    if options.scout:
        return scout(options.jobs)
    known = page.noticed(connection.vendor) if options.new else set()
    listed = guards_on(connection.vendor)
    chosen = [
        replace(guard, tests=guard.tests[:1]) if options.first else guard
        for guard in listed
        if options.only in guard.target and guard.target not in known
    ]
    outcomes = []
    with TemporaryDirectory() as folder, ExitStack() as stack:
        bench = Bench(Path(folder), options.jobs, stack)
        for outcome in bench.switch_off_each(chosen):
            print(f"{'noticed' if outcome.noticed_by else 'NOT NOTICED':11}  {outcome.target}"
                  f"  {outcome.noticed_by}", flush=True)  # fmt: skip
            outcomes.append(outcome)
            if options.write and (outcome.noticed_by or not options.first):
                page.put_down(connection.vendor, outcome, [guard.target for guard in listed])
    lost = [outcome for outcome in outcomes if not outcome.noticed_by]
    print(f"{len(outcomes)} guards, {len(lost)} not noticed")
    return 1 if lost else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="guards with this in their name")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument(
        "--new", action="store_true", help="guards that are not noticed on the page"
    )
    parser.add_argument("--first", action="store_true", help="only the likeliest tests of each")
    parser.add_argument("--write", action="store_true", help="write docs/reference/mutation.md")
    parser.add_argument("--scout", action="store_true", help="note which test meets which guard")
    return parser.parse_args()


def scout(jobs: int) -> int:
    """Run the tests once, and write down which of them meet which guard."""
    from tests.embargo.mutation import scouting
    from tests.embargo.mutation.guards import GUARDS, refusal_guards

    targets = [guard.target for guard in (*GUARDS, *refusal_guards())]
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", scouting.__name__, "-p", "no:cacheprovider",
             "-p", "no:randomly", "-q", "--tb=no", f"-n{jobs}", *(f"--ignore=tests/{room}" for room in NOT_SCOUTED)],
            cwd=ROOT, env=os.environ | {"PLEDGE_PAGES_SCOUT": folder}, check=False,
        )  # fmt: skip
        scouting.write_who_met_them(Path(folder), targets)
    unmet = [target for target in targets if target not in scouting.met_by()]
    print(f"{len(unmet)} guards are met by no test", *unmet, sep="\n")
    return done.returncode or bool(unmet)


if __name__ == "__main__":
    sys.exit(main())
