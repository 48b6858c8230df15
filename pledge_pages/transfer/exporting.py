"""Brings the board of a branch into a spreadsheet: what moderators approved of it, and no draft."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.log_actions import log

from ..boards import snapshots
from ..boards.models import BranchPage
from ..boards.snapshots import ApprovedBoard
from ..contention import in_one_transaction
from ..embargo import gate
from ..labels import content_languages
from ..pilots import roles
from ..pilots.models import Pilot
from .cells import Filled, write_archive, write_workbook
from .rows import SCOPE, SHEETS, Values, rows_of

# On one sheet, at most. A branch has some hundred members.
MOST_ROWS = 50_000
# Up to so many bytes a file is kept in memory, and on disk from then on.
IN_MEMORY = 2 * 1024 * 1024


class Format(models.TextChoices):
    """What kind of file is written."""

    XLSX = "xlsx", gettext_lazy("Spreadsheet (.xlsx)")
    CSV = "zip", gettext_lazy("CSV files in an archive (.zip)")


WRITERS: dict[str, Callable[[IO[bytes], Iterable[Filled]], None]] = {
    Format.XLSX: write_workbook,
    Format.CSV: write_archive,
}
CONTENT_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "application/zip",
}


@dataclass(frozen=True)
class Exported:
    """A file, open at its beginning, and how many rows each sheet has."""

    file: IO[bytes]
    name: str
    content_type: str
    rows: dict[str, int]


def may_export(user: User, pilot: Pilot) -> bool:
    """Return whether ``user`` may take the board of ``pilot`` along: its staff and leads."""
    return roles.sees_drafts(user, pilot)


@in_one_transaction
def export_board(
    pilot: Pilot, *, by: User | None, language: str = "", kind: str = Format.XLSX
) -> Exported:
    """Write what is approved of ``pilot`` to a file, for ``by`` (None: who commands the server).

    Raises PermissionDenied, or ValidationError naming the field if there is nothing like it.
    """
    if by is not None and not may_export(by, pilot):
        raise PermissionDenied(
            _("You may not export the board of the branch %(pilot)s.") % {"pilot": pilot.code}
        )
    if kind not in WRITERS:
        raise ValidationError({"kind": _("There is no such format.")})
    language = language or content_languages()[0][0]
    board = _board_in(pilot, language)
    counted: dict[str, int] = {}
    # Who asked for it closes it, which deletes it.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    try:
        with override(language):
            WRITERS[kind](file, _filled(board, language, counted))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    data = {"format": str(kind), "language": language, **counted}
    log(instance=pilot, action="pledge_pages.export_board", user=by, data=data)
    name = f"board-{pilot.code}-{language}.{kind}".lower()
    return Exported(file, name, CONTENT_TYPES[Format(kind)], counted)


def _board_in(pilot: Pilot, language: str) -> ApprovedBoard:
    """Return the approved board of ``pilot`` in ``language``; ValidationError if there is none."""
    if not gate.may_serve():
        raise ValidationError(gate.why_closed())
    pages = BranchPage.objects.filter(pilot=pilot, locale__language_code=language)
    page = pages.select_related("locale").first()
    board = snapshots.approved_board(page, scope=SCOPE) if page else None
    if board is None:
        name = dict(content_languages()).get(language, language)
        raise ValidationError(
            {
                "language": _("No board of %(pilot)s was approved in this language: %(language)s.")
                % {"pilot": pilot.code, "language": name}
            }
        )
    return board


def _filled(board: ApprovedBoard, language: str, counted: dict[str, int]) -> Iterator[Filled]:
    for sheet in SHEETS:
        headings = tuple(str(heading) for heading in sheet.headings)
        yield sheet.name, headings, _counting(sheet.name, board, language, counted)


def _counting(
    name: str, board: ApprovedBoard, language: str, counted: dict[str, int]
) -> Iterator[Values]:
    counted[name] = 0
    for row in rows_of(name, board, language):
        counted[name] += 1
        if counted[name] > MOST_ROWS:
            raise ValidationError(
                _("Sheet “%(sheet)s”: more than %(most)d rows are not exported at once.")
                % {"sheet": name, "most": MOST_ROWS}
            )
        yield row
