"""Loads the sample town, once, and prints where it is and who may sign in."""

from argparse import ArgumentParser
from contextlib import nullcontext

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import ProtectedError

from home.demo import state
from home.demo.report import lines
from home.demo.sample import Sample, read_sample
from home.demo.timeline import DEFAULT, EARLIEST, LATEST, BadDate, parse_day


class Command(BaseCommand):
    help = (
        "Load the sample town, unless it is loaded, and print its addresses and accounts. "
        "It is loaded whole or not at all."
    )
    # Run at every start of the demo, right after `migrate`.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of",
            metavar="DATE",
            help=f"the day on which the town stands, {EARLIEST} to {LATEST} (default: {DEFAULT})",
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="remove the sample town, with all that was added to it, and load it anew",
        )

    def handle(self, *, as_of: str | None, reset: bool, **options) -> None:
        try:
            on = parse_day(as_of)
        except BadDate as error:
            raise CommandError(f"--as-of: {error}") from error
        if not state.database_is_ready():
            raise CommandError("The database has no tables yet. Run `manage.py migrate` first.")
        sample = read_sample()
        there = state.loaded(sample)
        if there and as_of and on != there.as_of and not reset:
            raise CommandError(
                f"The sample town is loaded as of {there.as_of}. To start over at {on}, which "
                f"removes what was done to it: load_demo --reset --as-of {on}"
            )
        if there is None or reset or state.marker().exists():
            self.load(sample, on, there, reset=reset)
            there = state.loaded(sample)
        self.print_town(there)

    def load(self, sample: Sample, on, there: state.Loaded | None, *, reset: bool) -> None:
        """Load the town if it is not there or to be loaded anew; clear up after a killed load."""
        try:
            with state.at_work() as left_behind:
                if left_behind:
                    self.clear_up(there)
                if there is None or reset:
                    self.load_whole(sample, on, there)
        except state.Busy as error:
            raise CommandError("Another load_demo is running. Wait until it is done.") from error

    def clear_up(self, there: state.Loaded | None) -> None:
        from home.demo.removal import remove_stray_files

        strays = remove_stray_files()
        self.stdout.write(
            f"An earlier load was broken off. The {strays} files it left behind were deleted."
        )
        if there:
            self.stdout.write(
                "The sample town is whole; its search index is built anew, to be sure."
            )
            call_command("update_index", verbosity=0)

    def load_whole(self, sample: Sample, on, there: state.Loaded | None) -> None:
        from home.demo.loading import load
        from home.demo.progress import Bars, Lines
        from home.demo.removal import remove

        taken = [] if there else state.in_the_way(sample)
        if taken:
            raise CommandError(
                "The sample town needs names that are taken in this database: "
                f"{', '.join(taken)}. Nothing was loaded. Use an empty database (DATABASE_URL)."
            )
        self.stdout.write(f"Loading the sample town as of {on}. This takes a minute at most.")
        on_terminal = self.stdout.isatty()
        progress = Bars() if on_terminal else Lines(self.stdout.write)
        try:
            with progress if on_terminal else nullcontext(), transaction.atomic():
                if there:
                    remove(sample, there.programme)
                load(sample, on, progress=progress)
        except ProtectedError as error:
            needed = ", ".join(sorted({str(row) for row in error.protected_objects})[:5])
            raise CommandError(
                f"Nothing was changed: what is not of the sample town still needs it ({needed})."
            ) from error
        except ValidationError as error:
            raise CommandError(f"Nothing was changed: {'; '.join(error.messages)}") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was changed.", returncode=130) from None

    def print_town(self, there: state.Loaded) -> None:
        from home.demo.site import follow_address

        follow_address()
        for line in lines(there):
            self.stdout.write(line)
