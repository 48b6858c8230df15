"""Says in words where something must not stand, and what to write instead."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .watching import LINK, NAME, Issue

# Said wherever something is held back.
LAWFUL = gettext_lazy(
    "What the law requires to be posted (the disclosure schedule of open village affairs) must not "
    "be held back: a lead of the programme lets it pass, with a reason."
)
LONGEST_QUOTE = 60


def place_of(label: str, start: int, quote: str) -> str:
    """Return where something stands: field, place in its text counted from one, and the words."""
    if start < 0:
        return label
    if not quote:
        return _("%(field)s, character %(place)d") % {"field": label, "place": start + 1}
    shown = quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + "…"
    return _("%(field)s, character %(place)d, “%(quote)s”") % {
        "field": label,
        "place": start + 1,
        "quote": shown,
    }


def sentence(issue: Issue) -> str:
    """Return what is wrong at one place, and what to do about it."""
    place = place_of(issue.label, issue.start, issue.quote)
    if issue.kind == LINK:
        return _("%(place)s: it leads to something that is not public. Take it out.") % {
            "place": place
        }
    if issue.kind == NAME:
        return _(
            "%(place)s: the name must not stand on one page with the words of the programme yet."
        ) % {"place": place}
    if issue.suggestion:
        return _("%(place)s must not appear yet. Write “%(suggestion)s” instead.") % {
            "place": place,
            "suggestion": issue.suggestion,
        }
    return _("%(place)s must not appear yet. Take it out.") % {"place": place}


def refusal_of_record(issues: Iterable[Issue]) -> str:
    """Return one text that names every place, for what is shown as soon as it is saved."""
    first = _("Not saved: everyone would see it at once, and it says what must not be public yet.")
    return " ".join([first, *map(sentence, issues)])


def refusal_of(issues: Iterable[Issue]) -> str:
    """Return one text that names every place."""
    return " ".join(
        [
            _("Not published: it says what must not be public yet."),
            *map(sentence, issues),
            str(LAWFUL),
        ]
    )
