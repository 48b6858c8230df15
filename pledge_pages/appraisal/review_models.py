"""The year-end review: of a branch and a year, what is entered of each member, what stands in the end.

While a review goes on, its figures are in ``MemberReview`` and change. When it is closed each of
them becomes an ``Appraisal``, which the database keeps as it is: a correction is another one.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..boards.content import YEARS
from ..embargo.triggers import trail
from ..labels import LabelsField
from ..people.models import Member
from ..photos.models import EvidenceFile
from ..pilots.models import Pilot
from ..rulebook.models import RuleBook
from .models import MAX_REPLY, Kept, OutcomeDecision, refuse_rewriting

MAX_OPINION = 500
MAX_SANCTION = 500
MAX_CHANGE = 500
MOST_PRESENT = 2000
MOST_ANSWERS = 9999

REFUSAL = "what a review found stays as it is"
USER = settings.AUTH_USER_MODEL


class ReviewGap(models.TextChoices):
    """What is not known of a review that was held before there were such records."""

    NO_SELF = "no_self", _("no figure of the member's own")
    NO_BALLOT = "no_ballot", _("no figures of a secret ballot")
    NO_HOW = "no_how", _("no record of how the member was told")
    NO_REPLY = "no_reply", _("no record of whether the member replied")
    NO_SECOND = "no_second", _("no record of who proposed and who closed it")


class BranchReview(Kept):
    """The review of one branch for one year, by the rules that counted on the day it was held."""

    class State(models.TextChoices):
        OPEN = "open", _("Figures are entered")
        TOLD = "told", _("Graded: members are told and heard")
        CLOSED = "closed", _("Closed")

    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("branch")
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(YEARS[0]), MaxValueValidator(YEARS[-1])]
    )
    rulebook = models.ForeignKey(
        RuleBook, on_delete=models.PROTECT, related_name="+", verbose_name=_("version of the rules")
    )
    held_on = models.DateField(_("held on"))
    present = models.PositiveSmallIntegerField(
        _("members present"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PRESENT)]
    )
    voters = models.PositiveSmallIntegerField(
        _("ballots handed out"), validators=[MaxValueValidator(MOST_PRESENT)], default=0
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    opened_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    graded_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("graded by"),
    )  # fmt: skip
    graded_at = models.DateTimeField(_("graded at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("closed by"),
    )  # fmt: skip
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    imported = models.BooleanField(_("taken over from before"), default=False)

    class Meta:
        verbose_name = _("year-end review")
        verbose_name_plural = _("year-end reviews")
        ordering = ["-year", "pilot"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "year"], name="one_review_per_year")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What the audit trail calls it."""
        return f"{self.pilot.code} {self.year}"

    @property
    def is_closed(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.state == self.State.CLOSED

    @property
    def closed_on(self) -> date | None:
        """The day on which it was closed, where the site is."""
        return timezone.localdate(self.closed_at) if self.closed_at else None

    def save(self, *args, **kwargs) -> None:
        refuse_rewriting(
            self, fixed=["pilot", "year", "rulebook", "opened_by", "opened_at", "imported"],
            once=["closed_by", "closed_at"],
        )  # fmt: skip
        super().save(*args, **kwargs)


class Figures(Kept):
    """What is found of one member in one review."""

    # Codes of the version's grades; votes by such a code.
    self_grade = models.CharField(_("the member's own view"), max_length=32, blank=True)
    peer = models.JSONField(_("votes of the other members"), default=dict, blank=True)
    ballot = models.JSONField(_("votes of the secret ballot"), default=dict, blank=True)
    satisfied = models.PositiveSmallIntegerField(
        _("villagers satisfied"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_ANSWERS)],
    )
    neutral = models.PositiveSmallIntegerField(
        _("villagers neither satisfied nor not"), null=True, blank=True,
        validators=[MaxValueValidator(MOST_ANSWERS)],
    )  # fmt: skip
    dissatisfied = models.PositiveSmallIntegerField(
        _("villagers not satisfied"), null=True, blank=True,
        validators=[MaxValueValidator(MOST_ANSWERS)],
    )  # fmt: skip
    opinion = LabelsField(_("opinion of the branch"), max_length=MAX_OPINION, blank=True)
    points = models.SmallIntegerField(_("points"), null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=32, blank=True)
    told_on = models.DateField(_("told on"), null=True, blank=True)
    told_how = models.CharField(
        _("told how"), max_length=16, choices=OutcomeDecision.Told.choices, blank=True
    )
    reply = LabelsField(_("the member's own account"), max_length=MAX_REPLY, blank=True)
    replied_on = models.DateField(_("account given on"), null=True, blank=True)

    FIGURES = (
        "self_grade", "peer", "ballot", "satisfied", "neutral", "dissatisfied", "opinion", "points",
        "grade", "told_on", "told_how", "reply", "replied_on",
    )  # fmt: skip

    class Meta:
        abstract = True


class MemberReview(Figures):
    """One member in a review that goes on."""

    review = models.ForeignKey(
        BranchReview, on_delete=models.PROTECT, related_name="entries", verbose_name=_("review")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("member")
    )
    # What the rules come to, and why the branch proposed something else.
    suggested = models.CharField(_("grade by the rules"), max_length=32, blank=True)
    grade_reason = models.TextField(_("why another grade"), max_length=MAX_CHANGE, blank=True)
    told_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("told by"),
    )  # fmt: skip
    # The grade that the member answered: heard of another one they have to be again.
    reply_to = models.CharField(_("reply to the grade"), max_length=32, blank=True)
    reply_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("account entered by"),
    )  # fmt: skip
    reply_scan = models.ForeignKey(
        EvidenceFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("scan of the paper"),
    )  # fmt: skip
    # When what stands was submitted with a version of the member's page.
    put_at = models.DateTimeField(_("put on the page at"), null=True, blank=True)

    class Meta:
        verbose_name = _("member in a review")
        verbose_name_plural = _("members in a review")
        ordering = ["review", "member__office__rank", "member__code"]
        constraints = [
            models.UniqueConstraint(fields=["review", "member"], name="one_place_in_a_review")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What the audit trail calls it."""
        return f"{self.member.code} {self.review.year}"

    @property
    def pilot(self) -> Pilot:
        """The branch that it belongs to, for the audit trail."""
        return self.review.pilot

    def save(self, *args, **kwargs) -> None:
        refuse_rewriting(self, fixed=["review", "member"])
        if self.review.is_closed:
            refuse_rewriting(self, fixed=self.FIGURES)
        super().save(*args, **kwargs)


class Appraisal(Figures):
    """What stands of one member for one year since the review was closed; the database keeps it."""

    review = models.ForeignKey(
        BranchReview, on_delete=models.PROTECT, related_name="appraisals", verbose_name=_("review")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="appraisals", verbose_name=_("member")
    )
    # 0 is what the review found; each correction counts one more.
    edition = models.PositiveSmallIntegerField(_("correction"), default=0)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="correction", null=True, blank=True,
        verbose_name=_("in place of"),
    )  # fmt: skip
    reason = models.TextField(_("reason of the correction"), max_length=MAX_CHANGE, blank=True)
    made_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    # Taken over from before: with what is not known of it (see ReviewGap).
    imported = models.BooleanField(_("taken over from before"), default=False)
    gaps = models.JSONField(_("what is not known"), default=list, blank=True)

    class Meta:
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        ordering = ["review", "member__office__rank", "member__code", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "member", "edition"], name="one_appraisal_per_edition"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What the audit trail calls it."""
        return f"{self.member.code} {self.review.year}"

    @property
    def pilot(self) -> Pilot:
        """The branch that it belongs to, for the audit trail."""
        return self.review.pilot

    @property
    def gaps_said(self) -> list[str]:
        """What is not known of it, in words."""
        return [str(ReviewGap(gap).label) for gap in self.gaps]

    def save(self, *args, **kwargs) -> None:
        names = [field.attname for field in self._meta.concrete_fields if not field.primary_key]
        refuse_rewriting(self, fixed=names)
        super().save(*args, **kwargs)


class Sanction(Kept):
    """What followed for a member besides the grade. For moderators and leads; nothing shows it."""

    entry = models.ForeignKey(
        MemberReview, on_delete=models.PROTECT, related_name="sanctions", verbose_name=_("member")
    )
    what = models.TextField(_("what was decided"), max_length=MAX_SANCTION)
    basis = models.CharField(_("where it was decided"), max_length=200)
    on = models.DateField(_("on"))
    by = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["entry", "on", "pk"]

    def __str__(self) -> str:
        return f"{self.entry_id}, {self.on}"

    def save(self, *args, **kwargs) -> None:
        refuse_rewriting(self, fixed=["entry", "what", "basis", "on", "by", "at"])
        super().save(*args, **kwargs)


def kept_lines() -> list[trail.Lines]:
    """Return the tables, and the rows of them, of which the database changes and deletes nothing."""
    return [
        trail.lines_of(
            BranchReview, f"{{row}}.state = '{BranchReview.State.CLOSED}'", becomes=True,
            refusal=REFUSAL,
        ),
        trail.lines_of(Appraisal, refusal=REFUSAL),
        trail.lines_of(Sanction, refusal=REFUSAL),
    ]  # fmt: skip
