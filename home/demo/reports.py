"""What villagers reported in the sample town, and what had become of it by a day."""

from datetime import date, timedelta

from pledge_pages.people.models import Member
from pledge_pages.pilots.models import Pilot
from pledge_pages.supervision.history import History, import_report
from pledge_pages.supervision.models import Kind
from pledge_pages.supervision.receiving import Said
from pledge_pages.supervision.stages import State

from .sample import Record, Sample, day, key_of, labels_of

# What the file calls a report that was answered without being published.
WITHHELD = "withheld"


def take_over(
    sample: Sample,
    on: date,
    *,
    pilots: dict[str, Pilot],
    members: dict[str, Member],
    users: dict,
) -> int:
    """Take over the reports that had come in by the day ``on``; returns how many.

    The file has neither the words as they came, nor the day of each step, nor a code that nobody
    can guess: the line in the trail says so.
    """
    count = 0
    for record in sample["supervision"]:
        about = record["about_member"]
        known = record["village"] in pilots and (about is None or about in members)
        if not known or day(record["received_on"]) > on:
            continue
        lacks = ["text", "receipt", "days"]
        if record["identity_stored"]:
            lacks.append("contact")
        said = said_of(record, pilots, members)
        history = history_of(record, on, users)
        import_report(said, history, by=users["supervisor"], lacks=lacks)
        count += 1
    return count


def said_of(record: Record, pilots: dict[str, Pilot], members: dict[str, Member]) -> Said:
    """Return about whom a report of the file is, and how it came; a question ends with its mark."""
    question = record["text_public_en"].endswith("?")
    pledge = record["about_pledge"]
    return Said(
        pilots[record["village"]],
        Kind.QUESTION if question else Kind.REPORT,
        record["channel"],
        "",
        "",
        members[record["about_member"]] if record["about_member"] else None,
        key_of(pledge) if pledge else None,
    )


def history_of(record: Record, on: date, users: dict) -> History:
    """Return how a report of the file stood on the day ``on``."""
    received = day(record["received_on"])
    days, final = record["days_to_answer"], record["state"]
    text, answer = labels_of(record, "text_public"), labels_of(record, "answer")
    if days is None or on < received + timedelta(days=days):
        known = on > received and (days is None or final != State.REJECTED)
        state = final if known and days is None else State.ACCEPTED if known else State.RECEIVED
        shown = text if state != State.RECEIVED else {}
        return History(received, state, shown)
    answered = received + timedelta(days=days)
    if final == State.REJECTED:
        return History(received, final, {}, {}, rejection=answer, answered_on=answered)
    return History(
        received,
        State.CLOSED if final == WITHHELD else final,
        text,
        answer,
        answered_by=users[f"editor_{record['village'].lower()}"],
        answered_on=answered,
        published_by=users["moderator_1"] if record["public"] else None,
    )
