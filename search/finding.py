"""Which public pages a query finds."""

from collections.abc import Iterable

from django.db.models import Q
from wagtail.models import Locale, Page, PageQuerySet, Site

from pledge_pages.models import MemberPledgePage
from pledge_pages.people.models import Scope
from pledge_pages.people.naming import members_named

from .bigrams import is_long_enough

#: Characters of a query the search page looks at.
LONGEST_QUESTION = 100


def cleaned(query: str) -> str:
    """What somebody typed, as one line of printable text of any length."""
    kept = "".join(character if character.isprintable() else " " for character in query)
    return " ".join(kept.split())


def public_pages(site: Site, locale: Locale) -> PageQuerySet:
    """The pages of a site that anybody may read, in one language."""
    root = site.root_page.get_translation_or_none(locale)
    if root is None:
        return Page.objects.none()
    return Page.objects.descendant_of(root, inclusive=True).live().public().filter(locale=locale)


def pages_found(query: str, site: Site, locale: Locale) -> PageQuerySet:
    """The public pages whose text, or whose member's showable name, contains a query.

    Names are asked of the people themselves and not of the index, so that a consent counts,
    or no longer counts, at once. The order is that of the page tree: a board before its members.
    """
    public = public_pages(site, locale)
    if not is_long_enough(query):
        return public.none()
    texts = public.search(query).get_queryset()
    named = MemberPledgePage.objects.filter(
        member__in=members_named(query, Scope.PUBLIC_WEB).values("pk")
    )
    return public.filter(
        Q(pk__in=texts.order_by().values("pk")) | Q(pk__in=named.order_by().values("pk"))
    ).order_by("path")


def other_locales(locale: Locale) -> Iterable[Locale]:
    """The languages of the site besides one."""
    return Locale.objects.exclude(pk=locale.pk).order_by("pk")
