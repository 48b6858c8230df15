"""Short texts in several languages, for records that are data and not pages.

Categories, posts, offices and programme names belong to no language's page tree. Their texts
are kept as one JSON object by language code: ``{"zh-hans": "环境卫生", "en": "Sanitation"}``.
"""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.coreutils import get_content_languages

Labels = Mapping[str, str]

MAX_LENGTH = 255
MAX_TEXT = 2000


def content_languages() -> list[tuple[str, str]]:
    """Return (code, name) of the languages the site has content in, default language first.

    As Wagtail sees them: a site that names none has one, that of LANGUAGE_CODE.
    """
    languages = list(get_content_languages().items())
    default = settings.LANGUAGE_CODE.split("-")[0]
    own = [pair for pair in languages if pair[0].split("-")[0] == default]
    first = (own or languages)[:1]
    return first + [pair for pair in languages if pair not in first]


def label_in(labels: Labels | None, language: str | None = None) -> str:
    """Return the text of ``labels`` in ``language`` (the active one if None).

    Falls back to the same language without its region, then to the default language, then to
    any text there is; an empty string if there is none.
    """
    labels = labels or {}
    wanted = language or get_language() or settings.LANGUAGE_CODE
    for code in (wanted, wanted.split("-")[0], settings.LANGUAGE_CODE):
        if labels.get(code):
            return labels[code]
    root = wanted.split("-")[0]
    related = [text for code, text in labels.items() if text and code.split("-")[0] == root]
    return next(iter(related or [text for text in labels.values() if text]), "")


class LabelsWidget(forms.MultiWidget):
    """One text input for each content language, with the language as its placeholder."""

    def __init__(self, attrs: dict | None = None) -> None:
        self.languages = content_languages()
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            code.replace("-", "_"): self.input(
                {"placeholder": name, "aria-label": name, "lang": code}
            )
            for code, name in self.languages
        }
        super().__init__(widgets, attrs)

    def input(self, attrs: dict[str, str]) -> forms.Widget:
        """Return the input for one language."""
        return forms.TextInput(attrs)

    def decompress(self, value: Labels | None) -> list[str]:
        return [(value or {}).get(code, "") for code, _name in self.languages]


class TextsWidget(LabelsWidget):
    """A few lines for each content language."""

    def input(self, attrs: dict[str, str]) -> forms.Widget:
        return forms.Textarea({**attrs, "rows": "3"})


class LabelsFormField(forms.MultiValueField):
    """Collects one text for each content language; the first language is compulsory if required."""

    widget = LabelsWidget
    longest = MAX_LENGTH

    def __init__(self, **kwargs) -> None:
        for argument in ("encoder", "decoder", "max_length"):
            kwargs.pop(argument, None)
        self.languages = content_languages()
        fields = [
            forms.CharField(max_length=self.longest, required=False) for _pair in self.languages
        ]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values: list[str]) -> dict[str, str]:
        pairs = zip(self.languages, values or [], strict=False)
        return {code: text.strip() for (code, _name), text in pairs if text and text.strip()}


class TextsFormField(LabelsFormField):
    """Collects a longer text for each content language."""

    widget = TextsWidget
    longest = MAX_TEXT


class LabelsField(models.JSONField):
    """A JSON object of texts by language code, each at most ``max_length`` long (MAX_LENGTH)."""

    longest = MAX_LENGTH
    collected_by: type[LabelsFormField] = LabelsFormField

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def validate(self, value, model_instance) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, dict):
            raise ValidationError(_("Give one text for each language."), code="labels")
        for code, text in value.items():
            most = self.max_length or self.longest
            if not isinstance(text, str) or len(text) > most:
                raise ValidationError(
                    _("%(language)s: give a text of at most %(max)d characters."),
                    code="labels",
                    params={"language": code, "max": most},
                )

    def formfield(self, **kwargs):
        return models.Field.formfield(self, form_class=self.collected_by, **kwargs)


class TextsField(LabelsField):
    """A JSON object of longer texts by language code: a sentence or a few."""

    longest = MAX_TEXT
    collected_by = TextsFormField
