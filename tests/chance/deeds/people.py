"""Members allow and take back; people with and without a role look."""

from __future__ import annotations

from datetime import timedelta

from tests.chance import eyes, hands
from tests.chance.deeds.row import Data, deed, pick
from tests.chance.machine import Chance
from tests.chance.model import ConsentState

LEVELS = ("full", "full", "surname_only", "none")


@deed(4)
def consent(town: Chance, data: Data) -> None:
    """Somebody records what a member allows."""
    code, who, allowed = whose(town, data)
    subject, level = pick(data, ("name", "photo"), "subject"), pick(data, LEVELS, "level")
    if (subject, level) == ("photo", "surname_only"):
        level = "none"
    days = pick(data, (None, None, 0, 2), "days")
    until = town.model.now.date() + timedelta(days=days) if days is not None else None
    record = pick(data, (hands.record_in_admin, hands.record_by_script), "way")
    done = record(town.g, code, who, subject, level, until)
    if town.settle("consent", f"{who} records {subject} {level} of {code}", done, allowed):
        setattr(town.model.members[code], subject, ConsentState(level, until))
    town.over(*town.pages_of(code))


@deed(3)
def take_consent_back(town: Chance, data: Data) -> None:
    """Somebody withdraws a member's consent."""
    code, who, allowed = whose(town, data)
    subject = pick(data, ("name", "photo"), "subject")
    take_back = pick(data, (hands.take_back_in_admin, hands.take_back_by_script), "way")
    done = take_back(town.g, code, who, subject)
    if town.settle("take back", f"{who} withdraws {subject} of {code}", done, allowed):
        setattr(town.model.members[code], subject, ConsentState("none"))
        # Everywhere at once, so that nothing is left to keep the pictures for.
        town.model.members[code].erased |= subject == "photo"
        town.model.unnamed |= {code} if subject == "name" else set()
    town.over(*town.pages_of(code))


def whose(town: Chance, data: Data) -> tuple[str, str, bool]:
    """Draw a member and who keeps their records, and say whether they may."""
    code = pick(data, sorted(town.model.members), "member")
    branch = town.model.members[code].branch
    who = town.draw_person(data, f"editor_{branch.lower()}")
    person = town.model.people[who]
    return code, who, person.leads or person.branch == branch


@deed(6)
def look(town: Chance, data: Data) -> None:
    """Somebody with or without a role looks at a page in admin and API."""
    page = town.draw_page(data, list(town.model.pages.values()))
    who = town.draw_person(data, town.editor_of(page), town.moderator_of(page), often=1)
    town.settle("look", f"{who} looks at {page}", True, True)
    eyes.look_as_staff(town.g, page, who)
    town.over()
