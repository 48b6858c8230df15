"""Erases original texts and contacts of reports that ended long enough ago."""

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledge_pages.management.english import EnglishCommand
from pledge_pages.supervision.retention import erase_past_retention, past_retention


class Command(EnglishCommand):
    help = (
        "Erase the original text and the contact of every report that ended more than "
        "PLEDGE_PAGES_REPORT_RETENTION_DAYS ago. Public texts and answers stay. Run it daily."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say how many, and erase none")

    def handle(self, *args, dry_run: bool, **options) -> None:
        if dry_run:
            count = past_retention().count()
            text = ngettext(
                "%(count)d report would be erased.", "%(count)d reports would be erased.", count
            )
        else:
            count = erase_past_retention()
            text = ngettext("%(count)d report was erased.", "%(count)d reports were erased.", count)
        self.stdout.write(text % {"count": count} if count else _("There is nothing to erase."))
