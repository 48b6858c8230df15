"""What was printed, so that it is known when a sheet on a wall has become wrong."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..pilots.models import Pilot
from ..village.models import VillageLink
from .wish import Kind, Orientation, Size


class PrintedSheet(models.Model):
    """One printing: what, when, by whom, and what of each member stood on it.

    No name is kept: members are noted by their ids, what stood there by how much of it and digests.
    """

    class Settled(models.TextChoices):
        REPRINTED = "reprinted", _("Printed anew")
        TAKEN_DOWN = "taken_down", _("Taken down")

    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="printed_sheets", verbose_name=_("branch")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    size = models.CharField(_("paper"), max_length=4, choices=Size.choices)
    orientation = models.CharField(_("orientation"), max_length=12, choices=Orientation.choices)
    # Language codes, the main one first.
    languages = models.JSONField(_("languages"), default=list)
    version = models.CharField(_("version"), max_length=16)
    sheets = models.PositiveSmallIntegerField(_("sheets"))
    valid_until = models.DateField(_("valid until"))
    # The link whose code is on it; none if its code leads to the public address, or it has no code.
    link = models.ForeignKey(
        VillageLink, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # Whether the pilot was approved then: other name, other address.
    was_public = models.BooleanField(default=False)
    # See ``reprints.facts_of``.
    facts = models.JSONField(default=dict)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("printed by"),
    )
    printed_at = models.DateTimeField(_("printed at"), default=timezone.now)
    settled = models.CharField(_("settled"), max_length=12, choices=Settled.choices, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("printed sheet")
        verbose_name_plural = _("printed sheets")
        ordering = ["pilot", "-printed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pilot_id}: {self.kind} {self.size} {self.version}"
