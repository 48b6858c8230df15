"""The plugin's addresses outside of the page tree."""

from django.urls import include, path

app_name = "pledge_pages"

urlpatterns = [
    path("photos/", include("pledge_pages.photos.urls")),
]
