"""What nobody may find: every title, name, address part, promise and file that is not public."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from ..appraisal.review_models import Appraisal, MemberReview, Sanction
from ..boards.models import MemberPledgePage
from ..embargo.models import EarlierApproval, GatedPage, HeldApproval
from ..embargo.triggers.tables import gated_child_models
from ..people.models import Consent, Member, Scope
from ..people.naming import name_level
from ..photos.models import EvidenceFile, MemberPhoto
from ..photos.serving import is_evidence_public, is_photo_public
from ..pilots.models import Pilot, Programme
from ..pilots.stages import Stage
from ..village.models import VillageLink
from ..village.tokens import token_again

KINDS = {
    "title": _("title"),
    "name": _("name of a person"),
    "slug": _("part of an address"),
    "address": _("address"),
    "programme": _("public name of a programme"),
    "photo": _("photo"),
    "evidence": _("evidence file"),
    "file": _("name of a stored file"),
    "pledge": _("text of a pledge"),
    "link": _("address in the code of a village"),
    "review": _("opinion, account or reason in a year-end review"),
    "sanction": _("sanction"),
}
# Kinds that a visitor would type into a search field.
WORDS = ("title", "name", "slug", "programme")
# Kinds that no ordinary text can hold by chance.
RANDOM = ("photo", "evidence", "file", "link")
# One character stands everywhere.
SHORTEST = 2
# A Chinese character counts for two: three of them, or six letters, are no accident.
LONG_ENOUGH = 6
LONG_PLEDGE = 16


@dataclass(frozen=True)
class Needle:
    """One text that must not be found, whose it is, and how sure a find of it would be."""

    kind: str
    text: str
    # What stands for it where the text itself must not be kept: kind and ids.
    key: str
    programme: int | None = None
    pilot: int | None = None
    # False for short texts, and for those that also name something public.
    sure: bool = True
    # The name of the place where the branch is, which people knew long before any pilot.
    place: bool = False


def weight(text: str) -> int:
    """Return how unlikely it is to meet ``text`` by chance."""
    return sum(2 if ord(sign) > 0x2E80 else sign.isalnum() for sign in text)


def all_needles() -> tuple[list[Needle], int]:
    """Return everything that must not be found now, and how many texts are too short to look for.

    Texts that also name something public are kept, but a find of them is not sure.
    """
    public = public_texts()
    unique: dict[tuple[str, str], Needle] = {}
    short: set[str] = set()
    for needle in chain(
        _of_pages(), _of_members(), _of_programmes(), _of_files(), _of_pledges(), _of_links(),
        _of_reviews(),
    ):  # fmt: skip
        text = " ".join(needle.text.split())
        if len(text) < SHORTEST:
            short.add(text)
            continue
        sure = needle.kind in RANDOM or (weight(text) >= LONG_ENOUGH and text not in public)
        found = replace(needle, text=text, sure=sure)
        unique.setdefault((found.kind, text), found)
    return list(unique.values()), len(short - {""})


def public_texts() -> set[str]:
    """Return titles, slugs and names that may be read by everyone."""
    texts: set[str] = set()
    for pair in Page.objects.live().public().order_by().values_list("title", "slug"):
        texts.update(pair)
    for member in _members():
        if _on_live_page(member) and name_level(member, Scope.PUBLIC_WEB) == Consent.Level.FULL:
            texts.update(full_names(member))
    for programme in Programme.objects.filter(pilots__stage=Stage.APPROVED):
        texts.update(programme.public_name.values())
    return texts


def full_names(member: Member) -> Iterator[str]:
    """Yield the full name of ``member`` in each way it is written."""
    if member.given_name:
        yield f"{member.surname}{member.given_name}"
    if member.given_name_latin:
        yield f"{member.surname_latin} {member.given_name_latin}".strip()
        yield f"{member.given_name_latin} {member.surname_latin}".strip()


def _members() -> Iterable[Member]:
    return Member.objects.select_related("pilot").prefetch_related("consents", "pages")


def _on_live_page(member: Member) -> bool:
    return member.pilot.is_public and any(page.live for page in member.pages.all())


def hidden_gates() -> list[GatedPage]:
    """Return the gates of all pages that are not public, pages first made first."""
    gates = GatedPage.objects.select_related("page__locale", "pilot", "programme")
    return [gate for gate in gates.order_by("pk") if not (gate.page.live and gate.is_open)]


def _of_pages() -> Iterator[Needle]:
    # What a public translation of the same page shows is no secret.
    shown: dict[object, set[str]] = {}
    for page in Page.objects.filter(gate__isnull=False, live=True):
        shown.setdefault(page.translation_key, set()).update((page.title, page.slug))
    hidden = {gate.page_id for gate in hidden_gates()}
    snapshots = dict(
        HeldApproval.objects.filter(withdrawn_at__isnull=True).values_list(
            "page_id", "snapshot__title"
        )
    )
    earlier = dict(EarlierApproval.objects.values_list("page_id", "snapshot__title"))
    for gate in GatedPage.objects.select_related("page", "pilot"):
        page = gate.page
        # A page that is live behind a closed gate shows what it must not.
        known = set() if page.live and page.pk in hidden else shown.get(page.translation_key, set())
        titles = {page.draft_title, snapshots.get(page.pk) or "", earlier.get(page.pk) or ""}
        if page.pk in hidden:
            titles |= {page.title, page.seo_title}
            if page.slug not in known:
                yield _page_needle("slug", page.slug, gate)
            path = address_of(page)
            if path and path.strip("/"):
                yield _page_needle("address", path, gate)
        for number, title in enumerate(sorted(titles - known - {""})):
            yield _page_needle("title", title, gate, number)


def _page_needle(kind: str, text: str, gate: GatedPage, *more: int) -> Needle:
    key = ":".join(str(part) for part in (kind, gate.page_id, *more))
    names = {name.casefold() for name in gate.pilot.name.values()} if gate.pilot else set()
    place = text.casefold() in names
    return Needle(kind, text, key, gate.programme_id, gate.pilot_id, place=place)


def address_of(page: Page) -> str | None:
    """Return the path at which ``page`` stands or would stand, or None outside of any site."""
    # The plain page knows no gate, so it tells its address.
    parts = Page.get_url_parts(page)
    return parts[2] if parts else None


def _of_members() -> Iterator[Needle]:
    for member in _members():
        shown = _on_live_page(member)
        if shown and name_level(member, Scope.PUBLIC_WEB) == Consent.Level.FULL:
            continue
        names = dict.fromkeys(full_names(member))
        for number, name in enumerate(names):
            yield _member_needle("name", name, member, number)
        if not shown:
            yield _member_needle("slug", member.public_id, member)


def _member_needle(kind: str, text: str, member: Member, *more: int) -> Needle:
    key = ":".join(str(part) for part in (kind, "member", member.pk, *more))
    return Needle(kind, text, key, member.pilot.programme_id, member.pilot_id)


def _of_programmes() -> Iterator[Needle]:
    for programme in Programme.objects.exclude(pilots__stage=Stage.APPROVED):
        for language, name in programme.public_name.items():
            if name not in programme.neutral_name.values():
                key = f"programme:{programme.pk}:{language}"
                yield Needle("programme", name, key, programme.pk)


def _of_files() -> Iterator[Needle]:
    photos = MemberPhoto.objects.select_related("member__pilot").prefetch_related("renditions")
    for photo in photos:
        pilot = photo.member.pilot
        if is_photo_public(photo):
            continue
        yield _file_needle("photo", photo.token, photo.pk, pilot)
        for row in filter(lambda row: row.file, (photo, *photo.renditions.all())):
            yield _file_needle("file", stem(row.file.name), photo.pk, pilot, "photo")
    for file in EvidenceFile.objects.select_related("pilot"):
        if not is_evidence_public(file):
            yield _file_needle("evidence", file.token, file.pk, file.pilot)
            yield _file_needle("file", stem(file.file.name), file.pk, file.pilot, "evidence")


def _file_needle(kind: str, text: str, pk: int, pilot: Pilot, owner: str = "") -> Needle:
    key = ":".join(part for part in (kind, owner, str(pk)) if part)
    return Needle(kind, text, key, pilot.programme_id, pilot.pk)


def stem(name: str | None) -> str:
    """Return the random part of a stored file's name."""
    return (name or "").rpartition("/")[2].partition(".")[0]


def _of_pledges() -> Iterator[Needle]:
    hidden = {gate.page_id: gate for gate in hidden_gates()}
    found: list[tuple[str, str, int]] = []
    shown: list[str] = []
    for model in gated_child_models():
        fields = [name for name in ("text", "old_text", "new_text") if hasattr(model, name)]
        for pk, page_id, *texts in model._base_manager.values_list("pk", "page_id", *fields):
            if page_id not in hidden:
                shown += texts
            elif fields:
                found.append((f"pledge:{model._meta.model_name}:{pk}", texts[0], page_id))
    # Others may have promised the same in public, or the same and more.
    in_public = "\n".join(shown)
    for key, text, page_id in found:
        if weight(text) >= LONG_PLEDGE and text not in in_public:
            gate = hidden[page_id]
            yield Needle("pledge", text, key, gate.programme_id, gate.pilot_id)


def _of_reviews() -> Iterator[Needle]:
    """Yield what was said of members in reviews and no public page says, and every sanction."""
    public = MemberPledgePage.objects.live().exclude(grades=[]).values_list("grades", flat=True)
    in_public = "\n".join(
        text
        for grades in public
        for row in grades
        for text in (*row["opinion"].values(), *row["reply"].values())
    )
    said: list[tuple[str, str, Pilot, str]] = []
    for model, reason in ((MemberReview, "grade_reason"), (Appraisal, "reason")):
        for row in model.objects.select_related("member__pilot"):
            texts = (*row.opinion.values(), *row.reply.values(), getattr(row, reason))
            key = f"review:{model._meta.model_name}:{row.pk}"
            said += [("review", text, row.member.pilot, key) for text in texts]
    for sanction in Sanction.objects.select_related("entry__member__pilot"):
        pilot, key = sanction.entry.member.pilot, f"sanction:{sanction.pk}"
        said.append(("sanction", sanction.what, pilot, key))
    for number, (kind, text, pilot, key) in enumerate(said):
        if weight(text) >= LONG_PLEDGE and text not in in_public:
            yield Needle(kind, text, f"{key}:{number}", pilot.programme_id, pilot.pk)


def _of_links() -> Iterator[Needle]:
    """Yield what opens the village view of a branch that is not public."""
    for link in VillageLink.objects.select_related("pilot"):
        token = token_again(link.nonce, link.token_hash)
        if token and link.is_valid and not link.pilot.is_public:
            key = f"link:{link.pk}"
            yield Needle("link", token, key, link.pilot.programme_id, link.pilot_id)
