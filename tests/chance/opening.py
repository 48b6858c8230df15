"""Where chance begins: one branch public, one about to be, one that has just been agreed upon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import time_machine
from django.db import transaction
from django.test import override_settings
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from home.models import NewsPage
from pledge_pages.village import links
from tests.chance import hands
from tests.chance.ground import Ground, build_ground
from tests.chance.model import MEMBER, PageState, Review

START = datetime(2026, 5, 1, 8, 0, tzinfo=timezone(timedelta(hours=8)))


@contextmanager
def ground_in_a_transaction() -> Iterator[Ground]:
    """Build the town once; every run's changes roll back to it, and it to nothing."""
    with (
        override_settings(SESSION_COOKIE_AGE=10**8),
        time_machine.travel(START, tick=False),
        transaction.atomic(),
    ):
        ground = build_ground(START)
        with disable_reference_index_auto_update():
            hold_everything(ground)
        tell_the_story(ground)
        print_codes(ground)
        add_news(ground)
        yield ground
        transaction.set_rollback(True)


def hold_everything(ground: Ground) -> None:
    """Give every page a version of its own; approve those of the first wave and two of the last."""
    for page in sorted(ground.model.pages.values(), key=lambda entry: entry.pk):
        writer = f"editor_{page.branch.lower()}" if page.branch else "admin"
        photo = page.kind == MEMBER and page.member.endswith("1")
        must(hands.write_by_script(ground, page, writer, ground.mark(), photo=photo))
        ground.learn()
        first_of_last = page.branch == "HJW" and page.language == "en"
        if page.branch != "HJW" or (first_of_last and not page.member.endswith("2")):
            hold(ground, page, writer)


def hold(ground: Ground, page: PageState, writer: str) -> None:
    """Submit and approve the newest draft of a page."""
    moderator = f"moderator_{page.branch.lower()}" if page.branch else "lead"
    must(hands.submit_by_script(ground, page, writer))
    assert page.draft is not None
    assert page.draft_revision is not None
    page.review = Review(page.draft, page.draft_revision, writer)
    must(hands.decide_by_script(ground, page, moderator, "approve"))
    ground.model.approve(page)


def tell_the_story(ground: Ground) -> None:
    """Take the pilots to where chance finds them."""
    for code, verbs in (
        ("SGZ", ("agree", "start", "review", "concur", "approve")),
        ("LSW", ("agree", "start", "review", "concur")),
        ("HJW", ("agree",)),
    ):
        for verb in verbs:
            who = f"moderator_{code.lower()}" if verb == "concur" else "lead"
            assert ground.model.refusal([code], verb, who) == ""
            must(hands.step_by_script(ground, [code], verb, who))
            ground.model.take_step([code], verb, who)


def print_codes(ground: Ground) -> None:
    """Print a code for every village."""
    for code in ground.model.pilots:
        link = links.issue(ground.town.pilots[code], by=ground.town.lead)
        ground.model.codes[code] = {link.pk}


def add_news(ground: Ground) -> None:
    """Add an ordinary page, which the catalogue of ways plays with."""
    home = Page.objects.get(pk=ground.town.home["zh-hans"].pk)
    ground.town.news = home.add_child(
        instance=NewsPage(title="Work brief", slug="brief", body="<p>It rained.</p>")
    )


def must(done: bool) -> None:
    """Raise AssertionError if the story could not be told."""
    assert done, "the opening was refused"
