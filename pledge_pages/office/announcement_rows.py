"""What a pilot's page says of its announcements."""

from django.urls import reverse

from ..embargo.announcement import announcement_types
from ..embargo.models import GatedPage
from ..pilots.models import Pilot
from .sight import specific_pages
from .standing import standing_of


def announcements_of(pilot: Pilot) -> list[dict]:
    """Return name, language, state and address of each announcement of ``pilot``."""
    types = tuple(announcement_types())
    ids = GatedPage.objects.filter(pilot=pilot, top=True).values_list("page_id", flat=True)
    pages = [page for page in specific_pages(ids).values() if isinstance(page, types)]
    return [
        {
            "page": page,
            "language": page.locale.get_display_name(),
            "standing": standing_of(page),
            "url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        }
        for page in sorted(pages, key=lambda page: page.pk)
    ]
