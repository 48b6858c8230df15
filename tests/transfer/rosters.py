"""Spreadsheets for the tests of importing."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook

from pledge_pages.transfer.importing import Imported, import_roster

HEADER = ("编号", "姓名", "英文名", "职务", "岗位", "类别", "承诺内容", "怎么算办到", "完成时限")
LI = (
    "M101", "李 明", "Li Ming", "无职党员", "防汛值守岗", "环境卫生", "每月清理一次水渠",
    "清理十二次", "2026-12-31",
)  # fmt: skip
OUYANG = ("M102", "欧阳春", "", "mem", "", "sanitation", "帮扶两户", "两户", "2026年11月5日")


def workbook(*rows: Sequence[object]) -> bytes:
    """Return ``rows`` as .xlsx."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text_file(*rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    """Return ``rows`` as .csv."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(encoding)


def roster(*rows: Sequence[object], header: Sequence[object] = HEADER) -> bytes:
    """Return a workbook with a row of headings above ``rows``."""
    return workbook(header, *rows)


def imported(town, content: bytes, *, name: str = "roster.xlsx", **options) -> Imported:
    """Import ``content`` into SGZ, as its editor."""
    options.setdefault("by", town.editor("SGZ"))
    return import_roster(town.pilots["SGZ"], content, name=name, **options)
