"""Takes over the year-end reviews of the file, and appeals against points, as known on the day."""

from datetime import date, timedelta

from pledge_pages import conf
from pledge_pages.appraisal.ledger_models import PointEntry
from pledge_pages.appraisal.point_appeals import PastAppeal, import_appeals
from pledge_pages.appraisal.review_import import PastReview, TakenOver, import_review
from pledge_pages.people.models import Member
from pledge_pages.pilots.models import Pilot

from .sample import Record, Sample, day, labels_of


def take_over(
    sample: Sample, on: date, *, pilots: dict[str, Pilot], members: dict[str, Member], by
) -> list[TakenOver]:
    """Take over the reviews that were held by the day ``on``, and return them.

    The file has the votes of the other members, the survey, the branch's opinion, the grade and the
    day on which the member was told. A review counts as closed once the days for a reply are over.
    """
    found: dict[tuple[str, int, date], list[Record]] = {}
    for record in sample["reviews"]:
        held_on = day(record["reviewed_on"])
        if record["member"] in members and held_on <= on:
            village = members[record["member"]].pilot.code
            found.setdefault((village, record["cycle"], held_on), []).append(record)
    taken = []
    for (village, year, held_on), records in found.items():
        taken.append(
            import_review(
                pilots[village],
                year,
                [_past(record, members, on) for record in records],
                by=by,
                held_on=held_on,
                present=len(sample.members_of(village)),
                closed_on=closed_on(records, on),
            )
        )
    return taken


def closed_on(records: list[Record], on: date) -> date | None:
    """Return the first day on which nobody could reply any more, None if that is after ``on``."""
    told = max(day(record["told_member_on"]) for record in records)
    first = told + timedelta(days=conf.get("REPLY_WINDOW_DAYS") + 1)
    return first if first <= on else None


def _past(record: Record, members: dict[str, Member], on: date) -> PastReview:
    survey, told = record["villager_survey"], day(record["told_member_on"])
    return PastReview(
        member=members[record["member"]],
        points=record["points"],
        grade=record["grade"],
        peer=dict(record["peer_votes"]),
        survey=(survey["satisfied"], survey["neutral"], survey["dissatisfied"]),
        percent=survey["satisfaction_pct"],
        opinion=labels_of(record, "branch_opinion"),
        told_on=told if told <= on else None,
    )


def take_over_appeals(
    sample: Sample, on: date, *, pilots: dict[str, Pilot], members: dict[str, Member], by
) -> None:
    """Take over the appeals against points that were raised by the day ``on``; decided or not."""
    found: dict[str, list[PastAppeal]] = {}
    for record in sample["appeals"]:
        if record["member"] in members and day(record["raised_on"]) <= on:
            member = members[record["member"]]
            found.setdefault(member.pilot.code, []).append(_appeal(record, member, on))
    for village, appeals in found.items():
        import_appeals(pilots[village], appeals, by=by)


def _appeal(record: Record, member: Member, on: date) -> PastAppeal:
    entries = PointEntry.objects.filter(
        member=member, clause=record["rule"], reversal_of=None, on__lte=record["raised_on"]
    )
    entry = entries.select_related("member__pilot").latest("on", "pk")
    decided = day(record["decided_on"])
    if decided > on:
        return PastAppeal(entry, record["ground_zh"], day(record["raised_on"]))
    return PastAppeal(
        entry,
        record["ground_zh"],
        day(record["raised_on"]),
        verdict=record["decision"],
        reason=record["decision_zh"],
        decided_on=decided,
        taken_back=hasattr(entry, "reversal"),
    )
