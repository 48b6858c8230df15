"""Leads and moderators take steps with pilots; scripts write stages where they should not."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.chance import hands
from tests.chance.deeds.row import Data, deed, pick
from tests.chance.ground import BRANCHES
from tests.chance.machine import Chance
from tests.chance.model import STAGES, VERBS

TAKE = {
    "script": hands.step_by_script,
    "command": hands.step_by_command,
    "admin": hands.step_in_admin,
}


@deed(3)
def any_step(town: Chance, data: Data) -> None:
    """Somebody takes any step with a pilot."""
    take(town, data, [pick(data, BRANCHES, "pilot")], pick(data, sorted(VERBS), "verb"))


@deed(8)
def next_step(town: Chance, data: Data) -> None:
    """A pilot is taken one step along its usual way, or hidden."""
    code = pick(data, BRANCHES, "pilot")
    pilot = town.model.pilots[code]
    usual = {
        "proposed": "agree", "agreed": "start", "quiet": "review", "suspended": "resume",
        "approved": "suspend", "ended": "propose",
        "reviewed": "approve" if pilot.concurred else "concur",
    }  # fmt: skip
    take(town, data, [code], usual[pilot.stage])


@deed(2)
def step_together(town: Chance, data: Data) -> None:
    """Several pilots move together, or none."""
    verb = pick(data, ("approve", "suspend", "resume"), "verb")
    able = [code for code in BRANCHES if town.model.pilots[code].stage in VERBS[verb][0]]
    anyhow = st.lists(st.sampled_from(BRANCHES), min_size=2, max_size=3, unique=True)
    codes = data.draw(st.just(able) if len(able) > 1 else anyhow, label="pilots")
    take(town, data, codes, verb, ways=("script", "command"))


def take(town: Chance, data: Data, codes: list[str], verb: str, ways=tuple(TAKE)) -> None:
    """Somebody takes a step with pilots, by one of the ways."""
    likely = f"moderator_{codes[0].lower()}" if verb == "concur" else "lead"
    who, way = town.draw_person(data, likely), pick(data, ways, "way")
    refusal = town.model.refusal(codes, verb, who)
    what = f"{who} takes {verb} with {codes} by {way} ({refusal or 'allowed'})"
    if town.settle(verb, what, TAKE[way](town.g, codes, verb, who), not refusal):
        town.model.take_step(codes, verb, who)
    town.over(*town.some_of(codes))


@deed(1)
def stage_by_hand(town: Chance, data: Data) -> None:
    """A script writes a stage into the pilot's row. None is opened that nobody decided to open."""
    code, stage = pick(data, BRANCHES, "pilot"), pick(data, STAGES, "stage")
    pilot = town.model.pilots[code]
    allowed = stage != "approved" or "approved" in (pilot.stage, pilot.decided)
    done = hands.set_stage(code, stage)
    if town.settle("stage by hand", f"{code} is set to {stage}", done, allowed):
        town.model.set_stage(code, stage, by_hand=True)
    town.over(*town.some_of([code]))
