"""``manage.py poster``: a file for its owner's eyes, whole or not at all."""

import os
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from pledge_pages.models import PrintedSheet
from pledge_pages.posters import files
from pledge_pages.posters.errors import PrintError
from tests.posters.reading import page_words, sizes_of, words_of

pytestmark = pytest.mark.django_db


def poster(*words: str, **options) -> str:
    out = StringIO()
    with override("en"):
        call_command("poster", *words, stdout=out, stderr=out, **options)
    return out.getvalue()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "board.pdf"


def test_it_writes_a_board_that_only_its_owner_can_read(pilot, file) -> None:
    before = os.umask(0)
    try:
        said = poster("SGZ", str(file))
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "史长SGZ1" in words_of(file.read_bytes())
    row = PrintedSheet.objects.get()
    assert row.printed_by is None
    assert row.version in said
    assert row.valid_until.isoformat() in said
    assert names_in(file.parent) == ["board.pdf"]


def test_kind_paper_languages_and_end_are_options(town, pilot, file) -> None:
    poster(
        "SGZ", str(file), "--kind", "forms", "--size", "a1", "--orientation", "landscape",
        "--language", "both", "--by", "editor_sgz", "--valid-until", "2099-12-31",
    )  # fmt: skip
    assert sizes_of(file.read_bytes()) == {(841, 594)}
    assert len(page_words(file.read_bytes())) == 2
    assert "Sweepthevillagegate" in words_of(file.read_bytes())
    row = PrintedSheet.objects.get()
    assert (row.kind, row.printed_by) == ("forms", town.editor("SGZ"))
    assert row.valid_until.isoformat() == "2099-12-31"


def test_a_file_that_is_there_is_kept_unless_forced(pilot, file) -> None:
    file.write_text("mine")
    with pytest.raises(CommandError, match="--force"):
        poster("SGZ", str(file))
    assert file.read_text() == "mine"
    assert not PrintedSheet.objects.exists()
    poster("SGZ", str(file), "--force")
    assert file.read_bytes().startswith(b"%PDF")


def test_a_file_that_came_meanwhile_is_kept(file, monkeypatch) -> None:
    file.write_text("mine")
    monkeypatch.setattr(files, "check", lambda *args, **kwargs: None)
    with pytest.raises(PrintError):
        files.write(file, b"x")
    assert file.read_text() == "mine"
    assert names_in(file.parent) == ["board.pdf"]


def test_what_could_not_be_written_was_not_printed(pilot, file, monkeypatch) -> None:
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        poster("SGZ", str(file))
    assert names_in(file.parent) == []
    assert not PrintedSheet.objects.exists()


def test_what_cannot_be_drawn_is_said_in_plain_words(pilot, file, typst_gives_up) -> None:
    with pytest.raises(CommandError, match="could not be drawn"):
        poster("SGZ", str(file))
    assert names_in(file.parent) == []
    assert not PrintedSheet.objects.exists()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["XXX", "board.pdf"], "XXX"),
        (["SGZ", "nowhere/board.pdf"], "nowhere"),
        (["SGZ", "."], "folder"),
        (["SGZ", "board.pdf", "--by", "nobody"], "nobody"),
        (["SGZ", "board.pdf", "--by", "editor_lsw"], "SGZ"),
        (["SGZ", "board.pdf", "--language", "fr"], "fr"),
        (["SGZ", "board.pdf", "--size", "A2"], "A2"),
        (["SGZ", "board.pdf", "--valid-until", "2020-01-01"], "past"),
        (["LSW", "board.pdf"], "Proposed"),
    ],
)
def test_what_is_wrong_is_named(pilot, tmp_path, monkeypatch, words, names) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=names):
        poster(*words)
    assert names_in(tmp_path) == []
    assert not PrintedSheet.objects.exists()
