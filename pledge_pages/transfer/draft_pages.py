"""Writes pledges of a roster into drafts of members' pages, in each language, and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..boards.content import Pledge
from ..boards.models import BranchPage, MemberPledgePage
from ..embargo.approval import lock_gate
from ..people.models import Member
from ..photos.models import MemberPhoto
from ..pilots.models import Pilot
from .roster import Person, Promised

# A pledge that comes from a roster has the same key each time the roster is read.
NAMESPACE = uuid.UUID("6f0c2f3e-4a53-4a0e-9d3e-6d1f0b6f8b11")
# On one page: what a board can show of one member.
MOST_PLEDGES = 50


@dataclass
class Plan:
    """What is to be written of one person: rows by language, and which pages are to be made."""

    rows: list[Promised] = field(default_factory=list)
    by_language: dict[str, list[Pledge]] = field(default_factory=dict)
    new_pages: list[str] = field(default_factory=list)

    @property
    def makes_page(self) -> bool:
        """Whether the member gets a page."""
        return bool(self.new_pages)


class Drafts:
    """The pages of a branch's members as they were written last, by member and language."""

    def __init__(self, pilot: Pilot, boards: Mapping[str, BranchPage], by: User | None) -> None:
        self.boards, self.by = boards, by
        self.first = next(iter(boards))
        pages = MemberPledgePage.objects.filter(member__pilot=pilot)
        self._pages: dict[int, dict[str, MemberPledgePage]] = {}
        for page in pages.select_related("locale", "latest_revision"):
            language = page.locale.language_code
            self._pages.setdefault(page.member_id, {})[language] = page

    def plan(self, person: Person, member: Member) -> Plan:
        """Return what of ``person`` is on no draft yet. Nothing is asked of the database.

        Raises ValidationError for a language in which the branch has no board.
        """
        pages = self._pages.get(member.pk, {}) if member.pk else {}
        content = {language: _pledges_in(page) for language, page in pages.items()}
        plan = Plan()
        if not pages:
            plan.new_pages.append(self.first)
        for promised in person.promised:
            known = _known(promised, content)
            new = {
                language: pledge
                for language, pledge in promised.pledges.items()
                if not _is_in(content.get(language, []), promised, language, known)
            }
            for language, pledge in new.items():
                self._check_board(language)
                _name(pledge, promised, member, known)
                plan.by_language.setdefault(language, []).append(pledge)
                row = {
                    "key": str(pledge.key), "translation_key": str(pledge.translation_key),
                    "year": pledge.year, "text": pledge.text,
                }  # fmt: skip
                content.setdefault(language, []).append(row)
                if language not in pages and language not in plan.new_pages:
                    plan.new_pages.append(language)
            if new:
                plan.rows.append(promised)
        if plan.rows and any(len(rows) > MOST_PLEDGES for rows in content.values()):
            raise ValidationError(
                {"text": _("More than %(max)d pledges on one page.") % {"max": MOST_PLEDGES}}
            )
        return plan

    def _check_board(self, language: str) -> None:
        if language not in self.boards:
            raise ValidationError({"text": _("The branch has no board in this language.")})

    def check_free(self, member: Member, plan: Plan, *, photo: bool) -> None:
        """Raise ValidationError if a page that is to be written upon is under review or locked."""
        pages = self._pages.get(member.pk, {}) if member.pk else {}
        for language, page in pages.items():
            if not (photo or language in plan.by_language):
                continue
            name = self.boards[language].locale.get_display_name()
            if page.workflow_in_progress:
                text = _("%(language)s: the page is in review. Have it approved or returned first.")
                raise ValidationError({"text": text % {"language": name}})
            if page.locked:
                text = _("%(language)s: the page is locked. Have it unlocked first.")
                raise ValidationError({"text": text % {"language": name}})

    def write(self, member: Member, plan: Plan, photo: MemberPhoto | None) -> None:
        """Write what ``plan`` says into new drafts; a new photo is on each page of the member."""
        pages = self._pages.setdefault(member.pk, {})
        for language in self.boards:
            rows = plan.by_language.get(language, [])
            if language in plan.new_pages:
                pages[language] = self._make(member, language, rows, photo, pages)
            elif language in pages and (rows or photo is not None):
                self._add(pages[language], rows, photo)

    def _make(
        self,
        member: Member,
        language: str,
        rows: list[Pledge],
        photo: MemberPhoto | None,
        others: Mapping[str, MemberPledgePage],
    ) -> MemberPledgePage:
        board = self.boards[language]
        page: Any = MemberPledgePage(member=member, locale=board.locale, owner=self.by, photo=photo)
        other = next(iter(others.values()), None)
        if other is not None:
            page.translation_key = other.translation_key
            page.photo = photo or other.photo
        page.pledges = _placed(rows, page)
        board.add_child(instance=page)
        page.save_revision(user=self.by)
        log(instance=page, action="wagtail.create", user=self.by, content_changed=True)
        return page

    def _add(self, page: MemberPledgePage, rows: list[Pledge], photo: MemberPhoto | None) -> None:
        lock_gate(page)
        # What was read before the lock may be old.
        page = MemberPledgePage.objects.select_related("locale").get(pk=page.pk)
        draft: Any = page.get_latest_revision_as_object()
        draft.pledges = [*draft.pledges.all(), *_placed(rows, page, draft.pledges.count())]
        if photo is not None:
            draft.photo = photo
        draft.save_revision(user=self.by, log_action=True)


def _pledges_in(page: MemberPledgePage) -> list[dict[str, Any]]:
    """Return the pledges of the newest draft of ``page``, as they are stored."""
    revision = page.latest_revision
    return list(revision.content.get("pledges", [])) if revision is not None else []


def _known(
    promised: Promised, content: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any] | None:
    """Return the stored row of the same pledge in any language, if there is one."""
    for language, pledge in promised.pledges.items():
        for row in content.get(language, []):
            if row.get("year") == pledge.year and row.get("text") == pledge.text:
                return row
    return None


def _is_in(
    rows: list[dict[str, Any]], promised: Promised, language: str, known: dict[str, Any] | None
) -> bool:
    """Return whether one of ``rows`` is the pledge: by its text, or by the key of its translation."""
    pledge = promised.pledges[language]
    return any(
        (row.get("year") == pledge.year and row.get("text") == pledge.text)
        or (known is not None and row.get("key") == known.get("key"))
        for row in rows
    )


def _name(pledge: Pledge, promised: Promised, member: Member, known: dict[str, Any] | None) -> None:
    """Give ``pledge`` its permanent key: that of its translation, or one from what was promised."""
    if known is not None:
        pledge.key = uuid.UUID(known["key"])
        pledge.translation_key = uuid.UUID(known["translation_key"])
        return
    first = promised.first
    made = uuid.uuid5(NAMESPACE, f"{member.public_id}\n{first.year}\n{first.text}")
    pledge.key = pledge.translation_key = made


def _placed(rows: list[Pledge], page: MemberPledgePage, after: int = 0) -> list[Pledge]:
    for place, row in enumerate(rows, start=after):
        row.locale, row.sort_order = page.locale, place
    return rows
