"""Pages are copied, mirrored, moved and published by the dozen: hardly anything may come of it.

Whether it was done is what the tree says afterwards: a form that is shown again says nothing.
"""

from __future__ import annotations

from wagtail.models import Page

from tests.chance import tree
from tests.chance.deeds.row import Data, deed, pick
from tests.chance.machine import Chance
from tests.chance.model import MEMBER, PageState
from tests.worlds import LANGUAGES


def everywhere(town: Chance) -> list[PageState]:
    """Return all pages, mirrors as well."""
    return list(town.model.pages.values())


def draw_place(town: Chance, data: Data, page: PageState) -> tuple[Page, PageState | None]:
    """Draw a page below which ``page`` could stand: a gated one, or the front page.

    Not itself or what is below it: Wagtail refuses that before anybody else is asked.
    """
    own = [page, *town.model.descendants(page)]
    places = [p for p in everywhere(town) if p.kind != MEMBER and p not in own]
    places.sort(key=lambda place: place.pk)
    place = pick(data, [*places, None], "place")
    if place is None:
        return Page.objects.get(pk=town.g.town.home["zh-hans"].pk), None
    return town.g.page(place), place


@deed(2)
def copy(town: Chance, data: Data) -> None:
    """Somebody copies a page: there is one for each member or branch and language, so nobody can."""
    page = town.draw_page(data, everywhere(town))
    to, place = draw_place(town, data, page)
    who = town.draw_person(data, town.editor_of(page), "admin")
    way, before = pick(data, ("script", "admin", "v3"), "way"), tree.picture()
    refused = not tree.copy(town.g, page, who, way, to)
    assert refused or way == "admin", f"{who} copied {page} by {way}"
    what = f"{who} copies {page} below {place or 'the front page'} by {way}"
    town.settle("copy", what, tree.picture() != before, False)
    town.over(page)


@deed(4)
def mirror(town: Chance, data: Data) -> None:
    """Somebody makes an alias: it can stand where the branch has no such page yet, as a draft."""
    missing = [page for page in town.pages(MEMBER) if free_place(town, page) is not None]
    pages = pick(data, (missing or everywhere(town), everywhere(town)), "which")
    page = town.draw_page(data, pages)
    who = town.draw_person(data, town.editor_of(page), "admin")
    way = pick(data, ("script", "script", "translation", "admin", "v3"), "way")
    language = next(code for code in LANGUAGES if code != page.language)
    free = free_place(town, page)
    to, place = draw_place(town, data, page)
    if free is not None and pick(data, (True, True, False), "where it belongs"):
        to, place = town.g.page(free), free
    before = tree.picture()
    tree.mirror(town.g, page, who, way, to, language)
    # Wagtail finds the place of a translation by itself; all but scripts stay in one language.
    fits = free is not None and (way == "translation" or (way == "script" and place is free))
    what = f"{who} mirrors {page} below {place or 'the front page'} by {way}"
    town.settle("mirror", what, tree.picture() != before, fits)
    town.over(page, *([free] if free else []))


def free_place(town: Chance, page: PageState) -> PageState | None:
    """Return the board in the other language, if the page's member has no page there yet."""
    if page.kind != MEMBER or len(town.pages_of(page.member)) > 1:
        return None
    return next(
        board
        for board in everywhere(town)
        if board.branch == page.branch and board.kind != MEMBER and board.language != page.language
    )


@deed(2)
def move(town: Chance, data: Data) -> None:
    """Somebody moves a page: a page of a pilot stays where it was made."""
    page = town.draw_page(data, everywhere(town))
    to, place = draw_place(town, data, page)
    who = town.draw_person(data, town.editor_of(page), "admin")
    way, before = pick(data, ("script", "admin", "order", "v3"), "way"), tree.picture()
    tree.move(town.g, page, who, way, to)
    what = f"{who} moves {page} below {place or 'the front page'} by {way}"
    town.settle("move", what, tree.picture() != before, False)
    town.over(page, *filter(None, [place]))


@deed(2)
def publish_ticked(town: Chance, data: Data) -> None:
    """Somebody ticks pages in a list and publishes them: nothing goes public by that."""
    ticked = [
        town.draw_page(data, everywhere(town)) for _time in range(pick(data, (1, 3), "count"))
    ]
    who = town.draw_person(data, town.editor_of(ticked[0]), "admin")
    below, before = pick(data, (False, True), "below"), tree.picture()
    tree.publish_ticked(town.g, ticked, who, below=below)
    what = f"{who} publishes {', '.join(map(str, ticked))}{' and all below' if below else ''}"
    town.settle("publish ticked", what, tree.picture() != before, False)
    town.over(*ticked)
