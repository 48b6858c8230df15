"""The forms in which staff work on reports."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from ..labels import content_languages
from ..people.models import Member
from ..pilots.models import Pilot
from ..supervision import access
from ..supervision.models import ENTERED, MAX_CONTACT, MAX_TEXT, Channel, Kind, Report
from ..supervision.receiving import Said


class StepForm(forms.Form):
    """Carries which version of the report was seen, so that nobody decides on another one."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, report: Report, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = report.version

    @property
    def given(self) -> dict:
        """What the step takes beside the version."""
        return {}

    def look_again(self, report: Report) -> None:
        """Let the form be sent again by somebody who has seen ``report`` as it is now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = report.version


class TextsForm(StepForm):
    """Asks for a text in each language of the site."""

    def __init__(self, *args, report: Report, texts: dict, **kwargs) -> None:
        super().__init__(*args, report=report, **kwargs)
        self.names = {code: f"text_{code.replace('-', '_')}" for code, _name in content_languages()}
        for code, language in content_languages():
            self.fields[self.names[code]] = forms.CharField(
                label=language,
                max_length=MAX_TEXT,
                required=False,
                initial=texts.get(code, ""),
                widget=forms.Textarea({"rows": 4, "lang": code}),
            )

    @property
    def given(self) -> dict:
        texts = {code: self.cleaned_data[name] for code, name in self.names.items()}
        return {"text": texts}


class EnterForm(forms.Form):
    """What came by box, in person or by telephone, as the committee writes it down."""

    pilot = forms.ModelChoiceField(Pilot.objects.none(), label=gettext_lazy("Branch"))
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(channel.value, channel.label) for channel in Channel if channel in ENTERED],
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    member = forms.ModelChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Member"),
        required=False,
        empty_label=gettext_lazy("About the branch"),
    )
    text = forms.CharField(
        label=gettext_lazy("Text as received"),
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("Word for word. Only the supervision committee can read it."),
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        max_length=MAX_CONTACT,
        required=False,
        help_text=gettext_lazy(
            "Only if whoever said it wants to be reached. Kept apart, and erased later."
        ),
    )

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        pilots = access.pilots_supervised_by(user)
        self.fields["pilot"].queryset = pilots
        if pilots.count() == 1:
            self.fields["pilot"].initial = pilots.get()
        self.fields["received_on"].initial = timezone.localdate()
        members = Member.objects.filter(pilot__in=pilots, active=True)
        # None about themselves.
        self.fields["member"].queryset = members.exclude(user=user)

    @property
    def said(self) -> Said:
        """What was said."""
        data = self.cleaned_data
        return Said(
            data["pilot"],
            data["kind"],
            data["channel"],
            data["text"],
            data["contact"],
            data["member"],
        )
