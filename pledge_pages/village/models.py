"""The links by which a village reads its own board, and how often each was used."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..pilots.models import Pilot
from ..pilots.stages import RUNNING


class VillageLink(models.Model):
    """An address, printed as a QR code, that opens the board of one branch to whoever has it.

    What is not stored: the token in the address (only its hash, and a nonce that is worth nothing
    without SECRET_KEY), and anything about who used it: no network address, no browser, no time
    finer than an hour.
    """

    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="village_links", verbose_name=_("branch")
    )
    nonce = models.CharField(max_length=32, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(
        _("where it hangs"),
        max_length=80,
        blank=True,
        help_text=_("For the branch's staff only, such as: notice board at the bridge."),
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("revoked by"),
        null=True,
        blank=True,
    )
    # The link in whose place it came.
    rotated_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="rotated_to", null=True, blank=True
    )
    # To the hour.
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("village link")
        verbose_name_plural = _("village links")
        ordering = ["pilot", "-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pilot_id}: {self.label or self.pk}"

    @property
    def last_day(self) -> date | None:
        """The last day on which it is valid, where the site is; None if it has no end."""
        if self.expires_at is None:
            return None
        return timezone.localdate(self.expires_at - timedelta(seconds=1))

    @property
    def is_revoked(self) -> bool:
        """Whether it was revoked, or another one came in its place."""
        return self.revoked_at is not None

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_valid(self) -> bool:
        """Whether it was neither revoked nor is its time over."""
        return not (self.is_revoked or self.is_expired)

    @property
    def opens(self) -> bool:
        """Whether it opens the board now: it is valid, and the pilot is running."""
        return self.is_valid and self.pilot.stage in RUNNING


class VillageVisit(models.Model):
    """How many browsers read by one link on one day.

    A number and nothing else: who they were, where from and when on that day is not stored.
    """

    link = models.ForeignKey(VillageLink, on_delete=models.CASCADE, related_name="visits")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("visits"), default=0)

    class Meta:
        verbose_name = _("visits of a day")
        verbose_name_plural = _("visits by day")
        ordering = ["link", "-day"]
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="one_count_per_day")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}: {self.count}"
