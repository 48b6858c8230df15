"""Which pledges of a branch are overdue, and of which nothing was reported for too long.

As moderators approved them; a report in a newer draft counts already, for the member has made it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.dateparse import parse_date
from wagtail.models import Revision

from ..appraisal.pledges import ApprovedPledge, approved_pledges, latest, taken_up
from ..boards.content import ProgressUpdate, Status
from ..boards.models import MemberPledgePage
from ..people.models import Member
from ..pilots.models import Pilot
from ..pilots.stages import Stage

# The stages in which the clock runs: before, nothing is begun; after, nothing is asked.
RUNNING = (Stage.QUIET, Stage.REVIEWED, Stage.APPROVED)


@dataclass(frozen=True)
class Late:
    """One pledge that somebody should report on: overdue, or silent for too long."""

    member: Member
    pledge: ApprovedPledge
    overdue: bool
    # The day it was due, or by which there should have been an update.
    since: date
    reported_on: date | None


@dataclass
class Reported:
    """What the newest version of a page says of a pledge, approved or not."""

    on: date | None = None
    done: bool = False


def late_pledges(pilot: Pilot, on: date) -> list[Late]:
    """Return the pledges of ``pilot`` that are late on the day ``on``: overdue ones first.

    None if its clock does not run. Those that are being checked, or were decided, or are reported
    done, wait for others and not for the member. Six queries, however many there are.
    """
    if pilot.stage not in RUNNING:
        return []
    members = Member.objects.filter(pilot=pilot, active=True).in_bulk()
    known, newest = taken_up(pilot), newest_reports(members)
    found = []
    for (member, key), pledge in approved_pledges(members).items():
        if (member, key) in known or pledge.outcome:
            continue
        late = _late(members[member], pledge, newest.get((member, key), Reported()), pilot, on)
        if late is not None:
            found.append(late)
    return sorted(found, key=lambda row: (not row.overdue, row.since, row.member.code))


def _late(
    member: Member, pledge: ApprovedPledge, newest: Reported, pilot: Pilot, on: date
) -> Late | None:
    if newest.done or pledge.progress == Status.CLAIMED_DONE:
        return None
    reported = latest(pledge.reported_on, newest.on)
    if pledge.due is not None and pledge.due < on:
        return Late(member, pledge, True, pledge.due, reported)
    begun = latest(date(pledge.year, 1, 1), pledge.agreed_on, reported)
    wanted = (begun or on) + timedelta(days=pilot.update_days)
    return Late(member, pledge, False, wanted, reported) if wanted < on else None


def newest_reports(members: Iterable[int]) -> dict[tuple[int, UUID], Reported]:
    """Return what the newest versions of the pages of ``members`` (ids) report. Two queries."""
    pages = dict(
        MemberPledgePage.objects.filter(
            member__in=list(members), latest_revision__isnull=False
        ).values_list("latest_revision", "member")
    )
    found: dict[tuple[int, UUID], Reported] = {}
    for pk, content in Revision.objects.filter(pk__in=pages).values_list("pk", "content"):
        for row in content.get("pledges", []):
            said = found.setdefault((pages[pk], UUID(row["key"])), Reported())
            said.done = said.done or row["progress"] == Status.CLAIMED_DONE
        for row in content.get("updates", []):
            said = found.setdefault((pages[pk], UUID(row["pledge_key"])), Reported())
            said.on = latest(said.on, parse_date(row["on"] or ""))
            said.done = said.done or row["kind"] == ProgressUpdate.Kind.COMPLETION
    return found
