"""Adds up every ledger of points, and prints what does not add up."""

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledge_pages.appraisal.ledger_check import find_faults
from pledge_pages.management.english import EnglishCommand


class Command(EnglishCommand):
    help = (
        "Add up every ledger of points and print what does not add up: an entry that is worth "
        "something else by its version, a base missing or twice, a total written down that is "
        "another. Ends with 1 if there is anything. Prints codes and no names."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="the ledgers of this year only")

    def handle(self, *args, year: int | None, **options) -> None:
        found = 0
        for fault in find_faults(year):
            found += 1
            self.stdout.write(str(fault))
        if found:
            text = ngettext("%d thing does not add up.", "%d things do not add up.", found) % found
            raise CommandError(text, returncode=1)
        self.stdout.write(_("Every ledger adds up."))
