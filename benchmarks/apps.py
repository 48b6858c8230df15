"""The benchmark's own pages live in an app of their own, installed only while it runs."""

from django.apps import AppConfig


class BenchmarksConfig(AppConfig):
    """Peers to measure against."""

    name = "benchmarks"
    default_auto_field = "django.db.models.BigAutoField"
