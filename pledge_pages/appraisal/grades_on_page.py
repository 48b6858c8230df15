"""Brings appraisals to the member's page by new versions that are moderated, and guards what pages say.

No page with a grade that no closed review bears out is submitted, approved or released.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from .. import conf
from ..boards.models import MemberPledgePage
from ..contention import in_one_transaction
from ..embargo.approval import lock_gate
from ..embargo.errors import EmbargoError
from ..embargo.objections import PageCheck
from ..people.models import Member
from ..rulebook.models import Grade
from . import access
from .on_page import hindrance_to, settle, submit
from .pledges import Known, final_decisions
from .review_grades import entries_of, survey_of
from .review_models import Appraisal, BranchReview, MemberReview
from .reviews import lock, require, write_down


class GradeError(EmbargoError):
    """A page with a grade that no closed review bears out; the message names the year and why."""


@dataclass
class Submitted:
    """How many versions were submitted, and why there is none of the other pages."""

    pages: list[MemberPledgePage] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def said_of(appraisal: Appraisal) -> dict[str, Any]:
    """Return what a page says of ``appraisal``: no points, no votes of other members, no sanctions."""
    review = appraisal.review
    grades = list(review.rulebook.grades.all())
    codes = [grade.code for grade in grades]
    grade: Grade = grades[codes.index(appraisal.grade)]
    survey = survey_of(appraisal)
    least, counted = conf.get("SURVEY_LEAST_ANSWERS"), conf.get("SURVEY_LEAST_COUNTED")
    corrected = timezone.localdate(appraisal.made_at) if appraisal.edition else None
    return {
        "year": review.year,
        "grade": grade.code,
        "name": dict(grade.name),
        # Its place among the grades, and whether it is for a few.
        "place": codes.index(grade.code),
        "limited": grade.share_part is not None,
        "ballot": [
            {"name": dict(one.name), "votes": appraisal.ballot.get(one.code, 0)}
            for one in grades
            if appraisal.ballot
        ],
        "survey": survey.said(least=least, least_counted=counted) if survey else {},
        "opinion": dict(appraisal.opinion),
        "reply": dict(appraisal.reply),
        "replied_on": appraisal.replied_on.isoformat() if appraisal.replied_on else None,
        "reviewed_on": review.held_on.isoformat(),
        "corrected_on": corrected.isoformat() if corrected else None,
    }


def standing_of(
    *, members: Iterable[int] | None = None, pilot: int | None = None
) -> dict[int, list[dict[str, Any]]]:
    """Return what pages may say of grades, newest year first, by member: of these, or of a branch.

    Three queries at most.
    """
    rows = Appraisal.objects.filter(correction=None).select_related("review__rulebook")
    rows = rows.filter(review__state=BranchReview.State.CLOSED)
    rows = rows.filter(review__pilot=pilot) if members is None else rows.filter(member__in=members)
    rows = rows.order_by("-review__year").prefetch_related("review__rulebook__grades")
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(said_of(row))
    return found


@in_one_transaction
def put_grades_on_pages(
    review: BranchReview,
    *,
    by: User,
    only: Iterable[MemberReview] | None = None,
    with_draft: bool = False,
) -> Submitted:
    """Write what ``review`` found into a version of each member's page in each language, and submit
    them for moderation: of everyone, or of ``only`` these.

    Nothing is written upon a draft that nobody approved, unless ``with_draft``; pages with one are
    named in what is returned. Raises PermissionDenied, or ValidationError if nothing is to be done.
    """
    review = lock(review)
    if not access.may_write(by, review.pilot):
        raise PermissionDenied(_("Editors of the branch and leads put grades on pages."))
    require(review, BranchReview.State.CLOSED)
    wanted = None if only is None else {entry.pk for entry in only}
    entries = [entry for entry in entries_of(review) if wanted is None or entry.pk in wanted]
    written = Submitted()
    says = standing_of(members=[entry.member_id for entry in entries])
    known = final_decisions(members=[entry.member_id for entry in entries])
    for entry in entries:
        # Nobody writes about themselves: a colleague does.
        if by.pk == entry.member.user_id:
            said = _("%(code)s: it is about you. A colleague does it.")
            written.left.append(said % {"code": entry.member.code})
            continue
        left = len(written.left)
        _write(entry.member, says[entry.member_id], known.get(entry.member_id, {}), by=by,
               with_draft=with_draft, into=written)  # fmt: skip
        if len(written.left) == left:
            entry.put_at = timezone.now()
            entry.save(update_fields=["put_at"])
    if not written.pages:
        raise ValidationError(
            written.left or [_("Every approved page says so already.")], code="in_the_way"
        )
    write_down(review, "put_grades", by, count=len(written.pages), draft=with_draft)
    return written


def _write(
    member: Member,
    said: list[dict[str, Any]],
    known: Known,
    *,
    by: User,
    with_draft: bool,
    into: Submitted,
) -> None:
    """Write ``said`` into each page of ``member`` that is approved, and submit it."""
    rows = MemberPledgePage.objects.filter(member=member).order_by("pk")
    for row in rows:
        lock_gate(row)
        page = MemberPledgePage.objects.select_related("locale").get(pk=row.pk)
        draft = page.get_latest_revision_as_object()
        if draft.grades == said or page.standing_approval is None:
            continue
        hindrance = hindrance_to(page, with_draft=with_draft)
        if not hindrance:
            draft.grades = said
            pledges = list(draft.pledges.all())
            settle(pledges, None, known, page.locale.language_code)
            draft.pledges = pledges
            data = {"years": [row["year"] for row in said], "draft": with_draft}
            hindrance = submit(draft, page, by, "pledge_pages.put_grade", data)
        if hindrance:
            into.left.append(f"{member.code}, {page.locale.get_display_name()}: {hindrance}")
        else:
            into.pages.append(page)


def check_review(page: Page) -> None:
    """Before a version is submitted or approved: raise GradeError if a grade does not stand."""
    if isinstance(page, MemberPledgePage) and page.grades:
        _check(page, standing_of(members=[page.member_id]).get(page.member_id, []))


def public_check(opening: frozenset[int]) -> PageCheck:
    """Return the same check for pages about to be public; appraisals are read once for a branch."""
    branches: dict[int, dict[int, list[dict[str, Any]]]] = {}

    def check(page: Page) -> None:
        if not isinstance(page, MemberPledgePage) or not page.grades:
            return
        pilot = page.member.pilot_id
        if pilot not in branches:
            branches[pilot] = standing_of(pilot=pilot)
        _check(page, branches[pilot].get(page.member_id, []))

    return check


def _check(page: MemberPledgePage, standing: list[dict[str, Any]]) -> None:
    years = {row["year"]: row for row in standing}
    for row in page.grades:
        year = row.get("year") if isinstance(row, dict) else None
        if year not in years:
            raise GradeError(
                _(
                    "The grade of %(year)s is of no closed review. It cannot be approved before the "
                    "member was told and heard, and the review is closed."
                )
                % {"year": year}
            )
        if row != years[year]:
            raise GradeError(
                _(
                    "The grade of %(year)s says something else than the review found. Put it on the "
                    "page anew."
                )
                % {"year": year}
            )
    if len(page.grades) != len({row["year"] for row in page.grades}):
        raise GradeError(_("A year's grade stands there twice."))
