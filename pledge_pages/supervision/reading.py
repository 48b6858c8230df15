"""What everyone may read of reports: published questions and answers, where their page may be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from ..boards.models import BranchPage, MemberPledgePage
from ..embargo.gate import without_restricted
from ..labels import label_in
from ..people.models import Scope
from ..people.naming import join_consents, shown_name, use_joined
from ..pilots.models import Pilot
from ..pilots.stages import Stage
from .models import Kind, Report

# Shown on one page, the newest; the API has all of them.
MOST = 20


def kind_label(kind: str) -> str:
    """Return what was done by whoever sent it, for readers."""
    return {
        Kind.REPORT: gettext("A villager reported"),
        Kind.QUESTION: gettext("A villager asked"),
        Kind.PRAISE: gettext("A villager praised"),
    }[Kind(kind)]


@dataclass(frozen=True)
class QuestionView:
    """A published question with its answer, as it may be read in one language."""

    kind: str
    kind_label: str
    received_on: date
    answered_on: date
    question: str
    answer: str
    # Of the member it is about; empty if it is about the branch.
    about: str = ""
    about_id: str = ""
    pledge_key: str = ""


@dataclass(frozen=True)
class Questions:
    """The newest questions of a page, and whether there are more."""

    rows: list[QuestionView]
    more: bool

    @classmethod
    def of(cls, views: Iterable[QuestionView]) -> Questions:
        """Keep the newest of ``views``."""
        rows = list(views)
        return cls(rows[:MOST], len(rows) > MOST)


def published(pilot: Pilot | int) -> QuerySet[Report]:
    """Return the published reports of a branch, newest answer first."""
    rows = Report.objects.filter(pilot=pilot, published_on__isnull=False)
    return rows.order_by("-answered_on", "pk")


def on_board(page: BranchPage) -> QuerySet[Report]:
    """Return the published reports about the branch of ``page``, and those about its public members.

    Each with what its member's name needs. The board itself has to be public.
    """
    members = without_restricted(MemberPledgePage.objects.child_of(page).live(), below=page)
    shown = Q(member__isnull=True) | Exists(members.filter(member=OuterRef("member")))
    rows = published(page.pilot_id).filter(shown, pilot__stage=Stage.APPROVED)
    return join_consents(rows.select_related("member"), Scope.PUBLIC_WEB)


def board_questions(page: BranchPage, language: str) -> Questions:
    """Return the questions that stand on the public board ``page``. One query."""
    return Questions.of(views_of(on_board(page)[: MOST + 1], language))


def member_questions(page: MemberPledgePage, language: str) -> Questions:
    """Return the questions that stand on the public page of a member. One query."""
    rows = published(page.member.pilot_id).filter(
        member=page.member_id, pilot__stage=Stage.APPROVED
    )
    return Questions.of(_view(row, language) for row in rows[: MOST + 1])


def views_of(rows: Iterable[Report], language: str) -> list[QuestionView]:
    """Return what everyone may read of ``rows``, which came from :func:`on_board`."""
    views = []
    for row in rows:
        name = ""
        if row.member is not None:
            member = use_joined(row, row.member, Scope.PUBLIC_WEB)
            name = shown_name(member, Scope.PUBLIC_WEB, language).text
        views.append(_view(row, language, name))
    return views


def village_questions(
    pilot: Pilot, language: str, names: dict[str, str], only: Collection[str] = ()
) -> Questions:
    """Return the questions that the village reads, about the branch or members it can see.

    ``names`` are those members' shown names by public id; ``only`` narrows to these members. One
    query.
    """
    rows = published(pilot).select_related("member")
    if only:
        rows = rows.filter(member__public_id__in=only)
    else:
        rows = rows.filter(Q(member__isnull=True) | Q(member__public_id__in=list(names)))
    return Questions.of(
        _view(row, language, "" if only or row.member is None else names[row.member.public_id])
        for row in rows[: MOST + 1]
    )


def _view(row: Report, language: str, about: str = "") -> QuestionView:
    assert row.answered_on is not None  # what is published has an answer
    return QuestionView(
        kind=row.kind,
        kind_label=kind_label(row.kind),
        received_on=row.received_on,
        answered_on=row.answered_on,
        question=label_in(row.public_text, language),
        answer=label_in(row.answer, language),
        about=about,
        about_id=row.member.public_id if about and row.member else "",
        pledge_key=str(row.pledge_key) if row.pledge_key else "",
    )
