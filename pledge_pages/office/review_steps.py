"""The steps with a year-end review in the admin: who may take each, its form, the action behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..appraisal import access, closing, grades_on_page, review_grades, review_hearing, reviews
from ..appraisal.review_models import Appraisal, BranchReview, MemberReview
from ..people.accounts import is_account_of, member_of
from ..pilots import roles
from .check_steps import with_scan
from .review_forms import (
    CorrectForm,
    FiguresForm,
    GradePageForm,
    GradesForm,
    NothingForm,
    OwnGradeForm,
    ReplyGradeForm,
    ReviewForm,
    SanctionForm,
    TellGradeForm,
    WhyForm,
)
from .sight import User

State = BranchReview.State


@dataclass(frozen=True)
class ReviewStep:
    """One step: what it is called, when it may be taken by whom, and what it does."""

    verb: str
    label: Promise
    note: Promise
    done: Promise
    form: type[ReviewForm]
    may: Callable[[Any, User], bool]
    act: Callable[..., Any]
    # What the form is given besides what it is about.
    given: Callable[[Any], dict] = lambda about: {}


def _grades(review: BranchReview, user: User) -> bool:
    """Whether ``user`` decides on grades here, and is not one of those who are reviewed."""
    if not access.may_grade(user, review.pilot):
        return False
    own = member_of(user)
    return own is None or own.pilot_id != review.pilot_id


def _in(*states: str) -> Callable[[BranchReview, User], bool]:
    return lambda review, user: review.state in states and _grades(review, user)


def _puts(review: BranchReview, user: User) -> bool:
    """Whether ``user`` puts grades on pages, and there is one that is on none yet."""
    if not (review.is_closed and access.may_write(user, review.pilot)):
        return False
    return review.entries.filter(put_at=None).exists()


def _others(entry: MemberReview, user: User) -> bool:
    return access.may_review(user, entry.review.pilot) and not is_account_of(user, entry.member)


def _speaks(entry: MemberReview, user: User) -> bool:
    return is_account_of(user, entry.member) or roles.sees_drafts(user, entry.review.pilot)


def _writes(entry: MemberReview, user: User) -> bool:
    writes = access.may_write(user, entry.review.pilot) and not is_account_of(user, entry.member)
    return entry.review.is_closed and writes and entry.put_at is None


def stands(entry: MemberReview) -> Appraisal | None:
    """Return the appraisal of a member that stands now, None before the review is closed."""
    found = entry.review.appraisals.filter(member=entry.member_id, correction=None)
    return found.first()


def _put_one(entry: MemberReview, **values):
    return grades_on_page.put_grades_on_pages(entry.review, only=[entry], **values)


def _correct(entry: MemberReview, **values):
    appraisal = stands(entry)
    assert appraisal is not None, "closed, as the step asks"
    return closing.correct_appraisal(appraisal, **values)


def _given_grades(review: BranchReview) -> dict:
    entries = review_grades.entries_of(review)
    points = review_grades.points_now(review, entries)
    return {"entries": entries, "suggested": review_grades.suggestions(review, entries, points)}


REVIEW_STEPS = [
    ReviewStep(
        "grades", gettext_lazy("Propose grades"),
        gettext_lazy(
            "Each member has the grade that points, votes and villagers come to by the rules. "
            "Another one needs a reason; nobody gets a better one than the rules allow, and none "
            "is given more often than its share."
        ),
        gettext_lazy("The grades are proposed. Tell each member now."),
        GradesForm, _in(State.OPEN, State.TOLD), review_grades.propose_grades, _given_grades,
    ),
    ReviewStep(
        "reopen", gettext_lazy("Let figures be entered again"),
        gettext_lazy("Grades are proposed anew then; who gets another one is told and heard again."),
        gettext_lazy("Figures may be entered again."),
        WhyForm, _in(State.TOLD), review_grades.reopen_figures,
    ),
    ReviewStep(
        "close", gettext_lazy("Close the review"),
        gettext_lazy(
            "Points and grades stand as they are from now on. A correction is another appraisal "
            "with its reason. Nothing is public by this."
        ),
        gettext_lazy("The review is closed."),
        NothingForm, _in(State.TOLD), closing.close_review,
    ),
    ReviewStep(
        "put", gettext_lazy("Put the grades on the pages"),
        gettext_lazy(
            "A new version of each member's page is written and submitted in each language. "
            "Another person approves it; the board counts the grades then."
        ),
        gettext_lazy("The pages are submitted for moderation."),
        GradePageForm,
        _puts,
        grades_on_page.put_grades_on_pages,
    ),
]  # fmt: skip

ENTRY_STEPS = [
    ReviewStep(
        "figures", gettext_lazy("Enter figures"),
        gettext_lazy("What was counted, and what the branch says. Empty means: not asked."),
        gettext_lazy("The figures are kept."),
        FiguresForm,
        lambda entry, user: entry.review.state == State.OPEN and _others(entry, user),
        reviews.enter_figures,
    ),
    ReviewStep(
        "own", gettext_lazy("The member's own view"),
        gettext_lazy("The grade that the member gives themselves."),
        gettext_lazy("It is kept."),
        OwnGradeForm,
        lambda entry, user: entry.review.state == State.OPEN and _speaks(entry, user),
        reviews.enter_self_grade,
    ),
    ReviewStep(
        "tell", gettext_lazy("The member was told"),
        gettext_lazy("From this day the member has days to reply."),
        gettext_lazy("Noted. The days for a reply run."),
        TellGradeForm,
        lambda entry, user: (
            entry.review.state == State.TOLD and entry.told_on is None and _others(entry, user)
        ),
        review_hearing.tell_member,
    ),
    ReviewStep(
        "reply", gettext_lazy("The member's own account"),
        gettext_lazy("What the member says to it. It stands beside the grade in public."),
        gettext_lazy("The account is kept."),
        ReplyGradeForm,
        lambda entry, user: (
            entry.review.state == State.TOLD and entry.told_on is not None
            and not entry.reply_to and _speaks(entry, user)
        ),
        with_scan(
            review_hearing.record_review_reply,
            gettext_lazy("Account of a member of their grade, on paper"),
        ),
    ),
    ReviewStep(
        "put", gettext_lazy("Put the grade on the page"),
        gettext_lazy(
            "A new version is written and submitted in each language. Another person approves it."
        ),
        gettext_lazy("The pages are submitted for moderation."),
        GradePageForm, _writes, _put_one,
    ),
    ReviewStep(
        "correct", gettext_lazy("Correct it"),
        gettext_lazy(
            "Another appraisal takes the place of this one, which stays to be read. For a lower "
            "grade the member has to be told and heard first."
        ),
        gettext_lazy("The correction stands. Put it on the page now."),
        CorrectForm,
        lambda entry, user: entry.review.is_closed and _grades(entry.review, user),
        _correct, lambda entry: {"appraisal": stands(entry)},
    ),
    ReviewStep(
        "sanction", gettext_lazy("Record a sanction"),
        gettext_lazy(
            "What followed besides the grade. Moderators and leads read it; nothing shows it to "
            "anybody else, and it is never changed."
        ),
        gettext_lazy("It is kept."),
        SanctionForm, lambda entry, user: _grades(entry.review, user), reviews.record_sanction,
    ),
]  # fmt: skip


def what_was_left(found: Any) -> str:
    """Return which pages were left as they are, and why; '' if there is none or it is no such step."""
    left = getattr(found, "left", [])
    return _("Left as they are: %s") % " ".join(left) if left else ""
