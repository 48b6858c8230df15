"""Addresses of the forms for everyone."""

from django.urls import path, re_path

from . import views

app_name = "pledge_supervision"

urlpatterns = [
    path("receipt/", views.receipt, name="receipt"),
    # The public identifier of a member, or the key of a board.
    path("<str:word>/", views.form, name="form"),
    # The rest is answered here too, or the plainest 404 would differ from the others.
    re_path(r"^(?P<rest>.*)$", views.nothing),
]
