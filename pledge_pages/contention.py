"""Two who change the same at the same moment: tried again, and said in plain words if that fails."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 4

# PostgreSQL's serialization_failure, deadlock_detected and lock_not_available,
# https://www.postgresql.org/docs/current/errcodes-appendix.html
SQLSTATES = frozenset({"40001", "40P01", "55P03"})
# What SQLite says for SQLITE_BUSY and SQLITE_LOCKED, https://www.sqlite.org/rescode.html#busy
SQLITE_MESSAGES = ("database is locked", "database table is locked")


class BusyError(PermissionDenied):
    """Something was not done, because others kept changing the same; the message says what to do.

    It is a PermissionDenied for the same reason as EmbargoError: nobody answers 500 to it.
    """


class ChangedMeanwhile(DatabaseError):
    """What was read for a change is not so any more. Read again, the change may well be possible."""


_trying: ContextVar[bool] = ContextVar("pledge_pages_trying", default=False)


def changed_meanwhile(message: str) -> Exception:
    """Return what to raise if a row is not as it was read: it is read again if that is possible."""
    return ChangedMeanwhile(message) if _trying.get() else BusyError(message)


def is_contention(error: BaseException) -> bool:
    """Return whether something failed only because of what others were doing just then."""
    if isinstance(error, ChangedMeanwhile):
        return True
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in SQLSTATES:
        return True
    return str(error).startswith(SQLITE_MESSAGES)


def is_refusal(error: BaseException) -> bool:
    """Return whether a trigger of ours refused.

    Asked again, the guards explain, if what they saw the first time was changed just then.
    """
    return isinstance(error, IntegrityError) and str(error).startswith("pledge_pages: ")


def in_one_transaction(act: Callable[P, R]) -> Callable[P, R]:
    """Let ``act`` run in one transaction, and again from its beginning if others were in its way.

    ``act`` must do nothing that a rollback does not undo; mails and the like go in ``on_commit``.
    Inside another transaction nothing can be tried again, and the error goes to whoever opened it.
    Raises BusyError if it does not get through; then nothing was done.
    """

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return act(*args, **kwargs)
        for left in reversed(range(TRIES)):
            trying = _trying.set(True)
            try:
                with transaction.atomic():
                    return act(*args, **kwargs)
            except DatabaseError as error:
                if not (is_contention(error) or is_refusal(error)):
                    raise
                if not left:
                    if is_refusal(error):
                        raise
                    text = str(error) if isinstance(error, ChangedMeanwhile) else busy()
                    raise BusyError(text) from error
            finally:
                _trying.reset(trying)
        raise AssertionError("not reached")

    return run


def busy() -> str:
    """Return what a person is told who was in the way of others once too often."""
    return _("Others were changing the same pages at the same moment. Nothing was done: try again.")
