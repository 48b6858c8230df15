"""Programmes, their waves and pilots, and what was decided about them, when and by whom."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..labels import LabelsField, label_in
from .stages import Stage

code_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
    _("Use letters, digits, hyphens and underscores only, beginning with a letter or digit."),
)

# Once in a quarter at least: the longest one has so many days.
MOST_UPDATE_DAYS = 92


class Programme(models.Model):
    """A body's pledge programme. Its public name is a secret until its first pilot is approved."""

    code = models.CharField(_("code"), max_length=32, unique=True, validators=[code_validator])
    public_name = LabelsField(_("public name"), help_text=_("Shown once a pilot is approved."))
    neutral_name = LabelsField(
        _("neutral name"), help_text=_("Used in slugs, mails, files and print until then.")
    )

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.shown_name()

    @property
    def is_announced(self) -> bool:
        """Whether at least one pilot is approved, so that the public name may be used."""
        return self.pilots.filter(stage=Stage.APPROVED).exists()

    def shown_name(self, language: str | None = None) -> str:
        """Return the public name if the programme is announced, else the neutral one."""
        names = self.public_name if self.is_announced else self.neutral_name
        return label_in(names, language) or self.code


class Wave(models.Model):
    """Pilots that are meant to open together, in one step."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="waves", verbose_name=_("programme")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = LabelsField(_("name"), blank=True)

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_wave_per_number")
        ]

    def __str__(self) -> str:
        name = label_in(self.name)
        number = _("Wave %(number)d") % {"number": self.number}
        return f"{number}: {name}" if name else str(number)


class Pilot(models.Model):
    """One branch's trial: the gate of everything that belongs to it."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="pilots", verbose_name=_("programme")
    )
    wave = models.ForeignKey(
        Wave,
        on_delete=models.PROTECT,
        related_name="pilots",
        verbose_name=_("wave"),
        null=True,
        blank=True,
    )
    code = models.CharField(_("code"), max_length=32, unique=True, validators=[code_validator])
    name = LabelsField(_("name"), help_text=_("The village or branch."))
    stage = models.CharField(
        _("stage"), max_length=16, choices=Stage.choices, default=Stage.PROPOSED, editable=False
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lead"),
        null=True,
        blank=True,
    )
    liaison = LabelsField(_("liaison officer"), blank=True)
    update_days = models.PositiveSmallIntegerField(
        _("days between updates"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_UPDATE_DAYS)],
        help_text=_("A pledge of which nothing was reported for longer is listed as silent."),
    )

    class Meta:
        verbose_name = _("pilot")
        verbose_name_plural = _("pilots")
        ordering = ["wave__number", "code"]
        permissions = [("lead_pilot", _("Can move pilots from stage to stage"))]

    def __str__(self) -> str:
        return f"{label_in(self.name)} ({self.code})"

    @property
    def is_public(self) -> bool:
        """Whether what moderators approved may be seen by everyone."""
        return self.stage == Stage.APPROVED


class Transition(models.Model):
    """One step of a pilot: from where to where, by whom, when and why.

    A line of the audit trail: the database itself refuses to change or delete it, so a pilot that
    has taken a step stays, and so does who took it.
    """

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="transitions")
    verb = models.CharField(_("step"), max_length=16)
    from_stage = models.CharField(_("from"), max_length=16, choices=Stage.choices)
    to_stage = models.CharField(_("to"), max_length=16, choices=Stage.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.verb} {self.at:%Y-%m-%d}"


class Role(models.Model):
    """Which group holds which role in a programme (leads) or a pilot (all others)."""

    class Kind(models.TextChoices):
        EDITOR = "editor", _("Editors")
        MODERATOR = "moderator", _("Moderators")
        LEAD = "lead", _("Programme leads")
        # From outside the branch: they check what was done, and read no drafts.
        VERIFIER = "verifier", _("Verifiers")
        SUPERVISOR = "supervisor", _("Supervision committee")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="roles")
    pilot = models.ForeignKey(
        Pilot, on_delete=models.CASCADE, related_name="roles", null=True, blank=True
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="pledge_role")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["pilot", "kind"], name="one_group_per_role"),
            # Where there is no pilot; nulls are distinct in the other one.
            models.UniqueConstraint(
                fields=["programme", "kind"],
                condition=models.Q(pilot__isnull=True),
                name="one_group_per_programme_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.pilot or self.programme}"
