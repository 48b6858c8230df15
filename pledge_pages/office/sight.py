"""Who may see which gated page in the admin, and under which name."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet, prefetch_related_objects
from wagtail.models import Page

from ..boards.models import MemberPledgePage, ProgrammePage
from ..embargo.models import GatedPage
from ..pilots import roles
from ..pilots.models import Pilot, Programme, Role

User = User | AnonymousUser


def has_any_role(user: User) -> bool:
    """Return whether ``user`` has anything to do with any programme."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or Role.objects.filter(group__user=user).exists()


def leads_any(user: User) -> bool:
    """Return whether ``user`` leads any programme; superusers do even before there is one."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or roles.led_programmes(user).exists()


def writes_any(user: User) -> bool:
    """Return whether ``user`` writes for the members of any branch: its editors, and leads."""
    if not user.is_authenticated or not user.is_active:
        return False
    return roles.pilots_written_by(user).exists()


def programmes_seen_by(user: User) -> QuerySet[Programme]:
    """Return the programmes that ``user`` leads, or on whose pages ``user`` works."""
    own = Role.objects.none()
    if user.is_authenticated:
        own = Role.objects.filter(group__user=user, kind__in=[*roles.STAFF, Role.Kind.LEAD])
    return Programme.objects.filter(
        Q(pk__in=roles.led_programmes(user)) | Q(pk__in=own.values("programme"))
    )


def pilots_with_role(user: User, kind: str) -> QuerySet[Pilot]:
    """Return the pilots in whose group of that kind ``user`` is."""
    own = Role.objects.filter(group__user=user, kind=kind, pilot__isnull=False)
    return Pilot.objects.filter(pk__in=own.values("pilot"))


def gates_seen_by(user: User) -> QuerySet[GatedPage]:
    """Return the gates of the pages of which ``user`` may see what is not public."""
    return GatedPage.objects.filter(
        Q(pilot__in=roles.pilots_seen_by(user))
        | Q(pilot__isnull=True, programme__in=programmes_seen_by(user))
    )


def hidden_from(user: User, page_ids: Iterable[int]) -> set[int]:
    """Return those of ``page_ids`` that are gated and not for ``user`` to see in the admin."""
    gated = set(GatedPage.objects.filter(page_id__in=list(page_ids)).values_list("pk", flat=True))
    if not gated:
        return set()
    seen = gates_seen_by(user).filter(page_id__in=gated).values_list("pk", flat=True)
    return gated - set(seen)


def page_name(page: Page) -> str:
    """Return what staff call ``page``: a programme by its neutral name until it is announced."""
    if isinstance(page, ProgrammePage):
        return page.programme.shown_name(page.locale.language_code)
    return page.get_admin_display_title()


def with_people(pages: Sequence[Page]) -> list[Page]:
    """Return ``pages`` (specific ones) with what their names need fetched at once."""
    pages = list(pages)
    prefetch_related_objects([p for p in pages if isinstance(p, MemberPledgePage)], "member")
    prefetch_related_objects([p for p in pages if isinstance(p, ProgrammePage)], "programme")
    prefetch_related_objects(pages, "locale")
    return pages


def specific_pages(page_ids: Iterable[int]) -> dict[int, Page]:
    """Return the pages with these ids by id, each as its own type, ready to be named."""
    ids = list(page_ids)
    found = with_people(Page.objects.filter(pk__in=ids).specific(defer=False))
    return {page.pk: page for page in found}
