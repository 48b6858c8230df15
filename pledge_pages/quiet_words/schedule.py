"""Lets Wagtail's scheduler go on when a page it brings is refused."""

import logging
from functools import wraps

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from .refusing import QuietWordsError

logger = logging.getLogger(__name__)

SCHEDULED = "wagtail.publish.scheduled"
KNOWN = "knows_quiet_words"


def take_over_schedule() -> None:
    """Take a refused page off the schedule, with a line in the log, instead of an error.

    Wagtail's command publishes one revision after the other and ends with the first error. It has
    no hook, so the pages' method is wrapped; whoever else publishes gets the refusal.
    """
    stock = Page.publish
    if getattr(stock, KNOWN, False):
        return

    @wraps(stock)
    def publish(page: Page, revision: Revision, *args, **kwargs):
        if kwargs.get("log_action") != SCHEDULED:
            return stock(page, revision, *args, **kwargs)
        try:
            with transaction.atomic():
                return stock(page, revision, *args, **kwargs)
        except QuietWordsError as error:
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            log(instance=page, action="pledge_pages.refuse_schedule", revision=revision)
            # Neither title nor words: others read the log than those who may know them.
            logger.warning(
                "Page %s was taken off the schedule: %d places must not be public yet",
                page.pk,
                len(error.issues),
            )
            return None

    setattr(publish, KNOWN, True)
    Page.publish = publish
