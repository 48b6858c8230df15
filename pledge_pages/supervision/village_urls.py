"""Addresses of the forms in the village view; the rest below is answered by the view itself."""

from django.urls import path

from . import village_views

app_name = "pledge_village_supervision"

urlpatterns = [
    path("", village_views.about_branch, name="branch"),
    path("receipt/", village_views.receipt, name="receipt"),
    path("<str:public_id>/", village_views.about_member, name="member"),
]
