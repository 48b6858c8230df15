"""The cookie that stands for a link, so that the address with the token is used only once.

It holds the hash of the link's token, the day on which the browser was last counted, and the
language that was chosen. It is signed, and the link is looked up at every request.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from . import links
from .models import VillageLink

COOKIE = "village"
SALT = "pledge_pages.village.admission"
# Seconds; it begins anew on every day it is used on. The link itself may end sooner.
MAX_AGE = 30 * 24 * 60 * 60


@dataclass(frozen=True)
class Admission:
    """What a browser brought along: the link it came by, and what it was told to remember."""

    link: VillageLink
    # Day on which it was counted last, as an ordinal; 0 for never.
    counted: int = 0
    language: str = ""


def admission_of(request: HttpRequest) -> Admission | None:
    """Return what ``request`` is admitted by, None if by nothing that opens now. One query."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE)
        token_hash, counted, language = kept
    except (signing.BadSignature, ValueError, TypeError):
        return None
    link = links.by_hash(str(token_hash))
    if link is None or not links.opens(link):
        return None
    return Admission(link, int(counted), str(language))


def admit(response: HttpResponseBase, admission: Admission) -> None:
    """Let the browser that gets ``response`` remember ``admission``, below these addresses only."""
    kept = [admission.link.token_hash, admission.counted, admission.language]
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=MAX_AGE,
        path=reverse("pledge_village:board"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def with_changes(admission: Admission, **changes) -> Admission:
    """Return ``admission`` with some of what it remembers changed."""
    return replace(admission, **changes)
