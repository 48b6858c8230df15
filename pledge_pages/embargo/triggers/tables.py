"""Which tables and columns the triggers watch, read from the models."""

from dataclasses import dataclass
from functools import cache

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.models import Page

PREFIX = "pledge_pages_gate"

# Content of the base page row; the rest of it says where a page stands.
PAGE_CONTENT = (
    "title", "slug", "seo_title", "search_description", "show_in_menus", "locale_id",
    "translation_key",
)  # fmt: skip

UNRECORDED = "a pilot is approved by a recorded step only"


@dataclass(frozen=True)
class Watched:
    """A table whose rows are part of a gated page's public content."""

    table: str
    # Column that holds the page's id.
    page_column: str
    content: tuple[str, ...]
    # Whether rows come and go with revisions (children), or one stands for the page (its type).
    is_child: bool
    # Sets of columns by which a row is known: SQLite's REPLACE deletes what has the same.
    unique: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Tables:
    """Names of all tables concerned, and the gated types as (app label, model name)."""

    page: str
    gate: str
    pilot: str
    transition: str
    content_type: str
    types: tuple[tuple[str, str], ...]
    # As in Watched.unique, of pages and of pilots.
    page_unique: tuple[tuple[str, ...], ...]
    pilot_unique: tuple[tuple[str, ...], ...]
    watched: tuple[Watched, ...]
    # Tables of the audit trail, and the one by which a restored database is noticed.
    further: tuple[str, ...]

    @property
    def decided(self) -> str:
        """SQL that says whether the newest step of the new row, a pilot, approved it."""
        return f"""COALESCE((SELECT t.to_stage FROM {self.transition} t WHERE t.pilot_id = NEW.id
            ORDER BY t.id DESC LIMIT 1), '') = 'approved'"""

    def exist(self, connection) -> bool:
        """Return whether every table is there, as it is not while the first migration runs."""
        with connection.cursor() as cursor:
            there = set(connection.introspection.table_names(cursor))
        wanted = {self.page, self.gate, self.pilot, self.content_type, *self.further}
        return wanted | {watched.table for watched in self.watched} <= there

    def are_gone(self, connection) -> bool:
        """Return whether the gate's own table is not there."""
        with connection.cursor() as cursor:
            return self.gate not in connection.introspection.table_names(cursor)


@cache
def gated_tables() -> Tables:
    """Return the tables of the gated types that are installed."""
    from django.contrib.contenttypes.models import ContentType

    from ...pilots.models import Pilot, Transition
    from ..gate import gated_types
    from ..models import GatedPage, Whereabouts
    from .trail import lines

    types = sorted(gated_types(), key=lambda model: model._meta.label)
    watched: dict[str, Watched] = {}
    for model in types:
        for entry in (*_type_tables(model), *_child_tables(model)):
            watched[entry.table] = entry
    return Tables(
        page=Page._meta.db_table,
        gate=GatedPage._meta.db_table,
        pilot=Pilot._meta.db_table,
        transition=Transition._meta.db_table,
        content_type=ContentType._meta.db_table,
        types=tuple((model._meta.app_label, model._meta.model_name) for model in types),
        page_unique=unique_columns(Page),
        pilot_unique=unique_columns(Pilot),
        watched=tuple(watched[name] for name in sorted(watched)),
        further=(Whereabouts._meta.db_table, *(kept.table for kept in lines())),
    )


def _type_tables(model: type[Page]) -> list[Watched]:
    """Return the tables of ``model`` below the base page's, one for each concrete class."""
    tables = []
    for cls in (model, *model._meta.get_parent_list()):
        if cls is Page or not issubclass(cls, Page):
            continue
        link = cls._meta.pk
        columns = [f.column for f in cls._meta.local_concrete_fields if not f.primary_key]
        if columns:
            tables.append(
                Watched(cls._meta.db_table, link.column, tuple(columns), False, unique_columns(cls))
            )
    return tables


def _child_tables(model: type[Page]) -> list[Watched]:
    """Return the tables of children that belong to ``model`` and not to every page."""
    tables = []
    for relation in get_all_child_relations(model):
        if relation.model is Page or relation.field.remote_field.model is Page:
            continue
        child: type[models.Model] = relation.related_model
        parent_column = relation.field.column
        columns = [
            field.column
            for field in child._meta.local_concrete_fields
            if field.column and not field.primary_key and field.column != "sort_order"
        ]
        tables.append(
            Watched(
                child._meta.db_table, parent_column, tuple(columns), True, unique_columns(child)
            )
        )
    return tables


def unique_columns(
    model: type[models.Model], *, of_all: bool = False
) -> tuple[tuple[str, ...], ...]:
    """Return the sets of columns of the table of ``model`` that no two rows may share.

    With ``of_all`` without those that only some of the rows must not share.
    """
    meta = model._meta
    column = {field.name: field.column for field in meta.local_concrete_fields}
    sets: list[tuple[str | None, ...]] = [
        (field.column,) for field in meta.local_concrete_fields if field.unique
    ]
    together = [tuple(names) for names in meta.unique_together]
    together += [
        tuple(c.fields)
        for c in meta.constraints
        if isinstance(c, models.UniqueConstraint) and not (of_all and c.condition)
    ]
    sets += [tuple(column[name] for name in names) for names in together if names]
    return tuple(sorted({tuple(name for name in names if name) for names in sets}))


def gated_child_models() -> list[type[models.Model]]:
    """Return the models whose rows are children of gated pages and of no other."""
    from ..gate import gated_types

    found = {
        relation.related_model
        for model in gated_types()
        for relation in get_all_child_relations(model)
        if relation.model is not Page and relation.field.remote_field.model is not Page
    }
    return sorted(found, key=lambda model: model._meta.label)
