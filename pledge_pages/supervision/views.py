"""Answers for everyone, below ``supervision/``: the form about a public page, and the receipts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from wagtail.models import Page

from ..boards.models import BranchPage, MemberPledgePage
from ..embargo import gate
from ..labels import content_languages, label_in
from ..people.models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH, Member, Scope
from ..people.naming import shown_name
from ..pilots.models import Pilot
from ..pilots.stages import Stage
from .answering import Outcome, asked, sent
from .forms import ReceiptForm, ReportForm
from .models import Channel, Kind
from .receiving import Said

METHODS = ("GET", "HEAD", "POST")
MEMBER = re.compile(f"[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")
BOARD = re.compile(r"[0-9a-f]{32}")

FORM = "pledge_pages/supervision/form.html"
RECEIPT = "pledge_pages/supervision/receipt.html"

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Place:
    """The public page that a report is about, and what of it."""

    page: Page
    pilot: Pilot
    member: Member | None
    title: str
    pledge_key: UUID | None = None
    pledge_text: str = ""

    @property
    def said(self) -> Said:
        """What a form sent from here is about; what it says is still to come."""
        return Said(
            self.pilot, Kind.REPORT, Channel.WEB, "", "", self.member, pledge_key=self.pledge_key
        )


def kept_nowhere(view: View) -> View:
    """Let no answer of ``view`` be kept or indexed, nor its address told to other sites.

    A form comes without a cookie, so there is no token in one; see ``answering.from_elsewhere``.
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response: Any = view(request, *args, **kwargs)
        # Django would write down when a form was sent that would not do.
        response._has_been_logged = True
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        # With "no-referrer" a browser would not say where a form comes from.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


@kept_nowhere
def form(request: HttpRequest, word: str) -> HttpResponseBase:
    """Show the form about a public board or member's page, and take it in."""
    place = find(word, request.GET.get("lang", ""), request.GET.get("pledge", ""))
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    with translation.override(place.page.locale.language_code):
        outcome = (
            sent(request, place.said) if request.method == "POST" else Outcome(ReportForm.fresh())
        )
        context = {
            "page": place.page,
            "title": place.title,
            "pledge_text": place.pledge_text,
            "back_url": place.page.get_url(request),
        }
        return _shown(request, FORM, outcome, context)


@kept_nowhere
def receipt(request: HttpRequest) -> HttpResponseBase:
    """Show how a report stands to whoever has its code. There is none before a pilot is public."""
    if not gate.may_serve() or not Pilot.objects.filter(stage=Stage.APPROVED).exists():
        raise Http404
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    with translation.override(_language_of(request)):
        outcome = asked(request, None) if request.method == "POST" else Outcome(ReceiptForm())
        return _shown(request, RECEIPT, outcome, {})


@kept_nowhere
def nothing(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Answer for every other address below the room's: the same 404."""
    raise Http404


def find(word: str, language: str, pledge: str) -> Place:
    """Return the public page that is known by ``word``, in ``language`` if it is public in that.

    Raises Http404 for what is not public, as for what does not exist.
    """
    pages = _public_pages(word)
    page = pages.get(language) or next(
        (pages[code] for code, _name in content_languages() if code in pages), None
    )
    if page is None:
        raise Http404
    if isinstance(page, BranchPage):
        if pledge:
            raise Http404
        return Place(page, page.pilot, None, page.title)
    key, text = _pledge(page, pledge)
    name = shown_name(page.member, Scope.PUBLIC_WEB, page.locale.language_code).text
    return Place(page, page.member.pilot, page.member, name, key, text)


def _public_pages(word: str) -> dict[str, Page]:
    """Return the public pages known by ``word``, by language."""
    if not gate.may_serve():
        return {}
    found: Any = ()
    if MEMBER.fullmatch(word):
        found = MemberPledgePage.objects.filter(
            member__public_id=word, gate__pilot__stage=Stage.APPROVED
        ).select_related("member__pilot__programme")
    elif BOARD.fullmatch(word):
        found = BranchPage.objects.filter(
            translation_key=UUID(word), pilot__stage=Stage.APPROVED
        ).select_related("pilot__programme")
    if found:
        found = gate.without_restricted(found.live()).select_related("locale")
    return {page.locale.language_code: page for page in found}


def _pledge(page: MemberPledgePage, wanted: str) -> tuple[UUID | None, str]:
    """Return key and text of the pledge that is ``wanted``; Http404 if the page has none such."""
    if not wanted:
        return None, ""
    try:
        key = UUID(wanted)
    except ValueError:
        raise Http404 from None
    pledge = page.pledges.filter(key=key).first()
    if pledge is None:
        raise Http404
    return key, pledge.text


def _language_of(request: HttpRequest) -> str:
    """Return the language of the page that the reader came from, or the one they would like."""
    asked_for = request.GET.get("lang", "")
    known = [code for code, _name in content_languages()]
    return asked_for if asked_for in known else translation.get_language_from_request(request)


def _shown(
    request: HttpRequest, template: str, outcome: Outcome, context: dict[str, Any]
) -> HttpResponse:
    language = translation.get_language() or ""
    receipts = f"{reverse('pledge_supervision:receipt')}?lang={language}"
    context |= shown_of(outcome, receipts)
    response = render(request, template, context, status=outcome.status)
    response.headers["Content-Language"] = language
    return response


def shown_of(outcome: Outcome, receipt_url: str) -> dict[str, Any]:
    """Return what the templates of form and receipt show of ``outcome``."""
    return {
        "outcome": outcome,
        "form": outcome.form,
        "receipt_url": receipt_url,
        "answer": label_in(outcome.report.answer) if outcome.report else "",
        "rejection": label_in(outcome.report.rejection) if outcome.report else "",
    }
