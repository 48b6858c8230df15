"""One process of a site whose database is put back: does what it is told, prints what it saw.

Usage: python -m tests.embargo.one_process STEP…, with the site's settings in the environment. The
last line is a JSON list with what each step saw.
"""

import io
import json
import sys

import django

BOARD = "/zh-hans/work-plan/village-1/"


def build() -> dict:
    """Make a town of two branches, the first of which is public."""
    from tests.worlds import build_town

    town = build_town(members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    town.hold_branch("LSW")
    return {}


def look() -> dict:
    """Read a few surfaces as a visitor."""
    from django.test import Client

    # First one that asks nothing but whether a page is public.
    listed = Client().get("/api/v3-preview/pages/", {"type": "pledge_pages.BranchPage"})
    board = Client().get(BOARD)
    health = Client().get("/-/health/")
    return {
        "listed": listed.json()["count"],
        "board": board.status_code,
        "as nowhere": board.content == Client().get("/zh-hans/work-plan/nowhere/").content,
        "boards": Client().get("/api/v1/boards/").json()["count"],
        "health": health.status_code,
        "restore": health.json()["restore"],
    }


def suspend() -> dict:
    """Take a decision that a copy made before knows nothing of."""
    return {"said": command("pilot", "SGZ", "suspend", by="lead", reason="a complaint")}


def suspend_all() -> dict:
    """Do what a restore ends with."""
    return {"said": command("pilot", "suspend", all=True, by="admin", reason="restore")}


def release() -> dict:
    """Try to approve the other branch."""
    from django.core.management import CommandError

    command("pilot", "LSW", "agree", by="lead", reason="go on")
    command("pilot", "LSW", "start", by="lead", reason="go on")
    command("pilot", "LSW", "review", by="lead", reason="go on")
    command("pilot", "LSW", "concur", by="moderator_lsw", reason="go on")
    try:
        return {"said": command("pilot", "LSW", "approve", by="lead", reason="go on")}
    except CommandError as error:
        return {"refused": str(error)}


def confirm() -> dict:
    """Confirm the database."""
    return {"said": command("confirm_restore", by="lead", reason="looked at each pilot")}


def command(*words: str, **options) -> str:
    """Run a management command and return what it printed, in English."""
    from django.core.management import call_command
    from django.utils.translation import override

    out = io.StringIO()
    with override("en"):
        call_command(*words, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


STEPS = {step.__name__: step for step in (build, look, suspend, suspend_all, release, confirm)}

if __name__ == "__main__":
    django.setup()
    print(json.dumps([STEPS[name]() for name in sys.argv[1:]]))
