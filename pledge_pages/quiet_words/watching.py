"""Says what a page says, or refers to, that must not be public now.

Three things are watched. The terms of a programme, as long as none of its pilots is approved. Links
to what is hidden, whatever programme it belongs to. Names of a quiet branch's members, where they
stand on the same page as the programme's terms; a name alone is an ordinary name.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import models
from wagtail.models import Locale, Page

from ..embargo.gate import is_gated
from ..embargo.models import GatedPage, HeldApproval
from ..labels import label_in
from ..people.models import Member
from ..photos.models import EvidenceFile, MemberPhoto
from ..photos.serving import is_evidence_public, is_photo_public
from ..pilots.models import Pilot, Programme
from ..pilots.stages import Stage
from .addresses import (
    Address,
    addresses_in,
    is_village_link,
    private_tokens,
    readings,
    unescaped,
)
from .matching import Finder, Place, Term
from .models import QuietTerm
from .reading import Passage, Reference, passages, references

TERM, NAME, LINK = "term", "name", "link"


@dataclass(frozen=True)
class Issue:
    """One place that must not be public: what it is, where it stands, and whose secret it is.

    ``start`` and ``end`` are places in the text of the field; both are -1 for a record that was
    chosen and has no text.
    """

    kind: str
    path: str
    label: str
    start: int
    end: int
    quote: str
    suggestion: str
    programme: int


class Watch:
    """What must not be public at this moment. Made once for many pages in a row."""

    def __init__(self, opening: Iterable[int] = (), announcing: Iterable[int] = ()) -> None:
        """Look at the stages of all pilots; those with ids in ``opening`` count as approved.

        Programmes with ids in ``announcing`` count as having an approved pilot.
        """
        pilots = list(Pilot.objects.values_list("pk", "programme_id", "stage"))
        opening = set(opening)
        public = {pk for pk, _of, stage in pilots if stage == Stage.APPROVED or pk in opening}
        self.quiet_pilots = {pk: of for pk, of, _stage in pilots if pk not in public}
        self.public_pilots = public
        self.announced = {of for pk, of, _stage in pilots if pk in public} | set(announcing)

    @cached_property
    def programmes(self) -> dict[int, Programme]:
        """Every programme by id."""
        return {programme.pk: programme for programme in Programme.objects.all()}

    @cached_property
    def languages(self) -> dict[int | None, str]:
        """The code of every language that pages are written in, by id."""
        return dict(Locale.objects.values_list("pk", "language_code"))

    @cached_property
    def terms(self) -> dict[int, list[Term]]:
        """The terms of each programme that is not announced or has quiet pilots."""
        watched = (set(self.programmes) - self.announced) | set(self.quiet_pilots.values())
        found: dict[int, list[Term]] = {pk: [] for pk in self.programmes if pk in watched}
        for row in QuietTerm.objects.filter(programme__in=found):
            found[row.programme_id].append(
                Term(
                    row.text,
                    variants=row.match == QuietTerm.Match.VARIANTS,
                    suggestion=row.suggestion,
                    fine=row.kind == QuietTerm.Kind.FINE,
                    key=row.programme_id,
                )
            )
        for pk in found:
            listed = {term.text.casefold() for term in found[pk]}
            programme = self.programmes[pk]
            # Nobody may know its name either; a neutral one is no secret.
            for name in set(programme.public_name.values()) - set(programme.neutral_name.values()):
                if name and name.casefold() not in listed:
                    found[pk].append(Term(name, key=pk))
        return found

    @cached_property
    def forbidden(self) -> list[Finder]:
        """What finds the terms that must not appear at all, programme by programme."""
        quiet = [terms for pk, terms in self.terms.items() if pk not in self.announced]
        return [finder for terms in quiet if (finder := Finder(terms))]

    @cached_property
    def beside(self) -> dict[int, Finder]:
        """What finds the terms beside which names must not stand, by programme."""
        quiet = set(self.quiet_pilots.values())
        return {pk: finder for pk in quiet if (finder := Finder(self.terms.get(pk, [])))}

    def names_of(self, programme: int) -> Finder:
        """Return what finds the full names of members of the programme's quiet branches."""
        if programme not in self._names:
            pilots = [pk for pk, of in self.quiet_pilots.items() if of == programme]
            members = Member.objects.filter(pilot__in=pilots)
            self._names[programme] = Finder(
                Term(name, key=programme) for member in members for name in written_names(member)
            )
        return self._names[programme]

    @cached_property
    def _names(self) -> dict[int, Finder]:
        return {}

    @cached_property
    def hidden(self) -> dict[int, GatedPage]:
        """The gates of all pages that will not be public, by page id."""
        held = set(
            HeldApproval.objects.filter(withdrawn_at__isnull=True).values_list("page_id", flat=True)
        )
        gates = GatedPage.objects.select_related("page__locale")
        return {gate.page_id: gate for gate in gates if not self._shows(gate, held)}

    def _shows(self, gate: GatedPage, held: set[int]) -> bool:
        is_open = (
            gate.pilot_id in self.public_pilots
            if gate.pilot_id
            else gate.programme_id in self.announced
        )
        # What is released in the same step is not live yet.
        return is_open and (gate.page.live or gate.page_id in held)

    @cached_property
    def hidden_paths(self) -> dict[str, GatedPage]:
        """The gates of pages that are not public, by the path of their address."""
        found = {}
        for gate in self.hidden.values():
            # The plain page knows no gate, so it tells its address.
            parts = Page.get_url_parts(gate.page)
            if parts and parts[2] and parts[2].strip("/"):
                found[unescaped(parts[2]).strip("/").casefold()] = gate
        return found

    @cached_property
    def hidden_tails(self) -> dict[str, GatedPage]:
        """The same gates by whatever the path may end with: what a link from elsewhere says."""
        found = {}
        for path, gate in self.hidden_paths.items():
            parts = path.split("/")
            found.update({"/".join(parts[start:]): gate for start in range(len(parts))})
        return found

    # What a page says ------------------------------------------------------------------------

    def issues_of(self, instance: models.Model) -> list[Issue]:
        """Return every place of ``instance``, as it is in memory, that must not be public."""
        if not self.programmes:
            return []
        texts = list(passages(instance))
        own = _own_pilot(instance)
        language = self.languages.get(getattr(instance, "locale_id", None))
        found = self.issues_in(texts, own=own, language=language)
        found += self._records_in(instance, texts, own)
        return list(dict.fromkeys(found))

    def issues_in(
        self, texts: list[Passage], *, own: int | None = None, language: str | None = None
    ) -> list[Issue]:
        """Return every place in ``texts``, shown together, that must not be public.

        ``own`` is the pilot whose photos and files they may name, ``language`` that of suggestions.
        """
        if not self.programmes:
            return []
        found = [*self._terms_in(texts, language), *self._names_in(texts)]
        return list(dict.fromkeys([*found, *self._addresses_in(texts, own)]))

    def _terms_in(self, texts: list[Passage], language: str | None) -> Iterator[Issue]:
        for passage in texts:
            for finder in self.forbidden:
                for place in _places(finder, passage.text):
                    pk = int(str(place.term.key))
                    neutral = label_in(self.programmes[pk].neutral_name, language)
                    yield _said(TERM, passage, place, pk, place.term.suggestion or neutral)

    def _names_in(self, texts: list[Passage]) -> Iterator[Issue]:
        for pk, finder in self.beside.items():
            if not any(_places(finder, passage.text) for passage in texts):
                continue
            for passage in texts:
                for place in _places(self.names_of(pk), passage.text):
                    yield _said(NAME, passage, place, pk)

    def _addresses_in(self, texts: list[Passage], own: int | None) -> Iterator[Issue]:
        for passage in texts:
            told: list[tuple[int, int]] = []
            for address in addresses_in(passage.text):
                start, end = address.start, address.end
                if any(start < last and first < end for first, last in told):
                    continue
                programme = self._whose(address, own)
                if programme is not None:
                    told.append((start, end))
                    yield _issue(LINK, passage, start, end, programme)

    def _whose(self, address: Address, own: int | None) -> int | None:
        """Return the programme whose hidden page or file stands at ``address``, or None."""
        for known, paths in (
            (self.hidden_paths, address.leads_to()),
            (self.hidden_tails, address.ends_of_paths()),
        ):
            gate = next((known[path] for path in paths if path in known), None)
            if gate is not None:
                return gate.programme_id
        for token in private_tokens(address.path):
            programme = self._whose_file(token, own)
            if programme is not None:
                return programme
        # It opens a quiet branch to whoever has it, and is for the wall only.
        return min(self.programmes) if is_village_link(address.path) else None

    def _whose_file(self, token: str, own: int | None) -> int | None:
        photo = MemberPhoto.objects.select_related("member__pilot").filter(token=token).first()
        if photo is not None:
            shown = photo.member.pilot_id == own or is_photo_public(photo)
            return None if shown else photo.member.pilot.programme_id
        file = EvidenceFile.objects.select_related("pilot").filter(token=token).first()
        if file is not None:
            shown = file.pilot_id == own or is_evidence_public(file)
            return None if shown else file.pilot.programme_id
        return None

    def _records_in(
        self, instance: models.Model, texts: list[Passage], own: int | None
    ) -> Iterator[Issue]:
        if not self.hidden and not self.quiet_pilots:
            return
        linked = [(passage, link) for passage in texts for link in passage.links]
        for reference in references(instance):
            programme = self._whose_record(reference, own)
            if programme is None:
                continue
            places = [
                _issue(LINK, passage, start, end, programme)
                for passage, (kind, pk, start, end) in linked
                if kind == "page" and pk == reference.pk and issubclass(reference.model, Page)
            ]
            yield from places or [
                Issue(LINK, reference.path, reference.label, -1, -1, "", "", programme)
            ]

    def _whose_record(self, reference: Reference, own: int | None) -> int | None:
        """Return the programme that a hidden page or file belongs to; None if it is not hidden."""
        if issubclass(reference.model, Page) and reference.pk.isdecimal():
            gate = self.hidden.get(int(reference.pk))
            return gate.programme_id if gate else None
        if issubclass(reference.model, MemberPhoto | EvidenceFile):
            file = reference.model.objects.filter(pk=reference.pk).first()
            return self._whose_file(file.token, own) if file else None
        return None


def _own_pilot(instance: models.Model) -> int | None:
    """Return the pilot that a gated page belongs to."""
    if not isinstance(instance, Page) or not is_gated(instance):
        return None
    row = GatedPage.objects.filter(page_id=instance.pk).values_list("pilot_id", flat=True)
    return row.first()


def _places(finder: Finder, text: str) -> list[Place]:
    """Return where ``finder`` finds something in ``text``, also behind escapes (%2F)."""
    found: dict[Place, None] = {}
    for reading, where in readings(text):
        for place in finder.places(reading):
            start, end = where[place.start], where[place.end - 1] + 1
            found[replace(place, start=start, end=end)] = None
    return list(found)


def _said(kind: str, passage: Passage, place: Place, programme: int, instead: str = "") -> Issue:
    """Return the issue of words at ``place``: quoted as they are read."""
    where = (passage.path, passage.label, place.start, place.end)
    return Issue(kind, *where, place.quote, instead, programme)


def _issue(kind: str, passage: Passage, start: int, end: int, programme: int) -> Issue:
    quote = passage.text[start:end]
    return Issue(kind, passage.path, passage.label, start, end, quote, "", programme)


def written_names(member: Member) -> Iterator[str]:
    """Yield the full name of ``member`` as it is written; a surname alone is everybody's."""
    if member.given_name:
        yield f"{member.surname}{member.given_name}"
    if member.given_name_latin and member.surname_latin:
        yield f"{member.surname_latin} {member.given_name_latin}"
        yield f"{member.given_name_latin} {member.surname_latin}"


def digest_of_content(instance: models.Model, issues: Iterable[Issue]) -> str:
    """Return a fingerprint of all that ``instance`` says, and of what was found in it.

    Its address is left out unless something is wrong with it: an alias has another one.
    """
    said = [[p.path, p.text] for p in passages(instance) if p.path != "slug"]
    wrong = sorted([i.kind, i.path, i.start, i.end, i.quote, i.programme] for i in issues)
    text = json.dumps([said, wrong], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
