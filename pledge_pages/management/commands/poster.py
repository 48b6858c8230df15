"""Prints a branch's board, its members' door plates or pledge forms to a PDF file."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledge_pages.labels import content_languages
from pledge_pages.management.english import EnglishCommand
from pledge_pages.posters import files
from pledge_pages.posters.printing import Printed, print_sheets
from pledge_pages.posters.wish import Kind, Orientation, Size, Wish

from .pilot import pilot_named, user_named

BOTH = "both"


class Command(EnglishCommand):
    help = (
        "Print what moderators approved of a branch to a PDF file that only its owner can read. "
        "What was printed is remembered, and named once it has become wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="code of the pilot")
        parser.add_argument("file", metavar="FILE.pdf", type=Path, help="where to write it")
        parser.add_argument("--kind", choices=Kind.values, default=Kind.BOARD)
        parser.add_argument("--size", choices=Size.values, default=Size.A3, type=str.upper)
        parser.add_argument(
            "--orientation", choices=Orientation.values, default=Orientation.PORTRAIT
        )
        languages = [code for code, _name in content_languages()]
        parser.add_argument(
            "--language", choices=[*languages, BOTH], default=languages[0],
            help=f"the language; “{BOTH}” prints the others below the first",
        )  # fmt: skip
        parser.add_argument(
            "--valid-until", type=date.fromisoformat, metavar="YYYY-MM-DD",
            help="the last day it is valid; a quarter ahead if not given",
        )  # fmt: skip
        parser.add_argument("--by", metavar="USER", help="who prints it (username)")
        parser.add_argument(
            "--force", action="store_true", help="write over a file that is there already"
        )

    def handle(self, *args, **options) -> None:
        pilot = pilot_named(options["code"])
        by = user_named(options["by"]) if options["by"] else None
        try:
            files.check(options["file"], force=options["force"])
            # A file that cannot be written was not printed.
            with transaction.atomic():
                printed = print_sheets(pilot, wish_of(options), by=by)
                files.write(options["file"], printed.content, force=options["force"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        self.report(printed, options["file"])

    def report(self, printed: Printed, file: Path) -> None:
        """Say what was written, and what of people's data should be looked at once more."""
        for warning in printed.warnings:
            self.stderr.write(warning)
        row = printed.row
        text = ngettext("%(count)d sheet", "%(count)d sheets", row.sheets) % {"count": row.sheets}
        until = _("valid until %(day)s") % {"day": row.valid_until.isoformat()}
        self.stdout.write(f"{file}: {text}, {row.size}, {until}, {row.version}")


def wish_of(options: dict[str, Any]) -> Wish:
    """Return what the options ask for."""
    languages = [code for code, _name in content_languages()]
    return Wish(
        kind=options["kind"],
        size=options["size"],
        orientation=options["orientation"],
        languages=tuple(languages) if options["language"] == BOTH else (options["language"],),
        valid_until=options["valid_until"],
    )
