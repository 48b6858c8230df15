"""Template tags of the public pages: counted bars, tiles by office, language links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page, Site

if TYPE_CHECKING:
    from pledge_pages.boards.views_of import StatusCounts, Tile

register = template.Library()

# Attribute of StatusCounts -> status code whose shape and pattern stands for it.
COUNTED = (
    ("kept", "fulfilled"),
    ("partly", "partly"),
    ("excused", "excused"),
    ("not_kept", "not_fulfilled"),
    ("running", "in_progress"),
)


@dataclass(frozen=True)
class Segment:
    """One piece of a bar; `x` and `width` are SVG lengths such as "12.50%"."""

    code: str
    x: str
    width: str


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


@register.simple_tag
def bar_segments(counts: StatusCounts) -> list[Segment]:
    """Cut a StatusCounts into pieces of a bar, each as wide as its share; none if it is empty."""
    amounts = [(code, getattr(counts, name)) for name, code in COUNTED]
    total = sum(amount for _, amount in amounts)
    segments, before = [], 0
    for code, amount in amounts:
        if amount:
            segments.append(Segment(code, f"{before / total:.2%}", f"{amount / total:.2%}"))
            before += amount
    return segments


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

    A Wagtail page leads to its live translation with the same query string, or
    else to that language's home page; any other address is translated by its
    URL pattern. A language
    the reader cannot be sent to is left out; no switcher is worth showing
    when fewer than two are returned.
    """
    request = context.get("request")
    if request is None:
        return []
    page = context.get("page")
    found = _page_urls(page, request) if isinstance(page, Page) else _pattern_urls(request)
    current = get_language()
    return [
        LanguageLink(
            code, get_language_info(code)["name_local"], None if code == current else found[code]
        )
        for code, _ in settings.LANGUAGES
        if code == current or found.get(code)
    ]


def _page_urls(page: Page, request: Any) -> dict[str, str | None]:
    site = Site.find_for_request(request)
    urls = _translation_urls(site.root_page, request) if site else {}
    query = request.META.get("QUERY_STRING", "")
    for code, url in _translation_urls(page, request).items():
        if url:  # an embargoed translation has none; the home page must then stand
            urls[code] = f"{url}?{query}" if query else url
    return urls


def _translation_urls(page: Page, request: Any) -> dict[str, str | None]:
    others = page.get_translations().live().select_related("locale")
    return {other.locale.language_code: other.specific.get_url(request) for other in others}


def _pattern_urls(request: Any) -> dict[str, str | None]:
    here = request.get_full_path()
    path = urlsplit(here).path
    urls: dict[str, str | None] = {}
    for code, _ in settings.LANGUAGES:
        url = translate_url(here, code)
        urls[code] = url if urlsplit(url).path != path else None
    return urls
