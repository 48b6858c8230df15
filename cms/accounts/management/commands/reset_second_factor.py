"""For somebody who has lost both the phone and the recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Removes a user's second factor; they set up a new one when they next sign in."""

    help = "Remove a user's second factor and recovery codes. Make sure first who is asking."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the account."""
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Remove what there is; fail if there is no such user or nothing to remove."""
        users = get_user_model()
        try:
            user = users.objects.get_by_natural_key(username)
        except users.DoesNotExist:
            raise CommandError(f"There is no user called “{username}”.") from None
        removed, _ = Authenticator.objects.filter(user=user).delete()
        if not removed:
            raise CommandError(f"{username} has no second factor.")
        self.stdout.write(f"{username} has no second factor any more.")
