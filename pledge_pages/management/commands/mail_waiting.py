"""Tells those who work with reports and reviews by mail what waits for them."""

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledge_pages.letters.sending import mail_waiting
from pledge_pages.management.english import EnglishCommand


class Command(EnglishCommand):
    help = (
        "Mail supervision committees, staff and leads how many reports are new, due soon or overdue, "
        "in which reviews the days for a reply are over, and how many appeals have no decision. To "
        "each at most once a day, and only if there is anything new or PLEDGE_PAGES_NUDGE_DAYS have "
        "gone by. Prints account names and numbers. Ends with 1 if a mail could not be sent. Run it "
        "daily."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say to whom, and send nothing")

    def handle(self, *args, dry_run: bool, **options) -> None:
        sent = mail_waiting(dry_run=dry_run)
        for letter in sent.letters:
            text = _("%(name)s: %(number)d waiting")
            said = {"name": letter.user.get_username(), "number": len(letter.told)}
            self.stdout.write(text % said)
        count = len(sent.letters)
        if dry_run:
            text = ngettext(
                "%(count)d mail would be sent.", "%(count)d mails would be sent.", count
            )
        else:
            text = ngettext("%(count)d mail was sent.", "%(count)d mails were sent.", count)
        self.stdout.write(text % {"count": count})
        if sent.failed:
            names = ", ".join(letter.user.get_username() for letter in sent.failed)
            raise CommandError(_("Not sent: %(names)s") % {"names": names}, returncode=1)
