"""The forms of year-end reviews in the admin."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..appraisal.review_grades import Choice
from ..appraisal.review_models import (
    MAX_CHANGE,
    MAX_OPINION,
    MAX_SANCTION,
    MOST_ANSWERS,
    MOST_PRESENT,
    BranchReview,
    MemberReview,
)
from ..appraisal.reviews import SURVEY
from ..boards.content import YEARS
from ..labels import LabelsFormField
from .check_forms import PageForm, ReplyForm, TellForm, date_field
from .reason import ReasonForm
from .review_rows import grade_names


class ReviewForm(forms.Form):
    """A form about ``about``: a review, or a member in one."""

    def __init__(self, *args, about: BranchReview | MemberReview, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.review = about.review if isinstance(about, MemberReview) else about

    def values(self) -> dict:
        """Return what the action is given."""
        return self.cleaned_data

    def place(self, error: ValidationError) -> None:
        """Say what the action refuses at its field, or above the form if it has none."""
        named = getattr(error, "error_dict", {"": error})
        for field, errors in named.items():
            first = next((name for name in self.fields if name.split(":")[0] == field), None)
            self.add_error(first, errors)


class NothingForm(ReviewForm):
    """Asks nothing: sending it is the answer."""


class GradePageForm(ReviewForm, PageForm):
    """Asks whether newer drafts may be taken along."""


class WhyForm(ReviewForm, ReasonForm):
    """Asks why."""


class TellGradeForm(ReviewForm, TellForm):
    """Asks how and when the member was told."""


class ReplyGradeForm(ReviewForm, ReplyForm):
    """Asks what the member says to the grade, as it will stand beside it."""


class OpenReviewForm(forms.Form):
    """Asks for the year, the meeting and how many were there."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=YEARS[0], max_value=YEARS[-1])
    held_on = date_field(gettext_lazy("Day of the meeting"))
    present = forms.IntegerField(
        label=gettext_lazy("Members present"), min_value=1, max_value=MOST_PRESENT
    )
    voters = forms.IntegerField(
        label=gettext_lazy("Ballots handed out"),
        min_value=0,
        max_value=MOST_PRESENT,
        initial=0,
        help_text=gettext_lazy("In the secret ballot; 0 if there was none."),
    )


class FiguresForm(ReviewForm):
    """Asks for votes, the survey and the branch's opinion of one member."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        entry = self.about
        kinds = {"peer": _("Votes of the other members: %s"), "ballot": _("Secret ballot: %s")}
        if not self.review.voters:
            del kinds["ballot"]
        for kind, label in kinds.items():
            for code, name in grade_names(self.review).items():
                self.fields[f"{kind}:{code}"] = _number(
                    label % name, getattr(entry, kind).get(code)
                )
        for name in SURVEY:
            label = entry._meta.get_field(name).verbose_name
            self.fields[name] = _number(label, getattr(entry, name))
        self.fields["opinion"] = LabelsFormField(
            label=_("Opinion of the branch"),
            max_length=MAX_OPINION,
            rows=3,
            required=False,
            initial=entry.opinion,
            help_text=_(
                "Public beside the grade. In neutral words; of the work, not of the person."
            ),
        )

    def values(self):
        given = self.cleaned_data
        figures = {name: given[name] for name in (*SURVEY, "opinion")}
        for kind in ("peer", "ballot"):
            votes = {
                name.partition(":")[2]: number
                for name, number in given.items()
                if name.startswith(f"{kind}:") and number is not None
            }
            if kind == "peer" or self.review.voters:
                figures[kind] = votes
        return figures


def _number(label, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=MOST_ANSWERS, required=False, initial=initial
    )


def _grade_field(review: BranchReview, label, initial: str = "") -> forms.ChoiceField:
    choices = list(grade_names(review).items())
    return forms.ChoiceField(label=label, choices=choices, initial=initial)


class OwnGradeForm(ReviewForm):
    """Asks for the grade that the member gives themselves."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"] = _grade_field(
            self.review, _("The member's own view"), self.about.self_grade
        )


class SanctionForm(ReviewForm):
    """Asks what followed, where that was decided, and when."""

    what = forms.CharField(
        label=gettext_lazy("What was decided"),
        max_length=MAX_SANCTION,
        widget=forms.Textarea({"rows": 3}),
    )
    basis = forms.CharField(
        label=gettext_lazy("Where it was decided"),
        max_length=200,
        help_text=gettext_lazy("Such as: minutes of 12 January, item 3."),
    )
    on = date_field(gettext_lazy("On"))


class CorrectForm(ReviewForm, ReasonForm):
    """Asks what stands instead, why, and how the member was told and heard."""

    kept = gettext_lazy("Kept with the appraisal, for staff and the member to read.")
    field_order = ("grade", "opinion", "reason", "told_on", "told_how", "reply", "replied_on")

    told_on = date_field(gettext_lazy("The member was told on"))
    reply = LabelsFormField(
        label=gettext_lazy("What the member says to it"), max_length=1000, rows=3, required=False
    )
    replied_on = forms.DateField(
        label=gettext_lazy("Said on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, appraisal, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        how = TellForm.base_fields["how"]
        self.fields["told_how"] = forms.ChoiceField(
            label=how.label, choices=how.choices, widget=forms.RadioSelect
        )
        self.fields["grade"] = _grade_field(self.review, _("Grade"), appraisal.grade)
        self.fields["opinion"] = LabelsFormField(
            label=_("Opinion of the branch"), max_length=MAX_OPINION, rows=3, required=False,
            initial=appraisal.opinion,
        )  # fmt: skip
        self.order_fields(self.field_order)


class GradesForm(ReviewForm):
    """Asks for the grade of each member, and why it is another one than the rules come to."""

    def __init__(self, *args, entries: list[MemberReview], suggested, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for entry in entries:
            said = {"name": entry.member.staff_name}
            first = entry.grade or suggested.get(entry.pk, "")
            grade = _grade_field(self.review, _("Grade of %(name)s") % said, first)
            self.fields[f"grade:{entry.pk}"] = grade
            self.fields[f"why:{entry.pk}"] = forms.CharField(
                label=_("Why another grade for %(name)s") % said,
                max_length=MAX_CHANGE,
                required=False,
                initial=entry.grade_reason,
                widget=forms.TextInput({"aria-label": _("Why another grade for %(name)s") % said}),
            )
            grade.widget.attrs["aria-label"] = grade.label

    def rows(self) -> Iterator[tuple[MemberReview, forms.BoundField, forms.BoundField]]:
        """Yield each member with the two fields."""
        for entry in self.entries:
            yield entry, self[f"grade:{entry.pk}"], self[f"why:{entry.pk}"]

    def values(self):
        choices = {
            entry.pk: Choice(
                self.cleaned_data[f"grade:{entry.pk}"], self.cleaned_data[f"why:{entry.pk}"]
            )
            for entry in self.entries
        }
        return {"choices": choices}


def this_year() -> int:
    """Return the year that is most likely reviewed now: the last one until summer."""
    day = timezone.localdate()
    return day.year - 1 if day.month < 7 else day.year
