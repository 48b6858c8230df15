"""The plugin's addresses outside of the page tree."""

from django.urls import include, path, re_path

from .api import v1

urlpatterns = [
    path("api/v1/", v1.urls()),
    path("supervision/", include("pledge_pages.supervision.urls")),
    # Below the village view, whose cookie goes no further.
    path("v/supervision/", include("pledge_pages.supervision.village_urls")),
    path("v/", include("pledge_pages.village.urls")),
    path("photos/", include("pledge_pages.photos.urls")),
    # With the language in front, as the pages around it have it.
    re_path(r"^(?P<language>[a-z]{2,3}(?:-[a-z]{2,8})?)/mine/", include("pledge_pages.mine.urls")),
]
