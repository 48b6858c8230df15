"""The forms of checks in the admin."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from ..appraisal.models import (
    MAX_METHOD,
    MAX_REPLY,
    MAX_STATEMENT,
    Appeal,
    OutcomeDecision,
)
from ..boards.content import MAX_TEXT, OUTCOMES, choices_of
from ..labels import LabelsFormField
from ..people.naming import today
from ..photos.models import EvidenceFile
from .check_rows import state_choices
from .lists import BranchFilterForm


def placed(error: ValidationError, form: forms.Form) -> ValidationError:
    """Return ``error`` at its fields, or as a whole if one of them is not in ``form``."""
    named = getattr(error, "error_dict", {})
    return error if all(name in form.fields for name in named) else ValidationError(error.messages)


class CheckFilterForm(BranchFilterForm):
    """Asks for the branch and the state; nothing asked means all."""

    def states(self):
        return state_choices()


class FoundForm(forms.Form):
    """Asks what was found, how and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=choices_of(OUTCOMES))
    checked_on = forms.DateField(
        label=gettext_lazy("Checked on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    method = LabelsFormField(
        label=gettext_lazy("How it was checked"), max_length=MAX_METHOD, rows=2
    )
    reason = LabelsFormField(
        label=gettext_lazy("Reason, as published"),
        max_length=MAX_TEXT,
        rows=3,
        required=False,
        help_text=gettext_lazy(
            "Not needed for a pledge that was kept. In neutral words: what was and was not done, "
            "and no judgement of the person. Of somebody's health write “for personal reasons”."
        ),
    )


class OpenCheckForm(FoundForm):
    """Asks what was found, how, why, and what shows it."""

    evidence = forms.ModelMultipleChoiceField(
        EvidenceFile.objects.none(),
        label=gettext_lazy("What shows it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, files: QuerySet[EvidenceFile], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].queryset = files


def date_field(label: Promise) -> forms.DateField:
    """Return a field for a day, today at first."""
    return forms.DateField(
        label=label, initial=today, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


def text_field(label: Promise, help_text: Promise | str = "") -> forms.CharField:
    """Return a field for a statement, a ground or a reason."""
    area = forms.Textarea({"rows": 4})
    return forms.CharField(label=label, max_length=MAX_STATEMENT, widget=area, help_text=help_text)


def scan_field() -> forms.FileField:
    """Return a field for the scan of a paper."""
    return forms.FileField(
        label=gettext_lazy("Scan of the paper"),
        required=False,
        help_text=gettext_lazy("A photo or PDF. It is kept for the branch's staff, never public."),
    )


class StatementForm(forms.Form):
    """Asks a checker whether it is so, and what they saw."""

    agrees = forms.TypedChoiceField(
        label=gettext_lazy("Is it as the check found?"),
        choices=[("yes", gettext_lazy("Yes, I confirm it")), ("no", gettext_lazy("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = text_field(
        gettext_lazy("What I saw"),
        gettext_lazy("In your own words. Not published; the other checker and staff read it."),
    )


class TellForm(forms.Form):
    """Asks how and when the member was told."""

    how = forms.ChoiceField(
        label=gettext_lazy("How"), choices=OutcomeDecision.Told.choices, widget=forms.RadioSelect
    )
    on = date_field(gettext_lazy("On"))


class ReplyForm(forms.Form):
    """Asks what the member says, as it will stand beside the outcome."""

    text = LabelsFormField(
        label=gettext_lazy("In the member's own words"),
        max_length=MAX_REPLY,
        rows=4,
        help_text=gettext_lazy(
            "It will be public beside the outcome. One language is enough; nothing is added or "
            "left out."
        ),
        required=False,
    )
    on = date_field(gettext_lazy("Said on"))
    scan = scan_field()


class AppealForm(forms.Form):
    """Asks what the member has against the decision."""

    ground = text_field(
        gettext_lazy("What the member has against it"), gettext_lazy("Not published.")
    )
    on = date_field(gettext_lazy("Raised on"))
    scan = scan_field()


class VerdictForm(forms.Form):
    """Asks for the decision of an appeal and its reason."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Appeal.Verdict.choices, widget=forms.RadioSelect
    )
    reason = text_field(gettext_lazy("Reason"), gettext_lazy("The member is told it."))


class PageForm(forms.Form):
    """Asks whether a newer draft of the page may be taken along."""

    with_draft = forms.BooleanField(
        label=gettext_lazy("Write it upon a newer draft, if there is one"),
        required=False,
        help_text=gettext_lazy(
            "Everything in that draft goes to the moderator along with the outcome. Without this, "
            "a page with a draft that nobody approved is left as it is."
        ),
    )
