"""What a page promises and what became of it: rows that travel with the page's revisions.

Rows get new primary keys when a revision is published, so rows of one page refer to a pledge by
its permanent ``key``. Due date, category, status and evidence are the same in every language;
texts are translated.
"""

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from .. import conf
from ..people.models import Member
from ..people.naming import today
from ..photos.models import EvidenceFile
from ..rulebook.models import Category

MAX_TEXT = 500


class Status(models.TextChoices):
    """How a pledge stands. The last four are outcomes, in neutral words."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    AT_RISK = "at_risk", _("Having difficulty")
    CLAIMED_DONE = "claimed_done", _("Reported done, being checked")
    OVERDUE = "overdue", _("Due, being checked")
    FULFILLED = "fulfilled", _("Fulfilled")
    PARTLY = "partly", _("Partly fulfilled")
    EXCUSED = "excused", _("Not fulfilled, reasons stated")
    NOT_FULFILLED = "not_fulfilled", _("Not fulfilled")


# Those for which pledges can be made.
YEARS = range(2000, 2101)

RUNNING = [
    Status.NOT_STARTED, Status.IN_PROGRESS, Status.AT_RISK, Status.CLAIMED_DONE, Status.OVERDUE,
]  # fmt: skip
OUTCOMES = [Status.FULFILLED, Status.PARTLY, Status.EXCUSED, Status.NOT_FULFILLED]


def choices_of(statuses: list[Status]) -> list[tuple[str, str]]:
    """Return form choices for some of the statuses."""
    return [(status.value, status.label) for status in statuses]


def latest_due(year: int) -> date:
    """Return the last day on which a pledge of ``year`` may fall due."""
    months = conf.get("DUE_GRACE_MONTHS")
    beyond = date(year + 1 + months // 12, months % 12 + 1, 1)
    return date.fromordinal(beyond.toordinal() - 1)


def check_due(due: date | None, year: int | None) -> None:
    """Raise ValidationError if ``due`` lies before the pledge's year or too long after it."""
    if due is None or year not in YEARS:  # a year that cannot be is an error of its own
        return
    if due.year < year:
        raise ValidationError(
            {"due": _("The due date lies before the pledge's year, %(year)s.") % {"year": year}}
        )
    if due > latest_due(year):
        raise ValidationError(
            {
                "due": _("A pledge of %(year)s may fall due on %(latest)s at the latest.")
                % {"year": year, "latest": latest_due(year).isoformat()}
            }
        )


def check_past(**days: date | None) -> None:
    """Raise ValidationError naming each of ``days`` that has not come yet."""
    late = [name for name, day in days.items() if day and day > today()]
    if late:
        raise ValidationError({name: _("This day has not come yet.") for name in late})


class Promise(TranslatableMixin, Orderable):
    """What the pledges of a member and of a branch have in common."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(YEARS[0]), MaxValueValidator(YEARS[-1])]
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    text = models.TextField(_("pledge"), max_length=MAX_TEXT)
    progress = models.CharField(
        _("progress"), max_length=16, choices=choices_of(RUNNING), default=Status.NOT_STARTED
    )
    outcome = models.CharField(
        _("outcome"), max_length=16, choices=choices_of(OUTCOMES), blank=True
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    method = models.CharField(_("how it was checked"), max_length=255, blank=True)
    reason = models.TextField(_("reason, as published"), max_length=MAX_TEXT, blank=True)

    # What a check found is not typed here: whoever writes the page must not judge alone.
    OUTCOME_FIELDS: tuple[str, ...] = ("outcome", "checked_on", "method", "reason")

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def found(self) -> dict[str, object]:
        """What it says of its outcome, by field."""
        return {name: getattr(self, name) for name in self.OUTCOME_FIELDS}

    @property
    def status_said(self) -> str:
        """The outcome if there is one, else the progress, as somebody put it down."""
        return self.outcome or self.progress

    @property
    def status(self) -> str:
        """How it stands today."""
        return self.status_said


class Pledge(Promise):
    """What one member promises for one year: measurable, with a date."""

    class Kind(models.TextChoices):
        VOLUNTARY = "voluntary", _("Voluntary")
        ASSIGNED = "assigned", _("Assigned by the branch")
        RESPONSIBILITY = "responsibility", _("From a responsibility document")

    class Scope(models.TextChoices):
        OWN = "own", _("Own conduct")
        FAMILY = "family", _("Family")
        NEIGHBOURS = "neighbours", _("Neighbours")
        VILLAGE = "village", _("Village")

    page = ParentalKey(
        "pledge_pages.MemberPledgePage", on_delete=models.CASCADE, related_name="pledges"
    )
    measure = models.CharField(_("measure"), max_length=255, help_text=_("How anyone can check it"))
    baseline = models.CharField(_("baseline"), max_length=255, blank=True)
    agreed_on = models.DateField(
        _("agreed on"),
        null=True,
        blank=True,
        help_text=_("The day on which the branch agreed to the pledge."),
    )
    due = models.DateField(_("due"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.VOLUNTARY)
    scope = models.CharField(_("concerns"), max_length=16, choices=Scope.choices, default=Scope.OWN)
    percent = models.PositiveSmallIntegerField(
        _("percent done"), default=0, validators=[MaxValueValidator(100)]
    )
    reply = models.TextField(_("the member's own account"), max_length=1000, blank=True)
    replied_on = models.DateField(_("account given on"), null=True, blank=True)

    translatable_fields = [
        TranslatableField("text"),
        TranslatableField("measure"),
        TranslatableField("baseline"),
        TranslatableField("method"),
        TranslatableField("reason"),
        TranslatableField("reply"),
        SynchronizedField("key", overridable=False),
        SynchronizedField("year", overridable=False),
        SynchronizedField("category", overridable=False),
        SynchronizedField("progress", overridable=False),
        SynchronizedField("outcome", overridable=False),
        SynchronizedField("agreed_on", overridable=False),
        SynchronizedField("due", overridable=False),
        SynchronizedField("kind", overridable=False),
        SynchronizedField("scope", overridable=False),
        SynchronizedField("percent", overridable=False),
        SynchronizedField("checked_on", overridable=False),
        SynchronizedField("replied_on", overridable=False),
    ]

    OUTCOME_FIELDS = (*Promise.OUTCOME_FIELDS, "reply", "replied_on")
    panels = [
        *[
            FieldPanel(name)
            for name in (
                "year", "category", "text", "measure", "baseline", "agreed_on", "due", "kind",
                "scope", "progress", "percent",
            )
        ],
        MultiFieldPanel(
            [FieldPanel(name, read_only=True) for name in OUTCOME_FIELDS],
            heading=_("Outcome"),
            help_text=_(
                "Only shown here. What became of a pledge is decided under “Checks” in the menu "
                "“Pledge boards”, by two checkers, and put on the page from there."
            ),
            classname="collapsed",
        ),
    ]  # fmt: skip

    class Meta(Promise.Meta):
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")

    @property
    def status(self) -> str:
        """How it stands today: without an outcome, one that was due is being checked."""
        said = self.status_said
        late = self.due is not None and self.due < today()
        checked = self.outcome or said == Status.CLAIMED_DONE
        return Status.OVERDUE.value if late and not checked else said

    def clean(self) -> None:
        super().clean()
        check_due(self.due, self.year)
        check_past(checked_on=self.checked_on, replied_on=self.replied_on)


class PledgeRow(TranslatableMixin, Orderable):
    """A row about one pledge of the same page."""

    pledge_key = models.UUIDField(_("pledge"))

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True


class PledgeTask(PledgeRow):
    """A step on the way to a pledge."""

    page = ParentalKey(
        "pledge_pages.MemberPledgePage", on_delete=models.CASCADE, related_name="tasks"
    )
    text = models.CharField(_("task"), max_length=255)
    assigned_by = models.ForeignKey(
        Member,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("assigned by"),
    )
    due = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    translatable_fields = [
        TranslatableField("text"),
        SynchronizedField("pledge_key", overridable=False),
        SynchronizedField("assigned_by", overridable=False),
        SynchronizedField("due", overridable=False),
        SynchronizedField("done_on", overridable=False),
    ]

    class Meta(PledgeRow.Meta):
        verbose_name = _("task")
        verbose_name_plural = _("tasks")

    def clean(self) -> None:
        super().clean()
        check_past(done_on=self.done_on)


class ProgressUpdate(PledgeRow):
    """What was done about a pledge, on what day, and what shows it."""

    class Kind(models.TextChoices):
        UPDATE = "update", _("Progress")
        OBSTACLE = "obstacle", _("Obstacle")
        COMPLETION = "completion_report", _("Reported done")
        CHECK = "check_note", _("Note of a check")

    page = ParentalKey(
        "pledge_pages.MemberPledgePage", on_delete=models.CASCADE, related_name="updates"
    )
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=32, choices=Kind.choices, default=Kind.UPDATE)
    percent = models.PositiveSmallIntegerField(
        _("percent done"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    text = models.TextField(_("what was done"), max_length=MAX_TEXT)
    evidence = models.ForeignKey(
        EvidenceFile,
        on_delete=models.SET_NULL,
        related_name="progress_updates",
        null=True,
        blank=True,
        verbose_name=_("evidence"),
    )

    translatable_fields = [
        TranslatableField("text"),
        SynchronizedField("pledge_key", overridable=False),
        SynchronizedField("on", overridable=False),
        SynchronizedField("kind", overridable=False),
        SynchronizedField("percent", overridable=False),
        SynchronizedField("evidence", overridable=False),
    ]

    class Meta(PledgeRow.Meta):
        verbose_name = _("progress update")
        verbose_name_plural = _("progress updates")

    def clean(self) -> None:
        super().clean()
        check_past(on=self.on)


class PledgeAmendment(PledgeRow):
    """A change of a pledge after it was agreed: what it said before, what it says now, and why."""

    page = ParentalKey(
        "pledge_pages.MemberPledgePage", on_delete=models.CASCADE, related_name="amendments"
    )
    on = models.DateField(_("date"))
    old_text = models.TextField(_("before"), max_length=MAX_TEXT)
    new_text = models.TextField(_("after"), max_length=MAX_TEXT)
    reason = models.TextField(_("reason"), max_length=MAX_TEXT)
    agreed_at = models.CharField(_("agreed at"), max_length=128, blank=True)

    translatable_fields = [
        TranslatableField("old_text"),
        TranslatableField("new_text"),
        TranslatableField("reason"),
        TranslatableField("agreed_at"),
        SynchronizedField("pledge_key", overridable=False),
        SynchronizedField("on", overridable=False),
    ]

    class Meta(PledgeRow.Meta):
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")

    def clean(self) -> None:
        super().clean()
        check_past(on=self.on)


class BranchPledge(Promise):
    """What the branch as a whole promises for a year."""

    page = ParentalKey(
        "pledge_pages.BranchPage", on_delete=models.CASCADE, related_name="branch_pledges"
    )
    lead = models.ForeignKey(
        Member,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("led by"),
    )

    translatable_fields = [
        TranslatableField("text"),
        SynchronizedField("key", overridable=False),
        SynchronizedField("year", overridable=False),
        SynchronizedField("category", overridable=False),
        SynchronizedField("progress", overridable=False),
        SynchronizedField("outcome", overridable=False),
        SynchronizedField("lead", overridable=False),
        TranslatableField("method"),
        TranslatableField("reason"),
        SynchronizedField("checked_on", overridable=False),
    ]

    panels = [
        *[FieldPanel(name) for name in ("year", "category", "text", "progress")],
        MultiFieldPanel(
            [FieldPanel(name, read_only=True) for name in Promise.OUTCOME_FIELDS],
            heading=_("Outcome"),
            classname="collapsed",
            help_text=_(
                "Only shown here. What became of a pledge of the branch is found and confirmed by "
                "two people, under “Checks” in the menu “Pledge boards”."
            ),
        ),
        FieldPanel("lead"),
    ]

    class Meta(Promise.Meta):
        verbose_name = _("pledge of the branch")
        verbose_name_plural = _("pledges of the branch")

    def clean(self) -> None:
        super().clean()
        check_past(checked_on=self.checked_on)
