"""`import_roster`: the same import from the command line."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry

from pledge_pages.models import Member, MemberPledgePage
from tests.photos.pictures import jpeg
from tests.transfer.rosters import HEADER, LI, OUYANG, roster, text_file

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*words: object, out=None) -> str:
    out = out or io.StringIO()
    call_command("import_roster", *map(str, words), "--branch", "SGZ", stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(roster(LI, OUYANG))
    return path


def test_a_dry_run_says_row_by_row_what_would_be_done(town, file):
    said = run(file, "--dry-run").splitlines()
    assert said == [
        "Row 2: SGZ-M101: new; 1 pledge",
        "Row 3: SGZ-M102: new; 1 pledge",
        "new: 2, changed: 0, as they were: 0",
        "Nothing has been done: this was a dry run.",
    ]
    assert not Member.objects.filter(code="SGZ-M101").exists()


def test_the_command_imports_with_photos_and_names_nobody(town, file):
    folder = file.parent / "photos"
    folder.mkdir()
    (folder / "李明.jpg").write_bytes(jpeg())
    said = run(file, "--photos", folder, "--by", "editor_sgz")
    assert "Row 2: SGZ-M101: new; photo; 1 pledge" in said
    assert "李" not in said
    assert (
        ModelLogEntry.objects.get(action="pledge_pages.import_roster").user.username == "editor_sgz"
    )
    assert "as they were: 2" in run(file, "--photos", folder)


def test_who_commands_the_server_may_import_and_nobody_is_the_author(town, file):
    run(file)
    page = MemberPledgePage.objects.get(member__code="SGZ-M101")
    assert page.owner is page.latest_revision.user is None
    assert ModelLogEntry.objects.get(action="pledge_pages.import_roster").user is None


def test_on_a_terminal_a_bar_shows_how_far_it_is(town, file):
    assert "100% |" + "█" * 30 in run(file, out=Terminal())
    assert "█" not in run(file)


def test_what_cannot_be_done_ends_with_an_error_and_nothing_done(town, file, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(text_file(HEADER, (*LI[:8], "?")))
    for words, said in (
        ((tmp_path / "none.xlsx",), "none.xlsx: cannot be read"),
        ((bad,), "Row 2, “完成时限”: This is no date"),
        ((file, "--by", "editor_lsw"), "Only editors and leads"),
        ((file, "--by", "nobody"), "no user"),
        ((file, "--photos", tmp_path / "none"), "--photos"),
    ):
        with pytest.raises(CommandError, match=said):
            run(*words)
    with pytest.raises(CommandError, match="no pilot"):
        call_command("import_roster", str(file), "--branch", "XXX")
    assert not Member.objects.filter(code="SGZ-M101").exists()
