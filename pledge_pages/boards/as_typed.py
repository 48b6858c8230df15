"""Fields in the editors' forms that keep what was typed: no other date, no text cut short."""

import copy

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

DAY, MOMENT = "%Y-%m-%d", "%Y-%m-%d %H:%M"


class PlainDateInput(AdminDateInput):
    """Wagtail's calendar, but one that does not put another day in the place of what it cannot read."""

    def __init__(self, attrs=None, format=DAY) -> None:
        super().__init__({"placeholder": _("YYYY-MM-DD"), **(attrs or {})}, format)

    def get_config(self):
        return {**super().get_config(), "validateOnBlur": False}


class PlainDateTimeInput(AdminDateTimeInput):
    """The same, for a day and a time."""

    def __init__(self, attrs=None, format=MOMENT) -> None:
        super().__init__({"placeholder": _("YYYY-MM-DD HH:MM"), **(attrs or {})}, format)

    def get_config(self):
        return {**super().get_config(), "validateOnBlur": False}


def _keep_date(field: forms.Field) -> bool:
    """Let ``field``, if it asks for a date, take it in one way of writing only, and say which.

    Return whether it does ask for one.
    """
    if isinstance(field, forms.DateTimeField):
        field.widget, field.input_formats = PlainDateTimeInput(), [MOMENT]
        said = _("This is no date and time. Write them as YYYY-MM-DD HH:MM.")
    elif isinstance(field, forms.DateField):
        field.widget, field.input_formats = PlainDateInput(), [DAY]
        said = _("This is no date. Write it as YYYY-MM-DD.")
    else:
        return False
    field.widget.is_required = field.required
    field.error_messages = {**field.error_messages, "invalid": said}
    return True


def _keep_text(field: forms.Field) -> bool:
    """Let ``field``, if its text has a limit, say so, and take more: the browser would cut it off.

    The server's error says then how long it is. Return whether it has a limit.
    """
    limit = getattr(field, "max_length", None)
    if not limit or not isinstance(field.widget, forms.Textarea | forms.TextInput):
        return False
    field.widget.attrs.pop("maxlength", None)
    said = _("At most %(number)d characters.") % {"number": limit}
    field.help_text = format_lazy("{} · {}", field.help_text, said) if field.help_text else said
    return True


def take_as_typed(form: forms.BaseForm) -> None:
    """Let every date and text in ``form``, and in the rows of a page's form, be kept as typed."""
    for field in form.fields.values():
        if not _keep_date(field):
            _keep_text(field)
    for formset in getattr(form, "formsets", {}).values():
        fields = copy.deepcopy(formset.form.base_fields)
        kept = {
            name: field for name, field in fields.items() if _keep_date(field) or _keep_text(field)
        }
        if kept:
            formset.form = type(f"{formset.form.__name__}AsTyped", (formset.form,), kept)
