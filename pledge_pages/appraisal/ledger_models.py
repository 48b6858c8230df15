"""Points: the entries of members' ledgers, and who besides their author has seen them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..boards.content import YEARS
from ..embargo.triggers import trail
from ..labels import MAX_TEXT, LabelsField
from ..people.models import Member
from ..pilots.models import Pilot
from ..rulebook.models import RuleBook

REFUSAL = "an entry of points stays as it is"


class PointEntry(models.Model):
    """One line of a member's ledger of a year, never changed: what was wrong is taken back by another.

    It is pinned to the version of the rules that counted on its day. It counts once somebody other
    than its author has confirmed it; an entry that takes another back counts at once.
    """

    class Source(models.TextChoices):
        HAND = "hand", _("Entered by hand")
        OUTCOME = "outcome", _("Follows from an outcome")
        HISTORY = "history", _("From before this site")

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="point_entries", verbose_name=_("member")
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(YEARS[0]), MaxValueValidator(YEARS[-1])]
    )
    rulebook = models.ForeignKey(
        RuleBook, on_delete=models.PROTECT, related_name="+", verbose_name=_("version of the rules")
    )
    clause = models.CharField(_("clause"), max_length=8)
    points = models.SmallIntegerField(_("points"))
    on = models.DateField(_("on"))
    # Rows of a page get new primary keys with each revision: a pledge is known by its key.
    pledge_key = models.UUIDField(_("pledge"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, blank=True)
    reason = LabelsField(_("what for"), max_length=MAX_TEXT, blank=True)
    ref = models.CharField(_("evidence or decision"), max_length=200, blank=True)
    reversal_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="reversal", null=True, blank=True,
        verbose_name=_("takes back"),
    )  # fmt: skip
    source = models.CharField(
        _("how it came"), max_length=8, choices=Source.choices, default=Source.HAND
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("entered by"),
    )  # fmt: skip
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of points")
        verbose_name_plural = _("entries of points")
        ordering = ["member", "year", "on", "pk"]
        indexes = [models.Index(fields=["member", "year"], name="points_of_member_and_year")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.year}: {self.clause} {self.points:+d}"

    @property
    def code(self) -> str:
        """What the audit trail calls it."""
        return f"{self.member.code} {self.year} {self.clause}"

    @property
    def pilot(self) -> Pilot:
        """The branch that it belongs to, for the audit trail."""
        return self.member.pilot


class PointConfirmation(models.Model):
    """That somebody other than the author of an entry has seen it and lets it count."""

    entry = models.OneToOneField(
        PointEntry, on_delete=models.PROTECT, related_name="confirmation", verbose_name=_("entry")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("confirmation of points")
        verbose_name_plural = _("confirmations of points")
        ordering = ["entry"]

    def __str__(self) -> str:
        return f"{self.entry_id}"


def kept_lines() -> list[trail.Lines]:
    """Return the tables of which the database changes and deletes nothing."""
    return [trail.lines_of(model, refusal=REFUSAL) for model in (PointEntry, PointConfirmation)]
