"""Turns a row into what is shown of it: names and photos by consent, words in one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from ..labels import label_in
from ..people.models import Member
from ..people.naming import photo_allowed, shown_name, use_joined
from ..photos.addresses import EVIDENCE_VIEW, PHOTO_VIEW, evidence_url, photo_url
from ..photos.models import EvidenceFile
from ..photos.renditions import TILE
from .content import BranchPledge, Pledge, PledgeAmendment, PledgeTask, ProgressUpdate, Status
from .views_of import (
    AmendmentView,
    BranchPledgeView,
    EvidenceView,
    PhotoView,
    PledgeView,
    TaskView,
    Tile,
    UpdateView,
)

if TYPE_CHECKING:
    from .models import MemberPledgePage


@dataclass(frozen=True)
class Place:
    """Where a board stands for those who read it: what is above it, and where its files are."""

    # Address of the board; members' pages are right below it.
    url: str | None
    programme_title: str
    programme_url: str | None
    # Of the board that a member's page belongs to.
    board_title: str = ""
    indexed: bool = False
    # The address patterns of photos and evidence.
    photo_view: str = PHOTO_VIEW
    evidence_view: str = EVIDENCE_VIEW

    def below(self, page: Page) -> str | None:
        """Return the address of a member's page, without asking the database."""
        return f"{self.url}{page.slug}/" if self.url else None


def tile_of(
    page: MemberPledgePage,
    scope: str,
    language: str,
    *,
    url: str | None,
    spec: str = TILE,
    with_posts: bool = True,
    photo_view: str = PHOTO_VIEW,
) -> Tile:
    """Return the tile of a member's page: name and photo as ``scope`` allows, nothing counted yet.

    ``photo_view`` names the address pattern of photos for whoever reads it.
    """
    member = use_joined(page, page.member, scope)
    name = shown_name(member, scope, language)
    office = label_in(member.office.name, language)
    alt = _("Photo of %(name)s, %(office)s") % {"name": name.text, "office": office}
    return Tile(
        public_id=member.public_id,
        name=name.text,
        initials=name.initials,
        office=office,
        office_code=member.office.code,
        is_secretary=member.office.is_secretary,
        posts=[label_in(post.name, language) for post in member.posts.all()] if with_posts else [],
        photo=_photo(page, member, scope, spec, alt, photo_view),
        url=url,
    )


def _photo(
    page: MemberPledgePage, member: Member, scope: str, spec: str, alt: str, view: str
) -> PhotoView | None:
    if not page.photo_id or not photo_allowed(member, scope):
        return None
    if not hasattr(page, "photo_width"):  # a draft in preview was not fetched with it
        stored = page.photo.stored_renditions().get(spec)
        width, height = (stored.width, stored.height) if stored else (None, None)
    else:
        width, height = page.photo_width, page.photo_height
    if not width:
        return None
    return PhotoView(photo_url(page.photo.token, spec, view), width, height, alt)


def pledge_view(pledge: Pledge, language: str) -> PledgeView:
    """Return what is shown of a pledge, without its history."""
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
        agreed_on=pledge.agreed_on,
        checked_on=pledge.checked_on,
        method=pledge.method,
        reason=pledge.reason,
        reply=pledge.reply,
        reply_on=pledge.replied_on,
    )


def branch_pledge_view(
    pledge: BranchPledge, members: dict[int, Member], scope: str, language: str
) -> BranchPledgeView:
    """Return what is shown of a pledge of the branch; ``members`` holds those who may be named."""
    lead = members.get(pledge.lead_id)
    return BranchPledgeView(
        text=pledge.text,
        category=label_in(pledge.category.name, language),
        year=pledge.year,
        status=pledge.status,
        status_label=str(Status(pledge.status).label),
        lead=shown_name(lead, scope, language).text if lead else "",
        checked_on=pledge.checked_on,
        method=pledge.method,
        reason=pledge.reason,
    )


def task_view(task: PledgeTask) -> TaskView:
    """Return what is shown of a task."""
    return TaskView(task.text, task.due, task.done_on is not None, task.done_on)


def update_view(
    update: ProgressUpdate, language: str, evidence_view: str = EVIDENCE_VIEW
) -> UpdateView:
    """Return what is shown of an update; its evidence only if it is public and checked.

    ``evidence_view`` names the address pattern of evidence for whoever reads it.
    """
    file: EvidenceFile | None = update.evidence
    evidence = None
    if file is not None and file.may_be_shown:
        evidence = EvidenceView(
            label_in(file.title, language) or file.get_kind_display(),
            evidence_url(file.token, file.extension, evidence_view),
            file.get_kind_display(),
        )
    return UpdateView(
        update.on, update.kind, update.get_kind_display(), update.percent, update.text, evidence
    )


def amendment_view(row: PledgeAmendment) -> AmendmentView:
    """Return what is shown of an amendment."""
    return AmendmentView(row.on, row.reason, row.old_text, row.new_text, row.agreed_at)


def newest(pages: Iterable[Page]) -> date | None:
    """Return the day of the newest publication of ``pages``, or None."""
    moments = [page.last_published_at for page in pages if page.last_published_at]
    return timezone.localtime(max(moments)).date() if moments else None
