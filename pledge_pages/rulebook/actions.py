"""What is done with the rules: a version is drafted from another, changed, approved, withdrawn."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..pilots import roles
from ..pilots.actions import check_reason
from ..pilots.models import Programme
from . import choosing
from .models import Clause, Grade, RuleBook

# What of a draft can be changed; the rest says how it came about.
CHANGEABLE = (
    "version", "effective_on", "on_trial", "base", "quarter_cap", "spared", "summary",
    "change_reason",
)  # fmt: skip
CLAUSE_FIELDS = (
    "code", "points", "cap", "cap_period", "text", "trigger", "in_force", "rank",
)  # fmt: skip
GRADE_FIELDS = (
    "code", "name", "text", "threshold", "share_part", "share_whole", "min_satisfaction",
)  # fmt: skip
MOST_CLAUSES = 100
MOST_GRADES = 12

Values = dict[str, Any]


def may_change(user: User | AnonymousUser, programme: Programme) -> bool:
    """Return whether ``user`` may draft and approve the rules of ``programme``: its leads."""
    return roles.is_lead(user, programme)


@in_one_transaction
def begin(programme: Programme, *, by: User, version: str, **values) -> RuleBook:
    """Draft a first version, with the base and the counter-entry that every version needs.

    ``values`` are any of :data:`CHANGEABLE`. Raises PermissionDenied, or ValidationError naming
    the field.
    """
    book = _new(programme, by=by, values={**values, "version": version})
    triggers = Clause.Trigger
    for rank, (code, trigger, text) in enumerate(
        (
            ("A0", triggers.BASE, {"zh-hans": "年度基础分", "en": "Yearly base"}),
            ("X1", triggers.COUNTER, {"zh-hans": "更正(冲回原分)", "en": "Counter-entry"}),
        ),
        start=1,
    ):
        Clause.objects.create(rulebook=book, code=code, trigger=trigger, text=text, rank=10 * rank)
    _log(book, "draft_rulebook", by)
    return book


@in_one_transaction
def draft_from(source: RuleBook, *, by: User, version: str, **values) -> RuleBook:
    """Draft a new version with all that ``source`` says; ``values`` as for :func:`begin`.

    Raises PermissionDenied, or ValidationError naming the field.
    """
    kept = {name: getattr(source, name) for name in ("base", "quarter_cap", "spared", "summary")}
    values = {**kept, **values, "version": version}
    book = _new(source.programme, by=by, values=values, drafted_from=source)
    Clause.objects.bulk_create(
        Clause(rulebook=book, **_said(clause, CLAUSE_FIELDS)) for clause in source.clauses.all()
    )
    Grade.objects.bulk_create(
        Grade(rulebook=book, **_said(grade, GRADE_FIELDS)) for grade in source.grades.all()
    )
    _log(book, "draft_rulebook", by, source=source.version)
    return book


@in_one_transaction
def change(book: RuleBook, *, by: User, **values) -> RuleBook:
    """Change what a draft says of itself: any of :data:`CHANGEABLE`."""
    book = _draft(book, by)
    _set(book, values, CHANGEABLE)
    book.full_clean()
    book.save()
    _log(book, "change_rulebook", by)
    return book


@in_one_transaction
def set_clause(book: RuleBook, code: str, *, by: User, **values) -> Clause:
    """Change the clause ``code`` of a draft, or add it: any of :data:`CLAUSE_FIELDS`."""
    book = _draft(book, by)
    clause = Clause.objects.filter(rulebook=book, code=code).first()
    if clause is None:
        _check_number(book.clauses.count(), MOST_CLAUSES)
        clause = Clause(rulebook=book, code=code)
    _set(clause, values, CLAUSE_FIELDS)
    clause.rulebook = book
    clause.full_clean()
    clause.save()
    _log(book, "change_rulebook", by, clause=clause.code)
    return clause


@in_one_transaction
def drop_clause(book: RuleBook, code: str, *, by: User) -> None:
    """Take the clause ``code`` out of a draft."""
    book = _draft(book, by)
    Clause.objects.filter(rulebook=book, code=code).delete()
    _log(book, "change_rulebook", by, clause=code)


@in_one_transaction
def set_grade(book: RuleBook, code: str, *, by: User, **values) -> Grade:
    """Change the grade ``code`` of a draft, or add it: any of :data:`GRADE_FIELDS`."""
    book = _draft(book, by)
    grade = Grade.objects.filter(rulebook=book, code=code).first()
    if grade is None:
        _check_number(book.grades.count(), MOST_GRADES)
        grade = Grade(rulebook=book, code=code)
    _set(grade, values, GRADE_FIELDS)
    grade.full_clean()
    grade.save()
    _log(book, "change_rulebook", by, grade=grade.code)
    return grade


@in_one_transaction
def drop_grade(book: RuleBook, code: str, *, by: User) -> None:
    """Take the grade ``code`` out of a draft."""
    book = _draft(book, by)
    Grade.objects.filter(rulebook=book, code=code).delete()
    _log(book, "change_rulebook", by, grade=code)


@in_one_transaction
def approve(book: RuleBook, *, by: User, reason: str) -> RuleBook:
    """Let a draft count from its day on. It never changes again.

    Whoever drafted it does not approve it. No rule counts for what is over: its day is today or
    later, and later than that of every approved version.
    Raises PermissionDenied, StageError without a reason, or ValidationError naming the field.
    """
    reason = check_reason(reason)
    book = _draft(book, by)
    if by.pk == book.drafted_by_id:
        raise PermissionDenied(_("Whoever drafted a version does not approve it."))
    _check_day(book, timezone.localdate())
    check_whole(book)
    seal(book, by=by, at=timezone.now())
    _log(book, "approve_rulebook", by, reason=reason)
    return book


@in_one_transaction
def withdraw(book: RuleBook, *, by: User, reason: str) -> RuleBook:
    """Put a draft aside. It stays to be read, and never changes again."""
    reason = check_reason(reason)
    book = _draft(book, by)
    book.status = RuleBook.Status.WITHDRAWN
    book.save(update_fields=["status"])
    _log(book, "withdraw_rulebook", by, reason=reason)
    return book


def check_whole(book: RuleBook) -> None:
    """Raise ValidationError unless ``book`` says one thing for each occasion."""
    triggers = [clause.trigger for clause in book.clauses.all() if clause.in_force]
    faults = []
    for trigger in Clause.Trigger:
        number = triggers.count(trigger)
        needed = trigger in (Clause.Trigger.BASE, Clause.Trigger.COUNTER)
        if trigger != Clause.Trigger.HAND and (number > 1 or (needed and not number)):
            faults.append(
                _("“%(trigger)s”: %(number)d clauses are in force, there has to be one.")
                % {"trigger": trigger.label, "number": number}
            )
    lowest = [grade for grade in book.grades.all() if grade.threshold is None]
    if book.grades.exists() and len(lowest) != 1:
        faults.append(_("One grade has no points to start from: it takes the rest."))
    if not book.change_reason:
        faults.append(_("Say why the rules change."))
    if faults:
        raise ValidationError(faults)


def seal(book: RuleBook, *, by: User, at: datetime) -> None:
    """Set a draft to approved. The caller has checked and locked."""
    book.status, book.approved_by, book.approved_at = RuleBook.Status.APPROVED, by, at
    book.save(update_fields=["status", "approved_by", "approved_at"])


def _check_day(book: RuleBook, today: date) -> None:
    if book.effective_on is None:
        raise ValidationError({"effective_on": _("Say from which day it is in force.")})
    if book.effective_on < today:
        raise ValidationError(
            {"effective_on": _("The day is over: rules do not count for what has happened.")}
        )
    later = choosing.approved(book.programme).filter(effective_on__gte=book.effective_on).first()
    if later:
        raise ValidationError(
            {
                "effective_on": _("Version %(version)s is in force from %(day)s.")
                % {"version": later.version, "day": later.effective_on}
            }
        )


def _new(
    programme: Programme, *, by: User, values: Values, drafted_from: RuleBook | None = None
) -> RuleBook:
    _check_lead(by, programme)
    book = RuleBook(programme=programme, drafted_by=by, drafted_from=drafted_from)
    _set(book, values, CHANGEABLE)
    book.full_clean()
    book.save()
    return book


def _draft(book: RuleBook, by: User) -> RuleBook:
    """Return ``book``, locked. Raises PermissionDenied, or ValidationError if it is no draft."""
    books = RuleBook.objects.select_for_update(of=("self",)).select_related("programme")
    book = books.get(pk=book.pk)
    _check_lead(by, book.programme)
    if not book.is_draft:
        raise ValidationError(
            _("Version %(version)s is no draft any more: draft a new one from it.")
            % {"version": book.version}
        )
    return book


def _check_lead(by: User, programme: Programme) -> None:
    if not may_change(by, programme):
        raise PermissionDenied(_("Only leads of the programme change its rules."))


def _check_number(number: int, most: int) -> None:
    if number >= most:
        raise ValidationError(_("There are %(most)d already, which is the most.") % {"most": most})


def _said(row: Clause | Grade, fields: tuple[str, ...]) -> Values:
    return {name: getattr(row, name) for name in fields}


def _set(row: RuleBook | Clause | Grade, values: Values, fields: tuple[str, ...]) -> None:
    for name, value in values.items():
        if name not in fields:
            raise TypeError(f"{name} is none of {', '.join(fields)}")
        setattr(row, name, value)


def _log(book: RuleBook, action: str, by: User, **data: str) -> None:
    log(
        instance=book,
        action=f"pledge_pages.{action}",
        user=by,
        data={"version": book.version, **data},
    )
