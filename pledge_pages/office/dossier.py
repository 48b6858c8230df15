"""The dossier of a pilot for the meeting that approves it, as a PDF, for leads only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin import messages

from ..pilots import roles
from ..pilots.models import Pilot
from ..posters import drawing, fonts
from ..posters.errors import PrintError
from ..posters.sheet import plain_text
from .dossier_content import sections_of
from .printing import download

# A4, in millimetres.
PAPER = (210, 297)


def values_of(pilot: Pilot, *, by) -> dict:
    """Return the values that the template is drawn from, in the reader's language."""
    today = timezone.localdate()
    title = _("Dossier of the pilot %(pilot)s") % {"pilot": pilot}
    facts = [
        (_("Programme"), pilot.programme.shown_name()),
        (_("Wave"), str(pilot.wave or "–")),
        (_("Stage"), pilot.get_stage_display()),
        (_("As of"), date_format(today, "DATE_FORMAT")),
    ]
    return {
        "width": PAPER[0],
        "height": PAPER[1],
        "document": _("Dossier of the pilot %(pilot)s") % {"pilot": pilot.code},
        "fonts": fonts.families(),
        "languages": [get_language() or "en"],
        "title": plain_text(title),
        "facts": [[label, plain_text(text)] for label, text in facts],
        "note": _(
            "For the meeting that decides on the approval. Not for posting: until a pilot is "
            "approved, nothing about it is made public."
        ),
        "page": _("Page"),
        "sections": [
            {
                "heading": part.heading,
                "columns": part.columns,
                "rows": part.rows,
                "nothing": part.nothing,
                "more": part.more,
            }
            for part in sections_of(pilot, by=by, on=today)
        ],
    }


def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the dossier of the pilot ``pk``; Http404 unless the reader leads its programme."""
    led = Pilot.objects.filter(programme__in=roles.led_programmes(request.user))
    pilot = get_object_or_404(led.select_related("programme", "wave"), pk=pk)
    if request.method not in ("GET", "HEAD"):
        raise Http404
    try:
        content = drawing.document("dossier", values_of(pilot, by=request.user))
    except PrintError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("pledge_boards:pilot", pilot.pk)
    answer = download(content, "application/pdf", f"dossier-{pilot.code}.pdf".lower())
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def views() -> list:
    """Return the addresses of these views below the office's."""
    return [path("pilots/<int:pk>/dossier/", dossier, name="dossier")]
