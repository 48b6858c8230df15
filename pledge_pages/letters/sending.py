"""One mail a day at most to those who work with reports and reviews, if there is anything new.

It holds numbers and the branch's name: nobody's name, no word of a report, and no name that is not
announced. Whoever left a contact with a report is not written to: the committee calls them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.mail import send_mail
from wagtail.admin.utils import get_admin_base_url
from wagtail.log_actions import log

from .. import conf
from ..contention import in_one_transaction
from ..labels import label_in
from ..people.letters import Sent, language_of, send_each, with_address, written
from .models import StaffLetter
from .waiting import WHERE, Waiting, waiting_for

TEMPLATE = "pledge_pages/letters/waiting"


@dataclass(frozen=True)
class Letter:
    """What is to be told to one person."""

    user: User
    rows: list[Waiting]

    @property
    def told(self) -> set[str]:
        """A digest of each thing that it tells of."""
        return {key for row in self.rows for key in row.told}


def mail_waiting(*, dry_run: bool = False) -> Sent:
    """Send each letter that is due, or only say which; what is sent is recorded.

    No person does it: a timer runs it.
    """
    return send_each(letters(), send=_send, is_due=is_due, dry_run=dry_run)


def letters() -> Iterator[Letter]:
    """Yield what waits for whom: for everybody with a role and an address."""
    for user in with_address().filter(groups__pledge_role__isnull=False).distinct().order_by("pk"):
        rows = waiting_for(user)
        if rows:
            yield Letter(user, rows)


def is_due(letter: Letter) -> bool:
    """Return whether there is anything new since the last mail, or that was long ago."""
    last = StaffLetter.objects.filter(user=letter.user).first()
    if last is None:
        return True
    if timezone.localdate(last.at) == timezone.localdate():
        return False
    long_ago = last.at <= timezone.now() - timedelta(days=conf.get("NUDGE_DAYS"))
    return long_ago or not letter.told <= set(last.told)


@in_one_transaction
def _send(letter: Letter) -> bool:
    """Send ``letter`` and record it, both or neither; False if none is due."""
    get_user_model().objects.select_for_update(of=("self",)).get(pk=letter.user.pk)
    if not is_due(letter):
        return False
    StaffLetter.objects.create(user=letter.user, told=sorted(letter.told))
    for pilot, rows in groupby(letter.rows, key=lambda row: row.pilot):
        data = {"count": sum(len(row.told) for row in rows)}
        log(instance=pilot, action="pledge_pages.mail_waiting", user=None, data=data)
    language = language_of(letter.user)
    subject, text = written(TEMPLATE, _context(letter, language), language)
    # Last: what fails before it is tried again, and sends nothing twice.
    send_mail(subject, text, [letter.user.email])
    return True


def _context(letter: Letter, language: str) -> dict[str, Any]:
    base = get_admin_base_url() or ""
    branches = [
        {
            "name": label_in(pilot.name, language),
            "code": pilot.code,
            "rows": [
                {"row": row, "url": base + reverse(f"pledge_boards:{WHERE[row.kind]}")}
                for row in rows
            ],
        }
        for pilot, rows in groupby(letter.rows, key=lambda row: row.pilot)
    ]
    programmes = dict.fromkeys(row.pilot.programme.shown_name(language) for row in letter.rows)
    return {"programme": " · ".join(programmes), "branches": branches}
