"""The triggers for PostgreSQL."""

import hashlib

from wagtail.models import Page

from . import trail
from .tables import PAGE_CONTENT, PREFIX, UNRECORDED, Tables, Watched

HIDDEN = "live = false, has_unpublished_changes = true, live_revision_id = NULL"
STATE = "USING ERRCODE = 'integrity_constraint_violation'"


def functions(tables: Tables) -> dict[str, str]:
    """Return the body of every trigger function, by name."""
    made = {
        f"{PREFIX}_birth": _birth(tables),
        f"{PREFIX}_update": _update(tables),
        f"{PREFIX}_place": _place(tables),
        f"{PREFIX}_address": _address(tables),
        f"{PREFIX}_row": _row(),
        f"{PREFIX}_row_gone": _row_gone(tables),
        f"{PREFIX}_open": _opened(tables),
        f"{PREFIX}_close": _close(tables),
        f"{PREFIX}_programme": _programme(),
    }
    for watched in tables.watched:
        made[_content_name(watched)] = _content(tables, watched)
    return {name: " ".join(body.split()) for name, body in made.items()}


def triggers(tables: Tables) -> dict[str, tuple[str, str]]:
    """Return (table, when and on what) of every trigger, by name; each calls its namesake."""
    update_of = ", ".join(("live", "path", *PAGE_CONTENT))
    made = {
        f"{PREFIX}_birth": (tables.page, "BEFORE INSERT"),
        f"{PREFIX}_update": (tables.page, f"BEFORE UPDATE OF {update_of}"),
        f"{PREFIX}_place": (tables.page, "BEFORE UPDATE OF id, path, content_type_id"),
        f"{PREFIX}_address": (tables.page, "BEFORE UPDATE OF url_path"),
        f"{PREFIX}_row": (tables.gate, "BEFORE UPDATE"),
        f"{PREFIX}_row_gone": (tables.gate, "BEFORE DELETE"),
        f"{PREFIX}_open": (tables.pilot, "BEFORE INSERT OR UPDATE OF stage"),
        f"{PREFIX}_close": (tables.pilot, "AFTER UPDATE OF stage OR DELETE"),
        f"{PREFIX}_programme": (tables.pilot, "BEFORE UPDATE OF id, programme_id"),
    }
    for watched in tables.watched:
        events = "INSERT OR UPDATE OR DELETE" if watched.is_child else "INSERT OR UPDATE"
        made[_content_name(watched)] = (watched.table, f"BEFORE {events}")
    return made


def _content_name(watched: Watched) -> str:
    name = f"{PREFIX}_content_{watched.table}"
    # PostgreSQL cuts names at 63 characters.
    return name if len(name) <= 63 else name[:54] + hashlib.sha256(name.encode()).hexdigest()[:8]


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION 'pledge_pages: {message}' {STATE};"


def _gated_type(tables: Tables, column: str) -> str:
    pairs = " OR ".join(
        f"(c.app_label = '{app}' AND c.model = '{name}')" for app, name in tables.types
    )
    return f"{column} IN (SELECT c.id FROM {tables.content_type} c WHERE {pairs or 'false'})"


def _open(tables: Tables) -> str:
    return f"""CASE WHEN g.pilot_id IS NULL
        THEN EXISTS (SELECT 1 FROM {tables.pilot} q WHERE q.programme_id = g.programme_id AND q.stage = 'approved')
        ELSE EXISTS (SELECT 1 FROM {tables.pilot} q WHERE q.id = g.pilot_id AND q.stage = 'approved') END"""


def _above(tables: Tables, condition: str) -> str:
    """Say that a gate ``g`` for which ``condition`` holds stands above the new row."""
    step = Page.steplen
    return f"""EXISTS (SELECT 1 FROM {tables.page} a JOIN {tables.gate} g ON g.page_id = a.id
        WHERE a.path IN (SELECT substr(NEW.path, 1, n) FROM generate_series({step}, length(NEW.path) - {step}, {step}) n)
        AND a.id <> NEW.id AND {condition})"""


def _closed_above(tables: Tables) -> str:
    return _above(tables, f"NOT {_open(tables)}")


def _differs(columns) -> str:
    return (
        " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
        or "false"
    )


def _lock_above(tables: Tables) -> str:
    """Hold the pilots concerned against a stage change until this transaction ends.

    Without it a publication and a suspension could both commit and leave a live page behind.
    """
    step = Page.steplen
    return f"""PERFORM 1 FROM {tables.pilot} q WHERE q.id IN (
        SELECT g.pilot_id FROM {tables.gate} g JOIN {tables.page} a ON a.id = g.page_id
        WHERE a.id = NEW.id OR a.path IN (SELECT substr(NEW.path, 1, n)
            FROM generate_series({step}, length(NEW.path) - {step}, {step}) n))
        OR (q.stage = 'approved' AND q.programme_id IN (
            SELECT g.programme_id FROM {tables.gate} g WHERE g.page_id = NEW.id AND g.pilot_id IS NULL))
        ORDER BY q.id FOR SHARE;"""


def _birth(tables: Tables) -> str:
    return f"""BEGIN IF NEW.live THEN {_lock_above(tables)}
        IF {_gated_type(tables, "NEW.content_type_id")} THEN {_raise("a gated page is never born live")} END IF;
        IF {_closed_above(tables)} THEN {_raise("nothing is live below a pilot that is not approved")} END IF;
        END IF; RETURN NEW; END"""


def _update(tables: Tables) -> str:
    return f"""DECLARE own {tables.gate}%ROWTYPE; gated boolean; is_open boolean;
        BEGIN IF NOT NEW.live THEN RETURN NEW; END IF;
        {_lock_above(tables)}
        SELECT * INTO own FROM {tables.gate} g WHERE g.page_id = NEW.id;
        gated := own.page_id IS NOT NULL OR {_gated_type(tables, "NEW.content_type_id")};
        IF gated THEN
            IF (NOT OLD.live OR {_differs(PAGE_CONTENT)}) AND own.publishing IS NOT TRUE THEN
                {_raise("a gated page is public by approval only")} END IF;
            SELECT {_open(tables)} INTO is_open FROM {tables.gate} g WHERE g.page_id = NEW.id;
            IF is_open IS NOT TRUE THEN {_raise("the pilot is not approved")} END IF;
        END IF;
        IF {_closed_above(tables)} THEN {_raise("nothing is live below a pilot that is not approved")} END IF;
        RETURN NEW; END"""


def _place(tables: Tables) -> str:
    step = Page.steplen
    # While a page above is moved its own row may not be there yet. An announcement stands among
    # ordinary pages and may go on doing so.
    elsewhere = f"""own.page_id IS NOT NULL AND NOT (own.top AND own.pilot_id IS NULL)
        AND EXISTS (SELECT 1 FROM {tables.page} p
        WHERE p.path = substr(NEW.path, 1, length(NEW.path) - {step}) AND NOT EXISTS (
            SELECT 1 FROM {tables.gate} g WHERE g.page_id = p.id
            AND g.programme_id = own.programme_id
            AND CASE WHEN own.top THEN g.pilot_id IS NULL ELSE g.pilot_id = own.pilot_id END
            AND (NOT NEW.live OR p.locale_id = NEW.locale_id))
        AND EXISTS (SELECT 1 FROM {tables.page} a JOIN {tables.gate} g ON g.page_id = a.id
            WHERE a.id = p.id OR a.path = substr(OLD.path, 1, length(OLD.path) - {step})))"""
    foreign = """(own.pilot_id IS NULL OR own.pilot_id <> g.pilot_id
        OR own.programme_id <> g.programme_id)"""
    return f"""DECLARE own {tables.gate}%ROWTYPE;
        BEGIN SELECT * INTO own FROM {tables.gate} g WHERE g.page_id = OLD.id;
        IF OLD.id <> NEW.id AND own.page_id IS NOT NULL THEN
            {_raise("a gated page keeps its id")} END IF;
        IF OLD.content_type_id <> NEW.content_type_id AND (own.page_id IS NOT NULL
            OR {_gated_type(tables, "OLD.content_type_id")}
            OR {_gated_type(tables, "NEW.content_type_id")}) THEN
            {_raise("a gated page keeps its type")} END IF;
        IF OLD.path <> NEW.path AND own.page_id IS NOT NULL AND ({_above(tables, foreign)}
            OR {elsewhere}) THEN {_raise("a page stays with its pilot")} END IF;
        RETURN NEW; END"""


def _address(tables: Tables) -> str:
    """Let the address of what is public follow the slugs above it, and be nothing else."""
    step = Page.steplen
    right = f"""(SELECT '/' || COALESCE(string_agg(a.slug || '/', '' ORDER BY a.path), '')
        || NEW.slug || '/' FROM {tables.page} a WHERE a.id <> NEW.id AND a.path IN (
            SELECT substr(NEW.path, 1, n)
            FROM generate_series({2 * step}, length(NEW.path) - {step}, {step}) n))"""
    own = f"EXISTS (SELECT 1 FROM {tables.gate} g WHERE g.page_id = NEW.id AND NOT g.publishing)"
    return f"""BEGIN IF NEW.live AND OLD.url_path <> NEW.url_path AND {own}
        AND NEW.url_path <> {right} THEN {_raise("a public page keeps its address")} END IF;
        RETURN NEW; END"""


def _row() -> str:
    fixed = _differs(("page_id", "programme_id", "pilot_id", "top"))
    return f"BEGIN IF {fixed} THEN {_raise('a page stays with its pilot')} END IF; RETURN NEW; END"


def _row_gone(tables: Tables) -> str:
    return f"""BEGIN UPDATE {tables.page} SET live = false, live_revision_id = NULL
        WHERE id = OLD.page_id AND live; RETURN OLD; END"""


def _opened(tables: Tables) -> str:
    return f"""BEGIN IF NEW.stage = 'approved' AND (TG_OP = 'INSERT' OR OLD.stage <> 'approved')
        AND NOT {tables.decided} THEN {_raise(UNRECORDED)} END IF; RETURN NEW; END"""


def _close(tables: Tables) -> str:
    hide = f"UPDATE {tables.page} SET {HIDDEN}"
    below = f"""id IN (SELECT p.id FROM {tables.gate} g JOIN {tables.page} a ON a.id = g.page_id
        JOIN {tables.page} p ON starts_with(p.path, a.path) WHERE p.live AND g.top AND"""
    return f"""BEGIN IF OLD.stage = 'approved' AND (TG_OP = 'DELETE' OR NEW.stage <> 'approved') THEN
        {hide} WHERE live AND id IN (SELECT page_id FROM {tables.gate} WHERE pilot_id = OLD.id);
        {hide} WHERE live AND {below} g.pilot_id = OLD.id);
        IF NOT EXISTS (SELECT 1 FROM {tables.pilot} q
            WHERE q.programme_id = OLD.programme_id AND q.stage = 'approved') THEN
            {hide} WHERE live AND {below} g.pilot_id IS NULL AND g.programme_id = OLD.programme_id);
        END IF; END IF; RETURN NULL; END"""


def _programme() -> str:
    return f"""BEGIN IF OLD.programme_id <> NEW.programme_id OR OLD.id <> NEW.id THEN
        {_raise("a pilot stays with its programme")} END IF; RETURN NEW; END"""


def _content(tables: Tables, watched: Watched) -> str:
    def public(row: str) -> str:
        return f"""EXISTS (SELECT 1 FROM {tables.page} p JOIN {tables.gate} g ON g.page_id = p.id
            WHERE p.id = {row}.{watched.page_column} AND p.live AND NOT g.publishing)"""

    refuse = _raise("what is public changes by approval only")
    # A page of which a part is deleted is hidden: an error would keep it from being deleted at all.
    return f"""BEGIN
        IF TG_OP = 'INSERT' THEN IF {public("NEW")} THEN {refuse} END IF; RETURN NEW; END IF;
        IF TG_OP = 'DELETE' THEN UPDATE {tables.page} SET {HIDDEN} WHERE id = OLD.{watched.page_column}
            AND {public("OLD")}; RETURN OLD; END IF;
        IF ({_differs(watched.content)}) AND ({public("OLD")} OR {public("NEW")}) THEN {refuse} END IF;
        RETURN NEW; END"""


def trail_functions() -> dict[str, str]:
    """Return the body of every trigger function of the audit trail, by name."""
    return trail.postgresql_functions(_raise)


def install(cursor, tables: Tables) -> None:
    """Create or replace every function and trigger, and drop those of types that are gone."""
    wanted = {**triggers(tables), **trail.postgresql_triggers()}
    for name, present in _present_triggers(cursor).items():
        if name not in wanted:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{present[0]}"')
    _create(cursor, functions(tables), triggers(tables))
    install_trail(cursor)


def install_trail(cursor) -> None:
    """Create or replace the functions and triggers of the audit trail."""
    _create(cursor, trail_functions(), trail.postgresql_triggers())


def _create(cursor, bodies: dict[str, str], wanted: dict[str, tuple[str, str]]) -> None:
    for name, body in bodies.items():
        # psycopg reads a lone % as a placeholder even without parameters in some modes.
        cursor.execute(
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $gate${body}$gate$'
        )
    for name, (table, event) in wanted.items():
        each = "STATEMENT" if event == "BEFORE TRUNCATE" else "ROW"
        cursor.execute(
            f'CREATE OR REPLACE TRIGGER "{name}" {event} ON "{table}" '
            f'FOR EACH {each} EXECUTE FUNCTION "{name}"()'
        )
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"')


def remove(cursor, prefixes: tuple[str, ...] = (PREFIX, trail.PREFIX)) -> None:
    """Drop every trigger of ours, or those whose names begin with ``prefixes``."""
    for name, (table, *_rest) in _present_triggers(cursor, prefixes).items():
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')


def missing(cursor, tables: Tables) -> list[str]:
    """Return the gate's triggers that are not there, enabled, and word for word as wanted."""
    return _differing(cursor, functions(tables), triggers(tables))


def missing_trail(cursor) -> list[str]:
    """Return the audit trail's triggers that are not there, enabled, and word for word as wanted."""
    return _differing(cursor, trail_functions(), trail.postgresql_triggers())


def _differing(cursor, bodies: dict[str, str], wanted: dict[str, tuple[str, str]]) -> list[str]:
    present = _present_triggers(cursor)
    return [
        name
        for name, (table, event) in wanted.items()
        if present.get(name) != (table, event, "A", bodies[name])
    ]


# What pg_trigger.tgtype says, as CREATE TRIGGER does. Those on TRUNCATE are FOR EACH STATEMENT, all
# others FOR EACH ROW.
EVENTS = """concat(CASE WHEN t.tgtype & 2 > 0 THEN 'BEFORE ' ELSE 'AFTER ' END, array_to_string(
    ARRAY[CASE WHEN t.tgtype & 4 > 0 THEN 'INSERT' END, CASE WHEN t.tgtype & 16 > 0 THEN
        'UPDATE' || coalesce(' OF ' || nullif((SELECT string_agg(a.attname, ', ' ORDER BY o.n)
            FROM unnest(t.tgattr::int2[]) WITH ORDINALITY o (attnum, n)
            JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = o.attnum), ''), '') END,
        CASE WHEN t.tgtype & 8 > 0 THEN 'DELETE' END, CASE WHEN t.tgtype & 32 > 0 THEN 'TRUNCATE' END],
    ' OR '))"""


def _present_triggers(
    cursor, prefixes: tuple[str, ...] = (PREFIX, trail.PREFIX)
) -> dict[str, tuple[str, str, str, str]]:
    """Return (table, when and on what, enabled, body) of every trigger of ours, by name."""
    cursor.execute(
        f"""SELECT t.tgname, c.relname, {EVENTS}, t.tgenabled::text, p.prosrc FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND (t.tgtype & 1 = 1) = (t.tgtype & 32 = 0) AND t.tgqual IS NULL
        AND starts_with(t.tgname, 'pledge_pages_') AND c.relnamespace = current_schema()::regnamespace"""
    )
    beginnings = tuple(f"{prefix}_" for prefix in prefixes)
    return {row[0]: tuple(row[1:]) for row in cursor.fetchall() if row[0].startswith(beginnings)}
