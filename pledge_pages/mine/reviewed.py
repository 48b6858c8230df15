"""The member in year-end reviews: their own view, the grade that they were told of, what they say to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..appraisal.review_hearing import record_review_reply, reply_until
from ..appraisal.review_models import Appraisal, BranchReview, MemberReview
from ..appraisal.reviews import enter_self_grade
from ..labels import content_languages, label_in
from ..people.models import Member
from ..people.naming import today
from .forms import OwnReplyForm
from .frame import account_of, address, own_page, shown
from .writing import act, writing

State = BranchReview.State
SHAPES = {State.OPEN: "○", State.TOLD: "◐", State.CLOSED: "●"}
# Years, the newest first. Nobody is asked about more.
MOST = 30


@dataclass(frozen=True)
class OwnReview:
    """One year's review as the member reads it: before they are told of a grade, none of it."""

    entry: MemberReview
    # What stands since it was closed, corrections included.
    appraisal: Appraisal | None

    @property
    def year(self) -> int:
        """The year that was reviewed."""
        return self.entry.review.year

    @property
    def state(self) -> tuple[str, str]:
        """Shape and words for how far it is."""
        state = State(self.entry.review.state)
        return SHAPES[state], str(state.label)

    @property
    def grades(self) -> Mapping[str, str]:
        """The grades of the rules by which it goes, by code."""
        return {
            grade.code: label_in(grade.name) for grade in self.entry.review.rulebook.grades.all()
        }

    @property
    def own_view(self) -> str:
        """The grade that the member gives themselves."""
        return self.grades.get(self.entry.self_grade, "")

    @property
    def stands(self) -> MemberReview | Appraisal | None:
        """What the member was told, or what stands once it is closed; None before."""
        if self.appraisal is not None:
            return self.appraisal
        return self.entry if self.entry.told_on is not None else None

    @property
    def grade(self) -> str:
        """The grade, as far as the member was told of it."""
        return self.grades.get(self.stands.grade, "") if self.stands is not None else ""

    @property
    def opinion(self) -> str:
        """What the branch says to it."""
        return label_in(self.stands.opinion) if self.stands is not None else ""

    @property
    def reply(self) -> str:
        """What the member said to it."""
        return label_in(self.stands.reply) if self.stands is not None else ""

    @property
    def may_enter_view(self) -> bool:
        """Whether the member may still say how they see it."""
        return self.entry.review.state == State.OPEN

    @property
    def view_label(self) -> str:
        """What the link to the member's own view says."""
        if self.entry.self_grade:
            return _("Change how you see your year")
        return _("Say how you see your year")

    @property
    def reply_until(self) -> date | None:
        """The last day for an account, as long as there may be one."""
        return reply_until(self.entry.told_on) if not self.reply_hindrance else None

    @property
    def reply_hindrance(self) -> str:
        """Why no account can be given now, or ''."""
        last = reply_until(self.entry.told_on)
        if self.entry.review.state != State.TOLD or last is None:
            return _("There is nothing to reply to now.")
        if self.entry.reply_to:
            return _("You have given your account already.")
        if today() > last:
            return _("The days for a reply ended on %(day)s. Ask your branch.") % {"day": last}
        return ""


def reviews_of(member: Member) -> list[OwnReview]:
    """Return the member's reviews, the newest first. Four queries at most."""
    rows = MemberReview.objects.filter(member=member).select_related("review__rulebook")
    entries = list(
        rows.prefetch_related("review__rulebook__grades").order_by("-review__year")[:MOST]
    )
    stand: dict[int, Appraisal] = {}
    if entries:
        for found in Appraisal.objects.filter(member=member).order_by("edition"):
            stand[found.review_id] = found
    return [OwnReview(entry, stand.get(entry.review_id)) for entry in entries]


def to_answer(member: Member) -> list[OwnReview]:
    """Return the reviews in which the member may say something now."""
    return [one for one in reviews_of(member) if one.may_enter_view or one.reply_until]


class OwnViewForm(forms.Form):
    """Asks which grade the member gives themselves."""

    grade = forms.ChoiceField(
        label=gettext_lazy("The grade that you give yourself"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )

    def __init__(self, *args, row: OwnReview, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        grade: Any = self.fields["grade"]
        grade.choices, grade.initial = list(row.grades.items()), row.entry.self_grade


@own_page
def reviews(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Show the member's reviews, as far as they were told."""
    rows = reviews_of(member)
    return shown(request, member, "reviews.html", {"rows": rows}, section="reviews")


def _row(member: Member, year: int) -> OwnReview:
    row = next((one for one in reviews_of(member) if one.year == year), None)
    if row is None:
        raise Http404
    return row


@writing
def own_view(request: HttpRequest, member: Member, year: int) -> HttpResponseBase:
    """Take in how the member sees their year."""
    row = _row(member, year)
    form = OwnViewForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        do = partial(enter_self_grade, row.entry, by=account_of(request), **form.cleaned_data)
        if act(form, do):
            messages.success(request, _("Your own view is kept."))
            return redirect(address("reviews"))
    why_not = "" if row.may_enter_view else _("The figures of this review are complete.")
    context = {"row": row, "form": form, "hindrance": why_not}
    return shown(request, member, "own_view.html", context, section="reviews")


@writing
def review_reply(request: HttpRequest, member: Member, year: int) -> HttpResponseBase:
    """Take in what the member says to their grade."""
    row = _row(member, year)
    if row.stands is None:
        raise Http404
    # It stands in public beside the grade: in any language, whether there is a page in it or not.
    form = OwnReplyForm(request.POST or None, languages=dict(content_languages()))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        do = partial(record_review_reply, row.entry, by=account_of(request), text=text)
        if act(form, do):
            messages.success(request, _("Your account is kept. It stands beside the grade."))
            return redirect(address("reviews"))
    context = {"row": row, "form": form, "hindrance": row.reply_hindrance}
    return shown(request, member, "review_reply.html", context, section="reviews")
