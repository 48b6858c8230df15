"""The lock on the audit trail: its lines are written once, and never changed or deleted.

What a line is stands in :func:`lines`. The statements for both databases are here, side by side:
they say the same.
"""

from dataclasses import dataclass

from wagtail.models import ModelLogEntry, PageLogEntry

PREFIX = "pledge_pages_trail"
# What the names of our actions in Wagtail's log begin with; its other lines are Wagtail's.
ACTIONS = "pledge_pages."
REFUSAL = "a line of the audit trail stays as it is"


@dataclass(frozen=True)
class Lines:
    """A table that holds lines of the trail: all of its rows, or those of our actions."""

    table: str
    all_rows: bool

    def names(self, row: str) -> str:
        """Return SQL that says whether ``row`` (an alias, OLD or NEW) is a line."""
        if self.all_rows:
            return "1 = 1"
        return f"substr({row}.action, 1, {len(ACTIONS)}) = '{ACTIONS}'"


def lines() -> list[Lines]:
    """Return every table with lines: steps of pilots, and Wagtail's log of pages and of the rest."""
    from ...pilots.models import Transition

    return [
        Lines(Transition._meta.db_table, True),
        Lines(PageLogEntry._meta.db_table, False),
        Lines(ModelLogEntry._meta.db_table, False),
    ]


def sqlite_statements() -> dict[str, str]:
    """Return the CREATE TRIGGER statement of every trigger on SQLite, by name."""
    made = {}
    for kept in lines():
        # INSERT OR REPLACE takes a row away without firing the trigger on its deletion.
        taken = f"EXISTS (SELECT 1 FROM {kept.table} l WHERE l.id = NEW.id AND {kept.names('l')}"
        conditions = {
            "DELETE": kept.names("OLD"),
            "UPDATE": f"{kept.names('OLD')} OR {kept.names('NEW')} OR {taken} AND l.id <> OLD.id)",
            "INSERT": f"{taken})",
        }
        for event, condition in conditions.items():
            name = f"{PREFIX}_{event.lower()}_{kept.table}"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE {event} ON {kept.table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, 'pledge_pages: {REFUSAL}'); END"
            )
    return made


def postgresql_functions(refuse: str) -> dict[str, str]:
    """Return the body of every trigger function on PostgreSQL, by name.

    ``refuse`` is the statement that raises the error.
    """
    made = {}
    for kept in lines():
        made[f"{PREFIX}_{kept.table}"] = (
            f"BEGIN IF {kept.names('OLD')} THEN {refuse} END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
            f"IF {kept.names('NEW')} THEN {refuse} END IF; RETURN NEW; END"
        )
        made[f"{PREFIX}_all_{kept.table}"] = (
            f"BEGIN IF EXISTS (SELECT 1 FROM {kept.table} l WHERE {kept.names('l')}) "
            f"THEN {refuse} END IF; RETURN NULL; END"
        )
    return made


def postgresql_triggers() -> dict[str, tuple[str, str]]:
    """Return (table, when and on what) of every trigger on PostgreSQL, by name."""
    made = {}
    for kept in lines():
        made[f"{PREFIX}_{kept.table}"] = (kept.table, "BEFORE UPDATE OR DELETE")
        # TRUNCATE does not fire triggers for rows.
        made[f"{PREFIX}_all_{kept.table}"] = (kept.table, "BEFORE TRUNCATE")
    return made
