"""The plugin's addresses outside of the page tree."""

from django.urls import include, path

urlpatterns = [
    path("photos/", include("pledge_pages.photos.urls")),
]
