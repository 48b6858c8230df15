"""Which year-end reviews wait for somebody, and for what: on the admin's home."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from .. import conf
from ..appraisal.review_models import BranchReview, MemberReview
from ..people.naming import today
from ..pilots import roles
from ..pilots.models import Pilot, Role
from .review_rows import review_url
from .sight import User, pilots_with_role

State = BranchReview.State


def reviews_waiting_for(user: User) -> QuerySet[BranchReview]:
    """Return the reviews with which ``user`` can take the next step now, newest year first.

    Staff of the branch enter figures and tell members; moderators and leads who are no members of
    it close; editors and leads put grades on pages.
    """
    led = Pilot.objects.filter(programme__in=roles.led_programmes(user))
    editors, moderators = (
        pilots_with_role(user, kind) for kind in (Role.Kind.EDITOR, Role.Kind.MODERATOR)
    )
    staff = Q(pilot__in=editors) | Q(pilot__in=moderators)
    judges = (Q(pilot__in=moderators) | Q(pilot__in=led)) & ~Q(pilot__members__user=user.pk)
    writers = Q(pilot__in=editors) | Q(pilot__in=led)
    entries = MemberReview.objects.filter(review=OuterRef("pk"))
    found = BranchReview.objects.annotate(
        untold=Exists(entries.filter(told_on=None)),
        unheard=Exists(entries.filter(not_heard())),
        off_page=Exists(entries.filter(put_at=None)),
    )
    waiting = (
        Q(staff, state=State.OPEN)
        | Q(staff, state=State.TOLD, untold=True)
        | Q(judges, state=State.TOLD, unheard=False)
        | Q(writers, state=State.CLOSED, off_page=True)
    )
    return found.filter(waiting).select_related("pilot", "opened_by").order_by("-year", "pk")


def not_heard() -> Q:
    """Select members who were not told, or may still say something to what they were told."""
    last = today() - timedelta(days=conf.get("REPLY_WINDOW_DAYS"))
    replied = Q(reply_to=F("grade")) & ~Q(reply_to="")
    return Q(told_on=None) | (Q(told_on__gte=last) & ~replied)


def review_waiting_rows(reviews: Iterable[BranchReview], _user: User) -> list[dict]:
    """Return what lists of what waits show of each review, which came from the query above."""
    return [
        {
            "name": _("Review of %(year)d") % {"year": review.year},
            "language": review.pilot.code,
            "url": review_url(review),
            "who": review.opened_by,
            "when": review.closed_at or review.graded_at or review.opened_at,
            "note": _next(review),
        }
        for review in reviews
    ]


def _next(review: BranchReview) -> str:
    if review.state == State.OPEN:
        return _("figures are entered, then grades proposed")
    if review.is_closed:
        return _("grades to be put on pages")
    return _("members to be told") if review.untold else _("everybody was heard: to be closed")
