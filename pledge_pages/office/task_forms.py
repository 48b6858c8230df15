"""The forms of tasks in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..boards.content import MAX_TEXT, YEARS
from ..labels import LabelsFormField, label_in
from ..people.models import Member, Post
from ..people.naming import today
from ..pilots.models import Pilot
from ..rulebook.models import Category, PledgeTemplate
from ..tasks.models import MAX_DECLINE, MAX_MEASURE, State
from .check_forms import date_field, scan_field
from .lists import BranchFilterForm

NUMBER = "number_"


def state_choices() -> list[tuple[str, object]]:
    """Return what the list of tasks may be narrowed to."""
    return [("", _("All")), *State.choices]


class TaskFilterForm(BranchFilterForm):
    """Asks for branch, state and year; nothing asked means all."""

    year = forms.IntegerField(
        required=False, min_value=YEARS[0], max_value=YEARS[-1], label=gettext_lazy("Year")
    )

    def states(self):
        return state_choices()


class TemplateChoice(forms.ModelChoiceField):
    """Offers templates, each with its code, document and text."""

    def label_from_instance(self, template: PledgeTemplate) -> str:
        said = [label_in(template.document), label_in(template.text)]
        return f"{template.code} " + ": ".join(text for text in said if text)[:48]


class TakeTemplateForm(forms.Form):
    """Asks which template to take; none means a text of one's own."""

    template = TemplateChoice(
        PledgeTemplate.objects.filter(active=True).order_by("-kind", "category__rank", "code"),
        required=False,
        label=gettext_lazy("Template"),
        empty_label=gettext_lazy("None: a text of one's own, or a post only"),
    )


class AssignForm(forms.Form):
    """Asks whom, what and until when; of a template, its numbers only."""

    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Members"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, pilot: Pilot, template: PledgeTemplate | None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        members = Member.objects.filter(pilot=pilot, active=True)
        self.fields["members"].queryset = members.order_by("office__rank", "code")
        asked = _fields_of(template) if template else _fields_of_text()
        self.fields.update({**dict(asked), **dict(_fields_of_all())})


def numbers_in(data: dict) -> dict[str, int]:
    """Return the numbers of a template, by name, that a valid form holds."""
    return {name.removeprefix(NUMBER): n for name, n in data.items() if name.startswith(NUMBER)}


def _fields_of(template: PledgeTemplate) -> Iterator[tuple[str, forms.Field]]:
    for name, bounds in template.open_numbers().items():
        said = _("From %(least)d to %(most)d") % {"least": bounds.least, "most": bounds.most}
        yield (
            f"{NUMBER}{name}",
            forms.IntegerField(
                label=_("Number “%(name)s”") % {"name": name},
                min_value=bounds.least,
                max_value=bounds.most,
                help_text=said,
            ),
        )


def _fields_of_text() -> Iterator[tuple[str, forms.Field]]:
    yield (
        "category",
        forms.ModelChoiceField(Category.objects.all(), required=False, label=_("Category")),
    )
    yield "text", LabelsFormField(
        label=_("Task"), max_length=MAX_TEXT, rows=2, required=False,
        help_text=_("What is to be done, as the member would promise it."),
    )  # fmt: skip
    yield "measure", LabelsFormField(
        label=_("Measure"), max_length=MAX_MEASURE, required=False,
        help_text=_("How anyone can check it"),
    )  # fmt: skip


def _fields_of_all() -> Iterator[tuple[str, forms.Field]]:
    year = today().year
    yield "post", forms.ModelChoiceField(
        Post.objects.all(), required=False, label=_("Post"),
        help_text=_("Entered once it is accepted. Where a page is approved, a lead assigns it."),
    )  # fmt: skip
    yield (
        "year",
        forms.IntegerField(label=_("Year"), initial=year, min_value=YEARS[0], max_value=YEARS[-1]),
    )
    yield "due", forms.DateField(
        label=_("Due"), initial=date(year, 12, 31),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


class AcceptForm(forms.Form):
    """Asks when the paper was signed, and for its scan."""

    on = date_field(gettext_lazy("Signed on"))
    scan = scan_field()


class DeclineForm(forms.Form):
    """Asks why the member declined, when, and for the scan of the paper."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MAX_DECLINE,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("In the member's own words. For the branch's staff; never public."),
    )
    on = date_field(gettext_lazy("Said on"))
    scan = scan_field()
