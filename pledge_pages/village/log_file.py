"""Keeps tokens out of the server's log, into which Django writes the addresses of what fails."""

import logging

from .answers import is_below

LOGGERS = ("django.request", "django.security.csrf", "django.server")
LEFT_OUT = "/…"


class WithoutTokens(logging.Filter):
    """Takes addresses below the village's out of Django's lines on requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: the line stays, without the address."""
        if isinstance(record.args, tuple):
            record.args = tuple(_shown(value) for value in record.args)
        request = getattr(record, "request", None)
        if request is not None and is_below(getattr(request, "path", "")):
            # What mails errors to people writes the whole request.
            vars(record).pop("request")
        return True


def _shown(value: object) -> object:
    """Return what is logged of ``value``: a path, or a line such as ``GET /path HTTP/1.1``."""
    if isinstance(value, str) and any(is_below(word) for word in value.split(" ")):
        return " ".join(LEFT_OUT if is_below(word) else word for word in value.split(" "))
    return value


def leave_out_tokens() -> None:
    """Put the filter on Django's loggers, once."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(entry, WithoutTokens) for entry in logger.filters):
            logger.addFilter(WithoutTokens())
