"""Walks the site as a visitor and looks for everything that is not public."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledge_pages.leak_check import check as checks
from pledge_pages.leak_check.models import LeakCheck
from pledge_pages.leak_check.wording import (
    Said,
    findings_of,
    moved_during,
    summary_of,
    surface_title,
)
from pledge_pages.management.english import EnglishCommand

WIDTH = 30
USAGE = 2
STOPPED = 130


class Command(EnglishCommand):
    help = (
        "Walk every public surface of the site as an anonymous visitor and look for titles, names, "
        "addresses and files of what is not public. Ends with 0 if nothing was found, with 1 if "
        "something was, with 2 if it could not be done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--base-url",
            default="",
            metavar="URL",
            help="ask the running server at this address instead of this process; it has to "
            "use the same database",
        )
        parser.add_argument("--by", metavar="USER", help="who is named in the report (username)")
        parser.add_argument(
            "--allow-possible",
            action="store_true",
            help="end with 0 if there are possible findings only: short words, for instance",
        )
        parser.add_argument(
            "--show",
            action="store_true",
            help="print the words that were found; they are secrets, and logs are kept",
        )

    def handle(self, *args, **options) -> None:
        try:
            by = user_named(options["by"])
            check = checks.begin(
                by=by, source=LeakCheck.Source.COMMAND, base_url=options["base_url"]
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages), returncode=USAGE) from error
        except PermissionDenied as error:
            raise CommandError(str(error), returncode=USAGE) from error
        bar = Bar(self.stderr, drawn=self.stderr.isatty())
        try:
            checks.run(check, watch=bar.show if options["verbosity"] else None)
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except KeyboardInterrupt:
            raise CommandError(_("Stopped."), returncode=STOPPED) from None
        finally:
            bar.end()
        self.report(check, show=options["show"])
        if check.certain or (check.possible and not options["allow_possible"]):
            raise CommandError(_("Not clean."), returncode=1)

    def report(self, check: LeakCheck, *, show: bool) -> None:
        """Print what was checked and what was found."""
        for row in check.surfaces:
            title = surface_title(row["name"])
            if row["state"] == "absent":
                self.stdout.write(_("  not there: %(title)s") % {"title": title})
            else:
                self.stdout.write(f"  {row['addresses']:>6}  {title}")
        if check.too_short:
            self.stdout.write(
                ngettext(
                    "%(count)d word of one character was not looked for.",
                    "%(count)d words of one character were not looked for.",
                    check.too_short,
                )
                % {"count": check.too_short}
            )
        for said in findings_of(check, None, reveal=show):
            for line in lines_of(said):
                self.stdout.write(line)
        if check.certain + check.possible + check.mentioned > len(check.findings):
            self.stdout.write(_("… and more."))
        if warning := moved_during(check):
            self.stdout.write(warning)
        self.stdout.write(summary_of(check))


def lines_of(said: Said) -> list[str]:
    """Return what is printed of one finding."""
    sure = _("FOUND") if said.certain else _("POSSIBLE")
    sure = _("MENTIONED") if said.mentioned else sure
    words = f" “{said.needle}”" if said.needle else ""
    lines = [f"{sure}  {said.surface}: {said.text}{words}"]
    lines += [f"    {place}" for place in said.places]
    if said.more:
        lines.append("    " + _("and %(count)d more") % {"count": said.more})
    return lines


class Bar:
    """Shows how far the check is: one line that changes on a terminal, else one a surface."""

    def __init__(self, out, *, drawn: bool) -> None:
        self.out, self.drawn, self.stage = out, drawn, ""
        self.percent = -1

    def show(self, check: LeakCheck) -> None:
        """Draw how far ``check`` is."""
        if self.drawn:
            if check.percent == self.percent and check.stage == self.stage:
                return
            full = WIDTH * check.percent // 100
            title = surface_title(check.stage)[:40]
            line = f"\r{check.percent:3d}% |{'█' * full}{' ' * (WIDTH - full)}| "
            self.out.write(f"{line}{check.done}/{check.total} {title:<40}", ending="")
            self.out.flush()
        elif check.stage != self.stage:
            self.out.write(f"  {check.percent:3d}%  {surface_title(check.stage)}")
        self.stage, self.percent = check.stage, check.percent

    def end(self) -> None:
        """Leave the line of the bar."""
        if self.drawn and self.stage:
            self.out.write("")


def user_named(username: str | None):
    """Return the user with that name, None without a name; ValidationError if there is none."""
    if not username:
        return None
    users = get_user_model()
    user = users.objects.filter(**{users.USERNAME_FIELD: username}).first()
    if user is None:
        raise ValidationError(_("There is no user “%(user)s” (--by).") % {"user": username})
    return user
