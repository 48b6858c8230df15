"""Mails to people with an account: to whom one can be written, and in which language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import override


def with_address() -> QuerySet[User]:
    """Return the users who can be written to."""
    users = get_user_model().objects.filter(is_active=True).exclude(email="")
    return users.select_related("wagtail_userprofile")


def language_of(user: User) -> str:
    """Return the language in which ``user`` reads."""
    profile = getattr(user, "wagtail_userprofile", None)
    return profile.get_preferred_language() if profile else settings.LANGUAGE_CODE


def written(template: str, context: dict[str, Any], language: str) -> tuple[str, str]:
    """Return subject and text of the mail ``template`` in ``language``."""
    with override(language):
        subject = render_to_string(f"{template}_subject.txt", context)
        text = render_to_string(f"{template}.txt", context)
    return " ".join(subject.split()), text.strip() + "\n"


@dataclass
class Sent:
    """What became of letters: each is about somebody, its ``user``."""

    letters: list[Any] = field(default_factory=list)
    # Who was told not long ago, and to whom none could be sent.
    lately: list[Any] = field(default_factory=list)
    failed: list[Any] = field(default_factory=list)


def send_each(
    letters: Iterable[Any],
    *,
    send: Callable[[Any], bool],
    is_due: Callable[[Any], bool],
    dry_run: bool,
) -> Sent:
    """Send each letter that is due, or only say which. Nobody's mail stands in the way of another's.

    ``send`` returns whether one was sent.
    """
    sent = Sent()
    for letter in letters:
        try:
            done = is_due(letter) if dry_run else send(letter)
        except (OSError, SMTPException):
            sent.failed.append(letter)
        else:
            (sent.letters if done else sent.lately).append(letter)
    return sent
