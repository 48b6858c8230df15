"""Refuses what everyone sees as soon as it is saved, and no approval waits for: labels, files, redirects.

Offices, posts, categories, names of branches and titles of evidence stand on public pages; pictures and
documents of the site are on its lists and in its APIs; a redirect answers at once.
"""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import m2m_changed, pre_save
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from taggit.models import Tag

from ..people.models import Office, Post
from ..photos.models import EvidenceFile
from ..pilots.models import Pilot
from ..rulebook.models import Category
from .reading import Passage, passages
from .refusing import QuietWordsError
from .watching import Issue, Watch
from .wording import refusal_of_record

ASKED = "asks_for_quiet_words"


def watched_files() -> list[type[models.Model]]:
    """Return the models of the site's own pictures and documents."""
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model

    return [get_image_model(), get_document_model()]


def watched() -> list[type[models.Model]]:
    """Return every model whose rows are looked at before they are saved."""
    found: list[type[models.Model]] = [Office, Post, Category, Pilot, EvidenceFile, Tag]
    if apps.is_installed("wagtail.contrib.redirects"):
        from wagtail.contrib.redirects.models import Redirect

        found.append(Redirect)
    return [*found, *watched_files()]


def watch_records() -> None:
    """Look at every record before it is saved by any way, and in forms before that."""
    for model in watched():
        pre_save.connect(guard_record, sender=model, dispatch_uid=f"pledge_pages.said.{model}")
        _ask_when_cleaned(model)
    for model in watched_files():
        m2m_changed.connect(
            guard_tags,
            sender=model._meta.get_field("tags").through,  # type: ignore[union-attr]
            dispatch_uid="pledge_pages.tagged",
        )


def guard_record(
    sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any
) -> None:
    """Before a record is saved: raise QuietWordsError naming each place that must not be public."""
    if not raw:
        check_record(instance)


def guard_tags(
    sender: type[models.Model],
    instance: models.Model,
    action: str,
    pk_set: Iterable[int] | None,
    reverse: bool = False,
    **kwargs: Any,
) -> None:
    """Before a picture or document is tagged: raise QuietWordsError if a tag says too much."""
    if action == "pre_add" and not reverse and isinstance(instance, tuple(watched_files())):
        names = Tag.objects.filter(pk__in=pk_set or ()).values_list("name", flat=True)
        check_tags(instance, names)


def check_record(instance: models.Model) -> None:
    """Raise QuietWordsError if ``instance``, as it is in memory, says more than it did before."""
    said = list(passages(instance))
    if isinstance(instance, Tag) and instance.pk is None:
        return  # nothing bears it yet
    if _texts(said) <= _said_before(instance):
        return
    _refuse(_issues_in(instance, said))


def check_tags(instance: models.Model, names: Iterable[str]) -> None:
    """Raise QuietWordsError if ``instance`` must not bear the tags called ``names``."""
    label = capfirst(_("tags"))
    tags = [Passage(f"tags[{number}]", label, name) for number, name in enumerate(names)]
    own = {tag.path for tag in tags}
    said = [one for one in passages(instance) if not one.path.startswith("tags[")]
    _refuse([one for one in _issues_in(instance, [*said, *tags]) if one.path in own])


def _issues_in(instance: models.Model, said: list[Passage]) -> list[Issue]:
    """Return what must not be public of what a record says.

    What belongs to a branch is shown with it: the words of its own programme are no secret then.
    """
    pilot = instance if isinstance(instance, Pilot) else getattr(instance, "pilot", None)
    if not isinstance(pilot, Pilot):
        return Watch().issues_in(said)
    opening = [pilot.pk] if pilot.pk else []
    watch = Watch(opening, announcing=[pilot.programme_id])
    return watch.issues_in(said, own=pilot.pk)


def _refuse(issues: list[Issue]) -> None:
    if issues:
        raise QuietWordsError(issues, refusal_of_record(issues))


def _texts(said: Iterable[Passage]) -> set[tuple[str, str]]:
    return {(passage.path, passage.text) for passage in said}


def _said_before(instance: models.Model) -> set[tuple[str, str]]:
    if instance.pk is None:
        return set()
    row = type(instance)._base_manager.filter(pk=instance.pk).first()
    return _texts(passages(row)) if row is not None else set()


def _ask_when_cleaned(model: type[models.Model]) -> None:
    """Let forms say what stands in the way, where the signal could only refuse the whole request."""
    stock: Any = model.clean
    if getattr(stock, ASKED, False):
        return

    @wraps(stock)
    def clean(self: models.Model) -> None:
        stock(self)
        try:
            check_record(self)
        except QuietWordsError as error:
            raise ValidationError(str(error)) from error

    setattr(clean, ASKED, True)
    model.clean = clean  # type: ignore[method-assign]
