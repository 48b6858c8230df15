"""How the gate says no."""

from django.core.exceptions import PermissionDenied, ValidationError


class EmbargoError(PermissionDenied):
    """A way to publish, move or change a gated page that is refused; the message says what to do.

    It is a PermissionDenied so that Wagtail's admin, its APIs and Django answer 403 to it and
    never 500.
    """


class ReviewError(EmbargoError):
    """A review that cannot begin; what was to be reviewed can be kept as a draft."""


class ReleaseError(ValidationError):
    """Pilots that cannot be approved or suspended; the messages name each pilot and reason."""
