"""Versions of the rules that were in force before this site was: they come in by one action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..pilots import roles
from ..pilots.models import Programme
from .actions import seal
from .models import Clause, Grade, RuleBook

Values = Mapping[str, Any]

# What the history does not say, and an approval needs.
MISSING = ("drafted_by", "approved_by", "second_person")


@dataclass(frozen=True)
class PastVersion:
    """A version as it was: the fields of its :class:`RuleBook`, clauses and grades."""

    version: str
    effective_on: date
    values: Values
    clauses: list[Values] = field(default_factory=list)
    grades: list[Values] = field(default_factory=list)


@in_one_transaction
def import_versions(
    programme: Programme, versions: Iterable[PastVersion], *, by: User
) -> dict[str, RuleBook]:
    """Bring in versions that counted before, approved as they were; returns them by version.

    One line in the trail says which, and what is not known of them. Raises PermissionDenied
    unless ``by`` leads the programme, or ValidationError naming the field.
    """
    if not roles.is_lead(by, programme):
        raise PermissionDenied(_("Only leads of the programme change its rules."))
    made: dict[str, RuleBook] = {}
    before: RuleBook | None = None
    for past in versions:
        at = timezone.make_aware(datetime.combine(past.effective_on, time(9)))
        before = made[past.version] = _import(programme, past, before, by=by, at=at)
    log(
        instance=programme,
        action="pledge_pages.import_rulebooks",
        user=by,
        data={"versions": list(made), "missing": list(MISSING)},
    )
    return made


def _import(
    programme: Programme, past: PastVersion, before: RuleBook | None, *, by: User, at: datetime
) -> RuleBook:
    book = RuleBook(
        programme=programme,
        version=past.version,
        effective_on=past.effective_on,
        drafted_from=before,
        drafted_by=by,
        drafted_at=at,
        **past.values,
    )
    book.full_clean()
    book.save()
    clauses = [Clause(rulebook=book, **row) for row in past.clauses]
    grades = [Grade(rulebook=book, **row) for row in past.grades]
    for made in (*clauses, *grades):
        made.full_clean(validate_unique=False, validate_constraints=False)
    Clause.objects.bulk_create(clauses)
    Grade.objects.bulk_create(grades)
    seal(book, by=by, at=at)
    return book
