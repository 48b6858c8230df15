"""What can go wrong when a pilot is moved."""

from django.core.exceptions import PermissionDenied, ValidationError


class StageError(ValidationError):
    """The step cannot follow where the pilot stands; the message names pilot, stage and reason."""


class NotAllowed(PermissionDenied):
    """The person may not take this step; the message says who may."""
