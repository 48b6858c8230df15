"""The triggers for SQLite."""

from wagtail.models import Page

from . import trail
from .tables import PAGE_CONTENT, PREFIX, UNRECORDED, Tables, Watched

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
        f"{PREFIX}_address": _address(tables),
        f"{PREFIX}_instead": _instead(tables),
        f"{PREFIX}_row": _row(tables),
        f"{PREFIX}_row_again": _row_again(tables),
        f"{PREFIX}_row_gone": _row_gone(tables),
        f"{PREFIX}_open": _open(tables),
        f"{PREFIX}_born_open": _born_open(tables),
        f"{PREFIX}_close": _close(tables),
        f"{PREFIX}_pilot_gone": _pilot_gone(tables),
        f"{PREFIX}_pilot_again": _pilot_again(tables),
        f"{PREFIX}_programme": _programme(tables),
    }
    for watched in tables.watched:
        for event in ("INSERT", "UPDATE", "DELETE") if watched.is_child else ("INSERT", "UPDATE"):
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


def _shared(row: str, unique: tuple[tuple[str, ...], ...]) -> str:
    """Say that ``row`` has what no two rows may share in common with the new one.

    Where a statement says OR REPLACE, SQLite would delete it, and fire no trigger on its deletion.
    """
    sets = (" AND ".join(f'{row}."{name}" = NEW."{name}"' for name in names) for names in unique)
    return "(" + " OR ".join(f"({same})" for same in sets) + ")"


def _replaced_page(tables: Tables) -> str:
    """Say that a page of the gate's, which ``p`` is, would be replaced."""
    return f"""EXISTS (SELECT 1 FROM {tables.page} p WHERE {_shared("p", tables.page_unique)} AND
        (EXISTS (SELECT 1 FROM {tables.gate} g WHERE g.page_id = p.id)
        OR {_gated_type(tables, "p.content_type_id")})"""


def _instead(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_instead BEFORE INSERT ON {tables.page} BEGIN
        {_abort("a gated page is not replaced", f"{_replaced_page(tables)})")} END"""


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


def _address(tables: Tables) -> str:
    """Let the address of what is public follow the slugs above it, and be nothing else."""
    step = Page.steplen
    above = ", ".join(f"substr(NEW.path, 1, {step * depth})" for depth in range(2, MAX_DEPTH + 1))
    right = f"""'/' || COALESCE((SELECT group_concat(slug || '/', '') FROM (SELECT a.slug
        FROM {tables.page} a WHERE a.path IN ({above}) AND a.path <> NEW.path AND a.id <> NEW.id
        ORDER BY a.path)), '') || NEW.slug || '/'"""
    own = f"EXISTS (SELECT 1 FROM {tables.gate} g WHERE g.page_id = NEW.id AND NOT g.publishing)"
    return f"""CREATE TRIGGER {PREFIX}_address BEFORE UPDATE OF url_path ON {tables.page}
        WHEN NEW.live AND OLD.url_path <> NEW.url_path BEGIN
        {_abort("a public page keeps its address", f"{own} AND NEW.url_path <> {right}")} END"""


def _place(tables: Tables) -> str:
    foreign = f"""EXISTS (SELECT 1 FROM {tables.gate} o WHERE o.page_id = NEW.id AND (o.pilot_id IS NULL
        OR o.pilot_id <> g.pilot_id OR o.programme_id <> g.programme_id))"""
    gated = f"""({_gated_type(tables, "OLD.content_type_id")}
        OR {_gated_type(tables, "NEW.content_type_id")}
        OR EXISTS (SELECT 1 FROM {tables.gate} g WHERE g.page_id IN (OLD.id, NEW.id)))"""
    parent = f"substr(NEW.path, 1, length(NEW.path) - {Page.steplen})"
    # While a page above is moved its own row may not be there yet. An announcement stands among
    # ordinary pages and may go on doing so.
    elsewhere = f"""EXISTS (SELECT 1 FROM {tables.gate} o WHERE o.page_id = NEW.id AND NOT
        (o.top AND o.pilot_id IS NULL)) AND EXISTS (SELECT 1 FROM {tables.page} p
        WHERE p.path = {parent} AND NOT EXISTS (SELECT 1 FROM {tables.gate} g, {tables.gate} o
            WHERE g.page_id = p.id AND o.page_id = NEW.id AND g.programme_id = o.programme_id
            AND CASE WHEN o.top THEN g.pilot_id IS NULL ELSE g.pilot_id = o.pilot_id END
            AND (NOT NEW.live OR p.locale_id = NEW.locale_id))
        AND EXISTS (SELECT 1 FROM {tables.page} a JOIN {tables.gate} g ON g.page_id = a.id
            WHERE a.id = p.id OR a.path = substr(OLD.path, 1, length(OLD.path) - {Page.steplen})))"""
    columns = ", ".join(dict.fromkeys(name for names in tables.page_unique for name in names))
    return f"""CREATE TRIGGER {PREFIX}_place BEFORE UPDATE OF {columns}, content_type_id
        ON {tables.page} BEGIN
        {_abort("a gated page is not replaced", f"{_replaced_page(tables)} AND p.id <> OLD.id)")}
        {_abort("a gated page keeps its id", f"{gated} AND OLD.id <> NEW.id")}
        {_abort("a page stays with its pilot", f"OLD.path <> NEW.path AND {elsewhere}")}
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


def _row_again(tables: Tables) -> str:
    again = f"EXISTS (SELECT 1 FROM {tables.gate} g WHERE g.page_id = NEW.page_id)"
    return f"""CREATE TRIGGER {PREFIX}_row_again BEFORE INSERT ON {tables.gate} BEGIN
        {_abort("a page stays with its pilot", again)} END"""


def _row_gone(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_row_gone BEFORE DELETE ON {tables.gate} BEGIN
        UPDATE {tables.page} SET live = 0, live_revision_id = NULL
        WHERE id = OLD.page_id AND live; END"""


def _open(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_open BEFORE UPDATE OF stage ON {tables.pilot}
        WHEN NEW.stage = 'approved' AND OLD.stage <> 'approved' BEGIN
        {_abort(UNRECORDED, f"NOT {tables.decided}")} END"""


def _born_open(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_born_open BEFORE INSERT ON {tables.pilot}
        WHEN NEW.stage = 'approved' BEGIN {_abort(UNRECORDED, "1")} END"""


def _close(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_close AFTER UPDATE OF stage ON {tables.pilot}
        WHEN OLD.stage = 'approved' AND NEW.stage <> 'approved' BEGIN {_hide_all(tables)} END"""


def _pilot_gone(tables: Tables) -> str:
    return f"""CREATE TRIGGER {PREFIX}_pilot_gone AFTER DELETE ON {tables.pilot}
        WHEN OLD.stage = 'approved' BEGIN {_hide_all(tables)} END"""


def _pilot_again(tables: Tables) -> str:
    again = f"EXISTS (SELECT 1 FROM {tables.pilot} q WHERE {_shared('q', tables.pilot_unique)})"
    return f"""CREATE TRIGGER {PREFIX}_pilot_again BEFORE INSERT ON {tables.pilot} BEGIN
        {_abort("a pilot is not replaced", again)} END"""


def _hide_all(tables: Tables) -> str:
    """Hide every page of the old row's pilot, and of its programme if no other is approved."""
    hide = f"UPDATE {tables.page} SET {HIDDEN}"
    below = f"""id IN (SELECT p.id FROM {tables.gate} g JOIN {tables.page} a ON a.id = g.page_id
        JOIN {tables.page} p ON substr(p.path, 1, length(a.path)) = a.path
        WHERE p.live AND g.top AND"""
    none_left = f"""NOT EXISTS (SELECT 1 FROM {tables.pilot} q
        WHERE q.programme_id = OLD.programme_id AND q.stage = 'approved')"""
    return f"""{hide} WHERE live AND id IN (SELECT page_id FROM {tables.gate} WHERE pilot_id = OLD.id);
        {hide} WHERE live AND {below} g.pilot_id = OLD.id);
        {hide} WHERE live AND {none_left} AND {below} g.pilot_id IS NULL
        AND g.programme_id = OLD.programme_id);"""


def _programme(tables: Tables) -> str:
    columns = ", ".join(dict.fromkeys(name for names in tables.pilot_unique for name in names))
    again = f"""EXISTS (SELECT 1 FROM {tables.pilot} q
        WHERE {_shared("q", tables.pilot_unique)} AND q.id <> OLD.id)"""
    return f"""CREATE TRIGGER {PREFIX}_programme BEFORE UPDATE OF {columns}, programme_id
        ON {tables.pilot} BEGIN
        {_abort("a pilot is not replaced", f"OLD.id <> NEW.id OR {again}")}
        {_abort("a pilot stays with its programme", "OLD.programme_id <> NEW.programme_id")} END"""


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
    # A row of a public page that makes room for the new one.
    other = "AND o.rowid <> OLD.rowid" if event == "UPDATE" else ""
    replaced = f"""EXISTS (SELECT 1 FROM {watched.table} o JOIN {tables.page} p
        ON p.id = o.{watched.page_column} JOIN {tables.gate} g ON g.page_id = p.id
        WHERE {_shared("o", watched.unique)} {other} AND p.live AND NOT g.publishing)"""
    return f"""CREATE TRIGGER {name} BEFORE {event} ON {watched.table} BEGIN
        {_abort("what is public changes by approval only", f"({public}){changed}")}
        {_abort("what is public changes by approval only", replaced)} END"""


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
