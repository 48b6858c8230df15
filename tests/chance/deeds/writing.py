"""Editors and scripts write: drafts, other words over older ones, new pages, none at all."""

from __future__ import annotations

from datetime import timedelta

from tests.chance import hands
from tests.chance.deeds.row import Data, deed, pick
from tests.chance.machine import Chance
from tests.chance.model import BOARD, MEMBER, PROGRAMME, PageState

HOURS = (None, None, None, None, 5, 30, 80)


@deed(8)
def write(town: Chance, data: Data) -> None:
    """A script saves a draft, by somebody or nobody, with or without dates."""
    page = town.draw_page(data, town.pages())
    by = pick(data, [*[town.editor_of(page)] * 5, *sorted(town.model.people), None], "by")
    done = hands.write_by_script(town.g, page, by, town.g.mark(), **draw_dates(town, data),
                                 photo=pick(data, (True, False), "photo"))  # fmt: skip
    town.settle("write", f"{by} writes {page}", done, True)
    town.over(page)


def draw_dates(town: Chance, data: Data) -> dict:
    """Draw when a version is to go live and to expire; most have neither date."""
    starts, ends = pick(data, HOURS, "starts in"), pick(data, HOURS, "ends after")
    first = town.model.now + timedelta(hours=starts or 0)
    return {
        "starts": first if starts else None,
        "ends": first + timedelta(hours=ends) if ends else None,
    }


@deed(4, when=lambda town: town.pages(MEMBER))
def edit(town: Chance, data: Data) -> None:
    """Somebody sends the editor's form, with or without the publish button it does not have."""
    page = town.draw_page(data, town.pages(MEMBER))
    who = town.draw_person(data, town.editor_of(page))
    publish = pick(data, (False, False, True), "publish")
    buttons = {"action-publish": "1"} if publish else {}
    done = hands.write_in_admin(town.g, page, who, town.g.mark(), **buttons)
    # Who asks to publish gets a draft and a refusal; a page in review is its moderators' to edit.
    allowed = town.model.edits(who, page) and not publish
    locked = page.review is not None
    town.settle("edit", f"{who} edits {page}", done, None if publish or locked else allowed)
    town.over(page)


@deed(2)
def edit_by_api(town: Chance, data: Data) -> None:
    """Somebody changes a title by Wagtail's API, and would like it published."""
    page = town.draw_page(data, town.pages(PROGRAMME, BOARD))
    who = town.draw_person(data, town.editor_of(page))
    action = pick(data, ("", "publish"), "action")
    done = hands.write_by_v3(town.g, page, who, town.g.mark(), action)
    never = action == "publish" or not town.model.edits(who, page)
    town.settle("edit by API", f"{who} patches {page} {action}", done, False if never else None)
    town.over(page)


@deed(3)
def overwrite(town: Chance, data: Data) -> None:
    """The newest version is saved over, as an autosave does it, perhaps after its approval."""
    page = town.draw_page(data, [p for p in town.pages() if p.draft])
    author = page.draft.author
    altered(town, page, hands.write_by_script(town.g, page, author, town.g.mark(), over=True))


@deed(1)
def overwrite_row(town: Chance, data: Data) -> None:
    """A queryset writes other words into the newest version."""
    page = town.draw_page(data, [p for p in town.pages() if p.draft])
    altered(town, page, hands.overwrite_row(town.g, page, town.g.mark()))


def altered(town: Chance, page: PageState, done: bool) -> None:
    """The newest version is another now, without a new revision."""
    town.settle("overwrite", f"the newest version of {page} is overwritten", done, True)
    if page.review is not None and page.review.revision == page.draft_revision:
        page.review.altered = True
    town.g.learn_draft(page, page.draft_revision)
    town.over(page)


@deed(2)
def revert(town: Chance, data: Data) -> None:
    """An older version becomes the newest draft."""
    page = town.draw_page(data, [p for p in town.pages() if p.draft])
    who = town.draw_person(data, town.editor_of(page))
    done = hands.revert(town.g, page, who, pick(data, range(6), "version"))
    allowed = None if town.model.edits(who, page) else False
    town.settle("revert", f"{who} reverts {page}", done, allowed)
    town.over(page)


@deed(1)
def rename(town: Chance, data: Data) -> None:
    """A script gives a page another address."""
    page = town.draw_page(data, town.pages(PROGRAMME, BOARD))
    slug = f"place-{pick(data, range(1, 10), 'number')}-{page.branch.lower() or 'all'}"
    if slug == page.slug:
        return
    done = hands.rename(town.g, page, slug)
    town.settle("rename", f"{page} is renamed", done, page.public is None)
    town.over(page)


@deed(2, when=lambda town: any(p.kind == MEMBER for p in town.model.pages.values()))
def delete(town: Chance, data: Data) -> None:
    """Somebody deletes a member's page."""
    page = town.draw_page(data, [p for p in town.model.pages.values() if p.kind == MEMBER])
    who = town.draw_person(data, town.editor_of(page))
    in_admin = pick(data, (True, False), "in admin")
    allowed: bool | None = page.approved is None
    if in_admin:
        allowed = allowed and town.model.edits(who, page)
    if allowed and (page.public is not None or page.is_alias or page.review is not None):
        allowed = None
    others = town.model.aliases_of(page)
    done = hands.delete(town.g, page, who, in_admin=in_admin)
    if town.settle("delete", f"{who} deletes {page}", done, allowed):
        page.public = None
    town.over(*others, *filter(None, [page.parent]))


@deed(3, when=lambda town: without_page(town))
def add(town: Chance, data: Data) -> None:
    """Somebody makes a page for a member who has none, and asks for it to be live at once."""
    board, code = pick(data, without_page(town), "board and member")
    who = town.editor_of(board)
    done = hands.add_member_page(town.g, board, code, town.g.mark(), who)
    town.settle("add", f"{who} adds a page for {code} below {board}", done, True)
    town.over(board)


def without_page(town: Chance) -> list[tuple[PageState, str]]:
    """Return (board, member) where a page could be made."""
    there = {(page.member, page.language) for page in town.model.pages.values()}
    return [
        (board, code)
        for board in sorted(town.pages(BOARD), key=lambda page: page.pk)
        for code, member in sorted(town.model.members.items())
        if member.branch == board.branch and (code, board.language) not in there
    ]
