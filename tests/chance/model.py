"""What should be public, in plain Python: told of every step, asking nothing of the code it judges.

It knows people, pilots, pages and consents by name, and the rules as `docs/explanation/embargo.md`
promises them. Nothing in it imports Django or the plugin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

# Verb: the stages it may start from, and where it leads (None: the stage stays).
VERBS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "propose": (("ended",), "proposed"),
    "concur": (("proposed", "quiet", "reviewed"), None),
    "agree": (("proposed",), "agreed"),
    "start": (("agreed",), "quiet"),
    "review": (("quiet",), "reviewed"),
    "approve": (("reviewed",), "approved"),
    "suspend": (("quiet", "reviewed", "approved"), "suspended"),
    "resume": (("suspended",), "reviewed"),
    "end": (("proposed", "agreed", "quiet", "reviewed", "suspended"), "ended"),
}
STAGES = ("proposed", "agreed", "quiet", "reviewed", "approved", "suspended", "ended")

PROGRAMME, BOARD, MEMBER = "programme", "board", "member"


@dataclass(frozen=True)
class Person:
    """Who acts: a name, and the role they hold (in a branch, or in the programme)."""

    name: str
    role: str  # "admin", "lead", "moderator", "editor" or "nobody"
    branch: str = ""

    @property
    def leads(self) -> bool:
        return self.role in ("admin", "lead")


@dataclass(frozen=True)
class Version:
    """One version of a page: the marks in its texts, who wrote it, and from when to when.

    ``head`` are the marks that other pages show of it: in its title, or in a member's pledges.
    """

    marks: frozenset[str]
    head: frozenset[str]
    author: str | None
    starts: datetime | None = None
    ends: datetime | None = None
    photo: bool = False

    def __str__(self) -> str:
        dates = [
            f"{word} {on:%d %H:%M}" for word, on in (("from", self.starts), ("to", self.ends)) if on
        ]
        return " ".join([*sorted(self.marks), f"by {self.author}", *dates])

    def waits(self, now: datetime) -> bool:
        return self.starts is not None and self.starts > now

    def is_over(self, now: datetime) -> bool:
        return self.ends is not None and self.ends <= now


@dataclass
class Review:
    """What was submitted, and by whom."""

    version: Version
    revision: int
    submitter: str
    # The submitted row was overwritten since.
    altered: bool = False
    # Returned to its editor: nobody decides until it is submitted again.
    returned: bool = False


@dataclass(eq=False)
class PageState:
    """One page: what is drafted, submitted, approved and public of it."""

    pk: int
    kind: str
    language: str
    slug: str = ""
    branch: str = ""
    member: str = ""
    parent: PageState | None = None
    alias_of: PageState | None = None
    draft: Version | None = None
    draft_revision: int | None = None
    review: Review | None = None
    approved: Version | None = None
    approved_revision: int | None = None
    # What was approved before and stays in force until the date of what is approved.
    earlier: Version | None = None
    # What was kept of it is not, word for word, what was approved: it is never to be public.
    altered: bool = False
    public: Version | None = None
    # Whether the scheduler has been told of what is approved.
    scheduled: bool = False

    def __str__(self) -> str:
        return f"{self.member or self.branch or 'programme'}/{self.language}"

    def _repr_pretty_(self, printer, cycle: bool) -> None:
        printer.text(str(self))

    @property
    def address(self) -> str:
        above = self.parent.address if self.parent is not None else f"/{self.language}/"
        return f"{above}{self.slug}/"

    @property
    def is_alias(self) -> bool:
        return self.alias_of is not None

    @property
    def parent_is_public(self) -> bool:
        return self.parent is None or self.parent.public is not None


@dataclass
class PilotState:
    """One branch: its stage, its wave, and who concurred since it entered the stage.

    What was decided last differs from the stage if a script wrote into the row since.
    """

    code: str
    wave: int
    stage: str = "proposed"
    decided: str = "proposed"
    concurred: set[str] = field(default_factory=set)


@dataclass
class ConsentState:
    """What a member allowed on the public website: how much, and until when."""

    level: str
    until: date | None = None

    def allows(self, today: date) -> str:
        return "none" if self.until is not None and today > self.until else self.level


@dataclass
class MemberState:
    """A person of a branch: the given names that must not be read without their consent."""

    code: str
    branch: str
    given: dict[str, str]  # by language
    is_secretary: bool
    name: ConsentState
    photo: ConsentState
    token: str = ""
    # Taken back everywhere: the pictures are gone for good.
    erased: bool = False


@dataclass
class Model:
    """The whole town as it should be."""

    people: dict[str, Person]
    pilots: dict[str, PilotState]
    members: dict[str, MemberState]
    pages: dict[int, PageState]
    now: datetime
    # By branch, the printed codes that are valid; members who took their name back everywhere.
    codes: dict[str, set[int]] = field(default_factory=dict)
    unnamed: set[str] = field(default_factory=set)

    # Who may do what ----------------------------------------------------------------------

    def is_open(self, page: PageState) -> bool:
        """Return whether the gate of ``page`` is open: its pilot, or any of the programme."""
        if page.kind == PROGRAMME:
            return any(pilot.stage == "approved" for pilot in self.pilots.values())
        return self.pilots[page.branch].stage == "approved"

    def edits(self, who: str, page: PageState) -> bool:
        person = self.people[who]
        own = person.role == "editor" and page.branch and person.branch == page.branch
        return person.role == "admin" or bool(own)

    def moderates(self, who: str, page: PageState) -> bool:
        person = self.people[who]
        if person.role == "admin":
            return True
        if page.kind == PROGRAMME:
            return person.role in ("lead", "moderator")
        return person.role == "moderator" and person.branch == page.branch

    def steers(self, who: str, page: PageState) -> bool:
        """Return whether ``who`` may take the page down and its approval back."""
        return self.people[who].leads or self.moderates(who, page)

    def is_staff(self, who: str, page: PageState) -> bool:
        """Return whether ``who`` may see what is not public of the page."""
        person = self.people[who]
        if page.kind == PROGRAMME:
            return person.leads or person.role == "moderator"
        return person.leads or person.branch == page.branch

    # Reviews ------------------------------------------------------------------------------

    def may_approve(self, who: str, page: PageState) -> bool:
        review = page.review
        if review is None or review.returned or review.altered:
            return False
        if review.version.is_over(self.now):
            return False
        author = review.version.author or review.submitter
        return self.moderates(who, page) and author != who

    def may_return(self, who: str, page: PageState) -> bool:
        review = page.review
        return review is not None and not review.returned and self.moderates(who, page)

    def approve(self, page: PageState) -> None:
        """The review is over: its version is approved, and public if nothing stands against it."""
        assert page.review is not None
        version, before = page.review.version, page.approved
        if before is None or not version.waits(self.now):
            page.earlier = None
        elif not page.altered and not before.waits(self.now):
            page.earlier = before
        page.approved, page.approved_revision = version, page.review.revision
        page.review = None
        page.scheduled = page.altered = False
        if not self.is_open(page):
            return
        if page.public is None or page.public is not page.earlier:
            self._bring(page)
        page.scheduled = version.waits(self.now)

    def withdraw(self, page: PageState) -> None:
        """The approval is taken back, and what is public of it with what stands below it."""
        self._hide(page)
        page.approved, page.earlier, page.altered = None, None, False

    # Publication --------------------------------------------------------------------------

    def in_force(self, page: PageState) -> Version | None:
        """Return what counts of the page now: a newer version does from its date."""
        if page.approved is None or page.earlier is None:
            return None if page.altered else page.approved
        follows = not page.altered and not page.approved.waits(self.now)
        return page.approved if follows else page.earlier

    def _may_go(self, page: PageState) -> bool:
        version = self.in_force(page)
        return (
            version is not None
            and not page.is_alias
            and self.is_open(page)
            and page.parent_is_public
            and not version.waits(self.now)
            and not version.is_over(self.now)
        )

    def _publish(self, page: PageState) -> None:
        """Make what is approved public, then what waited for it."""
        version = self.in_force(page)
        for entry in (page, *self.aliases_of(page)):
            entry.public, entry.scheduled = version, False
        if version is page.approved:
            page.earlier = None
        for below in self.below(page):
            if below.approved is not None and below.public is None and self.is_open(below):
                self._bring(below)

    def _bring(self, page: PageState) -> None:
        """Make public what counts of a page now, and let the scheduler know of what is to follow."""
        assert page.approved is not None
        if self._may_go(page):
            self._publish(page)
        page.scheduled = page.approved.waits(self.now)

    def _hide(self, page: PageState) -> None:
        """Take a page out of the public's sight, and with it its aliases and all below them."""
        if page.public is None:
            page.scheduled = False
            return
        for entry in (page, *self.aliases_of(page)):
            entry.public, entry.scheduled = None, False
            for below in self.descendants(entry):
                if below.public is not None:
                    below.public = None
                    below.scheduled = False

    def aliases_of(self, page: PageState) -> list[PageState]:
        found = [entry for entry in self.pages.values() if entry.alias_of is page]
        return [*found, *(more for entry in found for more in self.aliases_of(entry))]

    def below(self, page: PageState) -> list[PageState]:
        """Return the pages right below ``page`` and its aliases."""
        parents = (page, *self.aliases_of(page))
        return [entry for entry in self.pages.values() if entry.parent in parents]

    def descendants(self, page: PageState) -> Iterator[PageState]:
        for entry in self.pages.values():
            if entry.parent is page:
                yield entry
                yield from self.descendants(entry)

    def unpublish(self, page: PageState) -> None:
        """Taken down by hand: nothing of it is approved any more."""
        if page.public is not None:
            self.withdraw(page)

    def expire(self, page: PageState) -> None:
        """The public version has come to its end; one that is approved for later keeps its date."""
        following = None if page.approved is page.public else page.approved
        self._hide(page)
        page.approved, page.altered = following, page.altered and following is not None
        page.earlier = None
        # Its date may have come as well since the scheduler ran last.
        page.scheduled = following is not None

    def run_scheduler(self) -> None:
        """What the scheduler does: ends what is over, brings what is due."""
        for page in list(self.pages.values()):
            if page.public is not None and page.public.is_over(self.now) and not page.is_alias:
                self.expire(page)
        for page in sorted(self.pages.values(), key=lambda entry: (entry.kind != BOARD, entry.pk)):
            if page.scheduled and page.approved is not None and not page.approved.waits(self.now):
                page.scheduled = False
                if self._may_go(page):
                    self._publish(page)

    # Pilots -------------------------------------------------------------------------------

    def refusal(self, codes: Iterable[str], verb: str, who: str) -> str:
        """Return why ``who`` may not take the step with these pilots, or ''."""
        codes = list(codes)
        for code in codes:
            pilot, person = self.pilots[code], self.people[who]
            concurs = verb == "concur" and person.role == "moderator" and person.branch == code
            if not (person.leads or concurs):
                return f"{who} has no right to it"
            if pilot.stage not in VERBS[verb][0]:
                return f"{code} is {pilot.stage}"
            if verb in ("start", "approve") and self._wave_waits(pilot):
                return f"{code} waits for an earlier wave"
            if verb == "approve" and not pilot.concurred - {who}:
                return f"nobody else concurred with {code}"
        if verb == "approve":
            heads = {page.branch for page in self._would_go(codes)}
            for code in codes:
                if code not in heads:
                    return f"nothing of {code} could be seen"
        return ""

    def _wave_waits(self, pilot: PilotState) -> bool:
        return any(
            other.wave < pilot.wave and other.stage not in ("approved", "ended")
            for other in self.pilots.values()
        )

    def _would_go(self, codes: list[str]) -> list[PageState]:
        """Return the pages that approving these pilots would leave public."""
        before = [(page, page.public, page.scheduled, page.earlier) for page in self.pages.values()]
        stages = [(pilot, pilot.stage) for pilot in self.pilots.values()]
        self._release(codes)
        went = [page for page in self.pages.values() if page.public is not None]
        for page, public, scheduled, earlier in before:
            page.public, page.scheduled, page.earlier = public, scheduled, earlier
        for pilot, stage in stages:
            pilot.stage = stage
        return went

    def _release(self, codes: list[str]) -> None:
        for code in codes:
            self.pilots[code].stage = "approved"
        depth = {PROGRAMME: 0, BOARD: 1, MEMBER: 2}
        for page in sorted(self.pages.values(), key=lambda entry: depth[entry.kind]):
            if page.kind != PROGRAMME and page.branch not in codes:
                continue
            if page.approved is None or page.public is not None:
                continue
            self._bring(page)

    def take_step(self, codes: Iterable[str], verb: str, who: str) -> None:
        """The step was taken."""
        codes = list(codes)
        if verb == "concur":
            for code in codes:
                self.pilots[code].concurred.add(who)
                self.pilots[code].decided = self.pilots[code].stage
            return
        if verb == "approve":
            self._release(codes)
        for code in codes:
            self.set_stage(code, VERBS[verb][1] or self.pilots[code].stage)
            self.pilots[code].decided = self.pilots[code].stage
            self.pilots[code].concurred.clear()

    def set_stage(self, code: str, stage: str, *, by_hand: bool = False) -> None:
        """The pilot stands at ``stage`` now: no stage but approved shows anything."""
        pilot = self.pilots[code]
        was_open = pilot.stage == "approved"
        pilot.stage = stage
        if not was_open or stage == "approved":
            return
        for page in self.pages.values():
            if not self.is_open(page):
                page.public = None
                page.scheduled = page.scheduled and by_hand

    # What can be seen ---------------------------------------------------------------------

    def public_pages(self, kind: str = "") -> list[PageState]:
        pages = self.pages.values()
        return [page for page in pages if page.public is not None and kind in ("", page.kind)]

    def shows_name(self, member: str) -> bool:
        return self.members[member].name.allows(self.now.date()) == "full"

    def shows_photo(self, member: str) -> bool:
        state = self.members[member]
        return not state.erased and state.photo.allows(self.now.date()) == "full"

    def marks_on(self, page: PageState) -> frozenset[str]:
        """Return every mark that a visitor reads at the address of a public page."""
        assert page.public is not None
        others = [entry for entry in self.pages.values() if entry.parent is page]
        above = page.parent
        while above is not None:
            others.append(above)
            above = above.parent
        return page.public.marks.union(*(entry.public.head for entry in others if entry.public))

    def people_on(self, page: PageState) -> list[PageState]:
        """Return the members' pages that stand for people at the address of a public page."""
        if page.kind == MEMBER:
            return [page]
        members = [entry for entry in self.public_pages(MEMBER) if entry.parent is not None]
        if page.kind == BOARD:
            return [entry for entry in members if entry.parent is page]
        return [
            entry
            for entry in members
            if self.members[entry.member].is_secretary
            and entry.parent.parent is page
            and entry.parent.public is not None
        ]

    def names_on(self, page: PageState) -> frozenset[str]:
        """Return every given name that may be read there."""
        return frozenset(
            self.members[entry.member].given[page.language]
            for entry in self.people_on(page)
            if self.shows_name(entry.member)
        )

    def photos_on(self, page: PageState) -> frozenset[str]:
        """Return the tokens of the photos that are shown there."""
        return frozenset(
            self.members[entry.member].token
            for entry in self.people_on(page)
            if entry.public is not None and entry.public.photo and self.shows_photo(entry.member)
        )
