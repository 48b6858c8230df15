"""Confirms a database that was put back from a copy, after which its boards are served again."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from pledge_pages.embargo import confirmation, restored
from pledge_pages.management.english import EnglishCommand
from pledge_pages.pilots import actions
from pledge_pages.pilots.models import Pilot
from pledge_pages.pilots.stages import Stage

from .pilot import user_named


class Command(EnglishCommand):
    help = (
        "Confirm that this database, which was put back from a copy, may be served: what was "
        "closed since the copy was made is closed again. Close it first: pilot --all suspend."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", metavar="USER", help="who confirms it (username of a lead)")
        parser.add_argument("--reason", metavar="TEXT", help="why; kept in the audit trail")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what was noticed and confirm nothing"
        )

    def handle(self, *args, **options) -> None:
        finding = restored.find()
        if finding is None:
            self.stdout.write(_("There is nothing to confirm: this is no restored database."))
            return
        for line in described(finding):
            self.stdout.write(line)
        if options["dry_run"]:
            return
        try:
            done = confirmation.confirm(
                by=user_named(options["by"]), reason=options["reason"] or ""
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        count = {"count": len(done.goes_live)}
        self.stdout.write(_("Confirmed. Pages that are public again: %(count)d") % count)


def described(finding: restored.Finding) -> list[str]:
    """Return what was noticed, and which pilots are approved, in lines of text."""
    approved = Pilot.objects.filter(stage=Stage.APPROVED).order_by("code")
    return [
        *restored.describe(finding),
        _("Approved pilots, whose pages will be public:"),
        *[f"  {actions.describe(pilot)}" for pilot in approved],
        *([] if approved else [f"  {_('none')}"]),
    ]
