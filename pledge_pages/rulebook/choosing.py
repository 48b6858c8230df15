"""Which version of the rules counts on a day, and which of its clauses an outcome brings about."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..pilots.models import Programme
from .models import Clause, RuleBook


def in_force(programme: Programme, on: date) -> RuleBook | None:
    """Return the version that counts on the day ``on``: the last approved one by then."""
    return (
        approved(programme)
        .filter(effective_on__lte=on)
        .prefetch_related("clauses")
        .order_by("-effective_on")
        .first()
    )


def book_for(programme: Programme, on: date) -> RuleBook:
    """Return the version that counts on the day ``on``; ValidationError if none does yet."""
    book = in_force(programme, on)
    if book is None:
        raise ValidationError({"on": _("No version of the rule book is in force on %s.") % on})
    return book


def approved(programme: Programme) -> QuerySet[RuleBook]:
    """Return the approved versions of ``programme``, oldest first."""
    return RuleBook.objects.filter(programme=programme, status=RuleBook.Status.APPROVED)


def clause_of(book: RuleBook, code: str) -> Clause:
    """Return the clause ``code`` of ``book`` if it is in force there, else ValidationError."""
    for clause in book.clauses.all():
        if clause.code == code and clause.in_force:
            return clause
    raise ValidationError(
        {
            "clause": _("Clause %(code)s is not in force in version %(version)s.")
            % {"code": code, "version": book.version}
        }
    )


def clause_for(book: RuleBook, trigger: str) -> Clause | None:
    """Return the clause in force that ``trigger`` brings about, None if the version has none."""
    for clause in book.clauses.all():
        if clause.trigger == trigger and clause.in_force:
            return clause
    return None
