"""The form in which a villager reports, asks or praises, and the one that asks for a receipt code."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import receipts
from .models import MAX_CONTACT, MAX_TEXT, Kind

TOO_LONG = gettext_lazy("At most %(limit_value)d characters; it has %(show_value)d.")


class ReportForm(forms.Form):
    """Asks for as little as it can. ``form`` makes one report of it, however often it is sent."""

    required_css_class = "required"

    kind = forms.ChoiceField(
        label=gettext_lazy("What would you like to do?"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        initial=Kind.REPORT,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What would you like to say?"),
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 7, "autocomplete": "off"}),
        help_text=gettext_lazy(
            "When, where and what. Leave out what says who you are, and other people’s numbers."
        ),
        error_messages={
            "required": gettext_lazy("Write what you want to say."),
            "max_length": TOO_LONG,
        },
    )
    contact = forms.CharField(
        label=gettext_lazy("How we may reach you (you can leave this empty)"),
        max_length=MAX_CONTACT,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Only the supervision committee can read it, and it is erased later. The branch and "
            "the person you write about cannot. Without it nothing says who you are."
        ),
        error_messages={"max_length": TOO_LONG},
    )
    # A trap for programs that fill in everything; people do not see it.
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )
    form = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # The length is checked when it is sent: browsers would cut what is pasted without a word.
        for name in ("text", "contact"):
            del self.fields[name].widget.attrs["maxlength"]

    @classmethod
    def fresh(cls) -> "ReportForm":
        """Return an empty form."""
        return cls(initial={"form": receipts.new_form()})

    def clean_website(self) -> str:
        """Refuse what a program filled in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this field empty, then send it again."))
        return ""

    def clean(self) -> dict:
        """Refuse a form that lay open for too long, or was made up."""
        cleaned = super().clean() or {}
        code = receipts.code_for(cleaned.get("form", ""))
        if code is None:
            raise ValidationError(
                _("This page was open for too long. Your text is still here: send it again.")
            )
        cleaned["code"] = code
        return cleaned

    def renew(self) -> None:
        """Let the form make another report than the one it may have made already."""
        self.data = {**self.data.dict(), "form": receipts.new_form()}  # type: ignore[attr-defined]


class ReceiptForm(forms.Form):
    """Asks for the code on a receipt."""

    code = forms.CharField(
        label=gettext_lazy("Receipt code"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("16 letters and digits, as in abcd-efgh-jkmn-pqrs."),
        error_messages={"required": gettext_lazy("Give the code.")},
    )
