"""Tags in the forms of pictures and documents: asked for quiet words before anything is saved."""

from typing import Any

from django import forms
from wagtail.admin.forms.collections import BaseCollectionMemberForm

from ..quiet_words.records import check_tags, watched_files
from ..quiet_words.refusing import QuietWordsError


def take_over_file_forms() -> None:
    """Let the forms of pictures and documents ask for what their tags say."""
    BaseCollectionMemberForm.clean = clean


def clean(form: forms.ModelForm) -> Any:
    """Return what was typed; an error at the tags names each that must not be public."""
    data = super(BaseCollectionMemberForm, form).clean()
    tags = form.cleaned_data.get("tags")
    if tags and isinstance(form.instance, tuple(watched_files())):
        try:
            check_tags(form.instance, tags)
        except QuietWordsError as error:
            form.add_error("tags", str(error))
    return data
