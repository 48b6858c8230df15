"""Refuses what must not be public, unless a lead has let exactly this content pass."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry

from ..contention import in_one_transaction
from ..embargo.errors import EmbargoError
from ..pilots.actions import check_reason
from ..pilots.models import Programme
from ..pilots.roles import is_lead
from .models import QuietTerm
from .watching import Issue, Watch, digest_of_content
from .wording import refusal_of

OVERRIDE = "pledge_pages.override_quiet_words"
SET_TERM = "pledge_pages.set_quiet_term"


class QuietWordsError(EmbargoError):
    """A page that says what must not be public yet; ``issues`` are the places."""

    def __init__(self, issues: list[Issue], text: str = "") -> None:
        self.issues = issues
        super().__init__(text or refusal_of(issues))


def public_check(opening: frozenset[int]) -> Callable[[Page], None]:
    """Return a check that raises QuietWordsError for a page that says what must not be public."""
    watch = Watch(opening)

    def check(page: Page) -> None:
        issues = issues_standing(page, watch)
        if issues:
            raise QuietWordsError(issues)

    return check


def issues_standing(instance: models.Model, watch: Watch | None = None) -> list[Issue]:
    """Return what must not be public of ``instance``, as it is in memory, and no lead let pass."""
    issues = (watch or Watch()).issues_of(instance)
    return _without_passed(instance, issues) if isinstance(instance, Page) else issues


def _without_passed(page: Page, issues: list[Issue]) -> list[Issue]:
    ids = [pk for pk in (page.pk, page.alias_of_id) if pk]
    if not issues or not ids:
        return issues
    lines = PageLogEntry.objects.filter(page_id__in=ids, action=OVERRIDE)
    kept: list[Issue] = []
    for pk in dict.fromkeys(issue.programme for issue in issues):
        own = [issue for issue in issues if issue.programme == pk]
        digest = digest_of_content(page, own)
        if not lines.filter(data__digest=digest, data__programme_id=pk).exists():
            kept += own
    return kept


def may_override(user: User, issues: list[Issue]) -> bool:
    """Return whether ``user`` leads every programme whose secrets these are."""
    programmes = Programme.objects.filter(pk__in={issue.programme for issue in issues})
    return bool(issues) and all(is_lead(user, programme) for programme in programmes)


@in_one_transaction
def override(page: Page, *, by: User, reason: str) -> list[Issue]:
    """Let ``page`` pass with exactly the content it has in memory; return what it lets pass.

    Nothing is published by it. Raises EmbargoError unless ``by`` leads every programme concerned,
    StageError without a reason, ValidationError if there is nothing to let pass.
    """
    reason = check_reason(reason)
    issues = issues_standing(page)
    if not issues:
        raise ValidationError(_("There is nothing in this version that would be held back."))
    if not may_override(by, issues):
        raise EmbargoError(_("Only leads of the programme may let it pass."))
    for programme in Programme.objects.filter(pk__in={issue.programme for issue in issues}):
        own = [issue for issue in issues if issue.programme == programme.pk]
        log(
            instance=page,
            action=OVERRIDE,
            user=by,
            revision=page.latest_revision,
            # A line of the trail is kept for ever: it holds no word that was found.
            data={
                "reason": reason,
                "digest": digest_of_content(page, own),
                "programme": programme.code,
                "programme_id": programme.pk,
                "places": len(own),
            },
        )
    return issues


@in_one_transaction
def set_term(term: QuietTerm, *, by: User) -> QuietTerm:
    """Save a term, new or changed. Raises EmbargoError unless ``by`` leads its programme."""
    _check_lead(term, by)
    change = "change" if term.pk else "add"
    term.full_clean()
    term.save()
    _note(term, change, by)
    return term


@in_one_transaction
def remove_term(term: QuietTerm, *, by: User) -> None:
    """Delete a term. Raises EmbargoError unless ``by`` leads its programme."""
    _check_lead(term, by)
    _note(term, "delete", by)
    term.delete()


def _check_lead(term: QuietTerm, by: User) -> None:
    if not is_lead(by, term.programme):
        raise EmbargoError(_("Only leads of the programme may change its quiet words."))


def _note(term: QuietTerm, change: str, by: User) -> None:
    log(instance=term, action=SET_TERM, user=by, data={"change": change, "kind": term.kind})
