"""Makes wagtail-localize save translations of gated pages as drafts.

It writes the translated content straight into the page's row and then publishes it. For a gated
page the row of a public translation must stand still, and publishing is a moderator's decision.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from django.apps import apps
from wagtail.models import GroupPagePermission, Page, WorkflowPage

_drafting: ContextVar[bool] = ContextVar("pledge_pages_drafting", default=False)


def is_drafting() -> bool:
    """Return whether wagtail-localize is writing a translation that has to stay a draft."""
    return _drafting.get()


@contextmanager
def drafting() -> Iterator[None]:
    """Let saves of public gated pages inside the block keep their public content."""
    token = _drafting.set(True)
    try:
        yield
    finally:
        _drafting.reset(token)


def take_over_translations() -> None:
    """Wrap wagtail-localize's writer, if it is installed."""
    if not apps.is_installed("wagtail_localize"):
        return
    from wagtail_localize.models import TranslationSource

    from .page import Gated

    stock = TranslationSource.create_or_update_translation
    if getattr(stock, "knows_the_gate", False):
        return

    @wraps(stock)
    def create_or_update_translation(self, locale, user=None, publish=True, **kwargs):
        model = self.specific_content_type.model_class()
        if model is None or not issubclass(model, Gated):
            return stock(self, locale, user=user, publish=publish, **kwargs)
        with drafting():
            translated, created = stock(self, locale, user=user, publish=False, **kwargs)
        share_staff(translated)
        return translated, created

    create_or_update_translation.knows_the_gate = True
    TranslationSource.create_or_update_translation = create_or_update_translation


def share_staff(page: Page) -> None:
    """Give who works on ``page``, and on what stands above it, in another language the same here.

    A board that came to be by a translation would have no staff and no review otherwise.
    """
    above = page.get_ancestors(inclusive=True).filter(gate__isnull=False)
    for gated in above.filter(group_permissions__isnull=True):
        others = Page.objects.filter(translation_key=gated.translation_key).exclude(pk=gated.pk)
        permissions = GroupPagePermission.objects.filter(page__in=others)
        for group, permission in set(permissions.values_list("group", "permission")):
            GroupPagePermission.objects.create(page=gated, group_id=group, permission_id=permission)
        review = WorkflowPage.objects.filter(page__in=others).first()
        if review is not None and not WorkflowPage.objects.filter(page=gated).exists():
            WorkflowPage.objects.create(page=gated, workflow_id=review.workflow_id)
