"""What is to be printed: the kind of thing, on what paper, in which languages, valid until when."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

# Months that a sheet is valid if nothing else is said.
VALID_MONTHS = 3


class Kind(models.TextChoices):
    """What is printed."""

    BOARD = "board", _("Board for the wall")
    PLATES = "plates", _("Post plates for the doors")
    FORMS = "forms", _("Pledge forms to sign")


class Size(models.TextChoices):
    """The paper."""

    A1 = "A1", "A1"
    A3 = "A3", "A3"
    A4 = "A4", "A4"


class Orientation(models.TextChoices):
    """How the paper hangs."""

    PORTRAIT = "portrait", _("Portrait")
    LANDSCAPE = "landscape", _("Landscape")


# Short and long side in millimetres (ISO 216).
MILLIMETRES = {Size.A1: (594, 841), Size.A3: (297, 420), Size.A4: (210, 297)}


@dataclass(frozen=True)
class Wish:
    """One thing to print. ``languages``: the first is the main one, a second stands below it."""

    kind: str = Kind.BOARD
    size: str = Size.A3
    orientation: str = Orientation.PORTRAIT
    languages: tuple[str, ...] = ()
    # A quarter ahead if None.
    valid_until: date | None = None
    # The village link whose code is printed while the pilot is quiet; the newest one if None.
    link_id: int | None = None

    @property
    def paper(self) -> tuple[int, int]:
        """Width and height in millimetres."""
        short, long = MILLIMETRES[Size(self.size)]
        return (long, short) if self.orientation == Orientation.LANDSCAPE else (short, long)


def a_quarter_after(day: date) -> date:
    """Return the day three months after ``day``: the same of the month, or the last there is."""
    month = day.month - 1 + VALID_MONTHS
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
