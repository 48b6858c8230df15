"""Takes over what the file says became of pledges, as far as it was known on the day."""

from collections.abc import Iterator
from datetime import date

from pledge_pages.appraisal.branch_outcomes import PastBranchOutcome, import_branch_outcomes
from pledge_pages.appraisal.importing import PastOutcome, import_outcomes
from pledge_pages.boards.content import OUTCOMES
from pledge_pages.people.models import Member
from pledge_pages.pilots.models import Pilot

from .sample import LANGUAGES, Sample, day, key_of, text_of
from .story import PledgeStory


def take_over(stories: Iterator[PledgeStory], members: dict[str, Member], *, by) -> int:
    """Take over the outcomes of ``stories`` as decisions; return how many there are.

    The file has two checkers for each, the day, how it was checked and the reply. It has neither
    their statements nor when the member was told: each decision says so.
    """
    past = [_past(story, members) for story in stories if story.outcome]
    return len(import_outcomes(past, by=by))


def take_over_of_branches(sample: Sample, on: date, pilots: dict[str, Pilot], *, by) -> int:
    """Take over the outcomes of pledges of the branches; return how many there are.

    The file says neither when nor by whom they were found: they are known from the day it was
    closed, and each says so.
    """
    past = [
        PastBranchOutcome(pilot, key_of(record["id"]), record["cycle"], record["progress"])
        for code, pilot in pilots.items()
        for record in sample.branch_pledges_of(code)
        if record["progress"] in OUTCOMES and record["cycle"] <= on.year and on >= sample.on
    ]
    return len(import_branch_outcomes(past, by=by))


def _past(story: PledgeStory, members: dict[str, Member]) -> PastOutcome:
    record, outcome = story.record, story.outcome or {}
    codes = outcome["checked_by"]
    own = [code for code in codes if code.startswith(record["village"])]
    return PastOutcome(
        member=members[record["member"]],
        key=key_of(record["id"]),
        year=record["cycle"],
        outcome=outcome["state"],
        checked_on=day(outcome["checked_on"]),
        method={code: text_of(outcome, "method", code) for code in LANGUAGES},
        reason=_said({code: story.reason(code) for code in LANGUAGES}),
        reply=_said({code: story.reply(code)[0] for code in LANGUAGES}),
        replied_on=story.reply("en")[1],
        checkers=tuple(members[code] for code in own if code in members),
        # Fewer people than the file has are loaded for tests.
        unknown=tuple(code for code in own if code not in members),
        outsiders=tuple(code for code in codes if code not in own),
    )


def _said(texts: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}
