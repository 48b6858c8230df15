"""Gives a member an account from the command line, by the same action as the admin."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from pledge_pages.labels import content_languages
from pledge_pages.management.commands.pilot import user_named
from pledge_pages.management.english import EnglishCommand
from pledge_pages.mine.invitations import invite_member
from pledge_pages.people.models import Member


class Command(EnglishCommand):
    help = (
        "Give a member an account, or a new way into the one they have. The link is mailed to "
        "--email, or printed once to be handed over. Nothing that was set or given before works then."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="the member's internal code")
        parser.add_argument("--by", metavar="USER", help="who gives it (username)")
        parser.add_argument("--email", metavar="ADDRESS", default="", help="where the link is sent")

    def handle(self, *args, **options) -> None:
        by = user_named(options["by"])
        members = Member.objects.select_related("pilot__programme")
        member = members.filter(code=options["code"]).first()
        if member is None:
            raise CommandError(
                _("There is no member with the code %(code)s.") % {"code": options["code"]}
            )
        try:
            invitation = invite_member(member, by=by, email=options["email"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        until = date_format(localtime(invitation.until), "Y-m-d H:i")
        said = {"account": invitation.user.get_username(), "until": until}
        if options["email"]:
            self.stdout.write(_("Account %(account)s: the link is sent. Until %(until)s.") % said)
            return
        self.stdout.write(
            _("Account %(account)s: hand over this link. It works once, until %(until)s.") % said
        )
        self.stdout.write(invitation.link(content_languages()[0][0]))
