"""The plugin's addresses outside of the page tree."""

from django.urls import include, path

from .api import v1

urlpatterns = [
    path("api/v1/", v1.urls()),
    path("supervision/", include("pledge_pages.supervision.urls")),
    # Below the village view, whose cookie goes no further.
    path("v/supervision/", include("pledge_pages.supervision.village_urls")),
    path("v/", include("pledge_pages.village.urls")),
    path("photos/", include("pledge_pages.photos.urls")),
]
