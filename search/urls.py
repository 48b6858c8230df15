"""The address of the search page; mounted below the language prefix."""

from django.urls import path

from .views import search

urlpatterns = [path("", search, name="search")]
