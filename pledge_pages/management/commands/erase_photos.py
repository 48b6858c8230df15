"""Erases the photos of members whose consents ran out, and the scans of consents that count no more."""

from django.utils.translation import gettext as _

from pledge_pages.management.english import EnglishCommand
from pledge_pages.photos.actions import erase_lapsed
from pledge_pages.photos.papers import erase_idle


class Command(EnglishCommand):
    help = (
        "Delete the files of photos that may be shown nowhere any more, because the consents ended "
        "with their day, and the scans of consents that count no more. They are shown nowhere from "
        "that day on; this is for a timer, once a day."
    )

    def handle(self, *args, **options) -> None:
        count = {"count": erase_lapsed()}
        self.stdout.write(_("Members whose photos were erased: %(count)d") % count)
        self.stdout.write(_("Scans of consents erased: %(count)d") % {"count": erase_idle()})
