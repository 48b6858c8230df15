"""Lets published questions and answers be found, on the page of whom they are about."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q

from ..boards import further, searched
from ..boards.models import BranchPage, MemberPledgePage
from ..labels import label_in
from .models import Report

_PUBLISHED = "published_reports"


def connect() -> None:
    """Add the texts to what the search knows of pages; called once, when the app is ready."""
    further.register(MemberPledgePage, prefetch=_prefetch("member__reports", Q()), texts=_of_member)
    about_branch = Q(member__isnull=True)
    further.register(
        BranchPage, prefetch=_prefetch("pilot__reports", about_branch), texts=_of_board
    )


def follow(report: Report) -> None:
    """Let the search find what is public of ``report`` now, and nothing else of it."""
    if report.member_id is not None:
        searched.index_anew(MemberPledgePage.objects.filter(member=report.member_id))
    else:
        searched.index_anew(BranchPage.objects.filter(pilot=report.pilot_id))


def _prefetch(lookup: str, about: Q) -> Prefetch:
    rows = Report.objects.filter(about, published_on__isnull=False).order_by("-answered_on", "pk")
    return Prefetch(lookup, queryset=rows, to_attr=_PUBLISHED)


def _of_member(page: MemberPledgePage) -> Iterable[str]:
    return _texts(page, page.member, Q())


def _of_board(page: BranchPage) -> Iterable[str]:
    return _texts(page, page.pilot, Q(member__isnull=True))


def _texts(page: Any, owner: Any, about: Q) -> Iterable[str]:
    """Yield question and answer of each published report of ``owner``, in the language of ``page``."""
    rows = getattr(owner, _PUBLISHED, None)
    if rows is None:  # a page that was not fetched with them
        rows = owner.reports.filter(about, published_on__isnull=False)
    language = page.locale.language_code
    for row in rows:
        yield from (label_in(text, language) for text in (row.public_text, row.answer))
