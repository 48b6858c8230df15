"""Sends members and editors the list of what is overdue or was not reported on."""

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledge_pages.management.english import EnglishCommand
from pledge_pages.tasks.nudging import nudge


class Command(EnglishCommand):
    help = (
        "Mail members who have an account, and the editors of each branch, what is overdue, what was "
        "not reported on for longer than the branch asks for, and which tasks are not answered. To "
        "each at most once in PLEDGE_PAGES_NUDGE_DAYS days. Prints account names and numbers. Ends "
        "with 1 if a mail could not be sent. Run it daily."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say to whom, and send nothing")

    def handle(self, *args, dry_run: bool, **options) -> None:
        sent = nudge(dry_run=dry_run)
        for letter in sent.letters:
            text = _("%(name)s: %(overdue)d overdue, %(silent)d silent, %(unanswered)d unanswered")
            self.stdout.write(text % {"name": letter.user.get_username(), **letter.count()})
        count = len(sent.letters)
        if dry_run:
            text = ngettext(
                "%(count)d mail would be sent.", "%(count)d mails would be sent.", count
            )
        else:
            text = ngettext("%(count)d mail was sent.", "%(count)d mails were sent.", count)
        self.stdout.write(text % {"count": count})
        if sent.lately:
            text = ngettext(
                "%(count)d person got one not long ago.",
                "%(count)d people got one not long ago.",
                len(sent.lately),
            )
            self.stdout.write(text % {"count": len(sent.lately)})
        if sent.failed:
            names = ", ".join(letter.user.get_username() for letter in sent.failed)
            raise CommandError(_("Not sent: %(names)s") % {"names": names}, returncode=1)
