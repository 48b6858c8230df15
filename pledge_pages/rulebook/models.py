"""What the rules name: categories of pledges, versions of the rule book, templates of pledges."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..labels import MAX_TEXT, LabelsField, label_in
from ..pilots.models import Programme, code_validator
from .blanks import FIRST, NUMBER, Bounds, check_bounds, names_in

version_validator = RegexValidator(
    r"^[0-9]{1,3}(\.[0-9]{1,3}){1,2}$", _("Write a version as two or three numbers, such as 1.0.")
)
clause_validator = RegexValidator(
    r"^[A-Z][A-Z0-9]{0,7}$", _("Use capital letters and digits, beginning with a letter: P1.")
)

MOST_POINTS = 1000


class Category(models.Model):
    """What a pledge is about: sanitation, flood, care of older people…"""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = LabelsField(_("name"))
    rank = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return label_in(self.name) or self.code


class RuleBook(models.Model):
    """One version of a programme's rules. Only a draft changes: the database refuses all else."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="rulebooks", verbose_name=_("programme")
    )
    version = models.CharField(_("version"), max_length=12, validators=[version_validator])
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    effective_on = models.DateField(
        _("in force from"),
        null=True,
        blank=True,
        help_text=_("What happens from this day on counts by this version."),
    )
    on_trial = models.BooleanField(
        _("on trial"), default=False, help_text=_("Still being tried in a pilot.")
    )
    base = models.PositiveSmallIntegerField(
        _("base points of a year"), default=0, validators=[MaxValueValidator(MOST_POINTS)]
    )
    quarter_cap = models.PositiveSmallIntegerField(
        _("most that is deducted in a quarter"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_POINTS)],
        help_text=_("All clauses together. Leave it empty for no limit."),
    )
    # Codes of offices; the rules know no people.
    spared = models.JSONField(_("offices that lose no points"), default=list, blank=True)
    summary = LabelsField(_("summary"), max_length=MAX_TEXT, blank=True)
    change_reason = LabelsField(_("reason for the change"), max_length=MAX_TEXT, blank=True)
    drafted_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    drafted_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True,
        blank=True, editable=False,
    )  # fmt: skip
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rule book")
        verbose_name_plural = _("rule books")
        ordering = ["programme", "effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="one_book_per_version"),
            # Which of two is in force on a day is never a question.
            models.UniqueConstraint(
                fields=["programme", "effective_on"],
                condition=models.Q(status="approved"),
                name="one_book_per_day",
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def code(self) -> str:
        """What the audit trail calls it."""
        return f"{self.programme.code} {self.version}"

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.status == self.Status.DRAFT

    def clean(self) -> None:
        """Refuse a list of offices that is none."""
        super().clean()
        listed = self.spared
        if not isinstance(listed, list) or not all(isinstance(code, str) for code in listed):
            raise ValidationError({"spared": _("Give the codes of offices.")})


class Clause(models.Model):
    """One rule of a version: how many points, up to how many, and what brings them about."""

    class Period(models.TextChoices):
        YEAR = "year", _("in a year")
        QUARTER = "quarter", _("in a quarter")

    class Trigger(models.TextChoices):
        HAND = "hand", _("entered by hand")
        BASE = "base", _("the year begins")
        COUNTER = "counter", _("an entry is taken back")
        FULFILLED = "fulfilled", _("a pledge was fulfilled")
        PARTLY = "partly", _("a pledge was partly fulfilled")
        EXCUSED = "excused", _("a pledge was not fulfilled, for stated reasons")
        NOT_FULFILLED = "not_fulfilled", _("a pledge was not fulfilled")

    rulebook = models.ForeignKey(
        RuleBook, on_delete=models.PROTECT, related_name="clauses", editable=False
    )
    code = models.CharField(_("code"), max_length=8, validators=[clause_validator])
    points = models.SmallIntegerField(
        _("points"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-MOST_POINTS), MaxValueValidator(MOST_POINTS)],
        help_text=_("Less than 0 is deducted. Empty for the base and for counter-entries."),
    )
    cap = models.PositiveSmallIntegerField(
        _("at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_POINTS)],
        help_text=_("The most that it adds or deducts. Leave it empty for no limit."),
    )
    cap_period = models.CharField(
        _("period of the limit"), max_length=8, choices=Period.choices, default=Period.YEAR
    )
    text = LabelsField(_("text"), max_length=MAX_TEXT)
    trigger = models.CharField(
        _("comes about when"), max_length=16, choices=Trigger.choices, default=Trigger.HAND
    )
    in_force = models.BooleanField(
        _("in force"), default=True, help_text=_("A clause that is off is there to be read only.")
    )
    rank = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["rulebook", "rank", "code"]
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "code"], name="one_clause_per_code")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def worth(self) -> int:
        """The points of one entry; 0 for a counter-entry, which takes back what there was."""
        return self.rulebook.base if self.trigger == self.Trigger.BASE else self.points or 0

    def clean(self) -> None:
        """Refuse points where there can be none, and none where they are needed."""
        super().clean()
        without = self.trigger in (self.Trigger.BASE, self.Trigger.COUNTER)
        if without and self.points is not None:
            raise ValidationError(
                {
                    "points": _(
                        "The base stands in the version, a counter-entry takes what there was."
                    )
                }
            )
        if not without and self.points is None:
            raise ValidationError({"points": _("Say how many points.")})
        if without and self.cap is not None:
            raise ValidationError({"cap": _("There is no limit to the base or a counter-entry.")})


class Grade(models.Model):
    """A grade of the year's end: from how many points, for how many, at what satisfaction."""

    rulebook = models.ForeignKey(
        RuleBook, on_delete=models.PROTECT, related_name="grades", editable=False
    )
    code = models.SlugField(_("code"), max_length=32)
    name = LabelsField(_("name"))
    text = LabelsField(_("text"), max_length=MAX_TEXT, blank=True)
    threshold = models.SmallIntegerField(
        _("from"),
        null=True,
        blank=True,
        help_text=_("Points. Empty for the lowest grade, which takes the rest."),
    )
    share_part = models.PositiveSmallIntegerField(
        _("no more than"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    share_whole = models.PositiveSmallIntegerField(
        _("of every so many members"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("1 of 3: no more than a third. Leave both empty for no limit."),
    )
    min_satisfaction = models.PositiveSmallIntegerField(
        _("villagers' satisfaction at least"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("In per cent."),
    )

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        ordering = ["rulebook", models.F("threshold").desc(nulls_last=True), "code"]
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "code"], name="one_grade_per_code")
        ]

    def __str__(self) -> str:
        return label_in(self.name) or self.code

    def clean(self) -> None:
        """Refuse half a share, and one of more than all."""
        super().clean()
        if (self.share_part is None) != (self.share_whole is None):
            raise ValidationError({"share_whole": _("Give both numbers of the share, or neither.")})
        if self.share_part and self.share_whole and self.share_part > self.share_whole:
            raise ValidationError({"share_part": _("A share is not more than all.")})


class PledgeTemplate(models.Model):
    """A pledge that others can make their own: its text, measure and first task, with blanks.

    Some come from a responsibility document, which they name.
    """

    class Kind(models.TextChoices):
        LIBRARY = "library", _("From the library")
        RESPONSIBILITY = "responsibility", _("From a responsibility document")

    code = models.CharField(_("code"), max_length=32, unique=True, validators=[code_validator])
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.LIBRARY)
    document = LabelsField(
        _("responsibility document"), blank=True, help_text=_("Its title, if it comes from one.")
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="templates", verbose_name=_("category")
    )
    text = LabelsField(
        _("text"),
        max_length=MAX_TEXT,
        help_text=_("Three underscores, or a name such as {checks}, are a number to be filled in."),
    )
    measure = LabelsField(_("measure"), max_length=MAX_TEXT, blank=True)
    first_task = LabelsField(_("first task"), max_length=MAX_TEXT, blank=True)
    # Least and most of the numbers, by name; others may be anything from 1.
    numbers = models.JSONField(_("numbers"), default=dict, blank=True)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("pledge template")
        verbose_name_plural = _("pledge templates")
        ordering = ["category__rank", "code"]

    def __str__(self) -> str:
        return f"{self.code} {label_in(self.text)}"

    def open_numbers(self) -> dict[str, Bounds]:
        """Return the numbers that are left open, by name, in the order of the texts."""
        found: dict[str, Bounds] = {}
        for texts, unnamed in (
            (self.text, NUMBER),
            (self.measure, NUMBER),
            (self.first_task, FIRST),
        ):
            for text in texts.values():
                for name in names_in(text, unnamed):
                    found.setdefault(name, Bounds(*self.numbers.get(name, ())))
        return found

    def blanks(self, language: str | None = None) -> int:
        """Return how many numbers the text leaves open in ``language``."""
        return len(names_in(label_in(self.text, language)))

    def clean(self) -> None:
        """Refuse numbers that are in one language only, bounds of none, and a document untold."""
        super().clean()
        check_bounds(self.numbers)
        for field in ("text", "measure", "first_task"):
            said = [set(names_in(text)) for text in getattr(self, field).values() if text]
            if any(names != said[0] for names in said):
                raise ValidationError({field: _("Leave the same numbers open in every language.")})
        unknown = [name for name in self.numbers if name not in self.open_numbers()]
        if unknown:
            raise ValidationError(
                {"numbers": _("No text has the number “%(name)s”.") % {"name": unknown[0]}}
            )
        if self.kind == self.Kind.RESPONSIBILITY and not label_in(self.document):
            raise ValidationError({"document": _("Name the responsibility document.")})
