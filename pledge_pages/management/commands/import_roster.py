"""Brings the people of a spreadsheet into a branch, as drafts, by the same action as the admin."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from pledge_pages.management.english import EnglishCommand
from pledge_pages.transfer.importing import Imported, import_roster
from pledge_pages.transfer.roster_photos import NO_PHOTOS, photos_in
from pledge_pages.transfer.sheets import MOST_BYTES

from .pilot import pilot_named, user_named

WIDTH = 30


class Command(EnglishCommand):
    help = (
        "Take the people and pledges of a roster (.xlsx or .csv) into a branch, as drafts that nobody "
        "has submitted: all of them, or nobody. What is there already stays as it is. Prints numbers "
        "of people, and no names."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="the roster: .xlsx or .csv")
        parser.add_argument("--branch", metavar="CODE", required=True, help="code of the pilot")
        parser.add_argument(
            "--photos", metavar="DIR", type=Path, help="where the photos lie that the rows name"
        )
        parser.add_argument("--by", metavar="USER", help="who imports it (username)")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be done, row by row, and do nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pilot = pilot_named(options["branch"])
        by = user_named(options["by"]) if options["by"] else None
        file: Path = options["file"]
        bar = _Bar(self.stderr, drawn=self.stderr.isatty() and options["verbosity"] > 0)
        try:
            photos = photos_in(options["photos"]) if options["photos"] else NO_PHOTOS
            done = import_roster(
                pilot, _content_of(file), name=file.name, by=by, photos=photos,
                dry_run=options["dry_run"], watch=bar.show,
            )  # fmt: skip
        except ValidationError as error:
            bar.end()
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            bar.end()
            raise CommandError(str(error)) from error
        bar.end()
        self.report(done, dry_run=options["dry_run"])

    def report(self, done: Imported, *, dry_run: bool) -> None:
        """Print what was done, or would be, row by row."""
        for line in done.lines:
            self.stdout.write(
                _("Row %(row)d: %(code)s: %(what)s")
                % {"row": line.row, "code": line.code, "what": line.text}
            )
        if done.unread:
            self.stdout.write(_("Not read: %(columns)s") % {"columns": ", ".join(done.unread)})
        self.stdout.write(done.summary)
        if dry_run:
            self.stdout.write(_("Nothing has been done: this was a dry run."))


def _content_of(file: Path) -> bytes:
    """Return what is in ``file``, and no more of it than is looked at; CommandError if it is not there."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(
            _("%(path)s: cannot be read (%(why)s).") % {"path": file, "why": error.strerror}
        ) from error


class _Bar:
    """Shows on a terminal how many of the people are done."""

    def __init__(self, out: Any, *, drawn: bool) -> None:
        self.out, self.drawn, self.percent = out, drawn, -1

    def show(self, done: int, total: int) -> None:
        """Draw that ``done`` of ``total`` are done."""
        percent = 100 * done // total
        if self.drawn and percent != self.percent:
            full = WIDTH * percent // 100
            bar = "█" * full + " " * (WIDTH - full)
            self.out.write(f"\r{percent:3d}% |{bar}| {done}/{total}", ending="")
            self.out.flush()
        self.percent = percent

    def end(self) -> None:
        """Leave the line of the bar."""
        if self.drawn and self.percent >= 0:
            self.out.write("")
