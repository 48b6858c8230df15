"""One leak check: when it ran and for whom, how far it is, what it looked at and what it found.

Nothing secret is kept here: a finding names what was found by kind and id, never by its words.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A check that has not been heard of for so long was broken off.
SILENCE = timedelta(minutes=5)


class LeakCheck(models.Model):
    """One walk over every public surface."""

    class Source(models.TextChoices):
        ADMIN = "admin", _("Admin")
        COMMAND = "command", _("Command line")

    class Result(models.TextChoices):
        RUNNING = "running", _("Running")
        BROKEN_OFF = "broken_off", _("Broken off")
        CLEAN = "clean", _("Nothing found")
        POSSIBLE = "possible", _("Possible findings")
        LEAK = "leak", _("Findings")

    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("started by"),
    )
    source = models.CharField(_("from"), max_length=16, choices=Source.choices)
    # Empty: asked this site's own handler, not a server.
    base_url = models.CharField(_("server asked"), max_length=255, blank=True)
    heard_of_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    problem = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # The surface that is looked at now.
    stage = models.CharField(max_length=32, blank=True)
    addresses = models.PositiveIntegerField(_("addresses read"), default=0)
    needles = models.PositiveIntegerField(_("words looked for"), default=0)
    too_short = models.PositiveIntegerField(default=0)
    surfaces = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    certain = models.PositiveIntegerField(_("findings"), default=0)
    possible = models.PositiveIntegerField(_("possible findings"), default=0)
    # Names of places in ordinary sentences.
    mentioned = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("leak check")
        verbose_name_plural = _("leak checks")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"

    @property
    def is_running(self) -> bool:
        """Whether it goes on, as far as is known."""
        alive = self.heard_of_at > timezone.now() - SILENCE
        return self.finished_at is None and not self.problem and alive

    @property
    def result(self) -> str:
        """What came of it: one of Result."""
        if self.is_running:
            return self.Result.RUNNING
        if self.finished_at is None or self.problem:
            return self.Result.BROKEN_OFF
        if self.certain:
            return self.Result.LEAK
        return self.Result.POSSIBLE if self.possible else self.Result.CLEAN

    @property
    def result_label(self) -> str:
        """The result in words."""
        return str(self.Result(self.result).label)

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return min(100, 100 * self.done // self.total) if self.total else 0
