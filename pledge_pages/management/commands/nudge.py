"""Sends members and editors the list of what is overdue or was not reported on."""

from django.utils.translation import gettext as _

from pledge_pages.management.mailing import MailCommand
from pledge_pages.people.letters import Sent
from pledge_pages.tasks.nudging import Letter, nudge


class Command(MailCommand):
    help = (
        "Mail members who have an account, and the editors of each branch, what is overdue, what was "
        "not reported on for longer than the branch asks for, and which tasks are not answered. To "
        "each at most once in PLEDGE_PAGES_NUDGE_DAYS days. Prints account names and numbers. Ends "
        "with 1 if a mail could not be sent. Run it daily."
    )

    def send(self, *, dry_run: bool) -> Sent:
        return nudge(dry_run=dry_run)

    def line(self, letter: Letter) -> str:
        text = _("%(name)s: %(overdue)d overdue, %(silent)d silent, %(unanswered)d unanswered")
        return text % {"name": letter.user.get_username(), **letter.count()}
