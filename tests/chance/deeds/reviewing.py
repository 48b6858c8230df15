"""Drafts are submitted, approved, returned; approvals are taken back."""

from __future__ import annotations

from tests.chance import hands
from tests.chance.deeds.row import Data, deed, pick
from tests.chance.deeds.writing import draw_dates
from tests.chance.machine import Chance
from tests.chance.model import PageState, Review

WAYS = ("script", "api", "admin")


def submittable(town: Chance) -> list[PageState]:
    """Return the pages with a draft that is newer than what was approved or submitted."""
    return [
        page
        for page in town.pages()
        if page.draft
        and (page.review is None or page.review.returned)
        and (page.approved is None or page.draft_revision != page.approved_revision)
    ]


@deed(10, when=submittable)
def submit(town: Chance, data: Data) -> None:
    """The newest draft is submitted, or submitted again."""
    page = town.draw_page(data, submittable(town))
    who = town.draw_person(data, town.editor_of(page))
    way = pick(data, ("script", "api"), "way")
    if way == "script":
        done, allowed = hands.submit_by_script(town.g, page, who), True
    else:
        done, allowed = hands.api(town.g, who, page, "submit"), town.model.edits(who, page)
    if town.settle("submit", f"{who} submits {page} by {way}: {page.draft}", done, allowed):
        submitted(page, who)
    town.over(page)


def submitted(page: PageState, who: str) -> None:
    """The newest draft is in review now; who submitted first answers for all that follows."""
    assert page.draft is not None
    assert page.draft_revision is not None
    first = page.review.submitter if page.review else who
    page.review = Review(page.draft, page.draft_revision, first)


@deed(14, when=lambda town: town.reviewed())
def approve(town: Chance, data: Data) -> None:
    """Somebody would like to approve what is in review."""
    page = town.draw_page(data, town.reviewed())
    who = town.draw_person(data, town.moderator_of(page))
    way = pick(data, WAYS, "way")
    allowed = town.model.may_approve(who, page)
    if town.settle("approve", f"{who} approves {page} by {way}",
                   decide(town, page, who, "approve", way), allowed):  # fmt: skip
        town.model.approve(page)
    town.over(page, *town.model.below(page))


def decide(town: Chance, page: PageState, who: str, action: str, way: str) -> bool:
    """Approve or reject what is in review, by one of the ways."""
    if way == "script":
        return hands.decide_by_script(town.g, page, who, action)
    if way == "api":
        return hands.api(town.g, who, page, action, "no measure")
    return hands.decide_in_admin(town.g, page, who, action)


@deed(2, when=lambda town: town.reviewed())
def send_back(town: Chance, data: Data) -> None:
    """Somebody returns what is in review, with a reason."""
    page = town.draw_page(data, town.reviewed())
    who = town.draw_person(data, town.moderator_of(page))
    way = pick(data, WAYS, "way")
    allowed: bool | None = town.model.may_return(who, page)
    assert page.review is not None
    if allowed and (page.review.version.author or page.review.submitter) == who:
        allowed = None  # nothing is public by it
    done = decide(town, page, who, "reject", way)
    if town.settle("return", f"{who} returns {page} by {way}", done, allowed):
        page.review.returned = True
    town.over(page)


@deed(1, when=lambda town: town.reviewed())
def cancel(town: Chance, data: Data) -> None:
    """A review is broken off."""
    page = town.draw_page(data, town.reviewed())
    done = hands.cancel(town.g, page, "admin")
    if town.settle("cancel", f"the review of {page} is broken off", done, True):
        page.review = None
    town.over(page)


@deed(10, when=lambda town: [page for page in town.pages() if page.review is None])
def go_through(town: Chance, data: Data) -> None:
    """A page goes the whole way in one step: written, submitted, approved by a second person."""
    page = town.draw_page(data, [page for page in town.pages() if page.review is None])
    writer, moderator = town.editor_of(page), town.moderator_of(page)
    photo = pick(data, (True, False), "photo")
    dates = draw_dates(town, data)
    written = hands.write_by_script(town.g, page, writer, town.g.mark(), **dates, photo=photo)
    town.g.learn()
    assert written
    assert hands.submit_by_script(town.g, page, writer)
    submitted(page, writer)
    done = hands.decide_by_script(town.g, page, moderator, "approve")
    if town.settle("go through", f"{page} goes through review: {page.draft}", done, True):
        town.model.approve(page)
    town.over(page, *town.model.below(page))


@deed(4)
def withdraw(town: Chance, data: Data) -> None:
    """Somebody takes an approval back."""
    approved = [page for page in town.pages() if page.approved]
    page = town.draw_page(data, pick(data, (approved or town.pages(), town.pages()), "which"))
    who = town.draw_person(data, town.moderator_of(page))
    way = pick(data, WAYS, "way")
    allowed = page.approved is not None and town.model.steers(who, page)
    below = list(town.model.descendants(page))
    if way == "script":
        done = hands.withdraw_by_script(town.g, page, who)
    elif way == "api":
        done = hands.api(town.g, who, page, "withdraw", "a mistake")
    else:
        done = hands.withdraw_in_admin(town.g, page, who)
    if town.settle("withdraw", f"{who} withdraws {page} by {way}", done, allowed):
        town.model.withdraw(page)
    town.over(page, *below)


@deed(1, when=lambda town: [p for p in town.model.public_pages() if not p.is_alias])
def unpublish(town: Chance, data: Data) -> None:
    """A script takes a public page down."""
    page = town.draw_page(data, [p for p in town.model.public_pages() if not p.is_alias])
    below = list(town.model.descendants(page))
    if town.settle("unpublish", f"{page} is unpublished", hands.unpublish(town.g, page), True):
        town.model.unpublish(page)
    town.over(page, *below)
