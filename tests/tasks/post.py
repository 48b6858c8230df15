"""A post office that is closed."""

from django.core.mail.backends.base import BaseEmailBackend


class Broken(BaseEmailBackend):
    """Sends nothing, and says so."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError
