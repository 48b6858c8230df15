"""The words that must not appear while a programme is quiet, and those that are fine."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..pilots.models import Programme
from .folding import letters_of

MAX_TERM = 100


class QuietTerm(models.Model):
    """One word or phrase of a programme.

    A forbidden one must not appear on any public page as long as the programme has no approved
    pilot; one that is fine excuses what it contains or touches.
    """

    class Kind(models.TextChoices):
        FORBIDDEN = "forbidden", gettext_lazy("Must not appear")
        FINE = "fine", gettext_lazy("Is fine")

    class Match(models.TextChoices):
        VARIANTS = "variants", gettext_lazy("In every spelling")
        EXACT = "exact", gettext_lazy("Exactly as written")

    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        related_name="quiet_terms",
        verbose_name=gettext_lazy("programme"),
    )
    kind = models.CharField(
        gettext_lazy("kind"), max_length=16, choices=Kind.choices, default=Kind.FORBIDDEN
    )
    text = models.CharField(gettext_lazy("word or phrase"), max_length=MAX_TERM)
    match = models.CharField(
        gettext_lazy("how it is found"),
        max_length=16,
        choices=Match.choices,
        default=Match.VARIANTS,
        help_text=gettext_lazy(
            "In every spelling: also in traditional characters, full width, with spaces or signs in "
            "between, in capitals, in pinyin."
        ),
    )
    suggestion = models.CharField(
        gettext_lazy("what to write instead"),
        max_length=255,
        blank=True,
        help_text=gettext_lazy("If empty, the neutral name of the programme is suggested."),
    )

    class Meta:
        verbose_name = gettext_lazy("quiet word")
        verbose_name_plural = gettext_lazy("quiet words")
        ordering = ["programme", "kind", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "text"], name="one_quiet_term_per_text"
            )
        ]

    def __str__(self) -> str:
        """Return what a log may say of it."""
        return _("Quiet word %(number)s") % {"number": self.pk or "–"}

    def clean(self) -> None:
        """Refuse what could never be found, and a single letter, which stands everywhere."""
        super().clean()
        self.text = " ".join(self.text.split())
        if len(letters_of(self.text).letters) < 2:
            raise ValidationError({"text": _("Give a word of at least two letters or characters.")})
