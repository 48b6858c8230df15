"""What was found of a pledge, by whom, what the member said to it, and appeals against it.

Pledges are referred to by their ``key``: their rows are made anew whenever a page is published.
"""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..boards.content import MAX_TEXT, OUTCOMES, Status, choices_of
from ..embargo.triggers import trail
from ..labels import LabelsField
from ..people.models import Member
from ..photos.models import EvidenceFile
from ..pilots.models import Pilot

REFUSAL = "what was decided stays as it is"
MAX_METHOD = 255
MAX_REPLY = 1000
MAX_STATEMENT = 1000


class State(models.TextChoices):
    """Where a decision about an outcome stands."""

    CHECKING = "checking", _("Being checked")
    DISPUTED = "disputed", _("The checkers do not agree")
    CONFIRMED = "confirmed", _("Confirmed by two checkers")
    TOLD = "told", _("The member was told")
    FINAL = "final", _("Final")
    FROZEN = "frozen", _("Frozen by an appeal")
    OVERTURNED = "overturned", _("Set aside after an appeal")
    SUPERSEDED = "superseded", _("A later decision took its place")
    DROPPED = "dropped", _("Given up")


# Those at which a check is still going on.
RUNNING = (State.CHECKING, State.DISPUTED, State.CONFIRMED, State.TOLD)


class Gap(models.TextChoices):
    """What is not known of a decision that was made before there were such records."""

    NO_STATEMENTS = "no_statements", _("no statements of the checkers")
    NOT_TOLD = "not_told", _("no record that the member was told")
    NO_WINDOW = "no_window", _("no record that the reply window was kept")
    NO_SCAN = "no_scan", _("no paper of the member's account")
    NO_OUTSIDER = "no_outsider", _("no checker from outside the branch")
    NO_DAY = "no_day", _("no record of the day")
    # Of appeals.
    NO_JUDGE = "no_judge", _("no record of who decided the appeal")
    NO_COUNTER = "no_counter", _("no entry that takes the points back")


def refuse_rewriting(
    row: models.Model, *, fixed: Iterable[str] = (), once: Iterable[str] = ()
) -> None:
    """Raise ValidationError if ``row`` changes what is ``fixed``, or what was set ``once`` already."""
    if row._state.adding:
        return
    fixed, once = list(fixed), list(once)
    stored = type(row)._base_manager.filter(pk=row.pk).values(*fixed, *once).first() or {}
    for name in (*fixed, *once):
        settled = name in fixed or stored.get(name) not in (None, "", {})
        if settled and stored.get(name) != row.serializable_value(name):
            raise ValidationError(
                gettext("What was decided is not rewritten. A correction is a new decision."),
                code="rewritten",
            )


class Kept(models.Model):
    """A record that is never deleted on its own."""

    class Meta:
        abstract = True

    def delete(self, *args, **kwargs):
        """Refuse."""
        raise ValidationError(
            gettext("What was decided is kept. A correction is a new decision."), code="kept"
        )


class OutcomeDecision(Kept):
    """What is found, or was found, of one pledge. Never edited: a correction is a new decision."""

    class Told(models.TextChoices):
        ACCOUNT = "account", _("By the member's account")
        PAPER = "paper", _("On paper")
        IN_PERSON = "in_person", _("In person")

    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("branch")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("member")
    )
    pledge_key = models.UUIDField(_("pledge"))
    year = models.PositiveSmallIntegerField(_("year"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=choices_of(OUTCOMES))
    method = LabelsField(_("how it was checked"), max_length=MAX_METHOD)
    reason = LabelsField(_("reason, as published"), max_length=MAX_TEXT, blank=True)
    checked_on = models.DateField(_("checked on"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.CHECKING
    )

    told_on = models.DateField(_("told on"), null=True, blank=True)
    told_how = models.CharField(_("told how"), max_length=16, choices=Told.choices, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("told by"),
        null=True,
        blank=True,
    )
    reply = LabelsField(_("the member's own account"), max_length=MAX_REPLY, blank=True)
    replied_on = models.DateField(_("account given on"), null=True, blank=True)
    reply_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("account entered by"),
        null=True,
        blank=True,
    )
    reply_scan = models.ForeignKey(
        EvidenceFile,
        on_delete=models.PROTECT,
        related_name="replies",
        verbose_name=_("scan of the paper"),
        null=True,
        blank=True,
    )
    final_at = models.DateTimeField(_("final since"), null=True, blank=True)
    final_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made final by"),
        null=True,
        blank=True,
    )
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="superseded_by",
        verbose_name=_("in place of"),
        null=True,
        blank=True,
    )
    # When it was submitted with a version of the member's page; None while it is not on it.
    put_at = models.DateTimeField(_("put on the page at"), null=True, blank=True)
    # Made before there were such records: with what is not known of it (see Gap).
    imported = models.BooleanField(_("taken over from before"), default=False)
    gaps = models.JSONField(_("what is not known"), default=list, blank=True)

    FIXED = (
        "pilot", "member", "pledge_key", "year", "outcome", "method", "reason", "checked_on",
        "opened_by", "opened_at", "imported", "gaps",
    )  # fmt: skip
    ONCE = (
        "told_on", "told_how", "told_by", "reply", "replied_on", "reply_by", "reply_scan",
        "final_at", "final_by", "supersedes",
    )  # fmt: skip

    class Meta:
        verbose_name = _("decision on an outcome")
        verbose_name_plural = _("decisions on outcomes")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["member", "pledge_key"], name="decisions_of_a_pledge")]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "pledge_key"],
                condition=Q(state__in=RUNNING) | Q(state=State.FROZEN, final_at__isnull=True),
                name="one_running_check",
            ),
            models.UniqueConstraint(
                fields=["member", "pledge_key"],
                condition=Q(state=State.FINAL) | Q(state=State.FROZEN, final_at__isnull=False),
                name="one_standing_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.year}, {self.get_outcome_display()}"

    @property
    def is_positive(self) -> bool:
        """Whether the pledge was kept, so that nobody has to be heard first."""
        return self.outcome == Status.FULFILLED

    def save(self, *args, **kwargs) -> None:
        refuse_rewriting(self, fixed=self.FIXED, once=self.ONCE)
        super().save(*args, **kwargs)


class DecisionEvidence(Kept):
    """A file that the checkers looked at."""

    decision = models.ForeignKey(OutcomeDecision, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="decisions")

    class Meta:
        verbose_name = _("evidence of a decision")
        verbose_name_plural = _("evidence of decisions")
        ordering = ["decision", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "file"], name="one_file_per_decision")
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.file_id}"


class CheckerStatement(Kept):
    """What one checker says of what a decision finds. Never edited."""

    decision = models.ForeignKey(
        OutcomeDecision, on_delete=models.PROTECT, related_name="statements"
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("checker"),
        null=True,
        blank=True,
    )
    # Of decisions that were taken over, where the checkers had no account.
    checker_member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    checker_code = models.CharField(_("checker's code"), max_length=64, blank=True)
    outside = models.BooleanField(_("from outside the branch"), default=False)
    agrees = models.BooleanField(_("agrees"), default=True)
    text = models.TextField(_("statement"), max_length=MAX_STATEMENT, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("statement of a checker")
        verbose_name_plural = _("statements of checkers")
        ordering = ["decision", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "checker"], name="one_statement_per_checker"
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=False)
                | Q(checker_member__isnull=False)
                | ~Q(checker_code=""),
                name="statement_has_a_checker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.agrees}"

    def save(self, *args, **kwargs) -> None:
        refuse_rewriting(
            self, fixed=["decision", "checker", "checker_member", "checker_code", "outside",
                         "agrees", "text", "at"],
        )  # fmt: skip
        super().save(*args, **kwargs)


class Appeal(Kept):
    """What a member has against a decision. While it is open, what was decided is not posted."""

    class Verdict(models.TextChoices):
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("branch")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("member")
    )
    # Against what: an outcome, or an entry of points. Other things that can be appealed get a key of
    # their own here, and their place in the constraint.
    decision = models.ForeignKey(
        OutcomeDecision, on_delete=models.PROTECT, related_name="appeals", null=True, blank=True
    )
    entry = models.OneToOneField(
        "pledge_pages.PointEntry", on_delete=models.PROTECT, related_name="appeal", null=True,
        blank=True, verbose_name=_("entry of points"),
    )  # fmt: skip
    ground = models.TextField(_("ground"), max_length=MAX_STATEMENT)
    raised_on = models.DateField(_("raised on"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
    )
    scan = models.ForeignKey(
        EvidenceFile,
        on_delete=models.PROTECT,
        related_name="appeals",
        verbose_name=_("scan of the paper"),
        null=True,
        blank=True,
    )
    verdict = models.CharField(_("decision"), max_length=16, choices=Verdict.choices, blank=True)
    verdict_reason = models.TextField(
        _("reason of the decision"), max_length=MAX_STATEMENT, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Raised before there were such records: with what is not known of it.
    imported = models.BooleanField(_("taken over from before"), default=False)
    gaps = models.JSONField(_("what is not known"), default=list, blank=True)

    FIXED = ("pilot", "member", "decision", "entry", "ground", "raised_on", "raised_by", "scan")
    ONCE = ("verdict", "verdict_reason", "decided_by", "decided_at")

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-raised_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__isnull=False, entry__isnull=True)
                | Q(decision__isnull=True, entry__isnull=False),
                name="appeal_is_against_something",
            ),
            models.UniqueConstraint(fields=["decision"], name="one_appeal_per_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_verdict_display() or _('open')}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided it yet."""
        return not self.verdict

    @property
    def decided_on(self) -> date | None:
        """The day on which it was decided, where the site is."""
        return timezone.localdate(self.decided_at) if self.decided_at else None

    def save(self, *args, **kwargs) -> None:
        refuse_rewriting(self, fixed=self.FIXED, once=self.ONCE)
        super().save(*args, **kwargs)


def kept_lines() -> list[trail.Lines]:
    """Return the tables of which the database deletes nothing, and what in them never changes."""
    both = ("member", "pledge_key")
    frozen = "{row}.state = 'frozen' AND {row}.final_at IS"
    running = ", ".join(f"'{state.value}'" for state in RUNNING)
    at_once = f"({{row}}.state IN ({running}) OR {frozen} NULL)"
    standing = f"({{row}}.state = 'final' OR {frozen} NOT NULL)"
    return [
        trail.part_kept(
            OutcomeDecision, fixed=OutcomeDecision.FIXED, once=OutcomeDecision.ONCE,
            partly=[(both, at_once), (both, standing)], refusal=REFUSAL,
        ),
        trail.part_kept(Appeal, fixed=Appeal.FIXED, once=Appeal.ONCE, refusal=REFUSAL),
        trail.lines_of(CheckerStatement, refusal=REFUSAL),
        trail.lines_of(DecisionEvidence, refusal=REFUSAL),
    ]  # fmt: skip
