"""Mails about reviews: neutral, without names of people or of a programme not yet announced.

Wagtail's mails name the page by its title in the admin, which is a person's name here, and go to
administrators instead of the branch's moderators. For gated pages ours take their place.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from wagtail.admin import signal_handlers
from wagtail.admin.mail import BaseWorkflowStateEmailNotifier
from wagtail.admin.utils import get_admin_base_url
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import workflow_approved, workflow_rejected, workflow_submitted

from ..embargo.gate import gate_of, is_gated
from ..labels import label_in
from ..pilots.models import Role

TEMPLATES = "pledge_pages/office/mail/"


def page_of(instance: WorkflowState | TaskState) -> Page | None:
    """Return the gated page that a review is about, or None."""
    state = instance if isinstance(instance, WorkflowState) else instance.workflow_state
    page = state.content_object
    return page if isinstance(page, Page) and is_gated(page) else None


class ReviewNotifier(BaseWorkflowStateEmailNotifier):
    """Writes to those whom a step of a review of a gated page concerns, after it is committed."""

    def __init__(self, notification: str):
        super().__init__()
        self.notification = notification

    def __call__(self, instance=None, **kwargs):
        transaction.on_commit(lambda: super(ReviewNotifier, self).__call__(instance, **kwargs))

    def can_handle(self, instance, **kwargs) -> bool:
        return super().can_handle(instance, **kwargs) and page_of(instance) is not None

    def get_recipient_users(self, workflow_state, **kwargs):
        actor = kwargs.get("user")
        if self.notification == "submitted":
            recipients = reviewers(page_of(workflow_state))
        else:
            recipients = {workflow_state.requested_by}
        return {user for user in recipients if user is not None and user != actor}

    def get_template_set(self, instance, **kwargs) -> dict[str, str]:
        base = TEMPLATES + self.notification
        return {"subject": f"{base}_subject.txt", "text": f"{base}.txt", "html": f"{base}.html"}

    def get_context(self, workflow_state, **kwargs) -> dict:
        page = Page.objects.get(pk=page_of(workflow_state).pk).specific
        gate = gate_of(page)
        return {
            "settings": settings,
            "programme": gate.programme,
            "pilot_code": gate.pilot.code if gate.pilot else gate.programme.code,
            "pilot": gate.pilot,
            "kind": page._meta.verbose_name,
            "live": page.live,
            "url": (get_admin_base_url() or "")
            + reverse("wagtailadmin_pages:edit", args=[page.pk]),
        }

    def send_emails(self, template_set, context, recipients, **kwargs):
        """Send one mail each, with the names in the language of the reader."""
        sent = True
        for user in recipients:
            language = user.wagtail_userprofile.get_preferred_language()
            own = {
                **context,
                "programme_name": context["programme"].shown_name(language),
                "pilot_name": label_in(context["pilot"].name, language) if context["pilot"] else "",
            }
            sent = super().send_emails(template_set, own, [user], **kwargs) and sent
        return sent


def reviewers(page: Page) -> set:
    """Return who may review ``page``: the branch's moderators, or leads for a programme's page."""
    gate = gate_of(page)
    moderators = Q(
        groups__pledge_role__kind=Role.Kind.MODERATOR, groups__pledge_role__pilot=gate.pilot
    )
    leads = Q(
        groups__pledge_role__kind=Role.Kind.LEAD,
        groups__pledge_role__programme=gate.programme,
    )
    users = get_user_model().objects.filter(is_active=True)
    return set(users.filter(leads if gate.pilot is None else moderators).distinct())


NOTIFIERS = {
    "submitted": (workflow_submitted, ReviewNotifier("submitted")),
    "approved": (workflow_approved, ReviewNotifier("approved")),
    "rejected": (workflow_rejected, ReviewNotifier("rejected")),
}


def take_over_mails() -> None:
    """Keep Wagtail's mails for every other page, and send ours for gated ones."""
    for stock in (
        signal_handlers.task_submission_email_notifier,
        signal_handlers.workflow_submission_email_notifier,
        signal_handlers.workflow_approval_email_notifier,
        signal_handlers.workflow_rejection_email_notifier,
    ):
        if not getattr(stock, "knows_the_gate", False):
            stock.can_handle = _unless_gated(stock.can_handle)
            stock.knows_the_gate = True
    for name, (signal, notifier) in NOTIFIERS.items():
        signal.connect(notifier, sender=WorkflowState, dispatch_uid=f"pledge_pages.mail.{name}")


def _unless_gated(can_handle):
    def handles(instance, **kwargs) -> bool:
        return can_handle(instance, **kwargs) and page_of(instance) is None

    return handles
