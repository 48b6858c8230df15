"""The triggers for SQLite."""

from wagtail.models import Page

from . import trail
from .tables import PAGE_CONTENT, PREFIX, Tables, Watched

MAX_DEPTH = 255 // Page.steplen

# A pilot's gate is open while it is approved; a programme's while one of its pilots is.
OPEN = """CASE WHEN g.pilot_id IS NULL
      THEN EXISTS (SELECT 1 FROM {pilot} q WHERE q.programme_id = g.programme_id AND q.stage = 'approved')
      ELSE EXISTS (SELECT 1 FROM {pilot} q WHERE q.id = g.pilot_id AND q.stage = 'approved') END"""


HIDDEN = "live = 0, has_unpublished_changes = 1, live_revision_id = NULL"


def statements(tables: Tables) -> dict[str, str]:
    """Return the CREATE TRIGGER statement of every trigger, by name."""
    made = {
        f"{PREFIX}_birth": _birth(tables),
        f"{PREFIX}_update": _update(tables),
        f"{PREFIX}_place": _place(tables),
        f"{PREFIX}_row": _row(tables),
        f"{PREFIX}_row_gone": _row_gone(tables),
        f"{PREFIX}_close": _close(tables),
        f"{PREFIX}_programme": _programme(tables),
    }
    for watched in tables.watched:
        for event in ("INSERT", "UPDATE", "DELETE") if watched.is_child else ("UPDATE",):
            name = f"{PREFIX}_{event.lower()}_{watched.table}"
            made[name] = _content(tables, watched, event, name)
    return {name: " ".join(sql.split()) for name, sql in made.items()}


def _abort(message: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, 'pledge_pages: {message}') WHERE {condition};"


def _gated_type(tables: Tables, column: str) -> str:
    pairs = " OR ".join(
        f"(c.app_label = '{app}' AND c.model = '{name}')" for app, name in tables.types
    )
    return f"{column} IN (SELECT c.id FROM {tables.content_type} c WHERE {pairs or '0'})"


def _above(tables: Tables, condition: str) -> str:
    """Say that a gate ``g`` for which ``condition`` holds stands above the new row."""
    step = Page.steplen
    paths = ", ".join(f"substr(NEW.path, 1, {step * depth})" for depth in range(1, MAX_DEPTH + 1))
    return f"""EXISTS (SELECT 1 FROM {tables.page} a JOIN {tables.gate} g ON g.page_id = a.id
        WHERE a.path IN ({paths}) AND a.id <> NEW.id AND a.path <> NEW.path AND {condition})"""


def _closed_above(tables: Tables) -> str:
    return _above(tables, f"NOT {OPEN.format(pilot=tables.pilot)}")


def _differs(columns) -> str:
    return " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns) or "0"


def _birth(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_birth BEFORE INSERT ON {tables.page} WHEN NEW.live BEGIN
        {_abort("a gated page is never born live", _gated_type(tables, "NEW.content_type_id"))}
        {_abort("nothing is live below a pilot that is not approved", _closed_above(tables))}
        END"""


def _update(tables: Tables) -> str:
    own = f"EXISTS (SELECT 1 FROM {tables.gate} g WHERE g.page_id = NEW.id"
    gated = f"""({own}) OR {_gated_type(tables, "NEW.content_type_id")})"""
    columns = ", ".join(("live", "path", *PAGE_CONTENT))
    return f"""CREATE TRIGGER {PREFIX}_update BEFORE UPDATE OF {columns} ON {tables.page}
        WHEN NEW.live BEGIN
        {
        _abort(
            "a gated page is public by approval only",
            f"{gated} AND (NOT OLD.live OR {_differs(PAGE_CONTENT)}) AND NOT {own} AND g.publishing)",
        )
    }
        {
        _abort(
            "the pilot is not approved",
            f"{gated} AND NOT {own} AND {OPEN.format(pilot=tables.pilot)})",
        )
    }
        {_abort("nothing is live below a pilot that is not approved", _closed_above(tables))}
        END"""


def _place(tables: Tables) -> str:
    foreign = f"""EXISTS (SELECT 1 FROM {tables.gate} o WHERE o.page_id = NEW.id AND (o.pilot_id IS NULL
        OR o.pilot_id <> g.pilot_id OR o.programme_id <> g.programme_id))"""
    gated = f"""({_gated_type(tables, "OLD.content_type_id")}
        OR {_gated_type(tables, "NEW.content_type_id")}
        OR EXISTS (SELECT 1 FROM {tables.gate} g WHERE g.page_id = NEW.id))"""
    return f"""CREATE TRIGGER {PREFIX}_place BEFORE UPDATE OF path, content_type_id ON {tables.page}
        WHEN OLD.path <> NEW.path OR OLD.content_type_id <> NEW.content_type_id BEGIN
        {
        _abort(
            "a gated page keeps its type", f"{gated} AND OLD.content_type_id <> NEW.content_type_id"
        )
    }
        {
        _abort("a page stays with its pilot", f"OLD.path <> NEW.path AND {_above(tables, foreign)}")
    }
        END"""


def _row(tables: Tables) -> str:
    fixed = ("page_id", "programme_id", "pilot_id", "top")
    return f"""CREATE TRIGGER {PREFIX}_row BEFORE UPDATE ON {tables.gate} BEGIN
        {_abort("a page stays with its pilot", f"({_differs(fixed)})")} END"""


def _row_gone(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_row_gone BEFORE DELETE ON {tables.gate} BEGIN
        UPDATE {tables.page} SET live = 0, live_revision_id = NULL
        WHERE id = OLD.page_id AND live; END"""


def _close(tables: Tables) -> str:
    hide = f"UPDATE {tables.page} SET {HIDDEN}"
    below = f"""id IN (SELECT p.id FROM {tables.gate} g JOIN {tables.page} a ON a.id = g.page_id
        JOIN {tables.page} p ON substr(p.path, 1, length(a.path)) = a.path
        WHERE p.live AND g.top AND"""
    none_left = f"""NOT EXISTS (SELECT 1 FROM {tables.pilot} q
        WHERE q.programme_id = NEW.programme_id AND q.stage = 'approved')"""
    return f"""CREATE TRIGGER {PREFIX}_close AFTER UPDATE OF stage ON {tables.pilot}
        WHEN OLD.stage = 'approved' AND NEW.stage <> 'approved' BEGIN
        {hide} WHERE live AND id IN (SELECT page_id FROM {tables.gate} WHERE pilot_id = NEW.id);
        {hide} WHERE live AND {below} g.pilot_id = NEW.id);
        {hide} WHERE live AND {none_left} AND {below} g.pilot_id IS NULL
        AND g.programme_id = NEW.programme_id);
        END"""


def _programme(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_programme BEFORE UPDATE OF programme_id ON {tables.pilot}
        BEGIN {_abort("a pilot stays with its programme", "OLD.programme_id <> NEW.programme_id")} END"""


def _content(tables: Tables, watched: Watched, event: str, name: str) -> str:
    if event == "DELETE":
        return _content_gone(tables, watched, name)
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW")}[event]
    public = " OR ".join(
        f"""EXISTS (SELECT 1 FROM {tables.page} p JOIN {tables.gate} g ON g.page_id = p.id
        WHERE p.id = {row}.{watched.page_column} AND p.live AND NOT g.publishing)"""
        for row in rows
    )
    changed = f" AND ({_differs(watched.content)})" if event == "UPDATE" else ""
    return f"""CREATE TRIGGER {name} BEFORE {event} ON {watched.table} BEGIN
        {_abort("what is public changes by approval only", f"({public}){changed}")} END"""


def _content_gone(tables: Tables, watched: Watched, name: str) -> str:
    """Hide a page of which a part is deleted: an error would keep a database from being emptied."""
    return f"""CREATE TRIGGER {name} BEFORE DELETE ON {watched.table} BEGIN
        UPDATE {tables.page} SET {HIDDEN} WHERE id = OLD.{watched.page_column} AND live
        AND EXISTS (SELECT 1 FROM {tables.gate} g WHERE g.page_id = OLD.{watched.page_column}
        AND NOT g.publishing); END"""


def install(cursor, tables: Tables) -> None:
    """Drop what is there and create every trigger."""
    remove(cursor)
    for sql in statements(tables).values():
        cursor.execute(sql)
    install_trail(cursor)


def install_trail(cursor) -> None:
    """Drop and create the triggers of the audit trail."""
    remove(cursor, (trail.PREFIX,))
    for sql in trail.sqlite_statements().values():
        cursor.execute(sql)


def remove(cursor, prefixes: tuple[str, ...] = (PREFIX, trail.PREFIX)) -> None:
    """Drop every trigger of ours, or those whose names begin with ``prefixes``."""
    for name in _present(cursor, prefixes):
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def missing(cursor, tables: Tables) -> list[str]:
    """Return the names of the gate's triggers that are not there as they should be."""
    present = _present(cursor, (PREFIX,))
    return [name for name, sql in statements(tables).items() if present.get(name) != sql]


def missing_trail(cursor) -> list[str]:
    """Return the names of the audit trail's triggers that are not there as they should be."""
    present = _present(cursor, (trail.PREFIX,))
    return [name for name, sql in trail.sqlite_statements().items() if present.get(name) != sql]


def _present(cursor, prefixes: tuple[str, ...]) -> dict[str, str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    beginnings = tuple(f"{prefix}_" for prefix in prefixes)
    return {name: sql for name, sql in cursor.fetchall() if name.startswith(beginnings)}
