"""How a page will look to those who read it, drawn from drafts.

Rooms above add readers of their own: they :func:`register` them when Django starts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from wagtail.models import Page


@dataclass(frozen=True)
class Preview:
    """A kind of reader, and what draws an unsaved page for them."""

    mode: str
    label: Promise
    draw: Callable[[Page, HttpRequest], HttpResponseBase]


_registered: dict[str, Preview] = {}


def register(preview: Preview) -> None:
    """Offer ``preview`` in the editor of boards and members' pages."""
    _registered[preview.mode] = preview


class Previewed:
    """Mixin for pages that can be seen with the eyes of each kind of reader. Put before ``Page``."""

    @property
    def preview_modes(self) -> list[tuple[str, Promise | str]]:
        """The kinds of readers that the editor offers: the public, and what rooms above add."""
        public = ("", gettext_lazy("As the public will see it"))
        return [public, *((each.mode, each.label) for each in _registered.values())]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """Draw the page as it is in memory for the readers of that mode."""
        preview = _registered.get(mode_name)
        if preview is None:
            return super().serve_preview(request, mode_name)  # type: ignore[misc]
        request.is_preview = True  # type: ignore[attr-defined]
        return preview.draw(self, request)  # type: ignore[arg-type]
