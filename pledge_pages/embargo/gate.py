"""Asks the gate: is this page gated, may it be served, what stands above it."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction

from ..pilots.stages import Stage
from . import restored, triggers
from .models import GatedPage


def gated_types() -> list[type[Page]]:
    """Return every concrete page type whose pages are gated."""
    from wagtail.models import get_page_models

    from .page import Gated

    return [model for model in get_page_models() if issubclass(model, Gated)]


def is_gated(page: Page) -> bool:
    """Return whether ``page`` (of whatever class it was loaded as) is of a gated type."""
    from .page import Gated

    if isinstance(page, Gated):
        return True
    if page.content_type_id is None:
        return False
    model = ContentType.objects.get_for_id(page.content_type_id).model_class()
    return model is not None and issubclass(model, Gated)


def gate_of(page: Page) -> GatedPage | None:
    """Return the gate of ``page``, or None if it has none."""
    return GatedPage.objects.select_related("pilot", "programme").filter(page_id=page.pk).first()


def lock_rows(page_ids: Iterable[int]) -> None:
    """Lock the rows of these pages until the transaction ends. Pilots are locked before pages."""
    list(Page.objects.select_for_update().filter(pk__in=page_ids).order_by("pk").values_list("pk"))


def ancestor_paths(path: str) -> list[str]:
    """Return the tree paths of what stands above ``path``, root first."""
    return [path[:end] for end in range(Page.steplen, len(path), Page.steplen)]


def without_restricted(pages: QuerySet, *, below: Page | None = None) -> QuerySet:
    """Leave out pages that not everyone may view who may view ``below``, where they are listed.

    A restriction on ``below`` itself, or above it, was asked for already; every one counts if it
    is None. An alias is restricted as its source is.
    """
    depth = below.depth if below is not None else 0
    restrictions = PageViewRestriction.objects.alias(
        here=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(
        Q(here__startswith=F("page__path"), page__depth__gt=depth)
        | Q(here__startswith=F("page__aliases__path"), page__aliases__depth__gt=depth)
    )
    return pages.exclude(Exists(restrictions))


def closed_gate_above(path: str) -> GatedPage | None:
    """Return the first gate above ``path`` that is not open, or None."""
    if len(path) <= Page.steplen:
        return None
    gates = (
        GatedPage.objects.filter(page__path__in=ancestor_paths(path))
        .filter(~Q(pilot__stage=Stage.APPROVED) | Q(pilot__isnull=True))
        .select_related("pilot", "programme")
    )
    return next((gate for gate in gates if not gate.is_open), None)


def may_serve() -> bool:
    """Return whether gated content may be served and released by this process at all.

    False while the database's triggers are missing, for then the gate has no lock; and while a
    database that was put back from a copy waits for a lead to confirm it.
    """
    return triggers.verified() and restored.verified()


def why_closed() -> str:
    """Return why nothing gated may be served or released now; an empty string if it may."""
    if not triggers.verified():
        return _("The database's embargo triggers are missing.")
    if not restored.verified():
        return _("The database was put back from a copy, and a lead has to confirm it first.")
    return ""
