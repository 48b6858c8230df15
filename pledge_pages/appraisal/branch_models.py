"""What became of a pledge of the branch as a whole: found by one, confirmed by another, never edited."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..boards.content import MAX_TEXT, OUTCOMES, choices_of
from ..embargo.triggers import trail
from ..labels import LabelsField
from ..pilots.models import Pilot
from .models import MAX_METHOD, REFUSAL, Kept, refuse_rewriting

USER = settings.AUTH_USER_MODEL


class BranchOutcome(Kept):
    """What somebody found of a pledge of the branch. It counts once somebody else confirmed it."""

    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="branch_outcomes", verbose_name=_("branch")
    )
    # As in ``BranchPledge.key``: rows of pledges come and go with revisions.
    pledge_key = models.UUIDField(_("pledge"))
    year = models.PositiveSmallIntegerField(_("year"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=choices_of(OUTCOMES))
    # Empty of what was taken over.
    method = LabelsField(_("how it was checked"), max_length=MAX_METHOD, blank=True)
    reason = LabelsField(_("reason, as published"), max_length=MAX_TEXT, blank=True)
    # None of what was taken over, if the papers have no day.
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    found_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("found by")
    )
    found_at = models.DateTimeField(_("found at"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    # Given up before it was confirmed: it was not so, or said wrongly.
    dropped_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("given up by"),
    )  # fmt: skip
    dropped_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    # Taken over from before: with what is not known of it (see Gap).
    imported = models.BooleanField(_("taken over from before"), default=False)
    gaps = models.JSONField(_("what is not known"), default=list, blank=True)

    FIXED = (
        "pilot", "pledge_key", "year", "outcome", "method", "reason", "checked_on", "found_by",
        "found_at", "imported", "gaps",
    )  # fmt: skip
    ONCE = ("confirmed_by", "confirmed_at", "dropped_by", "dropped_at")

    class Meta:
        verbose_name = _("outcome of a pledge of the branch")
        verbose_name_plural = _("outcomes of pledges of the branch")
        ordering = ["-found_at", "-pk"]
        indexes = [models.Index(fields=["pilot", "pledge_key"], name="outcomes_of_a_branch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(imported=True) | Q(checked_on__isnull=False, confirmed_by=None)
                | (Q(checked_on__isnull=False) & ~Q(confirmed_by=F("found_by"))),
                name="branch_outcome_of_two",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}: {self.year}, {self.get_outcome_display()}"

    @property
    def stands(self) -> bool:
        """Whether it counts: somebody else confirmed it, or it was taken over."""
        return self.imported or self.confirmed_at is not None

    def save(self, *args, **kwargs) -> None:
        refuse_rewriting(self, fixed=self.FIXED, once=self.ONCE)
        super().save(*args, **kwargs)


def kept_lines() -> list[trail.Lines]:
    """Return the table of which the database changes nothing once it is written, but confirms it."""
    return [trail.part_kept(BranchOutcome, fixed=BranchOutcome.FIXED, once=BranchOutcome.ONCE,
                            refusal=REFUSAL)]  # fmt: skip
