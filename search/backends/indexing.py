"""What is written to the index for an object: shared by both databases."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Manager
from django.utils.encoding import force_str
from wagtail.search.index import AutocompleteField, Indexed, RelatedFields, SearchField
from wagtail.search.models import IndexEntry
from wagtail.search.utils import get_content_type_pk

from search.bigrams import LONGEST_TEXT, fold

#: Stands between two texts of one column, so that no query matches across them.
BREAK = "\n"


class BigramIndex:
    """Writes index entries; mixed into the stock index class of each database."""

    #: The columns of an index entry besides the object it belongs to.
    columns: tuple[str, ...] = ()

    def as_columns(self, folded: dict[str, list[str]]) -> dict[str, str]:
        """Turn the folded texts of title, body and autocomplete into column values."""
        raise NotImplementedError

    def add_items(self, model: type[Indexed], objs: Iterable[Indexed]) -> None:
        """Insert or replace the index entries of objects of one model."""
        if not model.get_search_fields():
            return
        content_type_id = get_content_type_pk(model)
        IndexEntry._default_manager.bulk_create(
            [
                IndexEntry(
                    content_type_id=content_type_id,
                    object_id=force_str(obj.pk),
                    **self.as_columns(folded_texts(obj)),
                )
                for obj in objs
            ],
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=list(self.columns),
        )

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing is ranked by title length, so the whole table need not be read on each save."""


def folded_texts(obj: Indexed) -> dict[str, list[str]]:
    """The folded texts of an object by index column, each column cut at ``LONGEST_TEXT``."""
    texts: dict[str, list[str]] = {"title": [], "body": [], "autocomplete": []}
    for field, text in _indexed_texts(obj, obj.get_search_fields()):
        if isinstance(field, AutocompleteField):
            column = "autocomplete"
        else:
            column = "title" if field.field_name == "title" else "body"
        room = LONGEST_TEXT - sum(map(len, texts[column]))
        if folded := fold(text)[:room]:
            texts[column].append(folded)
    return texts


def _indexed_texts(obj: Indexed, fields: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for field in fields:
        if isinstance(field, RelatedFields):
            for related in _related(field.get_value(obj)):
                yield from _indexed_texts(related, field.fields)
        elif isinstance(field, SearchField | AutocompleteField):
            for text in plain_texts(field.get_value(obj)):
                yield field, text


def _related(value: Any) -> Iterable[Indexed]:
    if isinstance(value, Manager):
        return value.all()
    if callable(value):
        value = value()
    return [] if value is None else [value]


def plain_texts(value: Any) -> Iterator[str]:
    """The texts of a search field's value: nothing for None, the items of a list or a dict."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple | set):
        for item in value:
            yield from plain_texts(item)
    elif value is not None:
        yield force_str(value)
