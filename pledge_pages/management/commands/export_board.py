"""Writes the board of a branch, as moderators approved it, to a spreadsheet."""

from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from pledge_pages.labels import content_languages
from pledge_pages.management.english import EnglishCommand
from pledge_pages.posters import files
from pledge_pages.transfer.exporting import Format, export_board

from .pilot import pilot_named, user_named


class Command(EnglishCommand):
    help = (
        "Write what moderators approved of a branch to a spreadsheet that only its owner can read: "
        ".xlsx, or .zip with CSV files. Names are those that may be printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="code of the pilot")
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="where to write it: a name in .xlsx or .zip"
        )
        languages = [code for code, _name in content_languages()]
        parser.add_argument("--language", choices=languages, default=languages[0])
        parser.add_argument("--by", metavar="USER", help="who exports it (username)")
        parser.add_argument(
            "--force", action="store_true", help="write over a file that is there already"
        )

    def handle(self, *args, **options) -> None:
        pilot = pilot_named(options["code"])
        file: Path = options["file"]
        kind = file.suffix.lower().removeprefix(".")
        if kind not in Format.values:
            raise CommandError(_("%(path)s: name a file in .xlsx or .zip.") % {"path": file})
        by = user_named(options["by"]) if options["by"] else None
        try:
            files.check(file, force=options["force"])
            # A file that cannot be written was not exported.
            with transaction.atomic():
                exported = export_board(pilot, by=by, language=options["language"], kind=kind)
                with exported.file:
                    files.write(file, exported.file.read(), force=options["force"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        counted = ", ".join(f"{name} {number}" for name, number in exported.rows.items())
        self.stdout.write(f"{file}: {counted}")
