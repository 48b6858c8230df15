"""Keeps the rows of a page's draft the same rows while the draft is edited.

A row that was added to a public page has no database row before it is approved. Wagtail's editor
takes it for a new one each time it is saved, with another key; what was written about the pledge
would belong to no pledge then.
"""

from typing import Any

from django import forms
from wagtail.models import TranslatableMixin

FIELD = "draft_row"


class KeptRow(forms.BaseModelForm):
    """A row's form that finds its row in the draft again by the row's translation key."""

    # The draft's rows without a database row, by translation key.
    drafts: dict[str, TranslatableMixin] = {}
    # Set while the page is saved: such rows are kept by being saved, changed or not.
    saving = False

    def __init__(self, data=None, files=None, *args, instance=None, prefix=None, **kwargs) -> None:
        if data is not None and (instance is None or instance.pk is None):
            instance = self.drafts.get(data.get(f"{prefix}-{FIELD}", ""), instance)
        super().__init__(data, files, *args, instance=instance, prefix=prefix, **kwargs)
        self.fields[FIELD] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[FIELD] = self.token

    @property
    def token(self) -> str:
        """What the editor sends along to name the row; empty for a new one and a stored one."""
        key = str(self.instance.translation_key)
        return key if key in self.drafts and self.instance.pk is None else ""

    def has_changed(self) -> bool:
        return (self.saving and bool(self.token)) or super().has_changed()

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        """Return what the open editor has to send the next time, with the name of a new row."""
        updates = list(super().get_field_updates_for_resave())
        if self.instance.pk is None:
            updates.append((f"{self.prefix}-{FIELD}", str(self.instance.translation_key)))
        return updates


def keep_rows(form: Any) -> None:
    """Let the rows in a page's ``form`` that have no database row yet stay the rows they are."""
    for relation, formset in form.formsets.items():
        if issubclass(formset.model, TranslatableMixin):
            rows = getattr(form.instance, relation).all()
            drafts = {str(row.translation_key): row for row in rows if row.pk is None}
            name = f"{formset.form.__name__}Kept"
            formset.form = type(name, (KeptRow, formset.form), {"drafts": drafts})


def begin_saving(form: Any) -> None:
    """Let the kept rows in a page's ``form`` be saved, whether they were changed or not."""
    for formset in form.formsets.values():
        for row in formset.forms:
            if isinstance(row, KeptRow):
                row.saving = True
