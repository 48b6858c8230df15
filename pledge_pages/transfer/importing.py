"""Brings a roster into a branch: people, their pledges and photos, as drafts that nobody submits."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from ..appraisal.access import may_write
from ..boards.models import BranchPage
from ..contention import in_one_transaction
from ..labels import content_languages
from ..people.models import Consent, Member
from ..photos.actions import keep_photo, photo_digest
from ..photos.cleaning import clean_photo
from ..photos.models import MemberPhoto
from ..photos.storage import files_removed_on_error
from ..pilots.models import Pilot
from .columns import read_headings
from .draft_pages import Drafts
from .matching import Branch
from .roster import Person, Roster
from .roster_photos import NO_PHOTOS, Photos
from .roster_rows import RosterErrors, RowError
from .sheets import read_table

# Told how many of how many people are done.
Watch = Callable[[int, int], None]


@dataclass
class Line:
    """What is done with one person, or would be: the row, who, and in words."""

    row: int
    code: str
    name: str
    new: bool
    said: list[str] = field(default_factory=list)
    # Whether a photo comes in.
    photo: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is done at all."""
        return self.new or bool(self.said)

    @property
    def text(self) -> str:
        """What is done, in words."""
        said = [_("new"), *self.said] if self.new else self.said
        return "; ".join(said) if said else _("nothing changes")


@dataclass
class Imported:
    """What an import did, or would do, row by row; and which columns it did not read."""

    lines: list[Line]
    unread: tuple[str, ...]

    @property
    def summary(self) -> str:
        """How many people are new, changed and as they were."""
        new = sum(line.new for line in self.lines)
        changed = sum(line.changes and not line.new for line in self.lines)
        return _("new: %(new)d, changed: %(changed)d, as they were: %(same)d") % {
            "new": new, "changed": changed, "same": len(self.lines) - new - changed,
        }  # fmt: skip


def may_import(user: User, pilot: Pilot) -> bool:
    """Return whether ``user`` may bring people into ``pilot``: its editors and leads."""
    return may_write(user, pilot)


def import_roster(
    pilot: Pilot,
    content: bytes,
    *,
    name: str,
    by: User | None,
    photos: Photos = NO_PHOTOS,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Imported:
    """Take the people of the file ``content``, called ``name``, into ``pilot``; all or nobody.

    New people and pledges come into drafts, which nobody has submitted; what is there already stays
    as it is, and nothing that is approved changes. With ``dry_run`` it only says what would be
    done. ``by`` is None for who commands the server. Raises PermissionDenied, or ValidationError
    saying what is wrong with the file (RosterErrors: with which rows).
    """
    if by is not None and not may_import(by, pilot):
        raise PermissionDenied(
            _("Only editors and leads import people into the branch %(pilot)s.")
            % {"pilot": pilot.code}
        )
    header, rows = read_table(content, name)
    headings = read_headings(header)
    with files_removed_on_error():
        people = Roster(headings, pilot.code).read(rows)
        lines = _import(pilot, people, headings, by, photos, dry_run, watch)
    return Imported(lines, headings.unread)


@in_one_transaction
def _import(
    pilot: Pilot,
    people: list[Person],
    headings: Any,
    by: User | None,
    photos: Photos,
    dry_run: bool,
    watch: Watch | None,
) -> list[Line]:
    # As approvals lock: nobody decides of the branch meanwhile.
    pilot = Pilot.objects.select_for_update(of=("self",)).get(pk=pilot.pk)
    # As they were read, also if this is tried again.
    people = deepcopy(people)
    work = _Work(pilot, headings, by, photos, dry_run)
    lines = []
    for number, person in enumerate(people, start=1):
        lines.append(work.take(person))
        if watch is not None:
            watch(number, len(people))
    if work.errors:
        raise RosterErrors(work.errors)
    if not dry_run:
        log(
            instance=pilot,
            action="pledge_pages.import_roster",
            user=by,
            data={"people": len(lines), **work.counted},
        )
    return lines


class _Work:
    """Takes one person after the other into a branch, or only says what would be done."""

    def __init__(
        self, pilot: Pilot, headings: Any, by: User | None, photos: Photos, dry_run: bool
    ) -> None:
        self.pilot, self.headings, self.by = pilot, headings, by
        self.photos, self.dry_run = photos, dry_run
        self.errors: list[RowError] = []
        self.counted = {"new": 0, "changed": 0, "pledges": 0, "photos": 0}
        self.branch = Branch(pilot)
        boards = BranchPage.objects.filter(pilot=pilot).select_related("locale")
        order = {code: place for place, (code, _name) in enumerate(content_languages())}
        found = {board.locale.language_code: board for board in boards}
        self.boards = dict(sorted(found.items(), key=lambda pair: order.get(pair[0], len(order))))
        if not self.boards:
            raise ValidationError(_("The branch has no board yet, so its people have no place."))
        self.drafts = Drafts(pilot, self.boards, by)
        digests = MemberPhoto.objects.filter(member__pilot=pilot).values_list("member", "file_hash")
        self.digests = set(digests)
        self.unwanted = _without_photo(pilot)

    def take(self, person: Person) -> Line:
        """Take ``person`` in; what is wrong is put down, and nothing is done with them then."""
        before = len(self.errors)
        try:
            found = self.branch.match(person)
        except ValidationError as error:
            self._put_down(person.row, error)
            return Line(person.row, person.code, person.member.staff_name, new=False)
        member, changes = found.member, found.changes
        line = Line(person.row, member.code, member.staff_name, new=found.new, said=[*changes])
        if not self.dry_run and not self.errors and line.changes:
            self.branch.keep(found, person, by=self.by)
        photo = self._photo(person, found.member, line)
        self._pages(person, member, photo, line)
        if len(self.errors) == before:
            self.counted["new"] += found.new
            self.counted["changed"] += bool(changes) and not found.new
        return line

    def _photo(self, person: Person, member: Member, line: Line) -> MemberPhoto | None:
        """Keep the photo of ``person`` if there is one that is not there already."""
        if member.pk in self.unwanted:
            return None
        try:
            file = self.photos.find(person, member)
            if file is None:
                return None
            with file as opened:
                clean = clean_photo(opened)
        except ValidationError as error:
            self._put_down(person.row, ValidationError({"photo": error.messages}))
            return None
        except OSError as error:
            text = _("%(path)s: cannot be read (%(why)s).")
            said = text % {"path": person.photo or member.code, "why": error.strerror}
            self._put_down(person.row, ValidationError({"photo": said}))
            return None
        if member.pk and (member.pk, photo_digest(clean)) in self.digests:
            return None
        line.said.append(_("photo"))
        line.photo = True
        if self.dry_run or self.errors:
            return None
        self.counted["photos"] += 1
        return keep_photo(member, clean, by=self.by)

    def _pages(self, person: Person, member: Member, photo: MemberPhoto | None, line: Line) -> None:
        """Write what is new of ``person`` into drafts of their pages."""
        try:
            plan = self.drafts.plan(person, member)
            if not (plan.rows or plan.makes_page or line.photo):
                return
            self.drafts.check_free(member, plan, photo=line.photo)
        except ValidationError as error:
            self._put_down(person.row, error)
            return
        if plan.rows:
            text = ngettext("%(count)d pledge", "%(count)d pledges", len(plan.rows))
            line.said.append(text % {"count": len(plan.rows)})
        if plan.makes_page and not line.new and not plan.rows:
            line.said.append(_("a page"))
        self.counted["pledges"] += len(plan.rows)
        if not self.dry_run and not self.errors:
            self.drafts.write(member, plan, photo)

    def _put_down(self, row: int, error: ValidationError) -> None:
        named = error.message_dict if hasattr(error, "error_dict") else {"name": error.messages}
        for name, messages in named.items():
            for message in messages:
                self.errors.append(RowError(row, self.headings.word(name), message))


def _without_photo(pilot: Pilot) -> set[int]:
    """Return the members of ``pilot`` who were asked for their photo, and allow it nowhere."""
    rows = Consent.objects.filter(member__pilot=pilot, subject=Consent.Subject.PHOTO, current=True)
    found = list(rows.values_list("member", "state"))
    open_states = (Consent.State.GRANTED, Consent.State.PENDING)
    return {member for member, _state in found} - {
        member for member, state in found if state in open_states
    }
