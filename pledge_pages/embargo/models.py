"""What the gate keeps: which page belongs to which pilot, and what was approved of it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from ..pilots.models import Pilot, Programme
from ..pilots.stages import Stage


class GatedPage(models.Model):
    """Ties a page to the pilot that opens it (or, for a programme's page, to the programme).

    The database triggers read this table and nothing below it, so a row is made with its page,
    never changed, and gone only with the page.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, primary_key=True, related_name="gate"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="gated_pages", null=True, blank=True
    )
    # Whether nothing above the page belongs to the same pilot: the head of a gated tree.
    top = models.BooleanField(default=False)
    # True only inside the transaction that publishes approved content: the triggers let the
    # public row change while it is set. See embargo.publication.
    publishing = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("gated page")
        verbose_name_plural = _("gated pages")

    def __str__(self) -> str:
        return f"{self.page_id} → {self.pilot_id or self.programme_id}"

    @property
    def is_open(self) -> bool:
        """Whether what was approved of the page may be public now."""
        if self.pilot is None:
            return self.programme.pilots.filter(stage=Stage.APPROVED).exists()
        return self.pilot.is_public


def digest_of(content: dict) -> str:
    """Return a fingerprint of a revision's content."""
    text = json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


class ApprovedContent(models.Model):
    """What a second person approved of a page: the content itself, not a pointer to it.

    ``released_at`` is set while the content is public.
    """

    # Each kind has one page, and a page one of each kind.
    page: Any
    page_id: int

    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    revision = models.ForeignKey(
        "wagtailcore.Revision", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revised_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), default=timezone.now)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["approved_at"]

    def __str__(self) -> str:
        return f"{self.page_id} @ {self.approved_at:%Y-%m-%d %H:%M}"

    @property
    def is_intact(self) -> bool:
        """Whether the kept content is, word for word, what was approved."""
        return digest_of(self.snapshot) == self.digest

    @property
    def go_live_at(self) -> datetime | None:
        """The date from which the content may be public, if it names one."""
        return _moment(self.snapshot.get("go_live_at"))

    @property
    def expire_at(self) -> datetime | None:
        """The date at which the content ends, if it names one."""
        return _moment(self.snapshot.get("expire_at"))

    @property
    def waits(self) -> bool:
        """Whether the content is to go live at a later date only."""
        return self.go_live_at is not None and self.go_live_at > timezone.now()

    @property
    def is_over(self) -> bool:
        """Whether the content names an end that has come."""
        return self.expire_at is not None and self.expire_at <= timezone.now()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


class HeldApproval(ApprovedContent):
    """What was approved last of a page.

    One row a page. ``withdrawn_at`` is set once the approval was taken back, and then the content
    is gone.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="held_approval"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta(ApprovedContent.Meta):
        verbose_name = _("held approval")
        verbose_name_plural = _("held approvals")

    @property
    def stands(self) -> bool:
        """Whether the approval has not been withdrawn."""
        return self.withdrawn_at is None


class EarlierApproval(ApprovedContent):
    """What was approved before, and stays in force until the date of what was approved last.

    There is one only while the last approval waits for its date; it ends with that approval.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="earlier_approval"
    )

    class Meta(ApprovedContent.Meta):
        verbose_name = _("earlier approval")
        verbose_name_plural = _("earlier approvals")


class ReviewState(TaskState):
    """A review in progress; it remembers what was submitted, so that nothing else is approved."""

    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")


class ModerationTask(Task):
    """Return with a reason or approve: by a moderator of the branch who did not write it."""

    task_state_class = ReviewState

    class Meta:
        verbose_name = _("moderation of pledges")
        verbose_name_plural = _("moderations of pledges")

    @classmethod
    def get_description(cls) -> str:
        return gettext(
            "A moderator of the branch approves or returns, never a revision of their own"
        )

    def start(self, workflow_state, user=None):
        from . import objections

        objections.check_review(workflow_state.content_object.get_latest_revision_as_object())
        state = super().start(workflow_state, user=user)
        state.digest = digest_of(state.revision.content)
        state.save(update_fields=["digest"])
        return state

    def user_can_access_editor(self, obj, user) -> bool:
        from . import moderation

        return moderation.may_moderate(user, obj)

    def locked_for_user(self, obj, user) -> bool:
        from . import moderation

        return not moderation.may_moderate(user, obj)

    def get_actions(self, obj, user) -> list:
        from . import moderation

        return moderation.actions_for(obj, user)

    def get_form_for_action(self, action):
        from . import moderation

        return moderation.form_for(action)

    def on_action(self, task_state, user, action_name, /, **kwargs):
        from . import moderation

        # A handmade request may bring along anything: other arguments, a comment that is no text.
        comment = kwargs.get("comment", "")
        comment = comment if isinstance(comment, str) else ""
        return moderation.decide(task_state, user, action_name, comment, super().on_action)

    def get_task_states_user_can_moderate(self, user, **kwargs):
        from . import moderation

        return moderation.states_for(self, user)


class Whereabouts(models.Model):
    """Where this database lies and how it is known, so that a copy put back is noticed.

    One row; see ``embargo.restored``.
    """

    # Names the marks that are kept outside of the database; anew with every confirmation.
    key = models.CharField(max_length=32)
    # What the database server (or the file system) says of where the database lies.
    place = models.CharField(max_length=200)
    # Whether a mark was left outside, so that it has to be there.
    marked = models.BooleanField(default=False)
    # Since when it has been taken for a copy put back, and what spoke for it.
    noticed_at = models.DateTimeField(null=True, blank=True)
    found = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("database")
        verbose_name_plural = _("databases")

    def __str__(self) -> str:
        return gettext("Database")
