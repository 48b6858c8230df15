"""Answers below the village's addresses: the way in by a token, the board, its pages, its files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from ..boards.reading import year_from
from ..labels import label_in
from ..photos import serving
from ..photos.models import EvidenceFile, MemberPhotoRendition
from . import guesses, links, visits
from .admission import Admission, admission_of, admit, with_changes
from .answers import village_view, wait
from .reading import Village

BOARD = "pledge_pages/village/board.html"
MEMBER = "pledge_pages/village/member.html"
EMPTY = "pledge_pages/village/empty.html"


@village_view
def board(request: HttpRequest) -> HttpResponseBase:
    """Show the board of the branch whose link the reader came by."""
    admission = admitted(request)
    village = Village(admission.link.pilot)
    for language in languages_of(request, admission, village):
        with translation.override(language):
            found = village.board(language, year=year_from(request))
            if found is not None:
                context: dict[str, Any] = {"board": found}
                return shown(request, admission, village, BOARD, language, context)
    language = translation.get_language_from_request(request)
    with translation.override(language):
        context = {"programme_name": village.pilot.programme.shown_name(language)}
        return shown(request, admission, village, EMPTY, language, context)


@village_view
def page(request: HttpRequest, word: str) -> HttpResponseBase:
    """Let the holder of a token in, or show a member's page to a reader who is in."""
    _check_askable(word)
    admission = admission_of(request)
    if admission is not None:
        answer = _member(request, admission, word)
        if answer is not None:
            return answer
    return _enter(request, word)


def _enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Exchange a token for a cookie, and send the reader to an address without it."""
    link = links.find(token)
    if link is None or not links.opens(link):
        # A right token is let in first: readers may share their network address with who guesses.
        if guesses.too_many(request):
            return wait(request)
        if link is None and not _may_be_member(token):
            guesses.count(request)
        raise Http404
    before = admission_of(request)
    same = before is not None and before.link.pk == link.pk
    response = HttpResponseRedirect(reverse("pledge_village:board"))
    admit(
        response,
        Admission(
            link,
            before.counted if before and same else 0,
            request.GET.get("lang", "")[:10] or (before.language if before and same else ""),
        ),
    )
    return response


def _may_be_member(word: str) -> bool:
    """Return whether ``word`` may be a member's page, kept by somebody who is not in any more."""
    from ..people.models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH

    return len(word) == PUBLIC_ID_LENGTH and set(word) <= set(PUBLIC_ID_ALPHABET)


def _member(request: HttpRequest, admission: Admission, public_id: str) -> HttpResponseBase | None:
    """Return the page of a member, None if there is none to be seen."""
    village = Village(admission.link.pilot)
    for language in languages_of(request, admission, village):
        with translation.override(language):
            found = village.member(language, public_id)
            if found is not None:
                context = {"member": found}
                return shown(request, admission, village, MEMBER, language, context)
    return None


@village_view
def photo(request: HttpRequest, token: str, spec: str) -> HttpResponseBase:
    """Send a member's photo that the village may see, in one of its stored sizes."""
    admission = admitted(request)
    _check_askable(token + spec)
    rendition = (
        MemberPhotoRendition.objects.select_related("image__member")
        .filter(image__token=token, filter_spec=spec)
        .first()
    )
    if rendition is None or not Village(admission.link.pilot).shows_photo(rendition.image):
        raise Http404
    return serving.send(request, rendition, cache=serving.STAFF_CACHE)


@village_view
def evidence(request: HttpRequest, token: str, extension: str) -> HttpResponseBase:
    """Send an evidence file that is public and checked; documents as a download."""
    admission = admitted(request)
    _check_askable(token)
    file = EvidenceFile.objects.filter(token=token).first()
    if file is None or file.extension != extension:
        raise Http404
    if not Village(admission.link.pilot).shows_evidence(file):
        raise Http404
    return serving.send(request, file, cache=serving.STAFF_CACHE)


@village_view
def nothing(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Answer for every other address below the room's: the same 404."""
    raise Http404


def admitted(request: HttpRequest) -> Admission:
    """Return what the reader came by; Http404 for everybody else."""
    admission = admission_of(request)
    if admission is None:
        raise Http404
    return admission


def _check_askable(text: str) -> None:
    """Raise Http404 for what PostgreSQL refuses as text."""
    if "\0" in text:
        raise Http404


def languages_of(request: HttpRequest, admission: Admission, village: Village) -> list[str]:
    """Return the languages of the boards, in the order in which this reader would like them."""
    known = list(village.boards)
    wishes = [
        request.GET.get("lang", ""),
        admission.language,
        translation.get_language_from_request(request),
    ]
    return sorted(known, key=lambda code: wishes.index(code) if code in wishes else len(wishes))


def shown(
    request: HttpRequest,
    admission: Admission,
    village: Village,
    template: str,
    language: str,
    context: dict,
) -> HttpResponse:
    """Return a page of the village view in ``language``, and let the browser remember the visit."""
    pilot = village.pilot
    context |= {
        "pilot": pilot,
        "village_name": label_in(pilot.name, language),
        "quiet": not pilot.is_public,
        "public_url": village.public_url(language) if language in village.boards else None,
        "languages": _switch(request, village, language),
    }
    # Without the request: nothing of a signed-in editor's belongs here.
    response = HttpResponse(render_to_string(template, context))
    response.headers["Content-Language"] = language
    asked = request.GET.get("lang", "")
    changed = with_changes(
        admission, language=asked if asked in village.boards else admission.language
    )
    today = timezone.localdate().toordinal()
    if admission.counted != today and visits.is_visit(request):
        visits.count(admission.link)
        changed = with_changes(changed, counted=today)
    if changed != admission:
        admit(response, changed)
    return response


def _switch(request: HttpRequest, village: Village, current: str) -> list[dict]:
    """Return the links to the same page in the other languages."""
    found = []
    for code in village.boards:
        query = request.GET.copy()
        query["lang"] = code
        found.append(
            {
                "code": code,
                "name": translation.get_language_info(code)["name_local"],
                "url": None if code == current else f"?{query.urlencode()}",
            }
        )
    return found
