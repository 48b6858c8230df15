"""What a branch asked of its members and what they answered; whom a mail reminded, and when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..boards.content import MAX_TEXT, Pledge
from ..labels import LabelsField
from ..people.models import Member, Post
from ..photos.models import EvidenceFile
from ..pilots.models import Pilot
from ..rulebook.models import Category, PledgeTemplate

MAX_MEASURE = 255
MAX_DECLINE = 1000


class State(models.TextChoices):
    """Where an assignment stands."""

    OFFERED = "offered", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", pgettext_lazy("of a task", "Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn by the branch")


class Assignment(models.Model):
    """A task, a post, or both, that a branch asks one member to take on.

    Its texts are those of the day on which it was assigned, with the numbers filled in: a template
    that is changed later changes nothing here. What is not a task has no text.
    """

    class How(models.TextChoices):
        ACCOUNT = "account", _("By the member's account")
        PAPER = "paper", _("On paper")

    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("branch")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("member")
    )
    template = models.ForeignKey(
        PledgeTemplate,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("template"),
        null=True,
        blank=True,
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=Pledge.Kind.choices, default=Pledge.Kind.ASSIGNED
    )
    document = LabelsField(_("responsibility document"), blank=True)
    post = models.ForeignKey(
        Post,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("post"),
        null=True,
        blank=True,
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("category"),
        null=True,
        blank=True,
    )
    text = LabelsField(_("task"), max_length=MAX_TEXT, blank=True)
    measure = LabelsField(_("measure"), max_length=MAX_MEASURE, blank=True)
    first_task = LabelsField(_("first task"), blank=True)
    numbers = models.JSONField(_("numbers"), default=dict, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    due = models.DateField(_("due"))
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned at"), default=timezone.now)

    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.OFFERED
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_how = models.CharField(
        _("answered how"), max_length=16, choices=How.choices, blank=True
    )
    # Who entered the answer: the member, or staff who had it on paper.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
        null=True,
        blank=True,
    )
    scan = models.ForeignKey(
        EvidenceFile,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("scan of the paper"),
        null=True,
        blank=True,
    )
    # Why the member declined it. For the branch's staff and the member.
    reason = models.TextField(_("reason"), max_length=MAX_DECLINE, blank=True)
    # The pledge that an accepted task has become.
    pledge_key = models.UUIDField(_("pledge"), null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-assigned_at", "-pk"]
        constraints = [
            # Declined or withdrawn, it may be asked again.
            models.UniqueConstraint(
                fields=["member", "template", "year"],
                condition=Q(state__in=[State.OFFERED, State.ACCEPTED]),
                name="one_task_of_a_template",
            ),
            models.UniqueConstraint(
                fields=["member", "post"],
                condition=Q(state=State.OFFERED),
                name="one_offer_of_a_post",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.OFFERED, State.WITHDRAWN])
                | Q(answered_on__isnull=False, answered_by__isnull=False),
                name="an_answer_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.year}, {self.get_state_display()}"


class Nudge(models.Model):
    """That somebody was sent a mail about what is overdue or was not reported on."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)
    overdue = models.PositiveIntegerField(_("overdue"), default=0)
    silent = models.PositiveIntegerField(_("without an update"), default=0)
    unanswered = models.PositiveIntegerField(_("unanswered tasks"), default=0)

    class Meta:
        verbose_name = _("nudge")
        verbose_name_plural = _("nudges")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "at"], name="nudges_of_a_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"
