"""Addresses of the village view, below wherever the plugin mounts them."""

from django.urls import path, re_path

from . import views

app_name = "pledge_village"

urlpatterns = [
    path("", views.board, name="board"),
    path("photos/<str:token>/<str:spec>.jpg", views.photo, name="photo"),
    path("evidence/<str:token>.<str:extension>", views.evidence, name="evidence"),
    # A token, or the public identifier of a member.
    path("<str:word>/", views.page, name="page"),
    path("<str:word>", views.page),
    # The rest is answered here too, or the plainest 404 would differ from the others.
    re_path(r"^(?P<rest>.*)$", views.nothing),
]
