"""Answers below ``compare/`` of a programme's page: branches and categories, one category, members."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..labels import label_in
from ..people.models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH
from ..rulebook.models import Category
from . import comparing
from .reading import year_from
from .views_of import StatusCounts

if TYPE_CHECKING:
    from .models import ProgrammePage

# The word in the address. No board can have it for its own.
WORD = "compare"
CATEGORY, MEMBERS = "category", "members"

MEMBER = re.compile(f"[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")
# A category's; a NUL would be an error of the database.
CODE = re.compile(r"[-a-zA-Z0-9_]{1,32}")
# Of what somebody put into an address, so much is looked at.
MOST_READ = 20


def answer(page: ProgrammePage, request: HttpRequest, rest: list[str]) -> TemplateResponse:
    """Return what stands below ``compare/`` of ``page``; Http404 for anything else."""
    if rest == []:
        return _overview(page, request)
    if len(rest) == 2 and rest[0] == CATEGORY and CODE.fullmatch(rest[1]):
        return _category(page, request, rest[1])
    if rest == [MEMBERS]:
        return _members(page, request)
    raise Http404


def _overview(page: ProgrammePage, request: HttpRequest) -> TemplateResponse:
    found = comparing.counted(page, year_from(request))
    context = _common(page, found, "")
    here = context["here"]
    asked = _asked(found.year)
    rows = comparing.branches(page, found, request.GET.get("p"), page.get_url())
    context.update(
        branches=rows,
        numbers=_numbers(rows),
        categories=comparing.categories(found, here, language_of(page)),
        members_url=f"{here}{MEMBERS}/{asked}",
        asked=asked,
    )
    return TemplateResponse(request, "pledge_pages/compare/overview.html", context)


def _category(page: ProgrammePage, request: HttpRequest, code: str) -> TemplateResponse:
    found = comparing.counted(page, year_from(request))
    language = language_of(page)
    category = Category.objects.filter(code=code, pk__in=found.categories).first()
    if category is None:
        raise Http404
    rows = comparing.pledges_of_category(page, category, found.year, request.GET.get("p"), language)
    context = _common(page, found, f"{CATEGORY}/{category.code}/")
    context.update(
        category=label_in(category.name, language),
        counts=found.by_category.get(category.pk, StatusCounts()),
        pledges=rows,
        numbers=_numbers(rows),
        asked=_asked(found.year),
    )
    return TemplateResponse(request, "pledge_pages/compare/category.html", context)


def _members(page: ProgrammePage, request: HttpRequest) -> TemplateResponse:
    found = comparing.counted(page, year_from(request))
    language = language_of(page)
    boards = list(comparing.public_boards(page)[: comparing.BRANCHES])
    asked = list(dict.fromkeys(request.GET.getlist("member")))
    wanted = [word for word in asked[:MOST_READ] if MEMBER.fullmatch(word)]
    shown = comparing.picked(page, wanted[: comparing.MOST_PICKED], found.year, language)
    slug = request.GET.get("branch", "")
    board = next((one for one in boards if one.slug == slug), None)
    if slug and board is None:
        raise Http404
    board = board or (boards[0] if boards else None)
    rows = comparing.members_of(page, board, request.GET.get("p"), language) if board else None
    context = _common(page, found, f"{MEMBERS}/")
    context.update(
        picked=shown,
        picked_ids=[one.tile.public_id for one in shown],
        said=_said(asked, shown),
        states=[
            (code, label, [one.tile.counts.as_rows[place][2] for one in shown])
            for place, (code, label, _n) in enumerate(StatusCounts().as_rows)
        ],
        table=_table(shown, language),
        span=len(shown) + 1,
        boards=boards,
        board=board,
        members=rows,
        numbers=_numbers(rows) if rows else [],
        most=comparing.MOST_PICKED,
        asked=_asked(found.year, board, shown),
    )
    response = TemplateResponse(request, "pledge_pages/compare/members.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    # It names people whom somebody picked: nobody's proxy has to keep that.
    patch_cache_control(response, private=True, no_store=True)
    return response


def language_of(page: ProgrammePage) -> str:
    """Return the language that ``page`` is read in: that of its address."""
    return get_language() or page.locale.language_code


def _common(page: ProgrammePage, found: comparing.Counted, rest: str) -> dict[str, Any]:
    """Return what every page here says: of what, for which years, and where the others are."""
    above = page.get_url()
    here = f"{above}{WORD}/"
    return {
        "page": page,
        "below": f"{WORD}/{rest}",
        "programme_url": above,
        "here": here,
        "found": found,
        "all_url": f"{here}{rest}",
        "years": [(year, f"{here}{rest}?year={year}") for year in found.years],
    }


def _asked(year: int | None, board=None, shown=()) -> str:
    """Return the query that asks for the same again; empty if nothing was asked."""
    query = [("year", year)] if year else []
    query += [("branch", board.slug)] if board is not None else []
    query += [("member", one.tile.public_id) for one in shown]
    return f"?{urlencode(query)}" if query else ""


def _said(asked: list[str], shown: list[comparing.Picked]) -> str:
    """Return what to say to who picked too many, or somebody who is not public."""
    if len(asked) > comparing.MOST_PICKED:
        return _("At most %(most)d members can stand side by side. The first ones are shown.") % {
            "most": comparing.MOST_PICKED
        }
    if len(shown) < len(asked):
        return _("One of the members you asked for has no public page here.")
    return ""


def _table(shown: list[comparing.Picked], language: str) -> list[tuple[str, list[int]]]:
    """Return (category, how many pledges each of those picked has in it). One query."""
    used = {pk for one in shown for pk in one.by_category}
    return [
        (
            label_in(row.name, language),
            [one.by_category.get(row.pk, StatusCounts()).total for one in shown],
        )
        for row in Category.objects.filter(pk__in=used)
    ]


def _numbers(rows) -> list:
    """Return the numbers of the pages, with an ellipsis where some are left out."""
    return list(rows.paginator.get_elided_page_range(rows.number, on_each_side=1))
