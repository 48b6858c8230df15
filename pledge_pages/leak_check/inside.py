"""What no visitor sees yet: a lock that is off, a public row that is wrong, a file out of place."""

import hashlib
import json
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import Storage, default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import OuterRef, Subquery
from wagtail.models import Page

from .. import conf
from ..appraisal.grades_on_page import GradeError, public_check
from ..boards.models import MemberPledgePage
from ..embargo import triggers
from ..embargo.approval import approved_page
from ..embargo.errors import EmbargoError
from ..embargo.gate import gated_types
from ..embargo.models import ApprovedContent, EarlierApproval, GatedPage, HeldApproval
from ..photos.models import EvidenceFile, MemberPhoto
from ..photos.storage import private_root
from ..pilots.models import Pilot, Transition
from ..pilots.stages import Stage
from .needles import hidden_gates, stem
from .walking import Finding

DATABASE, FILES = "database", "files"
# Files of uploads that are looked into, at most.
MOST_FILES = 100_000
# What of a page changes without anybody approving it, or is not content.
NOT_CONTENT = {
    "pk", "path", "depth", "numchild", "url_path", "slug", "live", "has_unpublished_changes",
    "first_published_at", "last_published_at", "live_revision", "latest_revision",
    "latest_revision_created_at", "draft_title", "expired", "locked", "locked_at", "locked_by",
    "owner", "content_type", "translation_key", "locale", "alias_of", "go_live_at", "expire_at",
    "wagtail_admin_comments", "index_entries", "comments",
}  # fmt: skip


def database() -> Iterator[Finding]:
    """Yield what is wrong with the lock, the gates, and the public rows behind them."""
    for name in (*triggers.missing(), *triggers.missing_trail()):
        yield Finding(DATABASE, "trigger", detail={"name": name})
    yield from _undecided()
    yield from _without_gate()
    hidden = hidden_gates()
    yield from _live_behind(hidden)
    yield from _in_index(hidden)
    for gate in GatedPage.objects.filter(publishing=True):
        yield _about("left_open", gate)
    yield from _unlike_approval()
    yield from _ungraded()


def _about(what: str, gate: GatedPage, **detail) -> Finding:
    return Finding(
        DATABASE, what, programme=gate.programme_id, detail={"page": gate.page_id, **detail}
    )


def _undecided() -> Iterator[Finding]:
    """Yield pilots that are open though their last recorded step did not open them."""
    newest = Transition.objects.filter(pilot=OuterRef("pk")).order_by("-pk")
    pilots = Pilot.objects.filter(stage=Stage.APPROVED).annotate(
        decided=Subquery(newest.values("to_stage")[:1])
    )
    for pilot in pilots:
        if pilot.decided != Stage.APPROVED:
            yield Finding(
                DATABASE, "undecided", programme=pilot.programme_id, detail={"pilot": pilot.code}
            )


def _without_gate() -> Iterator[Finding]:
    types = ContentType.objects.get_for_models(*gated_types()).values()
    for page in Page.objects.filter(content_type__in=types, gate__isnull=True):
        yield Finding(DATABASE, "no_gate", detail={"page": page.pk})


def _ungraded() -> Iterator[Finding]:
    """Yield public pages with a grade that no closed review bears out."""
    check = public_check(frozenset())
    graded = MemberPledgePage.objects.live().exclude(grades=[]).select_related("member", "gate")
    for page in graded:
        try:
            check(page)
        except GradeError:
            yield _about("grade", page.gate)


def _live_behind(hidden: list[GatedPage]) -> Iterator[Finding]:
    closed = {gate.page.path: gate for gate in hidden if not gate.is_open}
    paths: list[str] = []
    for path in sorted(closed):
        if not path.startswith(tuple(paths)):
            paths.append(path)
    for path in paths:
        for pk in Page.objects.filter(live=True, path__startswith=path).values_list(
            "pk", flat=True
        ):
            yield _about("live", closed[path], page=pk)


def _in_index(hidden: list[GatedPage]) -> Iterator[Finding]:
    from wagtail.search.models import IndexEntry

    by_id = {str(gate.page_id): gate for gate in hidden}
    types = ContentType.objects.get_for_models(Page, *gated_types()).values()
    entries = IndexEntry.objects.filter(content_type__in=types, object_id__in=list(by_id))
    for pk in entries.values_list("object_id", flat=True).distinct():
        yield _about("indexed", by_id[pk])


# Public content against what was approved ---------------------------------------------------


def _unlike_approval() -> Iterator[Finding]:
    gates = {
        gate.page_id: gate for gate in GatedPage.objects.filter(page__live=True).order_by("pk")
    }
    approvals: dict[int, ApprovedContent] = {
        row.page_id: row for row in HeldApproval.objects.filter(withdrawn_at__isnull=True)
    }
    # A newer approval may wait for its date.
    for row in EarlierApproval.objects.filter(released_at__isnull=False):
        approvals[row.page_id] = row
    for page in Page.objects.filter(pk__in=list(gates)).specific().iterator(chunk_size=100):
        gate = gates[page.pk]
        approval = approvals.get(page.alias_of_id or page.pk)
        if approval is None:
            yield _about("unapproved", gate)
        elif not approval.is_intact:
            yield _about("altered", gate)
        elif fields := _different(page, approval):
            yield _about("differs_from_approval", gate, fields=", ".join(sorted(fields)))


def _different(page: Page, approval: ApprovedContent) -> set[str]:
    """Return the names of the fields in which a public page is not what was approved."""
    try:
        source = page if page.alias_of_id is None else page.alias_of.specific
        wanted = _content(approved_page(approval, source))
    except EmbargoError:
        # It refers to what was deleted since: nothing can be compared with it.
        return set()
    shown = _content(page)
    # A photo that was deleted is gone from the page: less is shown than was approved.
    return {
        name for name in shown if shown[name] != wanted.get(name) and shown[name] not in (None, [])
    } | {name for name in shown if shown[name] == [] != wanted.get(name, [])}


def _content(page: Page) -> dict:
    rows = json.loads(json.dumps(page.serializable_data(), cls=DjangoJSONEncoder))
    return {
        name: [_row(row) for row in value] if isinstance(value, list) else value
        for name, value in rows.items()
        if name not in NOT_CONTENT
    }


def _row(row: object) -> object:
    if not isinstance(row, dict):
        return row
    left_out = ("pk", "page", "sort_order", "locale", "translation_key")
    return {
        name: value
        for name, value in row.items()
        # A file that was deleted is gone from the row as well.
        if name not in left_out and value is not None
    }


# Files ---------------------------------------------------------------------------------------


def files() -> Iterator[Finding]:
    """Yield private files that lie where everyone can fetch them."""
    try:
        if not conf.get("PRIVATE_STORAGE"):
            private_root()
    except ImproperlyConfigured:
        yield Finding(FILES, "inside")
    names, digests = _private_files()
    for name in _stored(default_storage):
        whose = names.get(stem(name)) or next(
            (digests[one] for one in _digests(default_storage, name) if one in digests), None
        )
        if whose is not None:
            kind, pk, programme = whose
            yield Finding(
                FILES, "copied", f"{kind}:{pk}", kind, programme=programme, places=[name], count=1
            )


def _private_files() -> tuple[dict[str, tuple], dict[str, tuple]]:
    """Return whose the private files are, by the random part of their name and by their content."""
    names: dict[str, tuple] = {}
    digests: dict[str, tuple] = {}
    photos = MemberPhoto.objects.select_related("member__pilot").prefetch_related("renditions")
    for photo in photos.exclude(file=""):
        whose = ("photo", photo.pk, photo.member.pilot.programme_id)
        digests[photo.file_hash] = whose
        names[stem(photo.file.name)] = whose
        for row in photo.renditions.all():
            digests[row.digest] = whose
            names[stem(row.file.name)] = whose
    for file in EvidenceFile.objects.select_related("pilot"):
        whose = ("evidence", file.pk, file.pilot.programme_id)
        digests[file.digest] = whose
        names[stem(file.file.name)] = whose
    return names, digests


def _stored(storage: Storage) -> Iterator[str]:
    """Yield the names of the files of ``storage``, MOST_FILES at most; folders it hides are none."""
    folders, count = [""], 0
    while folders:
        folder = folders.pop()
        try:
            inner, names = storage.listdir(folder)
        except (NotImplementedError, OSError):
            continue
        folders += [f"{folder}/{name}".lstrip("/") for name in inner if name]
        for name in names:
            count += 1
            if count > MOST_FILES:
                return
            yield f"{folder}/{name}".lstrip("/")


def _digests(storage: Storage, name: str) -> list[str]:
    """Return the digests by which a private file would be known."""
    try:
        if storage.size(name) > conf.get("MAX_UPLOAD_BYTES"):
            return []
        with storage.open(name) as file:
            content = file.read()
    except OSError:
        return []
    # Wagtail knows its originals by the one, renditions and evidence are known by the other.
    return [
        hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        hashlib.sha256(content).hexdigest(),
    ]
