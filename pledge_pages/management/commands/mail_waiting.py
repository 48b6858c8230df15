"""Tells those who work with reports and reviews by mail what waits for them."""

from django.utils.translation import gettext as _

from pledge_pages.letters.sending import Letter, mail_waiting
from pledge_pages.management.mailing import MailCommand
from pledge_pages.people.letters import Sent


class Command(MailCommand):
    help = (
        "Mail supervision committees, staff and leads how many reports are new, due soon or overdue, "
        "in which reviews the days for a reply are over, and how many appeals have no decision. To "
        "each at most once a day, and only if there is anything new or PLEDGE_PAGES_NUDGE_DAYS have "
        "gone by. Prints account names and numbers. Ends with 1 if a mail could not be sent. Run it "
        "daily."
    )

    def send(self, *, dry_run: bool) -> Sent:
        return mail_waiting(dry_run=dry_run)

    def line(self, letter: Letter) -> str:
        text = _("%(name)s: %(number)d waiting")
        return text % {"name": letter.user.get_username(), "number": len(letter.told)}
