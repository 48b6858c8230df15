"""What can go wrong with a report."""

from django.core.exceptions import ValidationError


class ReportError(ValidationError):
    """A step cannot follow, or a text will not do; the message names the field and the reason."""
