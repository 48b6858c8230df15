"""Explains a refused publication also where Wagtail asks its registry of actions, not the page."""

from typing import Any

from wagtail.actions.registry import ActionRegistry
from wagtail.models import Page

from . import objections, publication
from .errors import EmbargoError
from .gate import is_gated
from .page import refusal


def take_over_publish(registry: ActionRegistry) -> None:
    """Let whatever publishes pages by ``registry`` refuse gated ones in our words."""
    stock: Any = registry.actions[Page]["publish"]

    class PublishUnlessGated(stock):
        """The host's own action, for every page that is not gated."""

        def check(self, skip_permission_checks: bool = False):
            if is_gated(self.object) and not publication.is_open_for(self.object.pk):
                raise EmbargoError(refusal())
            if not is_gated(self.object):
                # Also for a later date, when nobody would be there to read why it was refused.
                objections.check_public(self.object)
            super().check(skip_permission_checks)

    registry.register(Page, PublishUnlessGated)
