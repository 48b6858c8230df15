"""The steps of a page's review, under exactly the permissions of the admin.

Each check raises a Refusal: 403 if the person may not take the step, 409 if it cannot follow.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, TaskState, WorkflowState

from ..boards.agreement import contradictions, rows_of
from ..contention import in_one_transaction
from ..embargo import approval, moderation, objections
from ..embargo.errors import EmbargoError
from ..embargo.gate import gate_of
from ..pilots import roles
from ..quiet_words.lint import found_in
from .problems import Refusal, bad_input
from .states import states_of


@dataclass(frozen=True)
class Step:
    """One step: who may take it when, what it does, and whether it needs a reason."""

    name: str
    title: Callable[[Page], str]
    check: Callable[[Page, User], None]
    do: Callable[[Page, User, str], None]
    needs_comment: bool = False


def may_follow(step: Step, page: Page, by: User) -> bool:
    """Return whether ``by`` may take ``step`` with ``page`` now."""
    try:
        step.check(page, by)
    except Refusal:
        return False
    return True


@in_one_transaction
def take(name: str, page: Page, *, by: User, comment: str = "", seen: str | None = None) -> None:
    """Take one of STEPS with ``page``. Refusal with 403, 409, or 422 naming the field.

    ``seen`` is the version that a decision on a review is about (None for the other steps); another
    one is not decided on.
    """
    step = STEPS[name]
    step.check(page, by)
    missing = []
    if step.needs_comment and not comment.strip():
        missing.append(("comment", _("Give a reason.")))
    if seen == "":
        missing.append(("version", _("Name the version that you read: see under_review.")))
    if missing:
        raise bad_input(missing)
    if seen is not None and seen != moderation.version_of(page.current_workflow_task_state):
        raise Refusal(409, moderation.not_what_was_read())
    step.do(page, by, comment.strip())


def check_submit(page: Page, by: User) -> None:
    """Raise Refusal unless ``by`` may edit ``page`` and it has a draft to be reviewed."""
    permissions = page.permissions_for_user(by)
    if not permissions.can_edit():
        raise Refusal(403, _("Only editors of this branch may submit the page."))
    if page.workflow_in_progress:
        raise Refusal(409, _("The page is in review already."))
    if not permissions.can_submit_for_moderation():
        raise Refusal(409, _("The page is locked, or no workflow is set up for it."))
    if states_of([page])[page.pk].draft_state == "none":
        raise Refusal(409, _("There is nothing newer than what was approved."))


def submit(page: Page, by: User, comment: str) -> None:
    """Start the review of the newest draft, or take up the one that was returned."""
    _check_draft(page)
    returned = (
        WorkflowState.objects.select_for_update()
        .for_instance(page)
        .filter(status=WorkflowState.STATUS_NEEDS_CHANGES)
        .first()
    )
    if returned is not None:
        returned.resume(by)
        return
    if page.latest_revision_id is None:
        page.save_revision(user=by)
    try:
        with transaction.atomic():
            page.get_workflow().start(page, by)
    except (IntegrityError, ValidationError) as error:
        raise Refusal(409, _("The page is in review already.")) from error


def _check_draft(page: Page) -> None:
    """Raise Refusal (422) naming field and reason if the draft lacks what the admin asks for."""
    draft = page.get_latest_revision_as_object()
    draft.full_clean()
    errors: list[tuple[str, str]] = []
    for relation in get_all_child_relations(type(draft)):
        name = relation.get_accessor_name()
        if name == "wagtail_admin_comments":
            continue
        for number, row in enumerate(getattr(draft, name).all()):
            errors += [
                (f"{name}[{number}].{field}", message)
                for field, message in _errors_of(row, relation.field.name)
            ]
    if rows := rows_of(draft):
        errors += [
            (f"{one.relation}[{one.number}].{one.field}", one.text) for one in contradictions(rows)
        ]
    errors += [(place.passage.path, place.sentence) for place in found_in(draft) if place.blocking]
    if errors:
        raise bad_input(errors)


def _errors_of(row: models.Model, parent: str) -> list[tuple[str, str]]:
    # Not full_clean: a row out of a revision would be found to double its own public row.
    for clean in (lambda: row.clean_fields(exclude={parent, "locale"}), row.clean):
        try:
            clean()
        except ValidationError as error:
            found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            return [(field, text) for field, texts in found.items() for text in texts]
    return []


def check_approve(page: Page, by: User) -> None:
    """Raise Refusal unless ``by`` may approve what is under review now."""
    state = _check_review(page, by, "approve")
    try:
        moderation.check_unchanged(state)
        moderation.check_not_over(state)
        objections.check_review(state.revision.as_object())
    except EmbargoError as error:
        raise Refusal(409, str(error)) from error


def check_reject(page: Page, by: User) -> None:
    """Raise Refusal unless ``by`` may return what is under review now."""
    _check_review(page, by, "reject")


def _check_review(page: Page, by: User, action: str) -> TaskState:
    state = page.current_workflow_task_state
    if state is None:
        if not moderation.may_moderate(by, page):
            raise Refusal(403, _("Only a moderator of this branch may review the page."))
        raise Refusal(409, _("The page is not in review."))
    if action not in [name for name, *_rest in state.task.specific.get_actions(page, by)]:
        if moderation.may_moderate(by, page) and moderation.wrote(by, state):
            raise Refusal(403, _("You wrote this version: someone else has to review it."))
        raise Refusal(403, _("Only a moderator of this branch may review the page."))
    return state


def approve(page: Page, by: User, comment: str) -> None:
    """Approve what is under review: it is held, or published if the pilot is approved."""
    _decide(page, by, "approve", comment)


def reject(page: Page, by: User, comment: str) -> None:
    """Return what is under review to its editor, with the reason."""
    _decide(page, by, "reject", comment)


def _decide(page: Page, by: User, action: str, comment: str) -> None:
    pk = page.current_workflow_task_state.pk
    # Two who decide at the same time: the second waits here, and finds it decided.
    state = TaskState.objects.select_for_update().get(pk=pk)
    if state.status != TaskState.STATUS_IN_PROGRESS:
        raise Refusal(409, _("The page is not in review."))
    state.task.specific.on_action(state.specific, by, action, comment=comment)


def check_withdraw(page: Page, by: User) -> None:
    """Raise Refusal unless ``by`` may take the approval of ``page`` back, and there is one."""
    gate = gate_of(page)
    if gate is None or not (
        roles.is_lead(by, gate.programme) or roles.is_moderator(by, gate.programme, gate.pilot)
    ):
        raise Refusal(403, _("Only moderators of the branch and leads may withdraw an approval."))
    if page.standing_approval is None:
        raise Refusal(409, _("Nothing of this page is approved."))


def withdraw(page: Page, by: User, comment: str) -> None:
    """Take the approval back; what is public vanishes."""
    approval.withdraw(page, by=by, reason=comment)


STEPS = {
    step.name: step
    for step in (
        Step("submit", lambda page: _("Submit for moderation"), check_submit, submit),
        Step("approve", moderation.approval_label, check_approve, approve),
        Step("reject", lambda page: _("Return with a reason"), check_reject, reject, True),
        Step("withdraw", lambda page: _("Withdraw the approval"), check_withdraw, withdraw, True),
    )
}
