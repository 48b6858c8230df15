"""What was promised, as moderators approved it. Drafts are never read here: verifiers see this."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date

from ..boards.models import MemberPledgePage
from ..embargo.approval import in_force
from ..embargo.models import EarlierApproval, HeldApproval
from ..labels import content_languages, label_in
from ..people.models import Member
from ..photos.models import EvidenceFile
from ..pilots.models import Pilot
from .models import OutcomeDecision, State

# Decisions about a member's pledges by their keys.
Known = dict[UUID, OutcomeDecision]


@dataclass
class ApprovedPledge:
    """A pledge as it was approved, with its texts in each language in which it was."""

    member_id: int
    key: UUID
    year: int
    due: date | None
    outcome: str
    text: dict[str, str] = field(default_factory=dict)
    measure: dict[str, str] = field(default_factory=dict)
    baseline: dict[str, str] = field(default_factory=dict)
    evidence_ids: set[int] = field(default_factory=set)
    category_id: int | None = None
    progress: str = ""
    agreed_on: date | None = None
    reported_on: date | None = None

    def __str__(self) -> str:
        return label_in(self.text)

    @property
    def languages(self) -> list[str]:
        """The codes of the languages in which it is approved."""
        return list(self.text)

    @property
    def measured_by(self) -> str:
        """The measure in the reader's language."""
        return label_in(self.measure)

    @property
    def from_baseline(self) -> str:
        """The baseline in the reader's language."""
        return label_in(self.baseline)


def approved_pledges(members: Iterable[int]) -> dict[tuple[int, UUID], ApprovedPledge]:
    """Return the approved pledges of ``members`` (ids) by member and key. Three queries."""
    pages = {
        pk: (member, language)
        for pk, member, language in MemberPledgePage.objects.filter(
            member__in=list(members)
        ).values_list("pk", "member", "locale__language_code")
    }
    earlier = {row.page_id: row for row in EarlierApproval.objects.filter(page__in=pages)}
    order = [code for code, _name in content_languages()]
    held = HeldApproval.objects.filter(page__in=pages, withdrawn_at__isnull=True)
    rows = sorted(held, key=lambda row: _place(pages[row.page_id][1], order))
    found: dict[tuple[int, UUID], ApprovedPledge] = {}
    for last in rows:
        content = in_force(last, earlier.get(last.page_id))
        if content.is_intact:
            member, language = pages[last.page_id]
            _add(found, content.snapshot, member, language)
    return found


def _place(language: str, order: list[str]) -> int:
    return order.index(language) if language in order else len(order)


def _add(
    found: dict[tuple[int, UUID], ApprovedPledge],
    content: dict[str, Any],
    member: int,
    language: str,
) -> None:
    for row in content.get("pledges", []):
        key = UUID(row["key"])
        pledge = found.setdefault(
            (member, key),
            ApprovedPledge(
                member, key, row["year"], parse_date(row["due"] or ""), row["outcome"] or "",
                category_id=row["category"], progress=row["progress"],
                agreed_on=parse_date(row.get("agreed_on") or ""),
            ),
        )  # fmt: skip
        pledge.text[language] = row["text"]
        pledge.measure[language] = row["measure"]
        pledge.baseline[language] = row.get("baseline") or ""
    for row in content.get("updates", []):
        about = found.get((member, UUID(row["pledge_key"])))
        if about is None:
            continue
        if row.get("evidence"):
            about.evidence_ids.add(row["evidence"])
        about.reported_on = latest(about.reported_on, parse_date(row["on"] or ""))


def latest(*days: date | None) -> date | None:
    """Return the last of ``days``, or None if there is none."""
    return max((day for day in days if day), default=None)


def approved_pledge(member: Member, key: UUID) -> ApprovedPledge | None:
    """Return one approved pledge of ``member``, or None."""
    return approved_pledges([member.pk]).get((member.pk, key))


def evidence_for(pledge: ApprovedPledge, pilot: Pilot) -> list[EvidenceFile]:
    """Return the files of the branch that the approved page refers to for ``pledge``."""
    return list(EvidenceFile.objects.filter(pilot=pilot, pk__in=pledge.evidence_ids))


def without_decision(pilot: Pilot, on: date) -> list[tuple[ApprovedPledge, Member]]:
    """Return the approved pledges of ``pilot`` that are due on the day ``on`` and have no check yet.

    The longest overdue first.
    """
    members = Member.objects.filter(pilot=pilot).prefetch_related("consents").in_bulk()
    known = taken_up(pilot)
    due = [
        (pledge, members[member])
        for (member, key), pledge in approved_pledges(members).items()
        if (member, key) not in known and pledge.due and pledge.due <= on
    ]
    return sorted(due, key=lambda pair: (pair[0].due or on, pair[1].code))


def taken_up(pilot: Pilot) -> set[tuple[int, UUID]]:
    """Return the pledges of ``pilot``, by member and key, that are being checked or were decided."""
    return set(
        OutcomeDecision.objects.filter(pilot=pilot)
        .exclude(state__in=[State.DROPPED, State.OVERTURNED, State.SUPERSEDED])
        .values_list("member", "pledge_key")
    )


def final_decisions(
    *, members: Iterable[int] | None = None, pilot: int | None = None
) -> dict[int, Known]:
    """Return the newest decision about each pledge that is or was final, by member and key.

    Of these ``members`` (ids), or of all in the branch ``pilot``. Two queries.
    """
    rows = OutcomeDecision.objects.filter(final_at__isnull=False).prefetch_related("appeals")
    rows = rows.filter(pilot=pilot) if members is None else rows.filter(member__in=list(members))
    found: dict[int, Known] = {}
    for row in rows.order_by("final_at", "pk"):
        found.setdefault(row.member_id, {})[row.pledge_key] = row
    return found
