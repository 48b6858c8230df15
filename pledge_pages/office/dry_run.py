"""What a lead should know before approving, besides the lists of a dry run. A handful of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from wagtail.models import Locale, Page, WorkflowState

from ..boards.models import MemberPledgePage
from ..embargo.release import DryRun, Item
from ..people.models import Consent, Scope
from ..people.naming import name_level, photo_allowed
from .sight import page_name, with_people

# Names told of those that go public in one language only; their number is told in full.
NAMES = 20


@dataclass(frozen=True)
class Shown:
    """How many members are public with how much of their name, and with their photo."""

    full: int
    surname: int
    none: int
    photo: int
    initials: int


class Notes:
    """What speaks for another look at ``dry_run`` before it is done."""

    def __init__(self, dry_run: DryRun) -> None:
        self.items = [item for item in dry_run.goes_live if item.approval is not None]

    @cached_property
    def in_review(self) -> set[int]:
        """The ids of pages of which a newer version is in review, so that an older goes public."""
        reviews = WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            object_id__in=[str(item.page.pk) for item in self.items],
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
        return {int(pk) for pk in reviews.values_list("object_id", flat=True)}

    @cached_property
    def _alone(self) -> list[Item]:
        if Locale.objects.count() < 2:
            return []
        languages: dict[object, set[int]] = defaultdict(set)
        for item in self.items:
            languages[item.page.translation_key].add(item.page.locale_id)
        public = Page.objects.filter(live=True, translation_key__in=list(languages))
        for key, locale in public.values_list("translation_key", "locale"):
            languages[key].add(locale)
        return [item for item in self.items if len(languages[item.page.translation_key]) == 1]

    @property
    def alone_total(self) -> int:
        """How many pages go public in one language only."""
        return len(self._alone)

    @property
    def alone(self) -> list[dict[str, str]]:
        """The first of them, by name and language."""
        pages = with_people([item.page for item in self._alone[:NAMES]])
        return [
            {"name": page_name(page), "language": page.locale.get_display_name()} for page in pages
        ]

    @property
    def shown(self) -> Shown | None:
        """How the members are shown whose pages go public; None if there are none."""
        pages: dict[int, MemberPledgePage] = {}
        photos: set[int] = set()
        for item in self.items:
            made = item.approved or item.page
            if isinstance(made, MemberPledgePage):
                pages[made.member_id] = made
                photos |= {made.member_id} if made.photo_id else set()
        if not pages:
            return None
        prefetch_related_objects(list(pages.values()), "member__consents")
        levels, pictured = Counter(), 0
        for member_id, page in pages.items():
            levels[name_level(page.member, Scope.PUBLIC_WEB)] += 1
            pictured += member_id in photos and photo_allowed(page.member, Scope.PUBLIC_WEB)
        level = Consent.Level
        return Shown(
            levels[level.FULL], levels[level.SURNAME_ONLY], levels[level.NONE],
            pictured, len(pages) - pictured,
        )  # fmt: skip
