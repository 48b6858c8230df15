"""Who may review a page, and what they may do with it."""

from collections.abc import Callable

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Page, TaskState

from ..contention import in_one_transaction
from ..people.models import Member
from ..pilots import roles
from ..pilots.models import Role
from . import approval, objections
from .errors import EmbargoError
from .gate import gate_of
from .models import GatedPage, ModerationTask, digest_of

MAX_COMMENT = 2000


class ReasonForm(TaskStateCommentForm):
    """Asks why a page is returned: an editor cannot mend what nobody names."""

    comment = forms.CharField(
        label=gettext_lazy("Reason"),
        required=True,
        max_length=MAX_COMMENT,
        widget=forms.Textarea({"rows": 3}),
    )


class RemarkForm(TaskStateCommentForm):
    """Takes an optional remark on an approval."""

    comment = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea({"rows": 2}),
    )


def may_moderate(user: User, page: Page) -> bool:
    """Return whether ``user`` moderates the branch (or programme) that ``page`` belongs to."""
    if not user.is_authenticated or not user.is_active:
        return False
    gate = gate_of(page)
    if gate is None:
        return False
    return user.is_superuser or roles.is_moderator(user, gate.programme, gate.pilot)


def author_of(task_state: TaskState) -> int | None:
    """Return the id of who wrote the revision under review, or of who submitted it.

    Copies and machine translations are revisions without an author: who submits one answers for it.
    """
    return task_state.revision.user_id or task_state.workflow_state.requested_by_id


def wrote(user: User, task_state: TaskState | None) -> bool:
    """Return whether ``user`` answers for the revision under review.

    A member may have written it by their own account, without any role: then who submitted it
    answers for it too.
    """
    if task_state is None:
        return False
    if author_of(task_state) == user.pk:
        return True
    if task_state.workflow_state.requested_by_id != user.pk:
        return False
    author = author_of(task_state)
    own = Member.objects.filter(user=author).exists()
    return own and not Role.objects.filter(group__user=author).exists()


def actions_for(page: Page, user: User) -> list[tuple[str, str, bool]]:
    """Return (name, label, whether a form opens) of what ``user`` may do with the review."""
    state = page.current_workflow_task_state
    if not may_moderate(user, page) or wrote(user, state):
        return []
    return [
        ("reject", _("Return with a reason"), True),
        ("approve", approval_label(page), False),
    ]


def approval_label(page: Page) -> str:
    """Return what an approval of ``page`` does now, in truthful words."""
    gate = gate_of(page)
    if gate is not None and gate.is_open:
        return _("Approve and publish")
    return _("Approve (held until the pilot is approved)")


def form_for(action: str) -> type[forms.Form]:
    """Return the form that an action opens."""
    return ReasonForm if action == "reject" else RemarkForm


def check_action(task_state: TaskState, user: User | None, action: str, comment: str = "") -> None:
    """Raise EmbargoError or ValidationError unless ``user`` may do ``action`` with the review."""
    page = task_state.workflow_state.content_object
    if user is None or not may_moderate(user, page):
        raise EmbargoError(_("Only a moderator of this branch may review the page."))
    if action == "approve":
        if wrote(user, task_state):
            raise EmbargoError(
                _("You wrote this version. Someone else of the branch has to approve it.")
            )
        if author_of(task_state) is None:
            raise EmbargoError(_("Nobody is known to have written this version. Save it anew."))
        check_unchanged(task_state)
        check_not_over(task_state)
        objections.check_review(task_state.revision.as_object())
    if action == "reject" and not comment.strip():
        raise ValidationError({"comment": _("Give a reason: the editor has to know what to mend.")})
    if len(comment) > MAX_COMMENT:
        raise ValidationError({"comment": _("At most %(max)d characters.") % {"max": MAX_COMMENT}})


@in_one_transaction
def decide(
    task_state: TaskState, user: User, action: str, comment: str, take: Callable[..., None]
) -> None:
    """Let ``take`` (Wagtail's part of it) do ``action`` with a review, if ``user`` may.

    Of two who decide at the same moment, the second finds it decided. Raises EmbargoError or
    ValidationError as :func:`check_action` does.
    """
    approval.lock_gate(task_state.workflow_state.content_object)
    locked = TaskState.objects.select_for_update().get(pk=task_state.pk)
    if locked.status != TaskState.STATUS_IN_PROGRESS:
        raise EmbargoError(_("The page is not in review any more: somebody has just decided."))
    fresh = locked.specific
    check_action(fresh, user, action, comment=comment)
    take(fresh, user, action, comment=comment)
    task_state.refresh_from_db()


def version_of(task_state: TaskState) -> str:
    """Return what names the content that was submitted: its fingerprint."""
    return task_state.specific.digest


def not_what_was_read() -> str:
    """Return what a moderator is told whose decision is about another version."""
    return _(
        "The version under review is not the one that you were shown. Nothing was decided: read "
        "it, then decide."
    )


def check_unchanged(task_state: TaskState) -> None:
    """Raise EmbargoError if the submitted version was overwritten since it was submitted."""
    submitted = getattr(task_state.specific, "digest", "")
    task_state.revision.refresh_from_db(fields=["content"])
    if submitted and submitted != digest_of(task_state.revision.content):
        raise EmbargoError(
            _("The version was changed after it was submitted. Return it, and review it anew.")
        )


def check_not_over(task_state: TaskState) -> None:
    """Raise EmbargoError if the version under review names an end that has come already."""
    text = task_state.revision.content.get("expire_at")
    end = parse_datetime(text) if text else None
    if end is not None and end <= timezone.now():
        raise EmbargoError(
            _("The expiry date of this version has passed. Return it, to have the date changed.")
        )


def states_for(task: ModerationTask, user: User):
    """Return the reviews of ``task`` in progress that ``user`` may decide."""
    states = TaskState.objects.filter(task=task, status=TaskState.STATUS_IN_PROGRESS)
    if not user.is_authenticated or not user.is_active:
        return states.none()
    if user.is_superuser:
        return states
    own = Role.objects.filter(group__user=user)
    gates = GatedPage.objects.filter(
        pilot__in=own.filter(kind=Role.Kind.MODERATOR).values("pilot")
    ) | GatedPage.objects.filter(
        pilot__isnull=True,
        programme__in=own.filter(kind__in=[Role.Kind.MODERATOR, Role.Kind.LEAD]).values(
            "programme"
        ),
    )
    ids = [str(pk) for pk in gates.values_list("page_id", flat=True)]
    return states.filter(workflow_state__object_id__in=ids)
