"""Files that are not what they should be are refused in plain words, and quickly."""

import io
import time
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from openpyxl import Workbook

from pledge_pages.transfer import sheets
from pledge_pages.transfer.roster_rows import split_name
from pledge_pages.transfer.sheets import Formula, read_table
from tests.transfer.rosters import HEADER, LI, OUYANG, roster, text_file, workbook


def refusal(content: bytes, name: str = "roster.xlsx") -> str:
    """Return why the file is refused; it takes no time to speak of."""
    began = time.monotonic()
    with override("en"), pytest.raises(ValidationError) as caught:
        read_table(content, name)
    assert time.monotonic() - began < 10
    assert list(caught.value.error_dict) == ["file"]
    return caught.value.messages[0]


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return a workbook in which one part is another."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == name else old.read(info))
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ROWS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def test_rows_have_the_numbers_that_people_see():
    header, rows = read_table(workbook(["名册"], [], HEADER, LI, [], OUYANG), "a.xlsx")
    assert tuple(header[: len(HEADER)]) == HEADER
    assert [number for number, _cells in rows] == [4, 6]


def test_an_empty_file_or_sheet_is_refused():
    assert "is empty" in refusal(b"")
    assert "No row of headings" in refusal(workbook())
    assert "no rows below" in refusal(roster())
    assert "No row of headings" in refusal(workbook(["x"], ["y"]))
    assert "No row of headings" in refusal(b"\n\n", "a.csv")


def test_a_file_that_is_called_otherwise_than_it_is_is_refused():
    assert "something else" in refusal(roster(LI), "a.csv")
    assert "something else" in refusal(text_file(HEADER, LI), "a.xlsx")
    assert ".xlsx or .csv" in refusal(roster(LI), "a.ods")
    assert ".xlsx or .csv" in refusal(roster(LI), "roster")


def test_an_encrypted_or_old_workbook_is_refused():
    assert "password" in refusal(sheets.OLE + b"\0" * 2000)
    content = bytearray(roster(LI))
    # The mark of encryption in each entry of the archive's directory.
    place = content.find(b"PK\x01\x02")
    while place != -1:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    assert "password" in refusal(bytes(content))


def test_a_file_that_is_too_large_is_refused():
    assert "too large" in refusal(b"x" * (sheets.MOST_BYTES + 1), "a.csv")


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    bomb = with_part(roster(LI), SHEET, ROWS % (b" " * (sheets.MOST_UNPACKED + 1)))
    assert len(bomb) < 200_000
    assert "Unpacked" in refusal(bomb)


def test_entities_that_multiply_are_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10)
    )
    assert "cannot be read" in refusal(with_part(roster(LI), SHEET, laughs + b"]><x>&k;</x>"))


def test_a_damaged_workbook_is_refused():
    content = roster(LI)
    assert "cannot be read" in refusal(content[: len(content) // 2])
    assert "cannot be read" in refusal(with_part(content, SHEET, b"<worksheet"))
    assert "cannot be read" in refusal(with_part(content, "xl/workbook.xml", b"<x/>"))
    assert "cannot be read" in refusal(b"PK\x03\x04 and nothing more")


def test_a_million_empty_rows_are_refused_in_words_that_help():
    filled = b"".join(b'<row r="%d"/>' % number for number in range(1, 1_000_001))
    assert "Delete the rows below" in refusal(with_part(roster(LI), SHEET, ROWS % filled))
    far = b'<row r="1048576"><c r="A1048576" t="n"><v>1</v></c></row>'
    assert "Delete the rows below" in refusal(with_part(roster(LI), SHEET, ROWS % far))
    assert "Delete the rows below" in refusal(text_file(HEADER, LI, *[[]] * 5000), "a.csv")


def test_more_rows_or_columns_than_a_branch_has_are_refused(monkeypatch):
    assert "60 columns" in refusal(roster([*LI, *["x"] * 60], header=[*HEADER, *["x"] * 60]))
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    assert "more than 1 rows" in refusal(roster(LI, OUYANG))


def test_merged_cells_are_named_but_a_merged_title_is_passed_over():
    book = Workbook()
    for row in (["名册"], HEADER, LI, OUYANG):
        book.active.append(list(row))
    book.active.merge_cells("A1:I1")
    file = io.BytesIO()
    book.save(file)
    assert len(read_table(file.getvalue(), "a.xlsx")[1]) == 2
    book.active.merge_cells("D3:D4")
    file = io.BytesIO()
    book.save(file)
    assert "D3:D4 are merged" in refusal(file.getvalue())


def test_a_formula_is_read_as_one_and_never_its_value():
    for content, name in (
        (roster(("=1+1", *LI[1:])), "a.xlsx"),
        (text_file(HEADER, ("=1+1", *LI[1:])), "a.csv"),
    ):
        cells = read_table(content, name)[1][0][1]
        assert isinstance(cells[0], Formula)


def test_what_we_exported_ourselves_loses_the_apostrophe_again():
    cells = read_table(text_file(HEADER, ("'-5", *LI[1:])), "a.csv")[1][0][1]
    assert cells[0] == "-5"


def test_a_text_in_another_encoding_or_with_open_quotes_is_refused():
    assert "UTF-8 or GB 18030" in refusal(text_file(HEADER, LI, encoding="utf-16"), "a.csv")
    assert "UTF-8 or GB 18030" in refusal(b"\xff\xfe\xfd,\xff", "a.csv")
    assert "quotation mark" in refusal('姓名,职务\n"李明,mem'.encode(), "a.csv")
    assert "quotation mark" in refusal(b"name,office\n" + b"x" * 200_000, "a.csv")


def test_columns_of_a_text_may_be_parted_by_semicolons_or_tabs():
    for sign in ";\t":
        text = f"姓名{sign}职务\n李明{sign}mem\n"
        assert read_table(text.encode(), "a.csv")[1] == [(2, ["李明", "mem"])]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("王 芳", ("王", "芳")),
        ("欧阳春", ("欧阳", "春")),
        ("司马", ("司", "马")),
        ("阿卜杜·热合曼", ("阿卜杜", "·热合曼")),
        ("Shi Changshun", ("Shi", "Changshun")),
        ("Smith, Ann Mary", ("Smith", "Ann Mary")),
    ],
)
def test_a_whole_name_is_taken_apart(name, parts):
    assert split_name(name) == parts
