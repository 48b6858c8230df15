"""The public search page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page, PageQuerySet, Site
from wagtail.search.index import SearchField

from .backends.indexing import plain_texts
from .bigrams import is_long_enough
from .excerpts import Piece, hits, line_around
from .finding import LONGEST_QUESTION, cleaned, other_locales, pages_found

PAGE_SIZE = 10


@dataclass(frozen=True)
class Result:
    """What the search page shows of a page it found."""

    title: str
    url: str
    line: list[Piece]


@dataclass(frozen=True)
class Elsewhere:
    """How much the same query finds in another language."""

    code: str
    name: str
    url: str
    total: int


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the public pages found for ``?q=``, ten a page. Raises Http404 if there is no site."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    typed = cleaned(request.GET.get("q", ""))
    query = typed[:LONGEST_QUESTION].strip()
    locale = Locale.get_active()
    shown = Paginator(pages_found(query, site, locale), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "longest": LONGEST_QUESTION,
        "too_short": bool(query) and not is_long_enough(query),
        "cut": len(typed) > LONGEST_QUESTION,
        "shown": shown,
        "numbers": shown.paginator.get_elided_page_range(shown.number, on_each_side=1),
        "ellipsis": Paginator.ELLIPSIS,
        "total": shown.paginator.count,
        "results": results(shown.object_list, query, request),
    }
    if is_long_enough(query) and not context["total"]:
        context["elsewhere"] = list(found_elsewhere(query, site, locale))
    response = render(request, "search/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def results(pages: PageQuerySet, query: str, request: HttpRequest) -> list[Result]:
    """What to show of pages: title, address, a line of context.

    A page type may offer ``search_result()``, which returns the title and the plain public text
    to cut the line from, and name in ``search_prefetch`` the relations that needs. Pages
    without an address are left out.
    """
    specific = list(pages.specific())
    by_type: dict[type[Page], list[Page]] = defaultdict(list)
    for page in specific:
        by_type[type(page)].append(page)
    for model, same in by_type.items():
        prefetch_related_objects(same, *getattr(model, "search_prefetch", ()))
    return [
        Result(title, url, line_around(text, query))
        for page in specific
        if (url := page.get_url(request))
        for title, text in [_title_and_text(page, query)]
    ]


def _title_and_text(page: Page, query: str) -> tuple[str, str]:
    if hasattr(page, "search_result"):
        title, text = page.search_result()
        return str(title), str(text or "")
    texts = [page.search_description]
    for field in page.get_search_fields():
        if isinstance(field, SearchField) and field.field_name != "title":
            texts += plain_texts(field.get_value(page))
    texts = [text for text in texts if text.strip()]
    with_hit = (text for text in texts if hits(text, query))
    return page.title, next(with_hit, texts[0] if texts else "")


def found_elsewhere(query: str, site: Site, locale: Locale) -> Iterable[Elsewhere]:
    """The other languages in which the query finds something, with the address to see it."""
    for other in other_locales(locale):
        total = pages_found(query, site, other).count()
        code = other.language_code
        if total:
            with translation.override(code):
                url = f"{reverse('search')}?{urlencode({'q': query})}"
            name = translation.get_language_info(code)["name_local"]
            yield Elsewhere(code, name, url, total)
