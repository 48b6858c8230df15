"""Reads the rows of a spreadsheet that somebody sent: .xlsx or .csv, bounded, and nothing calculated."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from .cells import FORMULA
from .columns import MOST_COLUMNS, is_header

MOST_BYTES = 5 * 1024 * 1024
# Unpacked, a roster of 2000 rows has some 5 MB.
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 2000
# Empty rows one after another, before a sheet is taken for one that is formatted to its end.
MOST_EMPTY = 2000
# The headings stand in one of the first rows: a title may be above them.
MOST_ABOVE = 10

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCODINGS = ("utf-8-sig", "gb18030")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Za-z0-9:]{2,40})"')


class Formula(str):
    """What calculates, where a value was wanted."""


class Fault(str):
    """What a spreadsheet program wrote because it could not calculate: #REF! and the like."""


Cells = Sequence[Any]
# The row's number as a spreadsheet program shows it, and its cells.
Row = tuple[int, Cells]


def refuse(message: str, **params: object) -> ValidationError:
    """Return the error that says what is wrong with the file as a whole."""
    return ValidationError({"file": ValidationError(message % params if params else message)})


def read_table(content: bytes, name: str) -> tuple[Cells, list[Row]]:
    """Return the headings and the rows below them that are not empty.

    ``name`` is what the file is called. Raises ValidationError saying what is wrong with it.
    """
    kind = _kind(content, name)
    rows = _workbook_rows(content) if kind == "xlsx" else _text_rows(content)
    header: Cells | None = None
    found: list[Row] = []
    for number, cells in _without_empty(rows):
        if header is None:
            if is_header(cells):
                header = cells
                _check_merged(content, kind, number)
            elif number > MOST_ABOVE:
                break
            continue
        if len(found) >= MOST_ROWS:
            raise refuse(_("The sheet has more than %(most)d rows. Split it."), most=MOST_ROWS)
        found.append((number, cells))
    if header is None:
        raise refuse(
            _(
                "No row of headings was found: one of the first has to have a column “姓名” or “name”."
            )
        )
    if not found:
        raise refuse(_("There are no rows below the headings."))
    return header, found


def _kind(content: bytes, name: str) -> str:
    """Return what kind of file it is, by what is in it; its name has to agree."""
    if not content:
        raise refuse(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise refuse(
            _("The file is too large: at most %(limit)s."), limit=filesizeformat(MOST_BYTES)
        )
    if content.startswith(OLE):
        raise refuse(
            _(
                "The file has a password, or is of an old format. Save it as .xlsx without a password."
            )
        )
    kind = "xlsx" if content.startswith(ZIP) else "csv"
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending not in ("xlsx", "csv"):
        raise refuse(
            _("Give a file in .xlsx or .csv; this one ends in “%(ending)s”."), ending=ending[:20]
        )
    if ending != kind:
        raise refuse(
            _("The file is called .%(ending)s, but what is in it is something else."), ending=ending
        )
    return kind


def _without_empty(rows: Iterable[Cells]) -> Iterator[Row]:
    """Yield rows with their numbers; ValidationError if it is mostly empty ones that follow."""
    empty = 0
    for number, cells in enumerate(rows, start=1):
        if any(cell is not None and str(cell).strip() for cell in cells):
            empty = 0
            if len(cells) > MOST_COLUMNS and cells[MOST_COLUMNS] not in (None, ""):
                raise refuse(_("The sheet has more than %(most)d columns."), most=MOST_COLUMNS)
            yield number, cells[:MOST_COLUMNS]
            continue
        empty += 1
        if empty > MOST_EMPTY:
            raise refuse(
                _(
                    "More than %(most)d empty rows follow one another. Delete the rows below the last person."
                ),
                most=MOST_EMPTY,
            )


def _workbook_rows(content: bytes) -> Iterator[Cells]:
    """Yield the rows of the first sheet, each at most one cell wider than is allowed."""
    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, max_row=1_048_576):
            yield [_value(cell) for cell in row]
    except (ValidationError, GeneratorExit):
        raise
    except Exception as error:
        # Parsers raise almost anything on hostile input; whatever it was, the file is refused.
        raise refuse(_("The workbook cannot be read: it is damaged, or no workbook.")) from error


def _value(cell: Any) -> Any:
    if cell.value is None:
        return None
    if cell.data_type == "f":
        return Formula(cell.value)
    return Fault(cell.value) if cell.data_type == "e" else cell.value


def _check_archive(content: bytes) -> None:
    """Raise ValidationError before anything is unpacked that unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise refuse(_("The workbook cannot be read: it is damaged, or no workbook.")) from error
    if any(part.flag_bits & 1 for part in parts):
        raise refuse(_("The file has a password. Save it without one."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refuse(
            _(
                "Unpacked, the workbook is too large: at most %(limit)s. Copy the rows into a new one."
            ),
            limit=filesizeformat(MOST_UNPACKED),
        )


def _check_merged(content: bytes, kind: str, header: int) -> None:
    """Raise ValidationError if cells are merged in the row of headings or below it."""
    if kind != "xlsx":
        return
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(book.worksheets[0]._worksheet_path)
    for found in _MERGED.finditer(sheet):
        place = found[1].decode("ascii").upper()
        try:
            _left, _top, _right, bottom = range_boundaries(place)
        except ValueError:
            continue
        if bottom and bottom >= header:
            raise refuse(
                _("The cells %(place)s are merged. Take them apart and fill in each."), place=place
            )


def _text_rows(content: bytes) -> Iterator[Cells]:
    """Yield the rows of a CSV file in UTF-8 or GB 18030."""
    text = _decoded(content)
    head = text[:2000].splitlines()[: MOST_ABOVE + 1]
    parting = max(",;\t", key=lambda sign: max((line.count(sign) for line in head), default=0))
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True):
            yield [_text(cell) for cell in row]
    except csv.Error as error:
        raise refuse(
            _("The file cannot be read as CSV: look for a quotation mark that is not closed.")
        ) from error


def _text(cell: str) -> Any:
    if cell.startswith("'") and cell[1:].startswith(FORMULA):
        return cell[1:]  # as we write it ourselves, see ``cells``
    return Formula(cell) if cell.startswith("=") else cell or None


def _decoded(content: bytes) -> str:
    if b"\0" not in content:
        for encoding in ENCODINGS:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise refuse(_("The file is neither a workbook nor a text in UTF-8 or GB 18030."))
