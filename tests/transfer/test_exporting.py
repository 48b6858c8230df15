"""A board in a spreadsheet: what is approved, named by consent, and nothing that calculates."""

import csv
import io
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from pledge_pages.appraisal import branch_proof
from pledge_pages.appraisal.on_page import put_on_page
from pledge_pages.models import BranchPage, BranchPledge, Category, MemberPledgePage, Pilot
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.transfer import exporting
from pledge_pages.transfer.cells import calculates, write_archive, write_workbook
from pledge_pages.transfer.exporting import export_board

pytestmark = pytest.mark.django_db

SHEETS = ["members", "pledges", "tasks", "updates", "outcomes", "branch_pledges"]


def pilot_of(code: str) -> Pilot:
    return Pilot.objects.select_related("programme").get(code=code)


def sheets_of(content: bytes) -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(content), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def exported(town, **options) -> dict[str, list[tuple]]:
    made = export_board(pilot_of("SGZ"), by=town.editor("SGZ"), language="en", **options)
    with made.file:
        return sheets_of(made.file.read())


def test_each_kind_of_row_has_a_sheet_with_headings(town):
    sheets = exported(town)
    assert list(sheets) == SHEETS
    assert sheets["members"][0][:2] == ("Member", "Full name")
    assert [row[0] for row in sheets["members"][1:]] == ["SGZ-M001", "SGZ-M002"]
    assert sheets["pledges"][1][6] == "Sweep the village gate SGZ-M001"
    assert sheets["updates"][1][5] == "done once en"
    assert len(sheets["outcomes"]) == 1


def test_what_the_branch_promised_has_a_sheet_with_what_was_found_of_it(town, monkeypatch):
    monkeypatch.setattr(branch_proof, "_check", lambda page, known: None)
    page = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    page.branch_pledges = [
        BranchPledge(
            year=2026, text="Pave the road", category=Category.objects.get(), locale=page.locale,
            lead=town.members["SGZ-M001"], outcome="partly", method="Walked it", reason="Rain",
            checked_on=date(2026, 11, 20),
        )
    ]  # fmt: skip
    town.hold(page, "SGZ")
    row = exported(town)["branch_pledges"][1]
    assert row[1:6] == (2026, "Sanitation", "Pave the road", "Shi Changsgz1", "Partly fulfilled")
    assert row[7:] == ("Walked it", "Rain")


def test_what_is_said_beside_an_outcome_is_said_in_the_file(town):
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    decision = town.take_over_outcome(page, outcome="partly")
    put_on_page(decision, by=town.editor("SGZ"))
    for language in ("zh-hans", "en"):
        town.approve(town.pages["SGZ-M001", language], town.moderator("SGZ"))
    row = exported(town)["outcomes"][1]
    assert row[9].startswith("Taken over from earlier records")


def test_a_name_that_may_not_be_printed_is_not_in_the_file(town):
    assert exported(town)["members"][1][1] == "Shi Changsgz1"
    member = town.members["SGZ-M001"]
    withdraw_consent(member, by=town.editor("SGZ"), subject="name")
    assert "Changsgz1" not in repr(exported(town))


def test_a_draft_is_not_in_the_file(town):
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    pledge = page.pledges.first()
    pledge.text = "nobody approved this"
    page.pledges = [pledge]
    page.save_revision(user=town.editor("SGZ"))
    assert "nobody approved this" not in repr(exported(town))


def test_a_branch_of_which_nothing_is_approved_cannot_be_exported(town):
    with pytest.raises(ValidationError, match="LSW") as caught:
        export_board(pilot_of("LSW"), by=town.lead)
    assert list(caught.value.error_dict) == ["language"]


def test_others_may_not_export_and_nothing_is_noted(town):
    for user in (town.editor("LSW"), town.verifier("SGZ")):
        with pytest.raises(PermissionDenied):
            export_board(pilot_of("SGZ"), by=user)
    assert not ModelLogEntry.objects.filter(action="pledge_pages.export_board").exists()


def test_an_export_is_a_line_of_the_trail_that_names_nobody(town):
    exported(town)
    line = ModelLogEntry.objects.get(action="pledge_pages.export_board")
    assert line.user == town.editor("SGZ")
    assert line.data["members"] == 2
    assert line.data["pilot"] == "SGZ"
    assert line.label == "SGZ"


def test_a_board_that_is_too_long_is_refused_as_a_whole(town, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    with pytest.raises(ValidationError, match="members"):
        exported(town)
    assert not ModelLogEntry.objects.filter(action="pledge_pages.export_board").exists()


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\n=1",
    " =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\u200b=1",
]
HARMLESS = ["", "1", "a=1", "'=1", "“=1", "全年=1", "–1"]


def test_what_looks_like_a_formula_stays_text_in_a_workbook():
    file = io.BytesIO()
    rows = [(text, 5) for text in FORMULAS]
    write_workbook(file, [("x", ("=heading", "n"), rows)])
    sheet = load_workbook(file)["x"]
    found = [row[0] for row in sheet.iter_rows()]
    assert [cell.value for cell in found] == ["=heading", *FORMULAS]
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.quotePrefix for cell in found)
    assert sheet["B2"].value == 5


def test_what_looks_like_a_formula_has_an_apostrophe_in_csv():
    file = io.BytesIO()
    write_archive(file, [("x", ("n",), [(text,) for text in FORMULAS])])
    with zipfile.ZipFile(file) as archive:
        text = archive.read("x.csv").decode("utf-8-sig")
    rows = [row[0] for row in csv.reader(io.StringIO(text, newline=""))]
    assert rows == ["n", *(f"'{text}" for text in FORMULAS)]
    assert [text for text in HARMLESS if calculates(text)] == []


@pytest.mark.parametrize("text", FORMULAS[:4])
def test_an_approved_text_that_looks_like_a_formula_is_exported_as_text(town, text):
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    pledge = page.pledges.first()
    pledge.text = text
    page.pledges = [pledge]
    town.hold(page, "SGZ")
    made = export_board(pilot_of("SGZ"), by=town.editor("SGZ"), language="en")
    with made.file as file:
        cell = load_workbook(io.BytesIO(file.read()))["pledges"]["G2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_signs_that_no_cell_can_hold_are_left_out():
    file = io.BytesIO()
    write_workbook(file, [("x", ("n",), [("a\x00b\x0bc\ufffe",), ("y" * 40_000,)])])
    sheet = load_workbook(file)["x"]
    assert sheet["A2"].value == "abc"
    assert len(sheet["A3"].value) == 32_767


# The command ------------------------------------------------------------------------------


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("export_board", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_writes_a_file_that_only_its_owner_can_read(town, tmp_path: Path):
    file = tmp_path / "board.xlsx"
    assert "members 2, pledges 2" in run("SGZ", str(file), "--language", "en")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(sheets_of(file.read_bytes())) == SHEETS
    with pytest.raises(CommandError, match="there already"):
        run("SGZ", str(file))
    run("SGZ", str(tmp_path / "board.zip"), "--by", "editor_sgz")


def test_what_the_command_cannot_do_leaves_no_file(town, tmp_path: Path):
    for words, said in (
        (("XXX", "a.xlsx"), "XXX"),
        (("SGZ", "a.ods"), "name a file in .xlsx or .zip"),
        (("LSW", "a.xlsx"), "LSW"),
        (("SGZ", "a.xlsx", "--by", "editor_lsw"), "may not export"),
    ):
        with pytest.raises(CommandError, match=said):
            run(words[0], str(tmp_path / words[1]), *words[2:])
    assert list(tmp_path.iterdir()) == []
