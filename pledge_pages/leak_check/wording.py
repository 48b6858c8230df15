"""Says in words what was found, to those who may read it."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..pilots.models import Transition
from ..pilots.roles import led_programmes
from .inside import DATABASE, FILES
from .models import LeakCheck
from .needles import KINDS, all_needles
from .surfaces import SURFACES
from .walking import MASK, MENTIONED

OTHERS = {
    "preparing": gettext_lazy("Preparing"),
    DATABASE: gettext_lazy("Database: triggers, gates, public rows, search index"),
    FILES: gettext_lazy("Folder of uploads: copies of private files"),
}

SAYINGS = {
    "found": gettext_lazy("Found: %(kind)s"),
    MENTIONED: gettext_lazy("The place is mentioned, which is no secret: %(kind)s"),
    "answers": gettext_lazy(
        "Answers %(status)s, where an address at which there is nothing answers %(expected)s"
    ),
    "told_apart": gettext_lazy(
        "Answers %(status)s, but not word for word as an address at which there is nothing"
    ),
    "differs": gettext_lazy("The answer to this word differs from that to one that stands nowhere"),
    "failed": gettext_lazy("Could not be checked: the address answers %(status)s"),
    "unreachable": gettext_lazy("Could not be checked: the host of %(host)s is not allowed"),
    "trigger": gettext_lazy("The database trigger %(name)s is missing or altered"),
    "undecided": gettext_lazy("%(pilot)s is open, but no recorded step opened it"),
    "live": gettext_lazy("Page %(page)s is public behind a closed gate"),
    "no_gate": gettext_lazy("Page %(page)s is of a gated type and has no gate"),
    "left_open": gettext_lazy("The gate of page %(page)s was left open for publishing"),
    "unapproved": gettext_lazy("Page %(page)s is public and nothing of it is approved"),
    "altered": gettext_lazy("What was approved of page %(page)s was altered since"),
    "differs_from_approval": gettext_lazy(
        "Page %(page)s shows other than was approved: %(fields)s"
    ),
    "grade": gettext_lazy("Page %(page)s shows a grade that no closed review bears out"),
    "indexed": gettext_lazy("Page %(page)s is in the search index and not public"),
    "inside": gettext_lazy("The folder of private files lies inside that of public uploads"),
    "copied": gettext_lazy("A private file lies among the public uploads: %(kind)s"),
}


@dataclass(frozen=True)
class Said:
    """One finding in words."""

    surface: str
    text: str
    certain: bool
    mentioned: bool
    # The words found; a mask for those who may not read them.
    needle: str
    places: list[str]
    more: int


def surface_title(name: str) -> str:
    """Return what a surface is called."""
    titles = {entry.name: entry.title for entry in SURFACES} | OTHERS
    return str(titles.get(name, name))


def findings_of(
    check: LeakCheck, reader: User | AnonymousUser | None, *, reveal: bool = True
) -> list[Said]:
    """Return the findings of ``check`` in words.

    Needles of programmes that ``reader`` does not lead are masked, and their places with them.
    Without ``reveal`` every needle is.
    """
    led = set(led_programmes(reader).values_list("pk", flat=True)) if reader else set()
    words = {}
    if check.findings:
        words = {needle.key: needle for needle in all_needles()[0]}
    return [_say(row, words, led, reveal, reader) for row in check.findings]


def _say(row: dict, words: dict, led: set[int], reveal: bool, reader) -> Said:
    open_to_all = row["programme"] is None
    may_see = open_to_all or row["programme"] in led or reader is None
    needle = words.get(row["key"])
    shown = needle.text if needle and may_see and reveal else MASK if row["key"] else ""
    kind = str(KINDS.get(row["kind"], row["kind"]))
    places = row["places"] if may_see else [MASK for _place in row["places"]]
    return Said(
        surface=surface_title(row["surface"]),
        text=str(SAYINGS[row["what"]]) % {"kind": kind, **row["detail"]},
        certain=row["certain"],
        mentioned=row["what"] == MENTIONED,
        needle=shown,
        places=places,
        more=row["count"] - max(1, len(row["places"])),
    )


def moved_during(check: LeakCheck) -> str:
    """Return a warning if pilots changed their stage while ``check`` ran; else an empty string.

    What was read before it and after it does not go together.
    """
    steps = Transition.objects.exclude(from_stage=F("to_stage")).filter(at__gte=check.started_at)
    if check.finished_at is not None:
        steps = steps.filter(at__lte=check.finished_at)
    count = steps.values("pilot").distinct().count()
    if not count:
        return ""
    return ngettext(
        "The stage of %(count)d pilot was changed while the check ran, so that it compares what "
        "was before with what was after: check again.",
        "The stages of %(count)d pilots were changed while the check ran, so that it compares "
        "what was before with what was after: check again.",
        count,
    ) % {"count": count}


def summary_of(check: LeakCheck) -> str:
    """Return in one sentence what was checked and what was found."""
    return _(
        "%(addresses)d addresses read, %(needles)d words looked for: %(certain)d findings, "
        "%(possible)d possible ones."
    ) % {
        "addresses": check.addresses,
        "needles": check.needles,
        "certain": check.certain,
        "possible": check.possible,
    }
