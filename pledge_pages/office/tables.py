"""Columns of the office's lists: a stage as word and shape, a plain link; an answer in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column

from ..pilots.models import Pilot
from ..pilots.stages import Stage

# Stage -> shape, so that it is not told by colour or words alone.
STAGE_SHAPES = {
    Stage.PROPOSED: "○",
    Stage.AGREED: "◔",
    Stage.QUIET: "◑",
    Stage.REVIEWED: "◕",
    Stage.APPROVED: "●",
    Stage.SUSPENDED: "■",
    Stage.ENDED: "✕",
}


def stage_context(pilot: Pilot) -> dict[str, str]:
    """Return what the stage template needs to show the stage of ``pilot``."""
    return {"stage_shape": STAGE_SHAPES[Stage(pilot.stage)], "stage": pilot.get_stage_display()}


class StageColumn(Column):
    """A pilot's stage as a word and a shape."""

    cell_template_name = "pledge_pages/office/stage_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, **stage_context(instance)}


class LinkColumn(Column):
    """A link of ordinary weight; plain text where ``get_url`` returns None.

    ``get_label`` returns what a screen reader says instead of the short text.
    """

    cell_template_name = "pledge_pages/office/link_cell.html"

    def __init__(
        self, *args, get_url: Callable, get_label: Callable | None = None, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.get_url = get_url
        self.get_label = get_label

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        label = self.get_label(instance) if self.get_label else ""
        return {**context, "url": self.get_url(instance), "label": label}


def yes_or_no(answer: bool) -> str:
    """Return an answer in words; Wagtail's column for it has a sign, and an English word."""
    return _("Yes") if answer else _("No")
