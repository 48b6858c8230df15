"""Saves a visitor's request to a programme a query on its way."""

from typing import Any

from django.http import HttpRequest


class AboveProgrammes:
    """Mixin for the page type of the host's that programmes stand below; optional.

    Wagtail finds a child in two queries: which page it is, and then the page. A programme, and with
    it each of its boards and members' pages, is found in one here.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Return the page at ``path_components`` below this one, as Wagtail does."""
        from .models import ProgrammePage

        if path_components:
            programmes = ProgrammePage.objects.child_of(self)
            page = programmes.filter(slug=path_components[0]).first()
            if page is not None:
                page._cached_parent_obj = self
                return page.route(request, path_components[1:])
        return super().route(request, path_components)  # type: ignore[misc]
