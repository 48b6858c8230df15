"""Addresses of private files, below wherever the plugin mounts them."""

from django.urls import re_path

from . import serving

app_name = "pledge_photos"

urlpatterns = [
    # Not even asked for with a NUL in it: PostgreSQL refuses that as text.
    re_path(
        r"^evidence/(?P<token>[^/\0]+)\.(?P<extension>[^/\0]+)$", serving.evidence, name="evidence"
    ),
    re_path(r"^(?P<token>[^/\0]+)/(?P<spec>[^/\0]+)\.jpg$", serving.photo, name="photo"),
    # The rest is answered here too, or the plainest 404 would differ from the others.
    re_path(r"^(?P<rest>.*)$", serving.nothing),
]
