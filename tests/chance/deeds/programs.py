"""What happens without a person: time, the scheduler, translations, and attacks by script."""

from __future__ import annotations

from tests.chance import hands, tries
from tests.chance.deeds.row import Data, deed, pick
from tests.chance.machine import Chance
from tests.chance.model import BOARD, MEMBER, PageState
from tests.embargo.ways.row import Unfit
from tests.worlds import LANGUAGES


@deed(3)
def time_passes(town: Chance, data: Data) -> None:
    """Nobody does anything for a while."""
    town.pass_time(pick(data, (1, 6, 26, 50), "hours"))
    town.settle("time passes", "time passes", True, True)
    town.over(*town.model.public_pages()[:1])


@deed(5)
def scheduler(town: Chance, data: Data) -> None:
    """The scheduler runs, at once or after a while."""
    town.pass_time(pick(data, (0, 6, 31), "hours"))
    dated = [p for p in town.model.pages.values() if p.scheduled or (p.public and p.public.ends)]
    if town.settle("scheduler", "the scheduler runs", hands.run_scheduler(), True):
        town.model.run_scheduler()
    town.over(*dated)


@deed(1)
def purge(town: Chance, data: Data) -> None:
    """Old versions are deleted."""
    town.settle("purge", "versions are purged", hands.purge(), True)
    town.over()


@deed(1, when=lambda town: [page for page in town.pages() if page.approved])
def tamper(town: Chance, data: Data) -> None:
    """A script alters the kept copy of what was approved: it is not to be published any more."""
    page = town.draw_page(data, [page for page in town.pages() if page.approved])
    if town.settle("tamper", f"what was approved of {page} is altered", hands.tamper(page), None):
        page.altered = True
    town.over(page)


@deed(3)
def translate(town: Chance, data: Data) -> None:
    """A page's words are carried over into the other language, and published if it went by that."""
    page = town.draw_page(data, town.pages(BOARD, MEMBER))
    by = pick(data, [*[town.editor_of(page)] * 3, *sorted(town.model.people), None], "by")
    done = hands.translate(town.g, page, by, publish=pick(data, (True, False), "publish"))
    town.settle("translate", f"{page} is translated by {by}", done, None)
    town.over(page, *(other for other in town.pages_of(page.member) if other.member))


@deed(1)
def synchronize(town: Chance, data: Data) -> None:
    """Mirrors are made of what has no translation."""
    language = pick(data, LANGUAGES, "language")
    town.settle("synchronize", f"trees follow {language}", hands.synchronize(language), None)
    town.over(*mirrors(town))


def mirrors(town: Chance) -> list[PageState]:
    """Return the aliases."""
    return [page for page in town.model.pages.values() if page.is_alias]


@deed(2, when=mirrors)
def convert(town: Chance, data: Data) -> None:
    """Somebody makes a page of its own of a mirror."""
    page = town.draw_page(data, mirrors(town))
    who = town.draw_person(data, town.editor_of(page))
    done = hands.convert_alias(town.g, page, who)
    allowed = None if town.model.edits(who, page) else False
    town.settle("convert", f"{who} converts {page}", done, allowed)
    town.over(page)


@deed(8, when=lambda town: tries.members_with_page(town.g))
def attack(town: Chance, data: Data) -> None:
    """Somebody tries a way of the catalogue; whatever it did is undone."""
    member = pick(data, tries.members_with_page(town.g), "member")
    way = pick(data, tries.ways_for(town.g, member), "way")
    # What an administrator may do, an editor is tried with only, and the other way round.
    actor = pick(data, way.actors, "actor")
    try:
        leaks = tries.attempt(town.g, way, actor, member)
    except Unfit:
        leaks = []
        town.settle("attack that does not fit", way.name, False, False)
    else:
        town.settle("attack", way.name, True, True)
    assert leaks == [], f"{way.name}: {leaks}"
    town.over(*(page for page in town.pages(MEMBER) if page.member == member))
