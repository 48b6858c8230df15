"""Wagtail's API v2 for pages, as stock but for what it forgets.

A site may mount the stock endpoint instead: what is embargoed stays hidden there as well.
"""

from django.core.exceptions import ValidationError
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet

from ..embargo import gate


class BoardsPagesAPIViewSet(PagesAPIViewSet):
    """Lists pages with their language in the same query, and answers 400 to bad values.

    While the database's embargo triggers are missing, it knows no gated page.
    """

    def get_base_queryset(self):
        """Return the public pages."""
        pages = super().get_base_queryset()
        return pages if gate.may_serve() else pages.not_exact_type(*gate.gated_types())

    def get_queryset(self):
        """Return the pages of the types asked for."""
        return super().get_queryset().select_related("locale")

    def filter_queryset(self, queryset):
        """Return the pages asked for. BadRequestError for a value that its field cannot have."""
        try:
            return super().filter_queryset(queryset)
        except (ValidationError, ValueError) as error:
            raise BadRequestError("a filter has a value that its field cannot have") from error

    def find_object(self, queryset, request):
        """Return the page asked for. BadRequestError for an id that is no number."""
        try:
            return super().find_object(queryset, request)
        except ValueError as error:
            raise BadRequestError("id must be a positive integer") from error
