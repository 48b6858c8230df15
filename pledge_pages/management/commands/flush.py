"""Django's own ``flush``, which empties a whole database: the audit trail's lock lets it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.management.commands.flush import Command as Flush
from django.db import DEFAULT_DB_ALIAS, connections

from pledge_pages.embargo import restored, triggers


class Command(Flush):
    def handle(self, **options) -> None:
        using = options.get("database", DEFAULT_DB_ALIAS)
        if using != triggers.database():
            super().handle(**options)
            return
        with lifted_while_emptying(using):
            super().handle(**options)


@contextmanager
def lifted_while_emptying(using: str) -> Iterator[None]:
    """Lift the audit trail's lock for the deletion itself, and not while the command asks for it."""
    operations = connections[using].ops
    stock = operations.execute_sql_flush

    def execute(sql_list: Sequence[str]) -> None:
        restored.start_anew(using)
        with triggers.trail_lifted(using):
            stock(sql_list)

    vars(operations)["execute_sql_flush"] = execute
    try:
        yield
    finally:
        del vars(operations)["execute_sql_flush"]
