"""What the templates and APIs show of boards: plain values, names already chosen by consent."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .content import Status

if TYPE_CHECKING:
    from .graded import GradeCount, GradeView


@dataclass(frozen=True)
class PhotoView:
    """A picture that may be shown here: its address, size in pixels and alternative text."""

    url: str
    width: int
    height: int
    alt: str


@dataclass
class StatusCounts:
    """How many pledges were kept, partly kept, excused, not kept, or are still running."""

    kept: int = 0
    partly: int = 0
    excused: int = 0
    not_kept: int = 0
    running: int = 0

    FIELDS = {
        Status.FULFILLED: "kept",
        Status.PARTLY: "partly",
        Status.EXCUSED: "excused",
        Status.NOT_FULFILLED: "not_kept",
    }

    @property
    def total(self) -> int:
        """All pledges counted."""
        return self.kept + self.partly + self.excused + self.not_kept + self.running

    @property
    def as_rows(self) -> list[tuple[str, str, int]]:
        """(status code, label, number) of each kind, for bars and tables."""
        return [
            ("fulfilled", Status.FULFILLED.label, self.kept),
            ("partly", Status.PARTLY.label, self.partly),
            ("excused", Status.EXCUSED.label, self.excused),
            ("not_fulfilled", Status.NOT_FULFILLED.label, self.not_kept),
            # True of all of them: not begun, under way, at risk, past the day, waiting for a check.
            ("in_progress", _("Still open"), self.running),
        ]

    def add(self, status: str, number: int = 1) -> None:
        """Count ``number`` more pledges of this status."""
        name = self.FIELDS.get(status, "running")
        setattr(self, name, getattr(self, name) + number)


@dataclass(frozen=True)
class TaskView:
    """A step on the way."""

    text: str
    due: date | None
    done: bool
    done_on: date | None


@dataclass(frozen=True)
class EvidenceView:
    """A file that may be shown here."""

    title: str
    url: str
    kind_label: str


@dataclass(frozen=True)
class UpdateView:
    """What was done, on what day, and what shows it."""

    on: date
    kind: str
    kind_label: str
    percent: int | None
    text: str
    evidence: EvidenceView | None


@dataclass(frozen=True)
class AmendmentView:
    """What was changed after it was agreed."""

    on: date
    reason: str
    old_text: str
    new_text: str
    agreed_at: str


@dataclass(frozen=True)
class HistoryStep:
    """One step in the history of a pledge: the day, what happened, and a word more if needed."""

    on: date
    label: str
    note: str = ""


@dataclass
class PledgeView:
    """One pledge, as everyone may read it."""

    key: str
    year: int
    text: str
    measure: str
    baseline: str
    category: str
    category_code: str
    kind: str
    kind_label: str
    scope: str
    scope_label: str
    due: date | None
    status: str
    status_label: str
    percent: int | None
    agreed_on: date | None = None
    checked_on: date | None = None
    method: str = ""
    reason: str = ""
    reply: str = ""
    reply_on: date | None = None
    # Codes of what the record says beside the outcome today; see ``remarks``.
    remarks: list[str] = field(default_factory=list)
    tasks: list[TaskView] = field(default_factory=list)
    updates: list[UpdateView] = field(default_factory=list)
    amendments: list[AmendmentView] = field(default_factory=list)

    @property
    def history(self) -> list[HistoryStep]:
        """What happened to it, oldest first: promised, changed, reported, decided, replied."""
        steps = [HistoryStep(row.on, _("Pledge changed"), row.reason) for row in self.amendments]
        steps += [
            HistoryStep(row.on, row.kind_label, "" if row.percent is None else f"{row.percent}%")
            for row in self.updates
        ]
        if self.checked_on:
            steps.append(HistoryStep(self.checked_on, _("Outcome decided"), self.status_label))
        if self.reply_on:
            steps.append(HistoryStep(self.reply_on, _("The member’s own account")))
        steps.sort(key=lambda step: step.on)
        if self.agreed_on:
            steps.insert(0, HistoryStep(self.agreed_on, _("Promised")))
        return steps


@dataclass
class Tile:
    """One member on a board."""

    public_id: str
    name: str
    initials: str
    office: str
    office_code: str
    is_secretary: bool
    posts: list[str]
    photo: PhotoView | None
    url: str | None
    pledges: list[PledgeView] = field(default_factory=list)
    counts: StatusCounts = field(default_factory=StatusCounts)


@dataclass(frozen=True)
class BranchPledgeView:
    """What the branch as a whole promised."""

    text: str
    category: str
    year: int
    status: str
    status_label: str
    lead: str
    checked_on: date | None = None
    method: str = ""
    reason: str = ""


@dataclass
class Board:
    """The board of one branch for one year."""

    title: str
    village: str
    programme_title: str
    programme_url: str | None
    url: str | None
    year: int | None
    years: list[tuple[int, str]]
    introduction: str
    not_listed: str
    tiles: list[Tile]
    branch_pledges: list[BranchPledgeView]
    counts: StatusCounts
    updated_on: date | None
    # Whether another year was asked for, of which there is nothing.
    year_missing: bool = False
    # What the year-end review found, counted.
    grades: "list[GradeCount]" = field(default_factory=list)


@dataclass
class BranchCard:
    """One branch in the index of a programme."""

    title: str
    url: str | None
    members: int
    counts: StatusCounts
    secretary: Tile | None


@dataclass
class ProgrammeIndex:
    """All public branches of a programme."""

    title: str
    introduction: str
    url: str | None
    year: int | None
    years: list[tuple[int, str]]
    branches: list[BranchCard]
    counts: StatusCounts
    year_missing: bool = False


@dataclass
class MemberView:
    """One member's page."""

    tile: Tile
    board_url: str | None
    board_title: str
    programme_title: str
    programme_url: str | None
    years: list[tuple[int, list[PledgeView]]]
    noindex: bool
    # What year-end reviews found, newest year first.
    grades: "list[GradeView]" = field(default_factory=list)
