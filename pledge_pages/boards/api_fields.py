"""What Wagtail's own APIs show of boards: the same values as every other public surface.

None of these fields is the column of anything that is not shown as it is, for the APIs let
everyone filter and order by columns; and none can be written. A list reads its pages together.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.fields import Field
from rest_framework.serializers import ListSerializer
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.api import APIField
from wagtail.api.utils import get_full_url
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from ..embargo.gate import without_restricted
from ..people.models import Scope
from ..photos.addresses import photo_url
from ..photos.models import MemberPhotoRendition
from . import reading, remarks, showing
from .content import BranchPledge, Pledge, PledgeAmendment, PledgeTask, ProgressUpdate
from .forms import MemberPageForm
from .graded import GradeView, grade_views
from .views_of import BranchPledgeView, PledgeView, StatusCounts, Tile

SCOPE = Scope.PUBLIC_WEB


@dataclass
class Numbers:
    """How many members have a public page, and how their pledges stand."""

    members: int = 0
    counts: StatusCounts = field(default_factory=StatusCounts)


@dataclass
class ShownMember:
    """What the APIs show of a member's page."""

    tile: Tile
    pledges: list[PledgeView]
    photos: list[dict[str, Any]]
    grades: list[GradeView]


@dataclass
class ShownBoard:
    """What the APIs show of a board or of a programme's page."""

    numbers: Numbers
    introduction: str
    pledges: list[BranchPledgeView] = field(default_factory=list)


def public_numbers(pages: Iterable[Page], owner: str) -> dict[int, Numbers]:
    """Return the numbers of all years for these boards or programme pages, by page id.

    ``owner`` is ``pilot`` for boards and ``programme`` for programme pages. Two queries.
    """
    from .models import MemberPledgePage

    pages = list(pages)
    ids = {(getattr(page, f"{owner}_id"), page.locale_id): page.pk for page in pages}
    numbers: dict[int, Numbers] = {page.pk: Numbers() for page in pages}
    public = MemberPledgePage.objects.filter(
        live=True, **{f"gate__{owner}__in": {key for key, _locale in ids}}
    )
    public = without_restricted(public)
    key = [f"gate__{owner}", "locale"]
    for *at, number in public.order_by().values_list(*key).annotate(Count("pk")):
        if tuple(at) in ids:
            numbers[ids[tuple(at)]].members = number
    rows = (
        Pledge.objects.filter(page__in=public)
        .order_by()
        .annotate(status_now=Coalesce(NullIf("outcome", Value("")), "progress"))
        .values_list(*[f"page__{name}" for name in key], "status_now")
        .annotate(Count("pk"))
    )
    for *at, status, number in rows:
        if tuple(at) in ids:
            numbers[ids[tuple(at)]].counts.add(status, number)
    return numbers


def show_members(pages: list[Page]) -> list[ShownMember]:
    """Return what is shown of each of these pages, in their order.

    A single page is read as it stands in memory, so that a draft shows the draft.
    """
    if len(pages) == 1:
        view = reading.member_view(pages[0])
        pledges = [pledge for _year, rows in view.years for pledge in rows]
        photos = _renditions(pages, [view.tile])[0]
        return [ShownMember(view.tile, pledges, photos, view.grades)]
    from .models import MemberPledgePage

    ids = [page.pk for page in pages]
    full = reading.for_tiles(MemberPledgePage.objects.all(), SCOPE).in_bulk(ids)
    rows = [full[pk] for pk in ids]
    tiles = []
    for row in rows:
        with translation.override(row.locale.language_code):
            tiles.append(showing.tile_of(row, SCOPE, row.locale.language_code, url=None))
    pledges = _pledges(rows)
    for row, tile in zip(rows, tiles, strict=True):
        for pledge in pledges[row.pk]:
            tile.counts.add(pledge.status)
    photos = _renditions(rows, tiles)
    return [
        ShownMember(tile, pledges[row.pk], found, grade_views(row, row.locale.language_code))
        for row, tile, found in zip(rows, tiles, photos, strict=True)
    ]


def _pledges(pages: list[Page]) -> dict[int, list[PledgeView]]:
    """Return all pledges of each page, newest year first, with their history. Four queries."""
    languages = {page.pk: page.locale.language_code for page in pages}
    views: dict[int, dict[str, PledgeView]] = {page.pk: {} for page in pages}
    for pledge in reading.pledges_of(pages):
        with translation.override(languages[pledge.page_id]):
            view = showing.pledge_view(pledge, languages[pledge.page_id])
        views[pledge.page_id][view.key] = view
    for model, name in (
        (PledgeTask, "tasks"), (ProgressUpdate, "updates"), (PledgeAmendment, "amendments"),
    ):  # fmt: skip
        for row in _history(model, list(views)):
            pledge = views[row.page_id].get(str(row.pledge_key))
            if pledge is not None:
                with translation.override(languages[row.page_id]):
                    view = _history_view(row, languages[row.page_id])
                getattr(pledge, name).append(view)
    known = remarks.about(pages)
    for page in pages:
        remarks.put_on(views[page.pk].values(), page.member_id, known)
    return {pk: list(found.values()) for pk, found in views.items()}


def _history(model: type, ids: list[int]):
    rows = model.objects.filter(page_id__in=ids)
    if model is ProgressUpdate:
        return rows.select_related("evidence").order_by("on", "sort_order", "pk")
    return rows.order_by(*(["on"] if model is PledgeAmendment else []), "sort_order", "pk")


def _history_view(row: PledgeTask | ProgressUpdate | PledgeAmendment, language: str):
    if isinstance(row, PledgeTask):
        return showing.task_view(row)
    if isinstance(row, ProgressUpdate):
        return showing.update_view(row, language)
    return showing.amendment_view(row)


def _renditions(pages: list[Page], tiles: list[Tile]) -> list[list[dict[str, Any]]]:
    """Return every stored size of each page's photo, if it may be shown. One query."""
    shown = {page.photo_id for page, tile in zip(pages, tiles, strict=True) if tile.photo}
    sizes: dict[int, list[tuple]] = defaultdict(list)
    for photo_id, *size in (
        MemberPhotoRendition.objects.filter(image_id__in=shown)
        .order_by("width")
        .values_list("image_id", "filter_spec", "image__token", "width", "height")
    ):
        sizes[photo_id].append(size)
    return [
        [
            {
                "size": spec,
                "url": photo_url(token, spec),
                "width": width,
                "height": height,
                "alt": tile.photo.alt,
            }
            for spec, token, width, height in sizes[page.photo_id]
        ]
        if tile.photo
        else []
        for page, tile in zip(pages, tiles, strict=True)
    ]


def show_boards(pages: list[Page]) -> list[ShownBoard]:
    """Return what is shown of each of these boards, in their order."""
    from .models import MemberPledgePage

    numbers = public_numbers(pages, "pilot")
    own: dict[int, list[BranchPledge]] = defaultdict(list)
    pledges = list(
        BranchPledge.objects.filter(page__in=[page.pk for page in pages])
        .select_related("category")
        .order_by("-year", "sort_order", "pk")
    )
    for pledge in pledges:
        own[pledge.page_id].append(pledge)
    leads = {pledge.lead_id for pledge in pledges if pledge.lead_id}
    named = {
        page.member_id: page.member
        for page in without_restricted(MemberPledgePage.objects.live())
        .filter(member__in=leads)
        .select_related("member")
        .prefetch_related("member__consents")
    }
    shown = []
    for page in pages:
        language = page.locale.language_code
        with translation.override(language):
            views = [
                showing.branch_pledge_view(pledge, named, SCOPE, language)
                for pledge in own[page.pk]
            ]
        shown.append(ShownBoard(numbers[page.pk], expand_db_html(page.introduction), views))
    return shown


def show_programmes(pages: list[Page]) -> list[ShownBoard]:
    """Return what is shown of each of these programme pages, in their order."""
    numbers = public_numbers(pages, "programme")
    return [ShownBoard(numbers[page.pk], expand_db_html(page.introduction)) for page in pages]


class Shown(Field):
    """One part of what a page shows. Reads the page, or all pages of a list at once."""

    def __init__(self, read: Callable[[list], list], part: Callable[[Any], Any]) -> None:
        super().__init__(read_only=True)
        self.read = read
        self.part = part

    def get_attribute(self, instance: Page) -> Page:
        return instance

    def to_representation(self, page: Page) -> Any:
        if not hasattr(page, "_shown_by_api"):
            pages = self._listed(page)
            with translation.override(page.locale.language_code):
                for entry, shown in zip(pages, self.read(pages), strict=True):
                    entry._shown_by_api = shown
        return self._absolute(self.part(page._shown_by_api))

    def _listed(self, page: Page) -> list[Page]:
        """Return the pages that are shown together with ``page``, itself among them."""
        above = getattr(self.parent, "parent", None)
        pages = list(above.instance) if isinstance(above, ListSerializer) else []
        return pages if any(entry is page for entry in pages) else [page]

    def _absolute(self, value: Any) -> Any:
        """Return ``value`` with every address in it made absolute."""
        if isinstance(value, list):
            return [self._absolute(entry) for entry in value]
        if isinstance(value, dict):
            request = self.context.get("request")
            return {
                key: get_full_url(request, entry)
                if key == "url" and entry
                else self._absolute(entry)
                for key, entry in value.items()
            }
        return value


def _counts(counts: StatusCounts) -> dict[str, int]:
    return {**asdict(counts), "total": counts.total}


def _pledge(pledge: PledgeView) -> dict[str, Any]:
    """Return the pledge as the plugin's own API names its parts."""
    row = asdict(pledge)
    row["category_label"], row["category"] = row["category"], row.pop("category_code")
    return row


def _branch_pledge(pledge: BranchPledgeView) -> dict[str, Any]:
    row = asdict(pledge)
    return {"category_label": row.pop("category"), **row}


def _fields(read: Callable[[list], list], parts: dict[str, Callable]) -> list[APIField]:
    return [APIField(name, serializer=Shown(read, part)) for name, part in parts.items()]


PROGRAMME_FIELDS = _fields(
    show_programmes,
    {
        "introduction": lambda shown: shown.introduction,
        "member_count": lambda shown: shown.numbers.members,
        "counts": lambda shown: _counts(shown.numbers.counts),
    },
)
BOARD_FIELDS = [
    APIField("not_listed"),
    *_fields(
        show_boards,
        {
            "introduction": lambda shown: shown.introduction,
            "member_count": lambda shown: shown.numbers.members,
            "counts": lambda shown: _counts(shown.numbers.counts),
            "pledge_list": lambda shown: [_branch_pledge(pledge) for pledge in shown.pledges],
        },
    ),
]
MEMBER_FIELDS = _fields(
    show_members,
    {
        "name": lambda shown: shown.tile.name,
        "initials": lambda shown: shown.tile.initials,
        "office": lambda shown: {"code": shown.tile.office_code, "label": shown.tile.office},
        "posts": lambda shown: shown.tile.posts,
        "photo_renditions": lambda shown: shown.photos,
        "counts": lambda shown: _counts(shown.tile.counts),
        "pledge_list": lambda shown: [_pledge(pledge) for pledge in shown.pledges],
        "grade_list": lambda shown: [grade.as_fields for grade in shown.grades],
    },
)


class PageApiForm(WagtailAdminPageForm):
    """The form behind Wagtail's writing API. It takes what the admin's form takes, and no more.

    Wagtail lets every page's address and texts for search engines be written there. For these
    pages no reviewer would see them, and the address of a held page is the one it is released at.
    """

    def clean(self) -> dict[str, Any]:
        """Refuse fields that the admin does not offer."""
        cleaned = super().clean()
        offered = self.instance.get_edit_handler().get_form_class().base_fields
        for name in self.changed_data:
            if name not in offered:
                self.add_error(name, _("This field of the page cannot be edited."))
        return cleaned


class MemberApiForm(PageApiForm, MemberPageForm):
    """The same for members' pages. That API knows neither members nor photos."""

    def clean(self) -> dict[str, Any]:
        """Refuse to make a page: whose it would be cannot be said there."""
        cleaned = super().clean()
        if self.instance.member_id is None:
            raise ValidationError(
                _("A member's page is made in the admin, where its member is chosen.")
            )
        return cleaned
