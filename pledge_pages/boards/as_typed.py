"""Dates in the editors' forms: what was typed stays, until it is a date that was meant."""

import copy

from django import forms
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


def take_as_typed(field: forms.Field) -> bool:
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


def take_dates_as_typed(form: forms.BaseForm) -> None:
    """Do so with every date in ``form``, and in the rows of a page's form."""
    for field in form.fields.values():
        take_as_typed(field)
    for formset in getattr(form, "formsets", {}).values():
        fields = copy.deepcopy(formset.form.base_fields)
        dated = {name: field for name, field in fields.items() if take_as_typed(field)}
        if dated:
            formset.form = type(f"{formset.form.__name__}Dated", (formset.form,), dated)
