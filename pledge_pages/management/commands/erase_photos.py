"""Erases the photos of members whose consents ran out."""

from django.utils.translation import gettext as _

from pledge_pages.management.english import EnglishCommand
from pledge_pages.photos.actions import erase_lapsed


class Command(EnglishCommand):
    help = (
        "Delete the files of photos that may be shown nowhere any more, because the consents ended "
        "with their day. They are shown nowhere from that day on; this is for a timer, once a day."
    )

    def handle(self, *args, **options) -> None:
        count = {"count": erase_lapsed()}
        self.stdout.write(_("Members whose photos were erased: %(count)d") % count)
