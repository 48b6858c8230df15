"""Draws what the sample town has no files for: portraits and evidence."""

import io
from datetime import date

from pledge_pages.people.models import Member
from pledge_pages.photos import actions
from pledge_pages.photos.models import EvidenceFile, MemberPhoto
from pledge_pages.photos.portraits import draw_evidence, draw_portrait
from pledge_pages.pilots.models import Pilot

from .sample import Record, labels_of
from .timeline import moment


def has_photo(record: Record) -> bool:
    """Return whether the file has a photo of the member in ``record``."""
    return bool(record["photo"]["file"])


def make_photo(record: Record, member: Member, by) -> MemberPhoto:
    """Draw and keep the portrait of ``member``: always the same one for the same person."""
    return actions.add_photo(member, io.BytesIO(draw_portrait(record["id"])), by=by)


def make_evidence(record: Record, pilot: Pilot, on: date, by, checker) -> EvidenceFile:
    """Draw and keep the evidence in ``record``, added and checked on the day ``on``."""
    content, _type = draw_evidence(record["id"], record["type"])
    notes = [text for text in labels_of(record, "note").values() if text]
    evidence = actions.add_evidence(
        pilot,
        io.BytesIO(content),
        by=by,
        kind=record["type"],
        title=labels_of(record, "title"),
        note=" / ".join(notes),
    )
    if record["checked"]:
        actions.check_evidence(evidence, by=checker, public=record["public"])
    EvidenceFile.objects.filter(pk=evidence.pk).update(
        public=record["public"],
        added_at=moment(on, 9),
        checked_at=moment(on, 11) if record["checked"] else None,
    )
    return evidence
