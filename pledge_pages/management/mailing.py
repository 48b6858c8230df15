"""What commands that send mails have in common: to whom, how many, and what could not be sent."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledge_pages.management.english import EnglishCommand
from pledge_pages.people.letters import Sent


class MailCommand(EnglishCommand):
    """Sends the letters that are due, or says which; ends with 1 if one could not be sent."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say to whom, and send nothing")

    def send(self, *, dry_run: bool) -> Sent:
        """Send what is due, or only find it."""
        raise NotImplementedError

    def line(self, letter: Any) -> str:
        """Return what is printed of one letter: to whom, and numbers."""
        raise NotImplementedError

    def handle(self, *args, dry_run: bool, **options) -> None:
        sent = self.send(dry_run=dry_run)
        for letter in sent.letters:
            self.stdout.write(self.line(letter))
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
