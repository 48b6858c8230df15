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
    """One text input for each content language, with the language as its placeholder.

    With ``rows`` each is an area of so many lines.
    """

    def __init__(self, attrs: dict | None = None, *, rows: int = 0) -> None:
        self.languages = content_languages()
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {}
        for code, name in self.languages:
            said = {"placeholder": name, "aria-label": name, "lang": code}
            area = forms.Textarea({**said, "rows": rows})
            widgets[code.replace("-", "_")] = area if rows else forms.TextInput(said)
        super().__init__(widgets, attrs)

    def decompress(self, value: Labels | None) -> list[str]:
        return [(value or {}).get(code, "") for code, _name in self.languages]


class LabelsFormField(forms.MultiValueField):
    """Collects one text for each content language; the first language is compulsory if required.

    ``rows`` makes areas of so many lines of the inputs.
    """

    widget = LabelsWidget

    def __init__(self, *, max_length: int = MAX_LENGTH, rows: int = 0, **kwargs) -> None:
        for argument in ("encoder", "decoder"):
            kwargs.pop(argument, None)
        if rows:
            kwargs["widget"] = LabelsWidget(rows=rows)
        self.languages = content_languages()
        fields = [
            forms.CharField(max_length=max_length, required=False) for _pair in self.languages
        ]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values: list[str]) -> dict[str, str]:
        pairs = zip(self.languages, values or [], strict=False)
        return {code: text.strip() for (code, _name), text in pairs if text and text.strip()}


class LabelsField(models.JSONField):
    """A JSON object of texts by language code, each of at most ``max_length`` characters."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def validate(self, value, model_instance) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, dict):
            raise ValidationError(_("Give one text for each language."), code="labels")
        longest = self.max_length or MAX_LENGTH
        for code, text in value.items():
            if not isinstance(text, str) or len(text) > longest:
                raise ValidationError(
                    _("%(language)s: give a text of at most %(max)d characters."),
                    code="labels",
                    params={"language": code, "max": longest},
                )

    def formfield(self, **kwargs):
        longest = self.max_length or MAX_LENGTH
        kwargs = {"max_length": longest, "rows": 3 if longest > MAX_LENGTH else 0, **kwargs}
        return models.Field.formfield(self, form_class=LabelsFormField, **kwargs)
