"""Takes a step with pilots from the command line, by the same actions as the admin."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from pledge_pages.contention import in_one_transaction
from pledge_pages.embargo import release
from pledge_pages.management.english import EnglishCommand
from pledge_pages.pilots import actions
from pledge_pages.pilots.models import Pilot
from pledge_pages.pilots.stages import VERBS, Stage

# Seconds after which one wants to know that something is still happening.
PATIENCE = 2


class Command(EnglishCommand):
    help = (
        "Take one step with pilots, all in one transaction. Steps: " + ", ".join(VERBS) + ". "
        "With --wave or --all: with every pilot from whose stage the step can follow."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "words", nargs="*", metavar="CODE… VERB", help="codes of pilots, then the step"
        )
        parser.add_argument("--by", metavar="USER", help="who takes the step (username)")
        parser.add_argument("--reason", metavar="TEXT", help="why; kept in the pilots' history")
        parser.add_argument("--wave", type=int, metavar="N", help="the pilots of this wave")
        parser.add_argument("--all", action="store_true", help="every pilot of every programme")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and do nothing"
        )

    def handle(self, *args, **options) -> None:
        *codes, verb = options["words"] or [""]
        if verb not in VERBS:
            raise CommandError(
                _("There is no step “%(verb)s”. Steps: %(verbs)s.")
                % {"verb": verb, "verbs": ", ".join(VERBS)}
            )
        by = user_named(options["by"])
        try:
            reason = actions.check_reason(options["reason"])
            pilots = chosen_pilots(codes, verb, wave=options["wave"], everyone=options["all"])
            if options["dry_run"]:
                self.say_plan(pilots, verb, by)
                return
            with self.patience():
                lines = take(pilots, verb, by=by, reason=reason)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        for line in lines:
            self.stdout.write(line)

    def say_plan(self, pilots: Sequence[Pilot], verb: str, by: User) -> None:
        """Print what the step would do; CommandError if it cannot be taken."""
        if verb == "approve":
            plan = release.plan(pilots, by=by)
            for heading, items in (
                (_("Goes public"), plan.goes_live),
                (_("Approved, but cannot go public now"), plan.stays_back),
                (_("Stays a draft"), plan.stays_draft),
            ):
                self.stdout.write(f"{heading}: {len(items)}")
                for item in items:
                    why = f": {item.reason}" if item.reason else ""
                    self.stdout.write(f"  {item.page.slug} ({item.page.locale.language_code}){why}")
            if not plan.possible:
                raise CommandError("\n".join(plan.refusals))
        else:
            for pilot in pilots:
                actions.check_step(pilot, verb, by=by)
        for pilot in pilots:
            target = Stage(VERBS[verb].target or pilot.stage)
            self.stdout.write(f"{actions.describe(pilot)} → {target.label}")
        self.stdout.write(_("Nothing has been done: this was a dry run."))

    @contextmanager
    def patience(self) -> Iterator[None]:
        """Say every two seconds that the work inside the block goes on."""
        done = Event()
        # The thread has a language of its own: translate here.
        text = _("Still working: %(seconds)d s")

        def wait() -> None:
            seconds = 0
            while not done.wait(PATIENCE):
                seconds += PATIENCE
                self.stderr.write(text % {"seconds": seconds})

        watch = Thread(target=wait, daemon=True)
        watch.start()
        try:
            yield
        finally:
            done.set()
            watch.join()


def pilot_named(code: str) -> Pilot:
    """Return the pilot with that code; CommandError if there is none."""
    pilot = Pilot.objects.select_related("programme").filter(code=code).first()
    if pilot is None:
        raise CommandError(_("There is no pilot with the code %(codes)s.") % {"codes": code})
    return pilot


def user_named(username: str | None) -> User:
    """Return the user with that name; CommandError if none is given, known or active."""
    if not username:
        raise CommandError(_("Say who takes the step: --by USER."))
    users = get_user_model()
    user = users.objects.filter(**{users.USERNAME_FIELD: username}).first()
    if user is None:
        raise CommandError(_("There is no user “%(user)s” (--by).") % {"user": username})
    if not user.is_active:
        raise CommandError(_("The user “%(user)s” (--by) is not active.") % {"user": username})
    return user


def chosen_pilots(
    codes: Sequence[str], verb: str, *, wave: int | None, everyone: bool
) -> list[Pilot]:
    """Return the pilots that are meant: those named, or all that ``verb`` can follow in.

    CommandError names the code that is unknown, or says that nobody was named.
    """
    pilots = Pilot.objects.select_related("programme", "wave").order_by("pk")
    if codes:
        if everyone:
            raise CommandError(_("Name pilots by code or say --all, not both."))
        return named_pilots(codes, pilots, wave)
    if wave is None and not everyone:
        raise CommandError(_("Name pilots by code, or say --wave N or --all."))
    if wave is not None:
        pilots = pilots.filter(wave__number=wave)
        if not pilots.exists():
            raise CommandError(_("There are no pilots in wave %(wave)d (--wave).") % {"wave": wave})
    found = list(pilots.filter(stage__in=VERBS[verb].origins))
    if not found:
        raise CommandError(
            _("No pilot is at a stage where “%(verb)s” can follow.") % {"verb": verb}
        )
    return found


def named_pilots(codes: Sequence[str], pilots, wave: int | None) -> list[Pilot]:
    """Return the pilots with these codes; CommandError for codes unknown or not in ``wave``."""
    found = {pilot.code: pilot for pilot in pilots.filter(code__in=codes)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise CommandError(
            _("There is no pilot with the code %(codes)s.") % {"codes": ", ".join(unknown)}
        )
    outside = [
        code
        for code, pilot in found.items()
        if wave is not None and (pilot.wave is None or pilot.wave.number != wave)
    ]
    if outside:
        raise CommandError(
            _("%(codes)s: not in wave %(wave)d (--wave).")
            % {"codes": ", ".join(outside), "wave": wave}
        )
    return list(found.values())


@in_one_transaction
def take(pilots: Sequence[Pilot], verb: str, *, by: User, reason: str) -> list[str]:
    """Take the step with all of ``pilots``, or with none; return lines that say what was done."""
    lines = []
    if verb == "approve":
        done = release.approve_pilots(pilots, by=by, reason=reason)
        lines.append(_("Pages that went public: %(count)d") % {"count": len(done.goes_live)})
    elif verb == "suspend":
        gone = release.suspend_pilots(pilots, by=by, reason=reason)
        lines.append(_("Pages that were hidden: %(count)d") % {"count": len(gone)})
    else:
        for pilot in pilots:
            actions.take_step(pilot, verb, by=by, reason=reason)
    stages = {pilot.pk: pilot for pilot in Pilot.objects.filter(pk__in=[p.pk for p in pilots])}
    return [*lines, *(actions.describe(stages[pilot.pk]) for pilot in pilots)]
