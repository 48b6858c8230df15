"""A member reports progress: a new draft of their page, which the branch submits and others approve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from ..appraisal.outcomes import check_day, check_words
from ..boards.agreement import take_reported_percent
from ..boards.content import MAX_TEXT, Pledge, ProgressUpdate, Status
from ..boards.models import MemberPledgePage
from ..contention import in_one_transaction
from ..embargo.approval import lock_gate
from ..labels import content_languages
from ..people.accounts import speaks_as
from ..people.models import Member
from ..photos import sniffing
from ..photos.actions import add_evidence
from ..photos.models import EvidenceFile
from ..photos.storage import files_removed_on_error
from .own import hindrance, pages_of

# What a member can report; notes of a check are not theirs.
KINDS = (
    ProgressUpdate.Kind.UPDATE, ProgressUpdate.Kind.OBSTACLE, ProgressUpdate.Kind.COMPLETION,
)  # fmt: skip

# Drafts that one account writes in a day, each language counted.
MOST_A_DAY = 40


def report_progress(
    member: Member,
    key: UUID,
    *,
    by: User,
    text: Mapping[str, str],
    on: date | None = None,
    kind: str = ProgressUpdate.Kind.UPDATE,
    percent: int | None = None,
    file: BinaryIO | None = None,
) -> list[MemberPledgePage]:
    """Write what ``member`` says was done about a pledge into a new draft of their page.

    In each language that ``text`` has one for; returns those pages. The draft is the member's, and
    neither submitted nor public by itself. ``file`` becomes evidence of the branch, private and
    unchecked. Raises PermissionDenied, or ValidationError naming the field or saying what is in
    the way.
    """
    if not speaks_as(by, member):
        raise PermissionDenied(_("Only the member’s own account reports this way."))
    said = check_words("text", text)
    _check(said, kind, percent)
    with files_removed_on_error():
        return _report(member, key, by, said, on, kind, percent, file)


def _check(said: Mapping[str, str], kind: str, percent: int | None) -> None:
    known = dict(content_languages())
    if not said:
        raise ValidationError({"text": _("Write what was done, in one language at least.")})
    for code, words in said.items():
        if code not in known:
            raise ValidationError({"text": _("There is no page in this language.")})
        if len(words) > MAX_TEXT:
            raise ValidationError(
                {"text": _("%(language)s: at most %(max)d characters; it has %(number)d.")
                 % {"language": known[code], "max": MAX_TEXT, "number": len(words)}}
            )  # fmt: skip
    if kind not in KINDS:
        raise ValidationError({"kind": _("Choose one.")})
    if percent is not None and not 0 <= percent <= 100:
        raise ValidationError({"percent": _("Give a number from 0 to 100.")})


@in_one_transaction
def _report(
    member: Member,
    key: UUID,
    by: User,
    said: Mapping[str, str],
    on: date | None,
    kind: str,
    percent: int | None,
    file: BinaryIO | None,
) -> list[MemberPledgePage]:
    drafts = _drafts(member, key, said)
    _check_often(by)
    on = check_day("on", on, not_before=_first_day(drafts, key))
    evidence = None
    if file is not None:
        file.seek(0)  # read before, if this is tried again
        evidence = _evidence(member, file, by)
    row_key, written = uuid4(), []
    for language, (page, draft) in drafts.items():
        row = ProgressUpdate(
            pledge_key=key, on=on, kind=kind, percent=percent, text=said[language],
            evidence=evidence, locale=page.locale, translation_key=row_key,
        )  # fmt: skip
        row.full_clean(exclude=["page", "sort_order"], validate_unique=False)
        _write(draft, row)
        draft.save_revision(user=by)
        log(
            instance=page,
            action="pledge_pages.report_progress",
            user=by,
            data={"member": member.code, "percent": percent, "evidence": bool(evidence)},
        )
        written.append(page)
    return written


def _check_often(by: User) -> None:
    """Raise ValidationError if ``by`` has written as many drafts today as anybody needs."""
    mine = PageLogEntry.objects.filter(user=by, action="pledge_pages.report_progress")
    if mine.filter(timestamp__gte=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise ValidationError(_("That is enough for today. Go on tomorrow."), code="often")


def _drafts(
    member: Member, key: UUID, said: Mapping[str, str]
) -> dict[str, tuple[MemberPledgePage, Any]]:
    """Return page and newest draft in each language of ``said``, locked; ValidationError if not."""
    pages, found = pages_of(member), {}
    for page in sorted(pages.values(), key=lambda page: page.pk):
        lock_gate(page)
    # What was read before the lock may be old.
    pages = pages_of(member)
    names = dict(content_languages())
    for language in said:
        own = pages.get(language)
        draft = own.get_latest_revision_as_object() if own is not None else None
        pledge = _pledge(draft, key)
        if own is None or pledge is None:
            raise ValidationError(
                {"text": _("Your page has no such pledge in this language: %(language)s.")
                 % {"language": names[language]}}
            )  # fmt: skip
        if in_the_way := hindrance(own):
            raise ValidationError(in_the_way, code="in_the_way")
        if pledge.outcome:
            raise ValidationError(
                _("What became of this pledge is decided already."), code="decided"
            )
        found[language] = (own, draft)
    return found


def _pledge(draft: Any, key: UUID) -> Pledge | None:
    rows = draft.pledges.all() if draft is not None else ()
    return next((row for row in rows if row.key == key), None)


def _first_day(drafts: Mapping[str, tuple[MemberPledgePage, Any]], key: UUID) -> date:
    """Return the first day on which anything can have been done: of its year, or once agreed."""
    _page, draft = next(iter(drafts.values()))
    pledge = next(row for row in draft.pledges.all() if row.key == key)
    begins = date(pledge.year, 1, 1)
    return min(begins, pledge.agreed_on or begins)


def _evidence(member: Member, file: BinaryIO, by: User) -> EvidenceFile:
    head = file.read(256)
    file.seek(0)
    is_paper = sniffing.sniff(head) == sniffing.PDF
    titles = {}
    for code, _name in content_languages():
        with override(code):
            titles[code] = _("Evidence from the member")
    kind = EvidenceFile.Kind.DOCUMENT if is_paper else EvidenceFile.Kind.PHOTO
    return add_evidence(member.pilot, file, by=by, kind=kind, title=titles)


def _write(draft: Any, row: ProgressUpdate) -> None:
    """Put ``row`` into ``draft``, and let its pledge agree with it."""
    pledges = list(draft.pledges.all())
    for pledge in pledges:
        if pledge.key != row.pledge_key:
            continue
        if row.kind == ProgressUpdate.Kind.COMPLETION:
            pledge.progress = Status.CLAIMED_DONE
        elif row.kind == ProgressUpdate.Kind.OBSTACLE:
            pledge.progress = Status.AT_RISK
        elif pledge.progress == Status.NOT_STARTED:
            pledge.progress = Status.IN_PROGRESS
    updates = list(draft.updates.all())
    row.sort_order = len(updates)
    draft.pledges, draft.updates = pledges, [*updates, row]
    take_reported_percent(draft)
