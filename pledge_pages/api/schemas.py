"""What the API shows, field by field. Names and photos are those that consent allows."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from ..boards.content import Pledge, ProgressUpdate, Status
from ..boards.views_of import PledgeView
from ..embargo.moderation import MAX_COMMENT
from ..supervision.models import Kind
from .addresses import absolute
from .graded import Grade, GradeCount

ReviewState = Literal["private", "pending", "held", "published", "withdrawn"]
DraftState = Literal["none", "private", "pending"]
Content = Literal["public", "approved", "draft"]

REVIEW_STATE = Field(
    description="private: a draft; pending: in review; held: approved, and kept back until the "
    "pilot is approved; published; withdrawn: the approval was taken back."
)
DRAFT_STATE = Field(
    None,
    description="Where stands what is newer than the approved content. Null for the public.",
)
CONTENT = Field(
    description="What is shown here: the public content, what was approved and is held, or the "
    "newest draft. The public sees public content only."
)


def coded(values: list[Any]) -> Any:
    """Return a field that holds one of these codes."""
    return Field(json_schema_extra={"enum": values})


class Counts(Schema):
    """How many pledges were kept, partly kept, excused, not kept, or are still running."""

    kept: int
    partly: int
    excused: int
    not_kept: int
    running: int
    total: int


class Photo(Schema):
    """A picture: its address, its size in pixels, and its alternative text."""

    url: str
    width: int
    height: int
    alt: str

    @staticmethod
    def resolve_url(obj: Any, context: dict[str, Any]) -> str | None:
        return absolute(context["request"], obj.url)


class Task(Schema):
    """A step on the way to a pledge."""

    text: str
    due: date | None
    done: bool
    done_on: date | None


class Evidence(Schema):
    """A file that shows what was done, checked and meant for the public."""

    title: str
    url: str
    kind_label: str

    @staticmethod
    def resolve_url(obj: Any, context: dict[str, Any]) -> str | None:
        return absolute(context["request"], obj.url)


class Update(Schema):
    """What was done about a pledge, on what day."""

    on: date
    kind: str = coded(ProgressUpdate.Kind.values)
    kind_label: str
    percent: int | None
    text: str
    evidence: Evidence | None


class Amendment(Schema):
    """What was changed after it was agreed."""

    on: date
    reason: str
    old_text: str
    new_text: str
    agreed_at: str


class PledgeSummary(Schema):
    """One pledge of a member, without its history."""

    key: str = Field(description="The same in every version and language.")
    year: int
    text: str
    measure: str
    baseline: str
    category: str
    category_label: str
    kind: str = coded(Pledge.Kind.values)
    kind_label: str
    scope: str = coded(Pledge.Scope.values)
    scope_label: str
    due: date | None
    status: str = coded(Status.values)
    status_label: str
    percent: int | None
    agreed_on: date | None
    checked_on: date | None
    method: str
    reason: str
    reply: str
    reply_on: date | None
    remarks: list[str] = Field(
        description="What has to be said beside the outcome today: `appeal_open` while an appeal "
        "against it is under way; `not_asked` if it was taken over from earlier records, which do "
        "not say that the member was asked."
    )

    @staticmethod
    def resolve_category(obj: PledgeView) -> str:
        return obj.category_code

    @staticmethod
    def resolve_category_label(obj: PledgeView) -> str:
        return obj.category


class PledgeDetail(PledgeSummary):
    """One pledge with its tasks, progress and amendments."""

    tasks: list[Task]
    updates: list[Update]
    amendments: list[Amendment]


class BranchPledge(Schema):
    """What the branch as a whole promises."""

    text: str
    category_label: str
    year: int
    status: str = coded(Status.values)
    status_label: str
    lead: str = Field(description="The shown name of who leads it; empty if nobody is named.")
    checked_on: date | None
    method: str
    reason: str

    @staticmethod
    def resolve_category_label(obj: Any) -> str:
        return obj.category


class Programme(Schema):
    """The programme a board belongs to."""

    code: str
    title: str | None = Field(description="Null while the programme has no public page.")
    url: str | None


class Standing(Schema):
    """Where a page stands."""

    review_state: ReviewState = REVIEW_STATE
    draft_state: DraftState | None = DRAFT_STATE
    content: Content = CONTENT
    workflow_url: str | None = Field(None, description="For staff: what may be done with the page.")


class BoardSummary(Standing):
    """A branch in the list."""

    code: str
    language: str
    title: str
    programme: Programme
    url: str | None = Field(description="The page for people; null while it is not public.")
    api_url: str
    member_count: int = Field(description="Public pages of members.")
    counts: Counts = Field(description="Public pledges of all years.")
    updated_on: date | None


class BoardList(Schema):
    """One page of a list."""

    count: int = Field(description="All that match, on every page.")
    next: str | None
    previous: str | None
    results: list[BoardSummary]


class MemberSummary(Standing):
    """A member on a board, with the pledges of the board's year."""

    public_id: str
    name: str = Field(description="As much of the name as the member allowed.")
    initials: str
    office: str
    office_label: str
    is_secretary: bool
    posts: list[str]
    photo: Photo | None = Field(description="Null without the member's consent.")
    url: str | None
    api_url: str
    counts: Counts
    pledges: list[PledgeSummary]


class Board(BoardSummary):
    """The board of a branch for one year: secretary first, then committee, then members."""

    member_count: int = Field(description="Members listed here.")
    counts: Counts = Field(description="Pledges of the year shown.")
    year: int | None = Field(description="The year shown; null while nothing is promised.")
    years: list[int] = Field(description="Every year with pledges, newest first.")
    introduction: str = Field(description="HTML.")
    not_listed: str
    branch_pledges: list[BranchPledge]
    grades: list[GradeCount] = Field(
        description="Of the year shown: what the year-end review found, the highest grade first."
    )
    members: list[MemberSummary]


class BoardLink(Schema):
    """The board a member is on."""

    code: str
    title: str | None = Field(description="Null while the board itself is not public.")
    url: str | None
    api_url: str


class Member(MemberSummary):
    """A member's page: every pledge of every year, newest year first."""

    language: str
    board: BoardLink
    programme: Programme
    noindex: bool = Field(description="Whether search engines are asked to leave the page out.")
    counts: Counts = Field(description="Pledges of all years.")
    pledges: list[PledgeDetail]  # type: ignore[assignment]
    grades: list[Grade] = Field(description="One for each year that was reviewed, newest first.")


class Question(Schema):
    """What a villager reported, asked or praised, and what the branch answered."""

    kind: str = coded(Kind.values)
    kind_label: str
    received_on: date
    answered_on: date
    question: str = Field(description="As it was written for the public.")
    answer: str
    about: str = Field(description="The member's name as it may be shown; empty for the branch.")
    public_id: str | None = Field(description="Of that member's page; null for the branch.")
    pledge_key: str | None = Field(description="Of one pledge on that page, if it is about one.")

    @staticmethod
    def resolve_public_id(obj: Any) -> str | None:
        return obj.about_id or None

    @staticmethod
    def resolve_pledge_key(obj: Any) -> str | None:
        return obj.pledge_key or None


class QuestionList(Schema):
    """One page of the list."""

    language: str
    count: int
    next: str | None
    previous: str | None
    results: list[Question]


class Transition(Schema):
    """One step that the reader may take with a page now."""

    name: Literal["submit", "approve", "reject", "withdraw"]
    title: str
    href: str
    method: Literal["POST"] = "POST"
    needs_comment: bool = Field(description="Whether `comment` has to be given.")


class LastReturn(Schema):
    """Why the page was returned to its editor."""

    comment: str
    at: datetime | None


class ReviewedText(Schema):
    """One text of a version."""

    field: str = Field(description="Where it stands, such as `pledges[0].text`.")
    text: str


class UnderReview(Schema):
    """The version that a moderator decides on."""

    version: str = Field(description="Names its content; a decision has to repeat it.")
    submitted_at: datetime
    texts: list[ReviewedText] = Field(description="Every text of it.")


class Workflow(Schema):
    """Where a page stands and what the reader may do with it."""

    id: int
    type: Literal["programme", "board", "member"]
    title: str
    language: str
    review_state: ReviewState = REVIEW_STATE
    draft_state: DraftState | None = DRAFT_STATE
    transitions: list[Transition]
    under_review: UnderReview | None
    last_return: LastReturn | None = Field(description="Of the review that is still open.")


class Remark(Schema):
    """What is said with a step: the reason, or a remark on an approval."""

    model_config = {"extra": "forbid"}

    comment: str = Field("", max_length=MAX_COMMENT, pattern=r"^[^\x00]*$")


class Decision(Remark):
    """A remark or reason, and the version it is about."""

    version: str = Field(
        "",
        max_length=64,
        pattern=r"^[0-9a-f]*$",
        description="`under_review.version`, as it was read; it has to be given.",
    )


class Start(Schema):
    """Where things are."""

    version: str
    boards: str
    openapi: str
