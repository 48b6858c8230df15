"""Why something is not printed."""

from django.core.exceptions import ValidationError


class PrintError(ValidationError):
    """Something cannot be printed as it was asked for; the messages say why."""
