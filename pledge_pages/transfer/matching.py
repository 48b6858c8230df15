"""Finds out who of a roster is in the branch already, and what the roster says anew of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..embargo.models import HeldApproval
from ..people.models import Member
from ..pilots.models import Pilot
from .roster import Person

LATIN = ("surname_latin", "given_name_latin")


@dataclass
class Match:
    """Somebody of the roster as a member, who is new or there already, and what changes of them."""

    member: Member
    new: bool
    # In words; the name never changes by an import.
    changes: list[str] = field(default_factory=list)
    posts: bool = False


class Branch:
    """The people of a branch, by number and by name."""

    def __init__(self, pilot: Pilot) -> None:
        self.pilot = pilot
        members = list(
            Member.objects.filter(pilot=pilot).select_related("office").prefetch_related("posts")
        )
        self._by_code = {member.code.casefold(): member for member in members}
        self._by_name: dict[str, list[Member]] = {}
        for member in members:
            name = f"{member.surname}{member.given_name}"
            self._by_name.setdefault(name, []).append(member)
        self._taken = {code.casefold() for code in Member.objects.values_list("code", flat=True)}
        approved = HeldApproval.objects.filter(
            page__memberpledgepage__member__pilot=pilot, withdrawn_at__isnull=True
        )
        self._approved = set(
            approved.values_list("page__memberpledgepage__member", flat=True).distinct()
        )

    def match(self, person: Person) -> Match:
        """Return who ``person`` is. Raises ValidationError naming the column if that is not clear."""
        known = self._known(person)
        if known is None:
            member = person.member
            member.pilot = self.pilot
            member.code = person.code or self._next_code()
            self._taken.add(member.code.casefold())
            return Match(member, new=True, changes=self._namesakes(member))
        if not known.active:
            raise ValidationError({"name": _("The member is not active.")})
        changes = self._changes(person, known)
        if changes and known.pk in self._approved:
            raise ValidationError(
                dict.fromkeys(
                    changes,
                    _("A page of this member was approved: a lead of the programme corrects it."),
                )
            )
        return Match(known, new=False, changes=list(changes.values()), posts="posts" in changes)

    def _known(self, person: Person) -> Member | None:
        same = self._by_name.get(person.member.staff_name, [])
        if not person.code:
            if len(same) > 1:
                codes = ", ".join(member.code for member in same[:5])
                raise ValidationError(
                    {"name": _("The branch has several of this name: %(codes)s. Give the number.")
                     % {"codes": codes}}
                )  # fmt: skip
            return same[0] if same else None
        known = self._by_code.get(person.code.casefold())
        if known is not None and known not in same:
            raise ValidationError({"code": _("This number is that of another member.")})
        if known is None and person.code.casefold() in self._taken:
            raise ValidationError({"code": _("There is a member with this code already.")})
        return known

    def _namesakes(self, member: Member) -> list[str]:
        """Return a word about others of that name, if there are any: it may be the same person."""
        codes = ", ".join(one.code for one in self._by_name.get(member.staff_name, [])[:5])
        text = _("somebody of this name is in the branch already: %(codes)s")
        return [text % {"codes": codes}] if codes else []

    def _changes(self, person: Person, known: Member) -> dict[str, str]:
        """Return what the roster says anew, in words by column, and put it on ``known``."""
        said, changes = person.member, {}
        if said.office_id != known.office_id:
            changes["office"] = _("office: %(office)s") % {"office": said.office}
            known.office = said.office
        if person.posts is not None and set(person.posts) != set(known.posts.all()):
            changes["posts"] = _("posts: %(posts)s") % {
                "posts": ", ".join(str(post) for post in person.posts)
            }
        if "surname_latin" in person.said:
            latin = [getattr(said, name) for name in LATIN]
            if latin != [getattr(known, name) for name in LATIN]:
                changes["latin"] = _("name in Latin letters")
                known.surname_latin, known.given_name_latin = latin
        return changes

    def _next_code(self) -> str:
        """Return the first number that is free behind those of the branch."""
        pattern = re.compile(rf"{re.escape(self.pilot.code)}-m(\d{{1,6}})", re.IGNORECASE)
        found = [match for code in self._taken if (match := pattern.fullmatch(code))]
        number = max((int(match[1]) for match in found), default=0) + 1
        width = max((len(match[1]) for match in found), default=3)
        return f"{self.pilot.code}-M{number:0{width}}"

    def keep(self, match: Match, person: Person, *, by: User | None) -> None:
        """Save what is new, with a line in the log."""
        match.member.save()
        if person.posts is not None and (match.new or match.posts):
            match.member.posts.set(person.posts)
        log(
            instance=match.member,
            action="pledge_pages.import_member",
            user=by,
            data={"member": match.member.code, "new": match.new},
        )
