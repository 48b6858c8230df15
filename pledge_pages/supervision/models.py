"""What villagers reported, asked or praised, and what became of it."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..labels import LabelsField
from ..people.models import Member
from ..pilots.models import Pilot
from .stages import State, due_on

MAX_TEXT = 2000
MAX_CONTACT = 120


class Kind(models.TextChoices):
    """What somebody wants to say."""

    REPORT = "report", pgettext_lazy("what a villager sends", "Report something")
    QUESTION = "question", pgettext_lazy("what a villager sends", "Ask a question")
    PRAISE = "praise", pgettext_lazy("what a villager sends", "Praise")


class Channel(models.TextChoices):
    """By which way something came."""

    WEB = "web", _("Public website")
    VILLAGE = "qr", _("Village view by QR code")
    BOX = "box", _("Suggestion box")
    ORAL = "oral", _("In person")
    PHONE = "phone", _("By telephone")


# What staff write down for others.
ENTERED = (Channel.BOX, Channel.ORAL, Channel.PHONE)


class Report(models.Model):
    """Something that was said about a branch, a member or one pledge.

    Nothing here says who said it: no network address, browser, session or account, and no time
    finer than a day. Its key is random, so that it does not tell which of two came first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="reports", verbose_name=_("branch")
    )
    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        related_name="reports",
        null=True,
        blank=True,
        verbose_name=_("member"),
    )
    # As in ``Pledge.key``: rows of pledges come and go with revisions.
    pledge_key = models.UUIDField(_("pledge"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    channel = models.CharField(_("how it came"), max_length=8, choices=Channel.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.RECEIVED
    )
    received_on = models.DateField(_("received on"))
    state_since = models.DateField(_("in this state since"))
    # The code itself is kept nowhere.
    receipt_hash = models.CharField(max_length=64, unique=True, editable=False)
    # As it came; for the supervision committee only, and erased after a while.
    text = models.TextField(_("text as received"), max_length=MAX_TEXT, blank=True)
    erased_on = models.DateField(_("erased on"), null=True, blank=True)
    public_text = LabelsField(_("public text"), blank=True, max_length=MAX_TEXT)
    # Why it was not taken up; told to whoever has the receipt.
    rejection = LabelsField(_("why it was not taken up"), blank=True, max_length=MAX_TEXT)
    answer = LabelsField(_("answer"), blank=True, max_length=MAX_TEXT)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("answered by"),
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("published by"),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    # Counts the steps, so that nobody decides on what somebody else has changed meanwhile.
    version = models.PositiveIntegerField(default=1, editable=False)

    # Wagtail would list it where the member it is about is used.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        # Within a day in no order that would tell which came first.
        ordering = ["-received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pledge_of_a_member",
                condition=models.Q(pledge_key__isnull=True) | models.Q(member__isnull=False),
            ),
            models.CheckConstraint(
                name="published_by_a_second_person",
                condition=models.Q(published_on__isnull=True)
                | (
                    models.Q(published_by__isnull=False, answered_by__isnull=False)
                    & ~models.Q(published_by=models.F("answered_by"))
                    & ~models.Q(public_text={})
                    & ~models.Q(answer={})
                    & models.Q(state__in=[State.ANSWERED, State.CLOSED])
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.received_on:%Y-%m-%d}"

    @property
    def is_published(self) -> bool:
        """Whether question and answer may be read wherever the page they stand on may be."""
        return self.published_on is not None

    @property
    def due_on(self) -> date | None:
        """The last day on which it may stay in its state."""
        return due_on(self.state, self.state_since)

    @property
    def is_overdue(self) -> bool:
        """Whether it should have left its state by now."""
        due = self.due_on
        return due is not None and due < timezone.localdate()


class ReportContact(models.Model):
    """How whoever sent a report may be reached, if they said so.

    Apart from the report, because only the supervision committee of the branch may read it.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="contact")
    text = models.CharField(_("contact"), max_length=MAX_CONTACT)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("contact of a report")
        verbose_name_plural = _("contacts of reports")

    def __str__(self) -> str:
        return str(self.report_id)
