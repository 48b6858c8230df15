"""That somebody was written to about what waits for them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StaffLetter(models.Model):
    """One mail about reports, reviews and appeals that wait, and what it told of."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)
    # Of each thing that waits a digest: whether there is anything new is all that is asked.
    told = models.JSONField(_("what it told of"), default=list)

    class Meta:
        verbose_name = _("mail to staff")
        verbose_name_plural = _("mails to staff")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "at"], name="letters_to_a_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"
