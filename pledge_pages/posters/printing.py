"""What is done with sheets: looked at, printed, and settled once they are wrong."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from pypdf import PdfReader
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..pilots import roles
from ..pilots.models import Pilot
from ..quiet_words.lint import advice
from ..quiet_words.personal_data import personal_data
from ..quiet_words.wording import place_of
from ..village import links
from ..village.models import VillageLink
from . import drawing, fonts, sheet
from .content import Content, content_of
from .errors import PrintError
from .models import PrintedSheet
from .reprints import facts_of
from .wish import Kind, Wish, a_quarter_after


@dataclass(frozen=True)
class Made:
    """What is about to be printed, and what speaks against it."""

    content: Content
    sheet: sheet.Sheet
    link: VillageLink | None
    valid_until: date
    # Sentences: signs without a glyph, and numbers of people. Nothing is printed while there are any.
    obstacles: list[str]
    # Sentences: other data of people.
    warnings: list[str]


@dataclass(frozen=True)
class Printed:
    """A PDF, and the row that remembers it."""

    content: bytes
    row: PrintedSheet
    warnings: list[str]

    @property
    def file_name(self) -> str:
        """A name for the file that tells nothing of the programme."""
        row = self.row
        return f"{row.kind}-{row.pilot.code}-{row.size}-{'-'.join(row.languages)}.pdf".lower()


def may_print(user: User | AnonymousUser, pilot: Pilot) -> bool:
    """Return whether ``user`` may print what is approved of ``pilot``: its staff and leads."""
    return roles.sees_drafts(user, pilot)


def make(pilot: Pilot, wish: Wish, *, by: User | None) -> Made:
    """Return what would be printed, for ``by`` (None: whoever commands the server).

    Raises PermissionDenied, or PrintError if there is nothing that may be printed like this.
    """
    if by is not None and not may_print(by, pilot):
        raise PermissionDenied(
            _("You may not print sheets of the branch %(pilot)s.") % {"pilot": pilot.code}
        )
    content = content_of(pilot, wish.languages)
    today = timezone.localdate()
    link, address = (None, "") if wish.kind == Kind.FORMS else _code_of(content, wish)
    until = _valid_until(wish, link, today)
    made = sheet.made(
        content, wish, on=today, valid_until=until, address=address, fonts=fonts.families()
    )
    numbers, warnings = _personal_data(made)
    return Made(content, made, link, until, [*_missing_signs(made), *numbers], warnings)


def print_sheets(pilot: Pilot, wish: Wish, *, by: User | None) -> Printed:
    """Print what ``wish`` asks for of ``pilot``, and remember it.

    Raises PermissionDenied, or PrintError naming everything that stands in the way.
    """
    made = make(pilot, wish, by=by)
    if made.obstacles:
        raise PrintError(made.obstacles)
    pdf = drawing.pdf(made.sheet)
    return Printed(pdf, _remember(pilot, wish, made, by=by, pages=_pages(pdf)), made.warnings)


def preview(made: Made) -> bytes:
    """Return a PNG of the first sheet; a sign without a glyph is a box with a cross on it."""
    return drawing.picture(made.sheet)


@in_one_transaction
def settle(row: PrintedSheet, settled: str, *, by: User) -> PrintedSheet:
    """Note that a printed sheet was taken down, or another one hangs in its place.

    Raises PermissionDenied, or PrintError if that was noted before.
    """
    row = PrintedSheet.objects.select_for_update(of=("self",)).select_related(
        "pilot__programme"
    ).get(pk=row.pk)  # fmt: skip
    if not may_print(by, row.pilot):
        raise PermissionDenied(
            _("You may not print sheets of the branch %(pilot)s.") % {"pilot": row.pilot.code}
        )
    if row.settled:
        raise PrintError(
            _("This was noted already: %(what)s.") % {"what": row.get_settled_display()}
        )
    row.settled = PrintedSheet.Settled(settled)
    row.settled_by, row.settled_at = by, timezone.now()
    row.save(update_fields=["settled", "settled_by", "settled_at"])
    log(instance=row, action="pledge_pages.settle_print", user=by, data={"as": str(row.settled)})
    return row


@in_one_transaction
def _remember(pilot: Pilot, wish: Wish, made: Made, *, by: User | None, pages: int) -> PrintedSheet:
    """Write down what was printed, unless the pilot has moved on since it was read."""
    fresh = Pilot.objects.select_for_update(of=("self",)).get(pk=pilot.pk)
    if fresh.stage != made.content.pilot.stage:
        raise PrintError(_("The pilot was moved to another stage just now. Print again."))
    row = PrintedSheet.objects.create(
        pilot=pilot,
        kind=wish.kind,
        size=wish.size,
        orientation=wish.orientation,
        languages=list(made.content.languages),
        version=made.sheet.version,
        sheets=pages,
        valid_until=made.valid_until,
        link=made.link,
        was_public=pilot.is_public,
        facts=facts_of(made.content),
        printed_by=by,
    )
    data = {"kind": row.kind, "size": row.size, "version": row.version, "sheets": pages}
    log(instance=row, action="pledge_pages.print", user=by, data=data)
    return row


def _pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def _code_of(content: Content, wish: Wish) -> tuple[VillageLink | None, str]:
    """Return the link that is printed (None for the public address), and the address in the code."""
    pilot = content.pilot
    if pilot.is_public:
        if not content.public_address:
            raise PrintError(
                _("The board of %(pilot)s has no public address.") % {"pilot": pilot.code}
            )
        return None, content.public_address
    found = VillageLink.objects.filter(pilot=pilot, revoked_at__isnull=True)
    if wish.link_id:
        found = found.filter(pk=wish.link_id)
    link = next((link for link in found.order_by("-issued_at", "-pk") if link.is_valid), None)
    if link is None:
        raise PrintError(
            _("There is no valid village link whose code could be printed. Issue one first.")
        )
    return link, links.address_of(link)


def _valid_until(wish: Wish, link: VillageLink | None, today: date) -> date:
    """Return the day until which the sheets are valid; never longer than the link in their code."""
    end = link.last_day if link else None
    chosen = wish.valid_until
    if chosen is None:
        quarter = a_quarter_after(today)
        return min(quarter, end) if end else quarter
    if chosen < today:
        raise PrintError({"valid_until": _("The end lies in the past.")})
    if end and chosen > end:
        text = _("The link in the code is valid until %(day)s only.")
        raise PrintError({"valid_until": text % {"day": date_format(end, "Y-m-d")}})
    return chosen


def _missing_signs(made: sheet.Sheet) -> list[str]:
    """Return a sentence for each text with signs that no font has, each sign named."""
    together = "".join({sign for passage in made.passages for sign in passage.text})
    lacking = set(fonts.missing(together))
    sentences = []
    for passage in made.passages if lacking else ():
        signs = [sign for sign in dict.fromkeys(passage.text) if sign in lacking]
        if signs:
            named = ", ".join(f"“{sign}” (U+{ord(sign):04X})" for sign in signs)
            sentences.append(
                _(
                    "%(where)s: no font has %(signs)s. Write it otherwise, or add a font that has it "
                    "(PLEDGE_PAGES_FONT_PATHS)."
                )
                % {"where": passage.where, "signs": named}
            )
    return list(dict.fromkeys(sentences))


def _personal_data(made: sheet.Sheet) -> tuple[list[str], list[str]]:
    """Return sentences on people's numbers, which are not printed, and on other data of people."""
    blocking, warnings = [], []
    for passage in made.passages:
        for finding in personal_data(passage.text):
            place = place_of(passage.where, finding.start, finding.quote)
            sentence = f"{place}: {advice(finding.kind)}"
            (blocking if finding.blocking else warnings).append(sentence)
    return blocking, warnings
