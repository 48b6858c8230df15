"""Brings an accepted task to the member's page, as a pledge in a new draft that nobody submits."""

import uuid
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale

from ..boards.content import Pledge, PledgeTask
from ..boards.models import MemberPledgePage
from ..embargo.approval import lock_gate
from .models import Assignment
from .offers import Offer


def write_pledge(assignment: Assignment, *, by: User) -> uuid.UUID:
    """Write the task as a pledge into a new draft of the member's page, and return its key.

    In each language of the page in which the task has a text; to be called in the transaction in
    which it is accepted. Raises ValidationError saying what is in the way.
    """
    pages = MemberPledgePage.objects.filter(member=assignment.member_id, alias_of__isnull=True)
    wanted = [
        page
        for page in pages.select_related("locale").order_by("pk")
        if assignment.text.get(page.locale.language_code)
    ]
    if not wanted:
        raise ValidationError(
            _("The member has no page in a language of the task. Make one first."), code="no_page"
        )
    rows = PledgeRows(
        assignment, year=assignment.year, due=assignment.due, agreed_on=assignment.answered_on
    )
    for row in wanted:
        lock_gate(row)
        page = MemberPledgePage.objects.select_related("locale").get(pk=row.pk)
        check_free(page)
        draft = page.get_latest_revision_as_object()
        rows.add_to(draft, page.locale)
        draft.save_revision(user=by)
        log(
            instance=page,
            action="pledge_pages.write_task",
            user=by,
            data={"member": assignment.member.code, "assignment": assignment.pk},
        )
    return rows.key


def check_free(page: MemberPledgePage) -> None:
    """Raise ValidationError if no draft of ``page`` can be written now."""
    language = page.locale.get_display_name()
    if page.workflow_in_progress:
        raise ValidationError(
            _("%(language)s: the page is in review. Have it approved or returned first.")
            % {"language": language},
            code="in_review",
        )
    if page.locked:
        raise ValidationError(
            _("%(language)s: the page is locked. Have it unlocked first.") % {"language": language},
            code="locked",
        )


class PledgeRows:
    """A pledge and its first task, as they were asked or offered: the same keys in every language."""

    def __init__(
        self, asked: Assignment | Offer, *, year: int, due: date, agreed_on: date | None = None
    ) -> None:
        self.asked = asked
        self.year, self.due, self.agreed_on = year, due, agreed_on
        self.key, self.pledge_id, self.task_id = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()

    def add_to(self, draft: Any, locale: Locale) -> None:
        """Add them to ``draft``, behind what it has."""
        asked, language = self.asked, locale.language_code
        pledges, tasks = list(draft.pledges.all()), list(draft.tasks.all())
        pledge = Pledge(
            key=self.key, translation_key=self.pledge_id, locale=locale, year=self.year,
            category=asked.category, text=asked.text[language], measure=asked.measure.get(language, ""),
            agreed_on=self.agreed_on, due=self.due, kind=asked.kind, sort_order=len(pledges),
        )  # fmt: skip
        pledge.full_clean(exclude=["page"], validate_unique=False, validate_constraints=False)
        draft.pledges = [*pledges, pledge]
        if asked.first_task.get(language):
            task = PledgeTask(
                pledge_key=self.key, translation_key=self.task_id, locale=locale,
                text=asked.first_task[language], sort_order=len(tasks),
            )  # fmt: skip
            task.full_clean(exclude=["page"], validate_unique=False, validate_constraints=False)
            draft.tasks = [*tasks, task]
