"""What the plugin's commands have in common."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation


class EnglishCommand(BaseCommand):
    """A command that answers in English, whatever the site speaks, as Django's own do."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with translation.override("en"):
            return super().execute(*args, **options)
