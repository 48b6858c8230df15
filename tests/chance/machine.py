"""The machine: draws who does what, tells the model, and looks after every step."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import time_machine
from django.core.cache import cache
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.chance import eyes, village
from tests.chance.deeds.row import Draws, pick
from tests.chance.ground import Ground
from tests.chance.model import BOARD, MEMBER, PROGRAMME, PageState

Data = st.DataObject


@dataclass
class Tally:
    """How many steps were taken, by kind: done, and refused."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    say: Callable[[int], None] = field(default=lambda steps: None, repr=False)

    @property
    def steps(self) -> int:
        return self.done.total() + self.refused.total()

    def note(self, kind: str, was_done: bool) -> None:
        (self.done if was_done else self.refused)[kind] += 1
        self.say(self.steps)


class Chance(RuleBasedStateMachine):
    """A town in which everyone acts at random. ``ground`` is set by the test that runs it.

    There is one rule, which draws a deed by its weight: Hypothesis would leave out some rules in
    every run, and a town where nobody submits has no story.
    """

    ground: Ground
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.g = copy.copy(self.ground)
        self.g.model = copy.deepcopy(self.ground.model)
        self.model = self.g.model
        self.clock = time_machine.travel(self.model.now, tick=False)
        self.time = self.clock.start()
        self.concerned: list[PageState] = []
        self.turn = Draws.number = 0
        self.story: list[str] = []
        cache.clear()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Add what happened until then to whatever goes wrong inside the block."""
        try:
            yield
        except Exception as error:
            if not getattr(error, "__notes__", None):
                error.add_note("What happened:\n" + "\n".join(self.story))
            raise

    def teardown(self) -> None:
        try:
            with self.telling():
                eyes.look_everywhere(self.g)
                for branch in self.model.pilots:
                    village.look(self.g, branch, "zh-hans")
        finally:
            self.clock.stop()
            transaction.savepoint_rollback(self.savepoint)
            cache.clear()

    @rule(data=st.data())
    def step(self, data: Data) -> None:
        """Somebody does something."""
        from tests.chance.deeds.everything import DEEDS  # they import this module

        able = [deed for deed in DEEDS.values() if deed.when(self)]
        names = [deed.name for deed in able for _time in range(deed.weight)]
        with self.telling():
            DEEDS[pick(data, names, "deed")].do(self, data)

    @invariant()
    def everyone_sees_what_they_should(self) -> None:
        """After every step: the rows, the pages concerned, and one more surface in turn."""
        with self.telling():
            eyes.look_at_rows(self.g)
            looked = []
            for page in self.concerned:
                looked += [entry for entry in (page, page.parent) if entry and entry not in looked]
            for page in looked[:2]:
                eyes.look_at_page(self.g, page)
            self.look_elsewhere()
        self.turn += 1
        self.concerned = []

    def look_elsewhere(self) -> None:
        """Look at a list, a search, a file, or as somebody signed in; another one after each step."""
        page = self.concerned[0] if self.concerned else None
        kind = self.turn % 7
        if kind == 0 or page is None:
            eyes.look_at_api(self.g)
        elif kind in (1, 3):
            # What is public is found, and what is newer is not.
            version = page.public if kind == 1 else page.draft
            for mark in sorted(version.marks)[:1] if version else ():
                eyes.look_at_search(self.g, mark, page.language)
        elif kind == 2 and page.kind != PROGRAMME:
            board = page.parent if page.kind == MEMBER else page
            if board is not None:
                eyes.look_at_board_by_api(self.g, board)
        elif kind == 4 and page.member:
            eyes.look_for_name(self.g, page.member, page.language)
        elif kind == 5:
            eyes.look_at_photos(self.g)
        elif kind == 6:
            everyone = sorted(self.model.people)
            eyes.look_as_staff(self.g, page, everyone[self.turn % len(everyone)])

    # For the deeds ------------------------------------------------------------------------

    def pass_time(self, hours: float = 1 / 60) -> None:
        self.time.shift(timedelta(hours=hours))
        self.model.now += timedelta(hours=hours)

    def settle(self, kind: str, what: str, was_done: bool, allowed: bool | None) -> bool:
        """Compare what happened with what the rules say (None: either); return what happened."""
        self.tally.note(kind, was_done)
        self.story.append(f"{self.model.now:%d %H:%M} {'' if was_done else '(refused) '}{what}")
        if allowed is not None and was_done != allowed:
            verdict = "was done and should have been refused" if was_done else "was refused"
            raise AssertionError(f"{what}: {verdict}")
        return was_done

    def over(self, *concerned: PageState) -> None:
        """The step is over: learn what is drafted now, and remember where to look."""
        for page in self.g.learn():
            self.story[-1] += f" [{page}: {page.draft}]"
        self.concerned = [page for page in concerned if page.pk in self.model.pages]
        self.pass_time()

    def draw_page(self, data: Data, pages: list[PageState]) -> PageState:
        pages = sorted(pages, key=lambda page: page.pk)
        return pick(data, pages, "page")

    def draw_person(self, data: Data, *likely: str, often: int = 3) -> str:
        """Draw who acts: most often one of the likely, sometimes anyone at all."""
        everyone = sorted(self.model.people)
        usual = [*likely] * (often * len(everyone) // len(likely))
        return pick(data, [*usual, *everyone], "who")

    def pages(self, *kinds: str) -> list[PageState]:
        """Return the pages that somebody can write on."""
        kinds = kinds or (PROGRAMME, BOARD, MEMBER)
        return [p for p in self.model.pages.values() if p.kind in kinds and not p.is_alias]

    def pages_of(self, code: str) -> list[PageState]:
        """Return the pages of a member."""
        return [page for page in self.model.pages.values() if page.member == code]

    def reviewed(self) -> list[PageState]:
        """Return the pages in review."""
        return [page for page in self.pages() if page.review is not None]

    def some_of(self, codes: list[str]) -> list[PageState]:
        """Return pages of these branches, and the programme's, not in the same order each time."""
        pages = [p for p in self.model.pages.values() if p.branch in codes or not p.branch]
        start = self.turn % len(pages)
        return pages[start:] + pages[:start]

    def editor_of(self, page: PageState) -> str:
        return f"editor_{page.branch.lower()}" if page.branch else "admin"

    def moderator_of(self, page: PageState) -> str:
        return f"moderator_{page.branch.lower()}" if page.branch else "lead"
