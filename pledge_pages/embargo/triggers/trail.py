"""The lock on the audit trail: its lines are written once, and never changed or deleted.

What a line is stands in :func:`lines`. The statements for both databases are here, side by side:
they say the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models
from wagtail.models import ModelLogEntry, PageLogEntry

PREFIX = "pledge_pages_trail"
# What the names of our actions in Wagtail's log begin with; its other lines are Wagtail's.
ACTIONS = "pledge_pages."
REFUSAL = "a line of the audit trail stays as it is"
OURS = f"substr({{row}}.action, 1, {len(ACTIONS)}) = '{ACTIONS}'"


@dataclass(frozen=True)
class Lines:
    """A table that holds lines of the trail, or other records that stay as they were written."""

    table: str
    # Which of its rows are lines, in SQL about {row}.
    condition: str = "1 = 1"
    # Whether a row may become a line by a change, as a draft does that is approved.
    becomes: bool = False
    # Whether no line is added: a row is no line when it is made.
    closed: bool = False
    refusal: str = REFUSAL
    # Sets of columns by which a row is known: SQLite's REPLACE takes away what has the same.
    unique: tuple[tuple[str, ...], ...] = (("id",),)
    # The same, of rows of which the SQL about {row} is true.
    partly: tuple[tuple[tuple[str, ...], str], ...] = ()
    # The columns that never change, if others may; and those that do not once something is in them.
    fixed: tuple[str, ...] = ()
    once: tuple[str, ...] = ()

    def names(self, row: str) -> str:
        """Return SQL that says whether ``row`` (an alias, OLD or NEW) is a line."""
        return self.condition.format(row=row)

    def changed(self, differs: str) -> str:
        """Return SQL that says whether an update changes a line, or makes one where none may be.

        ``differs`` is the operator that compares two values of which either may be NULL.
        """
        if self.fixed:
            return f"({self.names('OLD')} AND ({self._altered(differs)}))"
        return (
            self.names("OLD") if self.becomes else f"({self.names('OLD')} OR {self.names('NEW')})"
        )

    def _altered(self, differs: str) -> str:
        said = [f"OLD.{name} {differs} NEW.{name}" for name in ("id", *self.fixed)]
        said += [
            f"(CAST(OLD.{name} AS TEXT) NOT IN ('', '{{}}') AND OLD.{name} {differs} NEW.{name})"
            for name in self.once
        ]
        return " OR ".join(said)


def lines_of(model: type[models.Model], condition: str = "1 = 1", **details) -> Lines:
    """Return the lines that the table of ``model`` holds; ``details`` as in :class:`Lines`."""
    from .tables import unique_columns

    return Lines(model._meta.db_table, condition, unique=unique_columns(model), **details)


def part_kept(
    model: type[models.Model],
    *,
    fixed: Iterable[str],
    once: Iterable[str] = (),
    partly: Iterable[tuple[tuple[str, ...], str]] = (),
    refusal: str = REFUSAL,
) -> Lines:
    """Return the lines of a table that is never deleted from, and of which only other columns change.

    ``fixed`` and ``once`` name fields of ``model``; ``partly`` says of fields that only some rows
    must not share, which rows these are, in SQL about {row}.
    """
    from .tables import unique_columns

    def columns(names: Iterable[str]) -> tuple[str, ...]:
        column = {field.name: field.column for field in model._meta.concrete_fields}
        return tuple(str(column[name]) for name in names)

    return Lines(
        model._meta.db_table,
        refusal=refusal,
        unique=unique_columns(model, of_all=True),
        partly=tuple((columns(names), which) for names, which in partly),
        fixed=columns(fixed),
        once=columns(once),
    )


# What rooms below keep in the same way; see :func:`keep`.
_kept: list[Callable[[], list[Lines]]] = []


def keep(lines_below: Callable[[], list[Lines]]) -> None:
    """Let the tables that ``lines_below()`` names be kept like the trail.

    Rooms below register when Django starts, before the triggers are first asked for.
    """
    if lines_below not in _kept:
        _kept.append(lines_below)


def lines() -> list[Lines]:
    """Return every table with lines: steps of pilots, Wagtail's log, rule books, and what is kept."""
    from ...pilots.models import Transition

    return [
        Lines(Transition._meta.db_table),
        Lines(PageLogEntry._meta.db_table, OURS),
        Lines(ModelLogEntry._meta.db_table, OURS),
        *_rulebooks(),
        *(found for lines_below in _kept for found in lines_below()),
    ]


def _rulebooks() -> list[Lines]:
    """Return the rule books that are no drafts any more, with their clauses and grades."""
    from ...rulebook.models import Clause, Grade, RuleBook

    refusal = "a rule book stays as it was approved"
    book = RuleBook._meta.db_table
    part = f"""EXISTS (SELECT 1 FROM {book} b WHERE b.id = {{row}}.rulebook_id
        AND b.status <> 'draft')"""
    part = " ".join(part.split())
    return [
        lines_of(RuleBook, "{row}.status <> 'draft'", becomes=True, closed=True, refusal=refusal),
        lines_of(Clause, part, closed=True, refusal=refusal),
        lines_of(Grade, part, closed=True, refusal=refusal),
    ]


def _taken(kept: Lines) -> str:
    """Return SQL that says whether a line is known by what the new row is known by."""

    def alike(columns: tuple[str, ...]) -> str:
        return " AND ".join(f"l.{column} = NEW.{column}" for column in columns)

    known = [alike(columns) for columns in kept.unique]
    for columns, which in kept.partly:
        both = (which.format(row=row) for row in ("l", "NEW"))
        known.append(f"({alike(columns)} AND {' AND '.join(both)})")
    same = " OR ".join(known)
    return f"EXISTS (SELECT 1 FROM {kept.table} l WHERE ({same}) AND {kept.names('l')}"


def sqlite_statements() -> dict[str, str]:
    """Return the CREATE TRIGGER statement of every trigger on SQLite, by name."""
    made = {}
    for kept in lines():
        # INSERT OR REPLACE takes a row away without firing the trigger on its deletion.
        taken = _taken(kept)
        conditions = {
            "DELETE": kept.names("OLD"),
            "UPDATE": f"{kept.changed('IS NOT')} OR {taken} AND l.id <> OLD.id)",
            "INSERT": f"{taken})" + (f" OR {kept.names('NEW')}" if kept.closed else ""),
        }
        for event, condition in conditions.items():
            name = f"{PREFIX}_{event.lower()}_{kept.table}"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE {event} ON {kept.table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, 'pledge_pages: {kept.refusal}'); END"
            )
    return made


def postgresql_functions(refuse: Callable[[str], str]) -> dict[str, str]:
    """Return the body of every trigger function on PostgreSQL, by name.

    ``refuse`` makes of a text the statement that raises the error.
    """
    made = {}
    for kept in lines():
        no, born = refuse(kept.refusal), ""
        if kept.closed:
            born = (
                f"IF TG_OP = 'INSERT' THEN IF {kept.names('NEW')} THEN {no} END IF; "
                "RETURN NEW; END IF; "
            )
        line = f"IF {kept.names('OLD')} THEN {no} END IF; "
        gone = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
        if kept.fixed:
            line, gone = f"IF TG_OP = 'DELETE' THEN {line}RETURN OLD; END IF; ", ""
        made[f"{PREFIX}_{kept.table}"] = (
            f"BEGIN {born}{line}{gone}"
            f"IF {kept.changed('IS DISTINCT FROM')} THEN {no} END IF; RETURN NEW; END"
        )
        made[f"{PREFIX}_all_{kept.table}"] = (
            f"BEGIN IF EXISTS (SELECT 1 FROM {kept.table} l WHERE {kept.names('l')}) "
            f"THEN {no} END IF; RETURN NULL; END"
        )
    return made


def postgresql_triggers() -> dict[str, tuple[str, str]]:
    """Return (table, when and on what) of every trigger on PostgreSQL, by name."""
    made = {}
    for kept in lines():
        born = "INSERT OR " if kept.closed else ""
        made[f"{PREFIX}_{kept.table}"] = (kept.table, f"BEFORE {born}UPDATE OR DELETE")
        # TRUNCATE does not fire triggers for rows.
        made[f"{PREFIX}_all_{kept.table}"] = (kept.table, "BEFORE TRUNCATE")
    return made
