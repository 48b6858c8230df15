"""Stories that chance has found, kept: each was a page lost, or public when it should not be."""

import copy
from datetime import timedelta

import pytest
import time_machine

from tests.chance import eyes, hands
from tests.chance.ground import Ground
from tests.chance.model import PageState, Review

pytestmark = pytest.mark.django_db


class Story:
    """Tells town and model the same things, at a time of its own."""

    def __init__(self, ground: Ground, clock) -> None:
        self.g = copy.copy(ground)
        self.g.model = copy.deepcopy(ground.model)
        self.model, self.clock = self.g.model, clock

    def page(self, name: str) -> PageState:
        return next(page for page in self.model.pages.values() if str(page) == name)

    def after(self, hours: float) -> None:
        self.clock.shift(timedelta(hours=hours))
        self.model.now += timedelta(hours=hours)

    def submit(self, name: str, *, starts: int | None = None, ends: int | None = None) -> None:
        """Write and submit a new version of a page, with dates in hours from now."""
        page, now = self.page(name), self.model.now
        writer = f"editor_{page.branch.lower()}" if page.branch else "admin"
        assert hands.write_by_script(
            self.g, page, writer, self.g.mark(),
            starts=now + timedelta(hours=starts) if starts else None,
            ends=now + timedelta(hours=ends) if ends else None,
        )  # fmt: skip
        self.g.learn()
        assert hands.submit_by_script(self.g, page, writer)
        page.review = Review(page.draft, page.draft_revision, writer)

    def approve(self, name: str) -> bool:
        page = self.page(name)
        moderator = f"moderator_{page.branch.lower()}" if page.branch else "lead"
        allowed = self.model.may_approve(moderator, page)
        done = hands.decide_by_script(self.g, page, moderator, "approve")
        assert done == allowed
        if done:
            self.model.approve(page)
        self.after(0.1)
        return done

    def hold(self, name: str, **dates: int) -> None:
        self.submit(name, **dates)
        assert self.approve(name)

    def withdraw(self, name: str) -> None:
        assert hands.withdraw_by_script(self.g, self.page(name), "lead")
        self.model.withdraw(self.page(name))
        self.after(0.1)

    def scheduler(self) -> None:
        assert hands.run_scheduler()
        self.model.run_scheduler()

    def step(self, code: str, verb: str, who: str = "lead") -> None:
        assert self.model.refusal([code], verb, who) == ""
        assert hands.step_by_script(self.g, [code], verb, who)
        self.model.take_step([code], verb, who)
        self.after(0.1)

    def is_public(self, name: str) -> bool:
        """Return whether the page is public, town and model being at one about all pages."""
        self.g.learn()
        eyes.look_at_rows(self.g)
        return self.page(name).public is not None


@pytest.fixture
def story(ground, db):
    with time_machine.travel(ground.model.now, tick=False) as clock:
        yield Story(ground, clock)


def test_a_version_whose_end_has_come_is_not_approved(story):
    before = story.page("SGZ-M001/en").public
    story.submit("SGZ-M001/en", ends=5)
    story.after(6)
    assert not story.approve("SGZ-M001/en")
    assert story.is_public("SGZ-M001/en")
    assert story.page("SGZ-M001/en").public == before


def test_a_date_is_kept_though_the_board_was_hidden_and_came_back_meanwhile(story):
    before = story.page("SGZ-M001/en").public
    story.hold("SGZ-M001/en", starts=30)
    story.withdraw("SGZ/en")
    assert not story.is_public("SGZ-M001/en")
    story.hold("SGZ/en")
    assert story.is_public("SGZ-M002/en")
    assert story.is_public("SGZ-M001/en")
    assert story.page("SGZ-M001/en").public == before
    story.after(31)
    story.scheduler()
    assert story.is_public("SGZ-M001/en")
    assert story.page("SGZ-M001/en").public != before


def test_the_next_version_comes_at_its_date_though_the_one_before_has_ended(story):
    story.hold("SGZ-M001/en", ends=5)
    story.hold("SGZ-M001/en", starts=30)
    story.after(6)
    story.scheduler()
    assert not story.is_public("SGZ-M001/en")
    story.after(30)
    story.scheduler()
    assert story.is_public("SGZ-M001/en")


def test_a_branch_that_waited_for_the_programme_comes_back_when_another_is_approved(story):
    story.withdraw("programme/en")
    story.hold("programme/en", starts=5)
    story.after(6)
    story.step("LSW", "approve")
    assert story.is_public("LSW-M001/en")
    assert story.is_public("SGZ-M001/en")
