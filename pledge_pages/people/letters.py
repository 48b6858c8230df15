"""Mails to people with an account: to whom one can be written, and in which language."""

from __future__ import annotations

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
