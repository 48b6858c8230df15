"""What may stand in a text that the public will read: no numbers of people, and no member's name."""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _

from ..labels import Labels, content_languages
from ..people.models import Member
from ..pilots.models import Pilot
from ..quiet_words.lint import advice
from ..quiet_words.personal_data import personal_data
from ..quiet_words.wording import place_of
from .errors import ReportError
from .models import MAX_TEXT


def checked(field: str, texts: Labels, pilot: Pilot) -> dict[str, str]:
    """Return ``texts`` without surrounding space, and without empty ones.

    Raises ReportError naming ``field`` if none is left, or one holds a number of a person or the
    name of somebody of the branch: whom it is about is said beside it, as far as that may be shown.
    """
    known = [code for code, _name in content_languages()]
    kept = {code: texts[code].strip() for code in known if texts.get(code, "").strip()}
    if not kept:
        raise ReportError({field: _("Write it in one language at least.")})
    if any(len(text) > MAX_TEXT for text in kept.values()):
        raise ReportError({field: _("At most %(max)d characters.") % {"max": MAX_TEXT}})
    wrong = [*_numbers(kept), *_names(kept, pilot)]
    if wrong:
        raise ReportError({field: wrong})
    return kept


def warnings_about(texts: Labels) -> list[str]:
    """Return sentences on what else of a person's data stands in ``texts``, such as an address."""
    return [sentence for sentence, blocking in _found(texts) if not blocking]


def _numbers(texts: Mapping[str, str]) -> list[str]:
    return [sentence for sentence, blocking in _found(texts) if blocking]


def _found(texts: Mapping[str, str]) -> list[tuple[str, bool]]:
    names = dict(content_languages())
    return [
        (
            f"{place_of(names.get(code, code), found.start, found.quote)}: {advice(found.kind)}",
            found.blocking,
        )
        for code, text in texts.items()
        for found in personal_data(text, health=True)
    ]


def _names(texts: Mapping[str, str], pilot: Pilot) -> list[str]:
    """Return a sentence for each text in which somebody of the branch is named in full."""
    languages = dict(content_languages())
    people = Member.objects.filter(pilot=pilot).values_list(
        "surname", "given_name", "surname_latin", "given_name_latin"
    )
    wanted = {
        _closed_up(name)
        for surname, given, latin, given_latin in people
        for name in (
            surname + given if given else "",
            latin + given_latin if given_latin else "",
            given_latin + latin if given_latin else "",
        )
    } - {""}
    return [
        _("%(language)s: it names a member. Leave the name out: the page says whom it is about.")
        % {"language": languages.get(code, code)}
        for code, text in texts.items()
        if any(name in _closed_up(text) for name in wanted)
    ]


def _closed_up(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
