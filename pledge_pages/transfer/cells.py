"""Writes rows into a workbook, or CSV files in an archive. What looks like a formula stays text."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from .rows import Values

# A sheet: its name, its headings, and its rows.
Filled = tuple[str, Values, Iterable[Values]]

# With these a spreadsheet program would begin to calculate; with the wide ones in some countries too.
FORMULA = ("=", "+", "-", "@")
# Signs that XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# As much as a cell holds.
LONGEST = 32_767


def write_workbook(file: IO[bytes], sheets: Iterable[Filled]) -> None:
    """Write ``sheets`` to ``file`` as .xlsx, row by row."""
    book = Workbook(write_only=True)
    for name, headings, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row in (headings, *rows):
            sheet.append([_cell(sheet, value) for value in row])
    book.save(file)


def write_archive(file: IO[bytes], sheets: Iterable[Filled]) -> None:
    """Write ``sheets`` to ``file`` as a .zip with a CSV file for each, in UTF-8 with a mark."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, headings, rows in sheets:
            with (
                archive.open(f"{name}.csv", "w") as entry,
                io.TextIOWrapper(entry, "utf-8-sig", newline="") as text,
            ):
                writer = csv.writer(text)
                for row in (headings, *rows):
                    writer.writerow([_plain(value) for value in row])


def _cell(sheet: Any, value: Any) -> Any:
    """Return ``value`` as a cell; a text stays one, whatever it begins with, also when edited."""
    if not isinstance(value, str):
        return value
    text = clean(value)
    cell = WriteOnlyCell(sheet, value="")
    cell._value, cell.data_type = text, "s"
    if calculates(text):
        cell.quotePrefix = True
    return cell


def _plain(value: Any) -> str:
    """Return ``value`` for CSV, which knows no text: an apostrophe stands before a formula."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = clean(str(value))
    return f"'{text}" if isinstance(value, str) and calculates(text) else text


def calculates(text: str) -> bool:
    """Return whether a spreadsheet program may take ``text`` for a formula.

    Some pass over space and signs that are not seen at its beginning; a line or a tab may begin anew.
    """
    begins = text.lstrip()
    while begins and unicodedata.category(begins[0]) in ("Cf", "Cc"):
        begins = begins[1:].lstrip()
    return (
        text.startswith(("\t", "\r", "\n")) or unicodedata.normalize("NFKC", begins[:1]) in FORMULA
    )


def clean(text: str) -> str:
    """Return ``text`` without signs that no cell can hold, and no longer than one may be."""
    return _CONTROL.sub("", text)[:LONGEST]
