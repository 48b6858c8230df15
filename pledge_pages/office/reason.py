"""The form in which staff say why they do something that is kept in the trail."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from ..pilots.actions import MAX_REASON


class ReasonForm(forms.Form):
    """Asks why. A subclass says in ``kept`` where the answer is kept, and for what."""

    kept: Promise = gettext_lazy("Kept in the audit trail with the date and your name.")

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=MAX_REASON, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = self.kept
