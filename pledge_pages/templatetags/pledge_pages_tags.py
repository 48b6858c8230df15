"""Template tags of the public pages: counted bars, tiles by office, language links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.db.models import Q
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page, Site

from pledge_pages.boards.charts import Piece, pieces, share_of
from pledge_pages.boards.remarks import Remark

if TYPE_CHECKING:
    from pledge_pages.boards.views_of import StatusCounts, Tile

register = template.Library()


@dataclass(frozen=True)
class OfficeGroup:
    """Tiles of the people who hold one office, in board order."""

    office: str
    tiles: list[Tile]


@dataclass(frozen=True)
class LanguageLink:
    """The present page in another language; `url` is None for the language shown now."""

    code: str
    name: str
    url: str | None


@dataclass(frozen=True)
class HomeLink:
    """The way home: address and title of the site's home page."""

    url: str | None
    title: str
    pk: int


@register.simple_tag
def bar_segments(counts: StatusCounts) -> list[Piece]:
    """Cut a StatusCounts into pieces of a bar, each as wide as its share; none if it is empty."""
    return pieces(counts)


@register.filter
def share_of_total(number: int, total: int) -> str:
    """The share of ``number`` in ``total``, in whole percent."""
    return share_of(number, total)


@register.filter
def remark_label(code: str) -> str:
    """What is said beside an outcome, in the reader's language."""
    return str(Remark(code).label)


@register.filter
def by_office(tiles: Iterable[Tile]) -> list[OfficeGroup]:
    """Group tiles by the office shown; groups and tiles keep the order they first came in."""
    groups: dict[str, list[Tile]] = {}
    for tile in tiles:
        groups.setdefault(tile.office, []).append(tile)
    return [OfficeGroup(office, held) for office, held in groups.items()]


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[LanguageLink]:
    """
    Links for a language switcher, in the order of settings.LANGUAGES.

    A Wagtail page leads to its live translation with the same query string (and
    what the context names as ``below`` it), or else to that of the nearest page
    above it that has one, or to that language's home page; any other address is translated by its URL pattern. A language
    the reader cannot be sent to is left out; no switcher is worth showing
    when fewer than two are returned.
    """
    request = context.get("request")
    if request is None:
        return []
    page = context.get("page")
    found = (
        _page_urls(page, request, str(context.get("below", "")))
        if isinstance(page, Page)
        else _pattern_urls(request)
    )
    current = get_language()
    return [
        LanguageLink(
            code, get_language_info(code)["name_local"], None if code == current else found[code]
        )
        for code, _ in settings.LANGUAGES
        if code == current or found.get(code)
    ]


@register.simple_tag(takes_context=True)
def home_link(context: template.Context) -> HomeLink | None:
    """The site's home page in the present language, if it has one there that is public."""
    request = context.get("request")
    if request is None:
        return None
    homes, _ = _public_translations(context.get("page"), request)
    home = homes.get(get_language())
    return HomeLink(home.get_url(request), home.title, home.pk) if home else None


def _page_urls(page: Page, request: Any, below: str) -> dict[str, str | None]:
    homes, translations = _public_translations(page, request)
    urls = {code: home.get_url(request) for code, home in homes.items()}
    query = request.META.get("QUERY_STRING", "")
    for code, translation in translations.items():
        url = translation.get_url(request)
        if url:  # where a translation is not public, its home page has to do
            same = translation.translation_key == page.translation_key
            url = f"{url}{below}" if same else url
            urls[code] = f"{url}?{query}" if query and same else url
    return urls


def _public_translations(page: Any, request: Any) -> tuple[dict[str, Page], dict[str, Page]]:
    """Public translations of the home page and of ``page``, by language; one query a request.

    Where ``page`` has none, it is that of the nearest page above it that has one.
    """
    known = getattr(request, "_pledge_pages_translations", None)
    if known is not None:
        return known
    site = Site.find_for_request(request)
    home_key = site.root_page.translation_key if site else None
    page_key = page.translation_key if isinstance(page, Page) else None
    homes: dict[str, Page] = {}
    translations: dict[str, Page] = {}
    keys = {key for key in (home_key, page_key) if key}
    wanted = Q(translation_key__in=keys)
    if page_key:
        steps = range(2 * Page.steplen, len(page.path or ""), Page.steplen)
        above = Page.objects.filter(path__in=[page.path[:end] for end in steps])
        wanted |= Q(translation_key__in=above.order_by().values("translation_key"))
    live = Page.objects.filter(wanted, live=True).select_related("locale").order_by("depth")
    for found in live:
        if found.translation_key == home_key:
            homes[found.locale.language_code] = found
        if page_key:  # the deepest of them is the last
            translations[found.locale.language_code] = found
    request._pledge_pages_translations = homes, translations
    return homes, translations


def _pattern_urls(request: Any) -> dict[str, str | None]:
    here = request.get_full_path()
    path = urlsplit(here).path
    urls: dict[str, str | None] = {}
    for code, _ in settings.LANGUAGES:
        url = translate_url(here, code)
        urls[code] = url if urlsplit(url).path != path else None
    return urls
