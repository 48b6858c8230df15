"""Keeps the titles of pages out of the server's log, which others read than those who may see them.

Wagtail logs every page that is made, edited, published, moved or copied, with its title and path.
The ids in the same lines are enough to find the page.
"""

import logging

LOGGER = "wagtail"
LEFT_OUT = "…"


class WithoutTitles(logging.Filter):
    """Takes every text out of Wagtail's own lines below the level of a warning."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: the line stays, with its numbers only."""
        if record.levelno < logging.WARNING and isinstance(record.args, tuple):
            record.args = tuple(
                LEFT_OUT if isinstance(value, str) and not value.isdecimal() else value
                for value in record.args
            )
        return True


def leave_out_titles() -> None:
    """Put the filter on Wagtail's logger, once."""
    logger = logging.getLogger(LOGGER)
    if not any(isinstance(entry, WithoutTitles) for entry in logger.filters):
        logger.addFilter(WithoutTitles())
