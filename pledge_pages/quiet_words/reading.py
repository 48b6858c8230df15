"""Reads all that a page, a snippet, a picture or a document says, and what it refers to.

It reads what an object holds in memory, so a draft is read before it is saved.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import ClusterableModel, get_all_child_relations
from taggit.managers import TaggableManager
from wagtail import blocks
from wagtail.documents.models import AbstractDocument
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import Page, ReferenceIndex

from ..photos.models import EvidenceFile, MemberPhoto
from .rich_text import parts_of

# Texts that repeat others, or that nobody sees.
LEFT_OUT = frozenset({"path", "url_path", "draft_title", "file_hash", "content_type"})
# Rows that belong to the editor and are never published.
EDITORS_OWN = frozenset({"wagtail_admin_comments", "index_entries", "tagged_items"})


@dataclass(frozen=True)
class Passage:
    """One text: where it stands, as a program and as a person says it."""

    path: str
    label: str
    text: str
    # Kind, id, start and end of each link in it that leads to a record.
    links: tuple[tuple[str, str, int, int], ...] = ()


@dataclass(frozen=True)
class Reference:
    """Something else that is referred to: its model and id."""

    path: str
    label: str
    model: type[models.Model]
    pk: str


def passages(instance: models.Model) -> Iterator[Passage]:
    """Yield every text of ``instance``: its fields, rows, blocks, tags, and of files chosen in it.

    Titles of evidence are records of their own, and none of these: see :func:`evidence_titles`.
    """
    for passage in _of_model(instance, "", ""):
        if passage.text.strip() or passage.links:
            yield passage


def _of_model(instance: models.Model, path: str, label: str) -> Iterator[Passage]:
    for field in instance._meta.get_fields():
        if isinstance(field, TaggableManager):
            yield from _of_tags(instance, field.name, _join(path, field.name), _say(label, field))
        elif isinstance(field, models.Field) and field.name not in LEFT_OUT:
            yield from _of_field(instance, field, _join(path, field.name), _say(label, field))
    if isinstance(instance, ClusterableModel):
        for relation in get_all_child_relations(instance):
            name = relation.get_accessor_name()
            if name in EDITORS_OWN:
                continue
            row_name = capfirst(force_str(relation.related_model._meta.verbose_name))
            for number, row in enumerate(getattr(instance, name).all()):
                said = f"{row_name} {number + 1}"
                yield from _of_model(
                    row, _join(path, f"{name}[{number}]"), f"{label} › {said}" if label else said
                )


def _of_field(
    instance: models.Model, field: models.Field, path: str, label: str
) -> Iterator[Passage]:
    if isinstance(field, StreamField):
        value = getattr(instance, field.name)
        yield from _of_block(value.stream_block, value, path, label)
    elif isinstance(field, RichTextField):
        yield from _of_html(getattr(instance, field.name) or "", path, label)
    elif isinstance(field, models.ForeignKey):
        # Photos of members bear nothing but a number.
        own = issubclass(field.related_model, MemberPhoto)
        if issubclass(field.related_model, AbstractImage | AbstractDocument) and not own:
            chosen = _chosen(instance, field)
            if chosen is not None:
                yield from of_file(chosen, path, label)
    elif isinstance(field, models.FileField):
        yield Passage(path, label, posixpath.basename(getattr(instance, field.name).name or ""))
    elif isinstance(field, models.JSONField):
        yield from _of_data(getattr(instance, field.name), path, label)
    elif isinstance(field, models.CharField | models.TextField) and not field.choices:
        yield Passage(path, label, force_str(getattr(instance, field.name) or ""))


def evidence_titles(instance: models.Model) -> Iterator[Passage]:
    """Yield the titles of the evidence files that rows of ``instance`` refer to."""
    found = [one for one in references(instance) if issubclass(one.model, EvidenceFile)]
    titles = dict(
        EvidenceFile.objects.filter(pk__in={one.pk for one in found}).values_list("pk", "title")
    )
    for reference in found:
        title = titles.get(int(reference.pk), {})
        yield from _of_data(title, f"{reference.path}.title", reference.label)


def _chosen(instance: models.Model, field: models.ForeignKey) -> Any:
    try:
        return getattr(instance, field.name)
    except ObjectDoesNotExist:
        # Deleted since the draft was saved.
        return None


def of_file(chosen: AbstractImage | AbstractDocument, path: str, label: str) -> Iterator[Passage]:
    """Yield what a picture or document says wherever it is shown: title, alt text, file name, tags."""
    yield Passage(f"{path}.title", f"{label} › {_('title of the file')}", chosen.title or "")
    description = getattr(chosen, "description", "") or ""
    yield Passage(f"{path}.description", f"{label} › {_('description of the file')}", description)
    name = posixpath.basename(chosen.file.name or "")
    yield Passage(f"{path}.file", f"{label} › {_('file name')}", name)
    if hasattr(chosen, "tags"):
        yield from _of_tags(chosen, "tags", f"{path}.tags", f"{label} › {_('tags')}")


def _of_tags(instance: models.Model, name: str, path: str, label: str) -> Iterator[Passage]:
    if instance.pk is None and not isinstance(instance, ClusterableModel):
        return
    for number, tag in enumerate(getattr(instance, name).all()):
        yield Passage(f"{path}[{number}]", label, tag.name)


def _of_html(html: str, path: str, label: str) -> Iterator[Passage]:
    parts = parts_of(html)
    yield Passage(path, label, parts.text, tuple(parts.references))
    said = {"alt": _("alternative text"), "href": _("link address"), "title": _("title")}
    for number, attribute in enumerate(parts.attributes):
        yield Passage(
            f"{path}.{attribute.name}[{number}]",
            f"{label} › {said.get(attribute.name, attribute.name)}",
            attribute.text,
        )
    for number, (kind, pk, *_place) in enumerate(parts.references):
        chosen = _file_of(kind, pk)
        if chosen is not None:
            yield from of_file(chosen, f"{path}.{kind}[{number}]", label)


def _file_of(kind: str, pk: str) -> Any:
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model

    model = {"image": get_image_model, "document": get_document_model}.get(kind)
    if model is None or not pk.isdecimal():
        return None
    return model().objects.filter(pk=pk).first()


# Blocks ------------------------------------------------------------------------------------


def _of_block(block: blocks.Block, value: Any, path: str, label: str) -> Iterator[Passage]:
    """Yield the texts of the value of one block, at any depth."""
    if value is None:
        return
    if isinstance(value, AbstractImage | AbstractDocument):
        yield from of_file(value, path, label)
        alt = getattr(value, "contextual_alt_text", None)
        if alt:
            yield Passage(f"{path}.alt", f"{label} › {_('alternative text')}", alt)
    elif isinstance(block, blocks.BaseStreamBlock):
        for number, child in enumerate(value):
            said = _block_label(label, child.block)
            yield from _of_block(child.block, child.value, f"{path}[{number}]", said)
    elif isinstance(block, blocks.ListBlock):
        for number, child in enumerate(value):
            yield from _of_block(block.child_block, child, f"{path}[{number}]", label)
    elif isinstance(block, blocks.BaseStructBlock) and isinstance(value, Mapping):
        for name, child_block in block.child_blocks.items():
            said = _block_label(label, child_block)
            yield from _of_block(child_block, value.get(name), f"{path}.{name}", said)
    elif isinstance(block, blocks.RichTextBlock):
        yield from _of_html(value.source, path, label)
    elif isinstance(block, blocks.RawHTMLBlock):
        yield from _of_html(force_str(value), path, label)
    elif isinstance(block, blocks.ChooserBlock):
        return
    else:
        yield from _of_data(block.get_prep_value(value), path, label)


def _block_label(label: str, block: blocks.Block) -> str:
    return f"{label} › {capfirst(force_str(block.label))}" if block.label else label


def _of_data(data: Any, path: str, label: str) -> Iterator[Passage]:
    """Yield every text in plain data: what JSON and blocks that are not known here hold."""
    if isinstance(data, str):
        yield Passage(path, label, data)
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _of_data(value, f"{path}.{name}", label)
    elif isinstance(data, list | tuple):
        for number, value in enumerate(data):
            yield from _of_data(value, f"{path}[{number}]", label)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _say(label: str, field: Any) -> str:
    name = capfirst(force_str(field.verbose_name))
    return f"{label} › {name}" if label else name


# References --------------------------------------------------------------------------------


def references(instance: models.Model) -> Iterator[Reference]:
    """Yield what ``instance`` refers to by record: chosen pages and files, links in rich text."""
    from django.contrib.contenttypes.models import ContentType

    for content_type, pk, _model_path, path in ReferenceIndex._extract_references_from_object(
        instance
    ):
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model is not None:
            yield Reference(path, _label_of(instance, path), model, pk)


def _label_of(instance: models.Model, path: str) -> str:
    """Return what a person calls the field that ``path`` begins with."""
    name = path.partition(".")[0]
    try:
        field = instance._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    related = getattr(field, "related_model", None)
    if getattr(field, "one_to_many", False) and related is not None:
        return capfirst(force_str(related._meta.verbose_name))
    return capfirst(force_str(getattr(field, "verbose_name", name)))


def live_objects() -> Iterator[tuple[type[models.Model], models.QuerySet]]:
    """Yield the models whose rows everyone can see, with those rows: pages, snippets, files."""
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model
    from wagtail.snippets.models import get_snippet_models

    yield Page, Page.objects.live().order_by("pk").specific()
    for model in (*get_snippet_models(), get_image_model(), get_document_model()):
        rows = model._default_manager.order_by("pk")
        live = any(field.name == "live" for field in model._meta.get_fields())
        yield model, rows.filter(live=True) if live else rows
