"""Builds the addresses of private files. Knowing an address opens nothing; see ``serving``."""

import secrets

from django.urls import reverse

# Names of the address patterns in photos/urls.py.
PHOTO_VIEW = "pledge_photos:photo"
EVIDENCE_VIEW = "pledge_photos:evidence"


def new_token() -> str:
    """Return an address part that cannot be guessed: 144 random bits, 24 characters."""
    return secrets.token_urlsafe(18)


def private_name(folder: str, extension: str) -> str:
    """Return a random path for a stored file; nothing of an original name is kept."""
    name = secrets.token_hex(16)
    return f"{folder}/{name[:2]}/{name}.{extension}"


def photo_url(token: str, spec: str, view: str = PHOTO_VIEW) -> str:
    """Return the address of a photo in one of its sizes.

    ``view`` names the address pattern, for views that show photos to other readers.
    """
    return reverse(view, kwargs={"token": token, "spec": spec})


def evidence_url(token: str, extension: str, view: str = EVIDENCE_VIEW) -> str:
    """Return the address of an evidence file."""
    return reverse(view, kwargs={"token": token, "extension": extension})
