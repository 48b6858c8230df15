"""Mails that remind: members of their own pledges, a branch's editors of those of the branch.

They hold no person's name, no text of a pledge and no name that is not announced: codes, categories
and days. Nobody gets more than one in ``PLEDGE_PAGES_NUDGE_DAYS``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.mail import send_mail
from wagtail.admin.utils import get_admin_base_url
from wagtail.log_actions import log

from .. import conf
from ..contention import in_one_transaction
from ..labels import label_in
from ..people.letters import Sent, language_of, send_each, with_address, written
from ..people.naming import today
from ..pilots.models import Pilot, Role
from ..rulebook.models import Category
from .clock import RUNNING, Late, late_pledges
from .models import Assignment, Nudge, State

TEMPLATES = "pledge_pages/tasks/mail/"
# Rows of one branch in one mail; the rest is counted.
MOST_ROWS = 50


@dataclass
class Section:
    """What a mail says of one branch: of one's own pledges, or of the branch's."""

    pilot: Pilot
    own: bool
    rows: list[Late]
    unanswered: int

    @property
    def overdue(self) -> int:
        """How many pledges are overdue."""
        return sum(row.overdue for row in self.rows)


@dataclass
class Letter:
    """One mail to one person."""

    user: User
    sections: list[Section] = field(default_factory=list)

    def count(self) -> dict[str, int]:
        """Return how much of what it tells of."""
        overdue = sum(section.overdue for section in self.sections)
        rows = sum(len(section.rows) for section in self.sections)
        return {
            "overdue": overdue,
            "silent": rows - overdue,
            "unanswered": sum(section.unanswered for section in self.sections),
        }


def nudge(*, dry_run: bool = False) -> Sent:
    """Send each letter that is due, or only say which; what is sent is recorded.

    No person does it: a timer runs it.
    """
    return send_each(letters(), send=_send, is_due=is_due, dry_run=dry_run)


def is_due(letter: Letter) -> bool:
    """Return whether its reader got none within the last days."""
    return not was_nudged(letter.user)


def was_nudged(user: User) -> bool:
    """Return whether ``user`` got a mail within the last days."""
    since = timezone.now() - timedelta(days=conf.get("NUDGE_DAYS"))
    return Nudge.objects.filter(user=user, at__gt=since).exists()


def letters() -> list[Letter]:
    """Return what is to be told to whom, by user: those with an address and something to read."""
    found: dict[int, Letter] = {}
    for pilot in Pilot.objects.filter(stage__in=RUNNING).select_related("programme"):
        rows = late_pledges(pilot, today())
        open_tasks = Assignment.objects.filter(pilot=pilot, state=State.OFFERED)
        waiting = list(open_tasks.values_list("member", flat=True))
        for user, section in _readers(pilot, rows, waiting):
            if section.rows or section.unanswered:
                found.setdefault(user.pk, Letter(user)).sections.append(section)
    return [found[pk] for pk in sorted(found)]


def _readers(pilot: Pilot, rows: list[Late], waiting: list[int]) -> Iterator[tuple[User, Section]]:
    """Yield who reads of ``pilot``, and what: editors of the whole branch, members of themselves."""
    editors = Q(groups__pledge_role__kind=Role.Kind.EDITOR, groups__pledge_role__pilot=pilot)
    for user in with_address().filter(editors).distinct():
        yield user, Section(pilot, False, rows, len(waiting))
    own = with_address().filter(member__pilot=pilot, member__active=True)
    for user in own.select_related("member", "wagtail_userprofile"):
        member = user.member.pk
        theirs = [row for row in rows if row.member.pk == member]
        yield user, Section(pilot, True, theirs, waiting.count(member))


@in_one_transaction
def _send(letter: Letter) -> bool:
    """Send ``letter`` and record it, both or neither; False if one was sent not long ago."""
    get_user_model().objects.select_for_update(of=("self",)).get(pk=letter.user.pk)
    if was_nudged(letter.user):
        return False
    Nudge.objects.create(user=letter.user, **letter.count())
    for section in letter.sections:
        data = {"count": len(section.rows), "unanswered": section.unanswered}
        log(instance=section.pilot, action="pledge_pages.nudge", user=None, data=data)
    subject, text = said_in(letter)
    # Last: what fails before it is tried again, and sends nothing twice.
    send_mail(subject, text, [letter.user.email])
    return True


def said_in(letter: Letter) -> tuple[str, str]:
    """Return subject and text of ``letter`` in its reader's language."""
    language = language_of(letter.user)
    context: dict[str, Any] = {
        "programme": letter.sections[0].pilot.programme.shown_name(language),
        "sections": [_said(section, language) for section in letter.sections],
    }
    return written(f"{TEMPLATES}nudge", context, language)


def _said(section: Section, language: str) -> dict[str, Any]:
    """Return what the mail says of ``section``: days, categories, and codes of members."""
    categories = Category.objects.in_bulk({row.pledge.category_id for row in section.rows})
    address = reverse("pledge_boards:late", args=[section.pilot.pk])
    rows = [
        {
            "code": "" if section.own else row.member.code,
            "year": row.pledge.year,
            "category": label_in(categories[row.pledge.category_id].name, language)
            if row.pledge.category_id in categories
            else "–",
            "overdue": row.overdue,
            "since": row.since,
            "reported_on": row.reported_on,
        }
        for row in section.rows[:MOST_ROWS]
    ]
    return {
        "pilot": label_in(section.pilot.name, language),
        "code": section.pilot.code,
        "own": section.own,
        "rows": rows,
        "more": len(section.rows) - len(rows),
        "days": section.pilot.update_days,
        "unanswered": section.unanswered,
        "url": "" if section.own else (get_admin_base_url() or "") + address,
    }
