"""Puts what is printed into plain values for the typst templates, with every word in its language.

The templates hold no words and no markup is built: they read these values as data, and print each
text literally.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from ..boards.content import Status
from ..boards.remarks import Remark
from .content import Card, Content, PrintedPledge, Said
from .wish import Kind, Wish

WORDS = {
    "measure": gettext_lazy("Measure"),
    "due": gettext_lazy("Due"),
    "baseline": gettext_lazy("Baseline"),
    "valid_until": gettext_lazy("Valid until"),
    "printed": gettext_lazy("Printed"),
    "version": gettext_lazy("Version"),
    "sheet": gettext_lazy("Sheet"),
    "code": gettext_lazy("Scan to read it"),
    "branch_pledges": gettext_lazy("Pledges of the branch"),
    "no_pledge": gettext_lazy("No pledge has been posted for this year yet."),
    "form": gettext_lazy("Pledge form"),
    "name": gettext_lazy("Full name"),
    "office": gettext_lazy("Office"),
    "posts": gettext_lazy("Posts"),
    "pledges": gettext_lazy("Pledges"),
    "grade": gettext_lazy("Year-end review"),
    "promise": gettext_lazy(
        "I make these pledges publicly, carry them out, and am open to supervision by villagers."
    ),
    "signature": gettext_lazy("Signature of the member"),
    "secretary": gettext_lazy("Signature of the branch secretary"),
    "date": gettext_lazy("Date"),
}


@dataclass(frozen=True)
class Passage:
    """A text that is printed, and where: whose, and what of it."""

    where: str
    text: str


@dataclass
class Sheet:
    """The values for a template, the photos they name, and every text in them with its place."""

    values: dict[str, Any]
    # Id of a photo -> the name of its file beside the template.
    photos: dict[int, str] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)

    @property
    def version(self) -> str:
        """A short digest of what is said: the same content has the same version."""
        return str(self.values["version"])


def made(
    content: Content,
    wish: Wish,
    *,
    on: date,
    valid_until: date,
    address: str = "",
    fonts: list[str],
) -> Sheet:
    """Return the values from which the sheets of ``content`` are drawn.

    ``on`` is the day of printing, ``address`` what the code leads to (no code if empty), ``fonts``
    the families to set it in.
    """
    sheet = Sheet({})
    said = _content_values(sheet, content, wish.kind, address)
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    width, height = wish.paper
    sheet.values = {
        **said,
        "kind": wish.kind,
        "width": width,
        "height": height,
        "size": wish.size,
        "fonts": fonts,
        "words": {key: _in_each(word, content.languages) for key, word in WORDS.items()},
        "printed": on.isoformat(),
        "valid_until": valid_until.isoformat(),
        "version": digest[:8].upper(),
        "document": _document_title(content),
        "preview": False,
        "code": "code.svg" if address else None,
    }
    return sheet


def _content_values(sheet: Sheet, content: Content, kind: str, address: str) -> dict[str, Any]:
    """Return what is said, apart from the paper and the day; a plate says no pledge and no grade."""
    cards = content.cards
    if kind == Kind.PLATES:
        cards = [replace(card, pledges=[], grades=[]) for card in cards]
    branch = content.branch_pledges if kind == Kind.BOARD else []
    return {
        "languages": list(content.languages),
        "titles": _said(sheet, _("title"), content.titles),
        "programme": _said(sheet, _("name of the programme"), content.programme),
        "year": content.year,
        "counts": [
            {"status": code, "label": _in_each(label, content.languages), "number": number}
            for code, label, number in content.counts.as_rows
            if number and kind == Kind.BOARD
        ],
        "cards": [_card(sheet, card) for card in cards],
        "branch": [_pledge(sheet, _("pledge of the branch"), pledge) for pledge in branch],
        "not_listed": _said(sheet, _("not listed"), content.not_listed),
        "members": _members(content),
        "address": address,
    }


def _document_title(content: Content) -> str:
    year = f" {content.year}" if content.year else ""
    return f"{content.programme[0].text}{year}"


def _members(content: Content) -> list[dict[str, str]]:
    texts = []
    for language in content.languages:
        with override(language):
            number = _("%(number)d members") % {"number": len(content.cards)}
            texts.append({"l": language, "t": number})
    return texts


def _card(sheet: Sheet, card: Card) -> dict[str, Any]:
    who = card.member_code
    photo = None
    if card.photo_id is not None:
        photo = sheet.photos[card.photo_id] = f"photo-{card.photo_id}.jpg"
    return {
        "id": card.public_id,
        "names": _said(sheet, f"{who}, {_('full name')}", card.names),
        "level": card.name_level,
        "initials": plain_text(card.first.initials),
        "secretary": card.first.is_secretary,
        "office": _said(sheet, f"{who}, {_('office')}", card.said("office")),
        "posts": [_said(sheet, f"{who}, {_('post')}", post) for post in card.posts],
        "photo": photo,
        "grade": _said(sheet, f"{who}, {_('grade')}", card.grade),
        "pledges": [_pledge(sheet, f"{who}, {_('pledge')}", pledge) for pledge in card.pledges],
    }


def _pledge(sheet: Sheet, where: str, pledge: PrintedPledge) -> dict[str, Any]:
    has_measure = hasattr(pledge.views[0][1], "measure")
    measure = pledge.said("measure") if has_measure else []
    baseline = pledge.said("baseline") if has_measure else []
    languages = [code for code, _view in pledge.views]
    return {
        "text": _said(sheet, where, pledge.said("text")),
        "measure": _said(sheet, f"{where}, {_('measure')}", measure),
        "baseline": _said(sheet, f"{where}, {_('baseline')}", baseline),
        "due": pledge.due.isoformat() if pledge.due else None,
        "status": str(pledge.status),
        "label": _in_each(Status(pledge.status).label, languages),
        "remark": _in_each(Remark.APPEAL_OPEN.label, languages) if pledge.appealed else [],
        "percent": pledge.percent,
    }


def _said(sheet: Sheet, where: str, texts: list[Said]) -> list[dict[str, str]]:
    """Return texts for a template, each noted with its place; the same words stand once."""
    shown: dict[str, dict[str, str]] = {}
    for said in texts:
        text = plain_text(said.text)
        sheet.passages.append(Passage(where, text))
        shown.setdefault(text, {"l": said.language, "t": text})
    return list(shown.values())


def _in_each(word: Any, languages: Iterable[str]) -> list[dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for language in languages:
        with override(language):
            texts.setdefault(str(word), {"l": language, "t": str(word)})
    return list(texts.values())


def plain_text(text: str) -> str:
    """Return ``text`` without control signs and needless space; lines stay lines."""
    kept = "".join(
        sign for sign in text.replace("\r\n", "\n").replace("\t", " ")
        if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs")
    )  # fmt: skip
    return re.sub(r"[ \u3000]*\n\s*", "\n", kept).strip()
