"""Scans of consents that were given on paper: for the branch's staff and leads, as long as they count."""

import hashlib
from typing import BinaryIO

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..people.actions import check_staff, record_consent
from ..people.models import Consent, Member
from ..people.naming import today
from .actions import clean_evidence
from .cleaning import read_upload
from .models import ConsentPaper
from .storage import files_removed_on_error


def record_consent_on_paper(
    member: Member, *, by: User, scan: BinaryIO | None = None, **consent
) -> Consent:
    """Record a consent as :func:`people.actions.record_consent`, with the scan of its paper if given.

    Raises PermissionDenied, or ValidationError naming the field or saying what is wrong with the file.
    """
    if scan is None:
        return record_consent(member, by=by, **consent)
    check_staff(member, by)
    if consent.get("method") != Consent.Method.PAPER:
        raise ValidationError({"scan": _("Only a consent on paper has a scan.")})
    try:
        content, content_type = clean_evidence(read_upload(scan))
    except ValidationError as error:
        raise ValidationError({"scan": error.messages}) from error
    with files_removed_on_error():
        return _record(member, by, content, content_type, consent)


@in_one_transaction
def _record(member: Member, by: User, content: bytes, content_type: str, consent: dict) -> Consent:
    recorded = record_consent(member, by=by, **consent)
    ConsentPaper.objects.create(
        consent=recorded,
        content_type=content_type,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        added_by=by,
        file=ContentFile(content, name="paper"),
    )
    data = {"member": member.code, "scope": recorded.scope, "subject": recorded.subject}
    log(instance=member, action="pledge_pages.add_consent_paper", user=by, data=data)
    erase_idle_of(member, by)
    return recorded


def idle_papers() -> QuerySet[ConsentPaper]:
    """Return the papers of consents that do not count any more: replaced, withdrawn or run out."""
    day = today()
    gone = Q(consent__state=Consent.State.WITHDRAWN) & (
        Q(consent__withdrawn_on__isnull=True) | Q(consent__withdrawn_on__lte=day)
    )
    over = Q(consent__current=False) | gone | Q(consent__expires_on__lt=day)
    return ConsentPaper.objects.filter(over).select_related("consent__member__pilot")


def erase_idle_of(member: Member, by: User | None) -> None:
    """Delete the papers of ``member`` that prove nothing any more, with their files."""
    for paper in idle_papers().filter(consent__member=member):
        _erase(paper, by)


def erase_withdrawn(member: Member, subject: str, by: User) -> None:
    """As :func:`erase_idle_of`; called with each withdrawn consent."""
    erase_idle_of(member, by)


def erase_idle() -> int:
    """Delete all papers that prove nothing any more; return of how many consents."""
    found = list(idle_papers().order_by("pk"))
    for paper in found:
        with transaction.atomic():
            _erase(paper, None)
    return len(found)


def _erase(paper: ConsentPaper, by: User | None) -> None:
    consent = paper.consent
    log(
        instance=consent.member,
        action="pledge_pages.delete_consent_paper",
        user=by,
        data={"member": consent.member.code, "scope": consent.scope, "subject": consent.subject},
    )
    paper.delete()
