"""Codes are printed, replaced and revoked; villagers read by them."""

from __future__ import annotations

from pledge_pages.models import Pilot, VillageLink
from pledge_pages.village import links
from tests.chance import hands, village
from tests.chance.deeds.row import Data, deed, pick
from tests.chance.ground import BRANCHES
from tests.chance.machine import Chance
from tests.worlds import LANGUAGES


@deed(5)
def print_or_revoke(town: Chance, data: Data) -> None:
    """Somebody issues, replaces or revokes a code of a branch."""
    branch = pick(data, BRANCHES, "pilot")
    valid = town.model.codes.setdefault(branch, set())
    act = pick(data, ("issue", "issue", "rotate", "revoke"), "act") if valid else "issue"
    who = town.draw_person(data, f"editor_{branch.lower()}", "lead")
    person = town.model.people[who]
    allowed = person.leads or person.branch == branch
    pilot = Pilot.objects.get(code=branch)
    before = set(VillageLink.objects.values_list("pk", flat=True))
    if act == "issue":
        allowed = allowed and town.model.pilots[branch].stage != "ended" and len(valid) < links.MOST
        done = hands.done(lambda: links.issue(pilot, by=town.g.user(who)))
    else:
        chosen = VillageLink.objects.get(pk=pick(data, sorted(valid), "link"))
        change = {"rotate": links.rotate, "revoke": links.revoke}[act]
        done = hands.done(lambda: change(chosen, by=town.g.user(who), reason="by chance"))
        if done:
            valid.discard(chosen.pk)
    town.settle(f"code: {act}", f"{who} does {act} with a code of {branch}", done, allowed)
    valid |= set(VillageLink.objects.values_list("pk", flat=True)) - before
    town.over(*town.some_of([branch])[:1])


@deed(5)
def read_by_code(town: Chance, data: Data) -> None:
    """Villagers read, with every code there is and with none."""
    branch, language = pick(data, BRANCHES, "pilot"), pick(data, LANGUAGES, "language")
    town.settle("read by code", f"{branch} is read by its code in {language}", True, True)
    village.look(town.g, branch, language)
    town.over()
