"""Looks through the public site for words, names and links that must not be public yet."""

import json
from collections.abc import Iterator

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledge_pages.management.english import EnglishCommand
from pledge_pages.quiet_words.scanning import Standing, rows_to_scan, scan
from pledge_pages.quiet_words.wording import sentence

WIDTH = 30


class Command(EnglishCommand):
    help = (
        "Look through every public page, snippet, picture and document for quiet words, for names "
        "beside them and for links to what is hidden. Ends with 1 if anything was found. What it "
        "prints are secrets: do not send it where others read it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, **options) -> None:
        drawn = self.stderr.isatty() and options["verbosity"] > 0
        found = list(self.look(drawn=drawn))
        if options["format"] == "json":
            rows = [place.as_dict() for place in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for place in found:
                self.stdout.write(f"{place.model} {place.pk}: {sentence(place.issue)}")
        if found:
            text = ngettext("%(count)d place found.", "%(count)d places found.", len(found))
            raise CommandError(text % {"count": len(found)}, returncode=1)
        if options["format"] == "text":
            self.stdout.write(_("Nothing was found."))

    def look(self, *, drawn: bool) -> Iterator[Standing]:
        """Yield every place, and draw how far it is on a terminal."""
        total = max(1, rows_to_scan())
        shown = -1
        for number, (_row, places) in enumerate(scan(), start=1):
            yield from places
            percent = min(100, 100 * number // total)
            if drawn and percent != shown:
                full = WIDTH * percent // 100
                bar = "█" * full + " " * (WIDTH - full)
                self.stderr.write(f"\r{percent:3d}% |{bar}| {number}/{total}", ending="")
                self.stderr.flush()
                shown = percent
        if drawn:
            self.stderr.write("")
