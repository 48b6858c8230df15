"""Says which printed sheets have become wrong, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..people.models import Member
from ..pilots.models import Pilot
from ..pilots.stages import RUNNING
from .content import Card, Content, PrintedPledge, content_of
from .errors import PrintError
from .models import PrintedSheet
from .wish import Kind

# What of a member stands on which kind of sheet; a signed form is a paper of its day.
SHOWN = {
    Kind.BOARD: ("name", "photo", "details", "pledges", "outcomes", "grade", "newest_grade"),
    Kind.PLATES: ("name", "photo", "details"),
    Kind.FORMS: ("name", "details", "pledges", "baselines", "grade"),
}

# The same of what concerns no single member.
HEADS = {
    Kind.BOARD: ("titles", "programme", "year", "not_listed", "address"),
    Kind.PLATES: ("titles", "address"),
    Kind.FORMS: ("titles", "programme", "year"),
}
# What is told of by the stage already, if the pilot was approved or suspended since.
TOLD_BY_STAGE = ("programme", "address")
HEAD_CHANGES = {
    "titles": gettext_lazy("The name of the board changed."),
    "programme": gettext_lazy("The name of the programme changed."),
    "year": gettext_lazy("Another year is shown now."),
    "not_listed": gettext_lazy("What is said of those who are not listed changed."),
    "address": gettext_lazy("The board stands at another address than that in its code."),
}


@dataclass(frozen=True)
class Wrong:
    """Why a sheet is wrong; ``member_id`` is whom it concerns, None if all of it."""

    reason: str
    member_id: int | None = None


def facts_of(content: Content) -> dict[str, Any]:
    """Return what is kept of what was printed: by member id, never a name."""
    return {
        "members": {str(card.member_id): _facts(card) for card in content.cards},
        "order": [card.member_id for card in content.cards],
        "branch": _digest(*(_words(pledge) for pledge in content.branch_pledges)),
        "head": {
            "titles": _digest(*(said.text for said in content.titles)),
            "programme": _digest(*(said.text for said in content.programme)),
            "year": str(content.year or ""),
            "not_listed": _digest(*(said.text for said in content.not_listed)),
            "address": _digest(content.public_address),
        },
    }


def _facts(card: Card) -> dict[str, Any]:
    details = [
        *(said.text for said in card.names),
        *(said.text for said in card.said("office")),
        *(said.text for post in card.posts for said in post),
    ]
    return {
        "name": card.name_level,
        "photo": card.photo_id,
        "details": _digest(*details),
        "grade": [[view.year, view.code] for _code, view in card.grades[:1]],
        "pledges": {
            pledge.key: {
                "words": _digest(_words(pledge)),
                "status": pledge.status,
                "percent": pledge.percent,
                "appealed": pledge.appealed,
                "baseline": _digest(*(said.text for said in pledge.said("baseline"))),
            }
            for pledge in card.pledges
        },
    }


def _words(pledge: PrintedPledge) -> str:
    texts = [said.text for said in pledge.said("text")]
    if pledge.due:
        texts += [said.text for said in pledge.said("measure")]
        return "\n".join([*texts, pledge.due.isoformat()])
    return "\n".join([*texts, pledge.status])


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def wrong_sheets(sheets: Iterable[PrintedSheet]) -> list[tuple[PrintedSheet, list[Wrong]]]:
    """Return each of ``sheets`` that hangs and is wrong now, with every reason.

    What is printed today is read once for each branch and choice of languages: a dozen queries
    for each, whatever the number of sheets and members.
    """
    now: dict[tuple[int, tuple[str, ...]], dict[str, Any] | None] = {}
    found = []
    for sheet in sheets:
        if sheet.settled:
            continue
        key = (sheet.pilot_id, tuple(sheet.languages))
        if key not in now:
            now[key] = _facts_now(sheet.pilot, key[1])
        reasons = [*_of_the_whole(sheet), *_of_content(sheet, now[key])]
        if reasons:
            found.append((sheet, reasons))
    return found


def _facts_now(pilot: Pilot, languages: tuple[str, ...]) -> dict[str, Any] | None:
    if pilot.stage not in RUNNING:
        return None
    try:
        return facts_of(content_of(pilot, languages))
    except PrintError:
        return None


def _of_the_whole(sheet: PrintedSheet) -> list[Wrong]:
    pilot, wrong = sheet.pilot, []
    if pilot.stage not in RUNNING:
        stage = pilot.get_stage_display()
        wrong.append(
            Wrong(_("The pilot is at the stage “%(stage)s”: take it down.") % {"stage": stage})
        )
    elif pilot.is_public != sheet.was_public:
        wrong.append(
            Wrong(
                _("The pilot was approved since: name and code are other ones now.")
                if pilot.is_public
                else _("The pilot is not public any more: name and code are other ones now.")
            )
        )
    if sheet.kind != Kind.FORMS and sheet.valid_until < timezone.localdate():
        day = date_format(sheet.valid_until, "Y-m-d")
        wrong.append(Wrong(_("It was valid until %(day)s.") % {"day": day}))
    if sheet.link is not None and sheet.link.is_revoked:
        wrong.append(Wrong(_("The link in its code was revoked or replaced.")))
    elif sheet.link is not None and sheet.link.is_expired:
        wrong.append(Wrong(_("The time of the link in its code is over.")))
    return wrong


def _of_content(sheet: PrintedSheet, now: dict[str, Any] | None) -> list[Wrong]:
    if now is None:
        if sheet.pilot.stage not in RUNNING:
            return []
        return [Wrong(_("No board is approved in its languages any more."))]
    shown = SHOWN[Kind(sheet.kind)]
    before, after = sheet.facts["members"], now["members"]
    wrong = []
    for member, then in before.items():
        if member not in after:
            wrong.append(Wrong(_("is not on the board any more"), int(member)))
            continue
        wrong += [Wrong(text, int(member)) for text in _changes(then, after[member], shown)]
    wrong += [Wrong(_("is missing on it"), int(member)) for member in after if member not in before]
    if sheet.kind == Kind.BOARD:
        if sheet.facts["branch"] != now["branch"]:
            wrong.append(Wrong(_("The pledges of the branch changed.")))
        if "order" in sheet.facts and _order(sheet.facts, after) != _order(now, before):
            wrong.append(Wrong(_("The members stand in another order now.")))
    return [*_of_the_head(sheet, now["head"]), *wrong]


def _order(facts: dict[str, Any], others: dict[str, Any]) -> list[int]:
    """Return the members in the order of ``facts`` who are among ``others`` too."""
    return [pk for pk in facts["order"] if str(pk) in others]


def _of_the_head(sheet: PrintedSheet, now: dict[str, str]) -> list[Wrong]:
    told = TOLD_BY_STAGE if sheet.pilot.is_public != sheet.was_public else ()
    then = sheet.facts["head"]
    return [
        Wrong(str(HEAD_CHANGES[part]))
        for part in HEADS[Kind(sheet.kind)]
        if part not in told and then.get(part, now[part]) != now[part]
    ]


def _changes(then: dict[str, Any], now: dict[str, Any], shown: tuple[str, ...]) -> list[str]:
    """Return what changed of one member, of what the sheet shows."""
    texts = []
    if "name" in shown and then["name"] != now["name"]:
        texts.append(_("agreed to another way of printing the name, or withdrew"))
    if "photo" in shown and then["photo"] != now["photo"]:
        gone = then["photo"] and not now["photo"]
        texts.append(_("the photo may not be printed any more") if gone else _("another photo"))
    if "details" in shown and then["name"] == now["name"] and then["details"] != now["details"]:
        texts.append(_("name, office or posts changed"))
    texts += _grade_changes(then.get("grade", now["grade"]), now["grade"], shown)
    before, after = then["pledges"], now["pledges"]
    both = [(_pledge_facts(before[key]), after[key]) for key in before.keys() & after.keys()]

    def differ(*parts: str) -> bool:
        return any(old.get(part, new[part]) != new[part] for old, new in both for part in parts)

    if "pledges" in shown and (
        before.keys() != after.keys()
        or differ("words")
        or ("baselines" in shown and differ("baseline"))
    ):
        texts.append(_("a pledge changed"))
    if "outcomes" in shown and any(
        old.get("appealed", False) != new["appealed"] for old, new in both
    ):
        texts.append(_("an appeal against an outcome began or ended"))
    if "outcomes" in shown and differ("status", "percent"):
        texts.append(_("a pledge stands otherwise now"))
    return texts


def _grade_changes(then: list, now: list, shown: tuple[str, ...]) -> list[str]:
    """Return what changed of the grade: corrected, or, where the newest stands, another year's."""
    years = [year for year, _grade in then] == [year for year, _grade in now]
    if "grade" in shown and years and then != now:
        return [_("the grade was corrected")]
    if "newest_grade" in shown and not years:
        return [_("another grade is shown now")]
    return []


def _pledge_facts(kept: dict[str, Any] | list[str]) -> dict[str, Any]:
    """Return what was kept of a pledge; earlier sheets kept words and status only."""
    return kept if isinstance(kept, dict) else dict(zip(("words", "status"), kept, strict=False))


def members_of(wrong: Iterable[Wrong]) -> dict[int, Member]:
    """Return the members that the reasons concern, by id. One query."""
    return Member.objects.in_bulk({one.member_id for one in wrong if one.member_id})
