"""Reads boards for showing: a handful of queries, whatever the number of members.

Everything here shows what is public. Names and photos are chosen by consent for one scope.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Count
from django.db.models.functions import Coalesce, NullIf, Substr
from django.db.models.expressions import Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from ..labels import label_in
from ..people.models import Member, Scope
from ..people.naming import photo_allowed, shown_name
from ..photos.models import MemberPhoto, renditions_for
from ..photos.renditions import LARGE, TILE
from .content import BranchPledge, Pledge, PledgeAmendment, PledgeTask, ProgressUpdate, Status
from .views_of import (
    AmendmentView,
    Board,
    BranchCard,
    BranchPledgeView,
    EvidenceView,
    MemberView,
    PhotoView,
    PledgeView,
    ProgrammeIndex,
    StatusCounts,
    TaskView,
    Tile,
    UpdateView,
)

if TYPE_CHECKING:
    from .models import BranchPage, MemberPledgePage, ProgrammePage


def year_from(request: HttpRequest) -> int | None:
    """Return the year a visitor asked for, or None if there is none that makes sense."""
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if 2000 <= year <= 2100 else None


def member_pages(board: BranchPage):
    """Return the public member pages of ``board`` with all that their tiles need."""
    from .models import MemberPledgePage

    return (
        MemberPledgePage.objects.child_of(board)
        .live()
        .select_related("member__office", "photo")
        .prefetch_related("member__posts", "member__consents")
        .order_by("member__office__rank", "member__code")
    )


def board(page: BranchPage, *, year: int | None = None, scope: str = Scope.PUBLIC_WEB) -> Board:
    """Return the board of ``page`` for ``year`` (its newest one if None), as seen in ``scope``."""
    pages = list(member_pages(page))
    language = page.locale.language_code
    pledges = list(_pledges_of(pages))
    own = list(
        BranchPledge.objects.filter(page_id=page.pk)
        .select_related("category", "lead")
        .order_by("sort_order", "pk")
    )
    years = sorted({pledge.year for pledge in (*pledges, *own)}, reverse=True)
    shown = year if year in years else (years[0] if years else None)
    photos = _photos([entry.photo for entry in pages if entry.photo_id], TILE)
    tiles = {entry.pk: _tile(entry, photos, scope, language) for entry in pages}
    counts = StatusCounts()
    for pledge in pledges:
        if pledge.year == shown:
            view = _pledge_view(pledge, language)
            tiles[pledge.page_id].pledges.append(view)
            tiles[pledge.page_id].counts.add(view.status)
            counts.add(view.status)
    members = {entry.member_id: entry.member for entry in pages}
    url = page.get_url()
    programme = page.get_parent()
    return Board(
        title=page.title,
        village=page.title,
        programme_title=programme.title,
        programme_url=programme.get_url() if programme.live else None,
        url=url,
        year=shown,
        years=[(entry, f"{url or ''}?year={entry}") for entry in years],
        introduction=expand_db_html(page.introduction),
        not_listed=page.not_listed,
        tiles=list(tiles.values()),
        branch_pledges=[
            _branch_pledge_view(pledge, members, scope, language)
            for pledge in own
            if pledge.year == shown
        ],
        counts=counts,
        updated_on=_newest([page, *pages]),
    )


def programme_index(
    page: ProgrammePage, *, year: int | None = None, scope: str = Scope.PUBLIC_WEB
) -> ProgrammeIndex:
    """Return the public branches of ``page`` with what was promised and kept.

    Counts all years if ``year`` is None.
    """
    from .models import BranchPage, MemberPledgePage

    language = page.locale.language_code
    boards = list(BranchPage.objects.child_of(page).live().order_by("path"))
    length = len(page.path) + Page.steplen
    public = MemberPledgePage.objects.filter(
        live=True, path__startswith=page.path, depth=page.depth + 2
    )
    counts: dict[str, StatusCounts] = defaultdict(StatusCounts)
    total, years = StatusCounts(), set()
    for path, of_year, status, number in (
        Pledge.objects.filter(page__in=public)
        .order_by()
        .annotate(branch=Substr("page__path", 1, length))
        .annotate(status_now=Coalesce(NullIf("outcome", Value("")), "progress"))
        .values_list("branch", "year", "status_now")
        .annotate(number=Count("pk"))
    ):
        years.add(of_year)
        if year is None or of_year == year:
            counts[path].add(status, number)
            total.add(status, number)
    members = dict(
        public.order_by()
        .annotate(branch=Substr("path", 1, length))
        .values_list("branch")
        .annotate(number=Count("pk"))
    )
    heads = _secretaries(public, scope, language, length)
    url = page.get_url()
    return ProgrammeIndex(
        title=page.title,
        introduction=expand_db_html(page.introduction),
        url=url,
        year=year if year in years else None,
        years=[(entry, f"{url or ''}?year={entry}") for entry in sorted(years, reverse=True)],
        branches=[
            BranchCard(
                title=entry.title,
                url=f"{url}{entry.slug}/" if url else None,
                members=members.get(entry.path, 0),
                counts=counts[entry.path],
                secretary=heads.get(entry.path),
            )
            for entry in boards
        ],
        counts=total,
    )


def _secretaries(public, scope: str, language: str, length: int) -> dict[str, Tile]:
    pages = list(
        public.filter(member__office__is_secretary=True)
        .select_related("member__office", "photo")
        .prefetch_related("member__posts", "member__consents")
    )
    photos = _photos([page.photo for page in pages if page.photo_id], TILE)
    return {page.path[:length]: _tile(page, photos, scope, language) for page in pages}


def member_view(page: MemberPledgePage, *, scope: str = Scope.PUBLIC_WEB) -> MemberView:
    """Return everything that ``page`` shows of its member in ``scope``."""
    from .models import BranchPage, MemberPledgePage

    language = page.locale.language_code
    full = (
        MemberPledgePage.objects.select_related("member__office", "photo")
        .prefetch_related("member__posts", "member__consents")
        .get(pk=page.pk)
    )
    if full.photo_id != page.photo_id:  # a preview shows the draft's photo
        full.photo = page.photo
    parent = page.get_parent()
    board_page = parent.specific if not isinstance(parent, BranchPage) else parent
    programme = board_page.get_parent()
    board_url = board_page.get_url()
    photos = _photos([full.photo] if full.photo_id else [], LARGE)
    tile = _tile(full, photos, scope, language, url=page.get_url())
    views = _full_pledges(page, language)
    years: dict[int, list[PledgeView]] = defaultdict(list)
    for view in views:
        years[view.year].append(view)
        tile.counts.add(view.status)
    tile.pledges = views
    return MemberView(
        tile=tile,
        board_url=board_url,
        board_title=board_page.title,
        programme_title=programme.title,
        programme_url=programme.get_url() if programme.live else None,
        years=sorted(years.items(), reverse=True),
        noindex=not board_page.members_indexed,
    )


def _full_pledges(page: MemberPledgePage, language: str) -> list[PledgeView]:
    """Return the pledges of one page with tasks, updates and amendments."""
    views = [_pledge_view(pledge, language) for pledge in page.pledges.select_related("category")]
    by_key = {view.key: view for view in views}
    for task in page.tasks.all():
        _append(by_key, task, "tasks", _task_view(task))
    for update in sorted(page.updates.select_related("evidence"), key=lambda row: row.on):
        _append(by_key, update, "updates", _update_view(update, language))
    for row in sorted(page.amendments.all(), key=lambda row: row.on):
        _append(by_key, row, "amendments", _amendment_view(row))
    return sorted(views, key=lambda view: -view.year)


def _append(by_key: dict[str, PledgeView], row, attribute: str, view) -> None:
    pledge = by_key.get(str(row.pledge_key))
    if pledge is not None:
        getattr(pledge, attribute).append(view)


def _pledges_of(pages: Iterable[Page]):
    return (
        Pledge.objects.filter(page_id__in=[page.pk for page in pages])
        .select_related("category")
        .order_by("-year", "sort_order", "pk")
    )


def _photos(photos: list[MemberPhoto], spec: str) -> dict[int, object]:
    """Return the stored rendition of each photo, in one query."""
    return renditions_for([photo.pk for photo in photos], spec) if photos else {}


def _tile(
    page: MemberPledgePage, photos: dict, scope: str, language: str, url: str | None = None
) -> Tile:
    member: Member = page.member
    name = shown_name(member, scope, language)
    stored = photos.get(page.photo_id) if photo_allowed(member, scope) else None
    office = label_in(member.office.name, language)
    photo = stored and PhotoView(
        stored.url,
        stored.width,
        stored.height,
        _("Photo of %(name)s, %(office)s") % {"name": name.text, "office": office},
    )
    return Tile(
        public_id=member.public_id,
        name=name.text,
        initials=name.initials,
        office=office,
        office_code=member.office.code,
        is_secretary=member.office.is_secretary,
        posts=[label_in(post.name, language) for post in member.posts.all()],
        photo=photo or None,
        url=url if url is not None else page.get_url(),
    )


def _pledge_view(pledge: Pledge, language: str) -> PledgeView:
    return PledgeView(
        key=str(pledge.key),
        year=pledge.year,
        text=pledge.text,
        measure=pledge.measure,
        baseline=pledge.baseline,
        category=label_in(pledge.category.name, language),
        category_code=pledge.category.code,
        kind=pledge.kind,
        kind_label=pledge.get_kind_display(),
        scope=pledge.scope,
        scope_label=pledge.get_scope_display(),
        due=pledge.due,
        status=pledge.status,
        status_label=str(Status(pledge.status).label),
        percent=pledge.percent,
        checked_on=pledge.checked_on,
        method=pledge.method,
        reason=pledge.reason,
        reply=pledge.reply,
        reply_on=pledge.replied_on,
    )


def _branch_pledge_view(
    pledge: BranchPledge, members: dict[int, Member], scope: str, language: str
) -> BranchPledgeView:
    lead = members.get(pledge.lead_id)
    return BranchPledgeView(
        text=pledge.text,
        category=label_in(pledge.category.name, language),
        year=pledge.year,
        status=pledge.status,
        status_label=str(Status(pledge.status).label),
        lead=shown_name(lead, scope, language).text if lead else "",
    )


def _task_view(task: PledgeTask) -> TaskView:
    return TaskView(task.text, task.due, task.done_on is not None, task.done_on)


def _update_view(update: ProgressUpdate, language: str) -> UpdateView:
    file = update.evidence
    evidence = None
    if file is not None and file.public and file.checked:
        evidence = EvidenceView(
            label_in(file.title, language) or file.get_kind_display(),
            file.url,
            file.get_kind_display(),
        )
    return UpdateView(
        update.on, update.kind, update.get_kind_display(), update.percent, update.text, evidence
    )


def _amendment_view(row: PledgeAmendment) -> AmendmentView:
    return AmendmentView(row.on, row.reason, row.old_text, row.new_text, row.agreed_at)


def _newest(pages: Iterable[Page]):
    moments = [page.last_published_at for page in pages if page.last_published_at]
    return timezone.localtime(max(moments)).date() if moments else None
