"""The same forms in the village view, for whoever came by a village link; quiet pilots too."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation

from ..people.models import Member
from ..pilots.models import Pilot
from ..village.admission import Admission
from ..village.answers import village_view
from ..village.reading import Village
from ..village.views import admitted, languages_of, shown
from .answering import Outcome, asked, sent
from .forms import ReceiptForm, ReportForm
from .models import Channel, Kind
from .receiving import Said
from .views import METHODS, shown_of

FORM = "pledge_pages/supervision/village_form.html"
RECEIPT = "pledge_pages/supervision/village_receipt.html"

form_view = partial(village_view, methods=METHODS)


@form_view
def about_branch(request: HttpRequest) -> HttpResponseBase:
    """The form about the branch whose link the reader came by."""
    admission = admitted(request)
    village = Village(admission.link.pilot)
    for language in languages_of(request, admission, village):
        with translation.override(language):
            board = village.board(language)
            if board is not None:
                context = {"title": board.title, "back_url": reverse("pledge_village:board")}
                said = Said(village.pilot, Kind.REPORT, Channel.VILLAGE, "")
                return _form(request, admission, village, language, said, context)
    raise Http404


@form_view
def about_member(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The form about a member whose page the village can read, or one of their pledges."""
    if "\0" in public_id:  # which PostgreSQL refuses as text
        raise Http404
    admission = admitted(request)
    village = Village(admission.link.pilot)
    for language in languages_of(request, admission, village):
        with translation.override(language):
            found = village.member(language, public_id)
            if found is None:
                continue
            wanted = request.GET.get("pledge", "")
            pledges = {pledge.key: pledge for pledge in found.tile.pledges}
            if wanted and wanted not in pledges:
                raise Http404
            context = {
                "title": found.tile.name,
                "pledge_text": pledges[wanted].text if wanted else "",
                "back_url": reverse("pledge_village:page", args=[public_id]),
            }
            member = Member.objects.get(public_id=public_id)
            key = UUID(wanted) if wanted else None
            said = Said(village.pilot, Kind.REPORT, Channel.VILLAGE, "", "", member, key)
            return _form(request, admission, village, language, said, context)
    raise Http404


@form_view
def receipt(request: HttpRequest) -> HttpResponseBase:
    """How a report of this branch stands, for whoever has its code."""
    admission = admitted(request)
    village = Village(admission.link.pilot)
    language = (
        *languages_of(request, admission, village),
        translation.get_language_from_request(request),
    )[0]
    with translation.override(language):
        pilots: list[Pilot] = [village.pilot]
        outcome = asked(request, pilots) if request.method == "POST" else Outcome(ReceiptForm())
        return _shown(request, admission, village, RECEIPT, language, outcome, {})


def _form(
    request: HttpRequest,
    admission: Admission,
    village: Village,
    language: str,
    said: Said,
    context: dict[str, Any],
) -> HttpResponseBase:
    outcome = sent(request, said) if request.method == "POST" else Outcome(ReportForm.fresh())
    return _shown(request, admission, village, FORM, language, outcome, context)


def _shown(
    request: HttpRequest,
    admission: Admission,
    village: Village,
    template: str,
    language: str,
    outcome: Outcome,
    context: dict[str, Any],
) -> HttpResponseBase:
    receipts = f"{reverse('pledge_village_supervision:receipt')}?lang={language}"
    context |= shown_of(outcome, receipts)
    response = shown(request, admission, village, template, language, context)
    response.status_code = outcome.status
    # With "no-referrer" a browser would not say where a form comes from.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
