"""The forms on a member's own pages: progress, a reply, an appeal, and what may be shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from ..appraisal.models import MAX_REPLY, MAX_STATEMENT
from ..boards.content import MAX_TEXT, ProgressUpdate
from ..labels import content_languages
from ..people.models import Consent, Scope
from ..people.naming import today
from ..photos.cleaning import photo_limits
from .reporting import KINDS

TOO_LONG = gettext_lazy("At most %(limit_value)d characters; it has %(show_value)d.")
TEXT = "text_"

# What Django says on these pages, and in our forms, in no Chinese or in a misleading one: our own
# catalogue says it.
OF_DJANGO = (
    gettext_lazy("Null characters are not allowed."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "number",
    ),
)


def text_field(label: Any, length: int, *, required: bool = True) -> forms.CharField:
    """Return a field for a text; what is too long is said so, and not cut off by the browser."""
    field = forms.CharField(
        label=label,
        max_length=length,
        required=required,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )
    del field.widget.attrs["maxlength"]
    return field


def day_field(label: Any) -> forms.DateField:
    """Return a field for a day, today at first."""
    return forms.DateField(
        label=label, initial=today, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class InLanguages(forms.Form):
    """Asks for a text in each of the languages that are offered; one is enough."""

    label: Promise
    length: int

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(content_languages())
        wanted = [code for code in names if code in set(languages)]
        for code in wanted:
            label = f"{self.label} ({names[code]})" if len(wanted) > 1 else self.label
            self.fields[f"{TEXT}{code}"] = text_field(label, self.length, required=False)

    @property
    def texts(self) -> list[forms.BoundField]:
        """The fields for the texts."""
        return [self[name] for name in self.fields if name.startswith(TEXT)]

    def clean(self) -> dict[str, Any]:
        """Gather the texts by language."""
        cleaned = super().clean() or {}
        cleaned["text"] = {
            name.removeprefix(TEXT): cleaned.pop(name)
            for name in list(cleaned)
            if name.startswith(TEXT)
        }
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """Put what is wrong with the texts above them all, and what has no field here on top."""
        named = getattr(error, "error_dict", None)
        if field is None and named is not None:
            for name, found in named.items():
                super().add_error(self._placed(name), found)
        else:
            super().add_error(field and self._placed(field), error)

    def _placed(self, name: str) -> str | None:
        if name == "text":
            return self.texts[0].name if self.texts else None
        return name if name in self.fields else None


class ProgressForm(InLanguages):
    """Asks what was done, how far it is, when, and what shows it."""

    label, length = gettext_lazy("What was done"), MAX_TEXT

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you report?"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.RadioSelect,
        initial=ProgressUpdate.Kind.UPDATE,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Percent done"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        help_text=gettext_lazy("From 0 to 100. Leave it empty if it cannot be said in a number."),
    )
    on = day_field(gettext_lazy("On which day"))
    file = forms.FileField(
        label=gettext_lazy("What shows it (you can leave this empty)"),
        required=False,
        widget=forms.FileInput(
            {"accept": "image/jpeg,image/png,image/webp,image/heic,image/avif,application/pdf"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = (
            _("A photo or a PDF. Only you and the branch see it until it is checked.")
            + f" {photo_limits()}"
        )


class OwnReplyForm(InLanguages):
    """Asks what the member says to what was found."""

    label, length = gettext_lazy("In your own words"), MAX_REPLY


class OwnAppealForm(forms.Form):
    """Asks what the member has against what was found."""

    ground = text_field(gettext_lazy("What you have against it"), MAX_STATEMENT)


class OwnConsentForm(forms.Form):
    """Asks, for each place, how much of the name and whether the photo may be shown."""

    LEVELS = {
        Consent.Subject.NAME: (Consent.Level.FULL, Consent.Level.SURNAME_ONLY, Consent.Level.NONE),
        Consent.Subject.PHOTO: (Consent.Level.FULL, Consent.Level.NONE),
    }

    def __init__(
        self,
        *args: Any,
        now: dict[tuple[str, str], str],
        ran_out: dict[tuple[str, str], date],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for scope in Scope:
            for subject, levels in self.LEVELS.items():
                self.fields[f"{scope}-{subject}"] = forms.ChoiceField(
                    label=Consent.Subject(subject).label,
                    choices=[(level.value, level.label) for level in levels],
                    initial=now.get((scope.value, subject.value), Consent.Level.NONE),
                    help_text=_said_of(ran_out.get((scope.value, subject.value))),
                )

    @property
    def places(self) -> list[dict[str, Any]]:
        """The fields of each place, under its name."""
        return [
            {
                "label": scope.label,
                "fields": [self[f"{scope}-{subject}"] for subject in self.LEVELS],
            }
            for scope in Scope
        ]

    def wishes(self) -> dict[tuple[str, str], str]:
        """Return what is wished now, by place and subject."""
        return {
            (scope.value, subject.value): self.cleaned_data[f"{scope}-{subject}"]
            for scope in Scope
            for subject in self.LEVELS
        }


def _said_of(ended: date | None) -> str:
    """Return what is said beside a consent that has run out."""
    return (
        _("What you had agreed to ran out on %(day)s.") % {"day": date_format(ended)}
        if ended
        else ""
    )
