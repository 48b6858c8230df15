"""Addresses of private files, below wherever the plugin mounts them."""

from django.urls import path, re_path

from . import serving

app_name = "pledge_photos"

urlpatterns = [
    path("evidence/<str:token>.<str:extension>", serving.evidence, name="evidence"),
    path("<str:token>/<str:spec>.jpg", serving.photo, name="photo"),
    # The rest is answered here too, or the plainest 404 would differ from the others.
    re_path(r"^(?P<rest>.*)$", serving.nothing),
]
