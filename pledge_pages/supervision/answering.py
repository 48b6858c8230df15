"""What a form that was sent comes to: a report with its receipt, or the form again with what is wrong.

Nothing about who sent it is kept. No cookie is needed either, so a telephone keeps no trace: that
a form comes from our own page is told by the browser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..brake import Brake
from ..pilots.models import Pilot
from ..pilots.stages import RUNNING
from . import receipts
from .errors import ReportError
from .forms import ReceiptForm, ReportForm
from .models import Report
from .receiving import Said, receive

SENDING = Brake("report", 10, 60 * 60)
ASKING = Brake("receipt", 20, 10 * 60)


@dataclass(frozen=True)
class Outcome:
    """What to show: the form, or what came of it."""

    form: ReportForm | ReceiptForm
    status: int = 200
    # Of a report that was taken in just now.
    code: str = ""
    # That somebody asked for by its code.
    report: Report | None = None


def from_elsewhere(request: HttpRequest) -> bool:
    """Return whether a browser says that the form stood on a page of another site."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return bool(origin) and urlsplit(origin or "").netloc != request.get_host()


def sent(request: HttpRequest, about: Said) -> Outcome:
    """Take in the form in ``request``. ``about`` says about whom it is, and by which way it came."""
    form = ReportForm(request.POST)
    status = _obstacle(request, form, SENDING)
    if status == 200 and form.is_valid():
        SENDING.count(request)
        said = replace(
            about,
            kind=form.cleaned_data["kind"],
            text=form.cleaned_data["text"],
            contact=form.cleaned_data["contact"],
        )
        try:
            receive(said, code=form.cleaned_data["code"])
        except ReportError as error:
            _add(form, error)
        else:
            return Outcome(form, code=form.cleaned_data["code"])
    form.renew()
    return Outcome(form, status=status if status != 200 else 422)


def asked(request: HttpRequest, pilots: list[Pilot] | None) -> Outcome:
    """Look up the code in ``request`` among the reports of ``pilots``; all public ones if None."""
    form = ReceiptForm(request.POST)
    status = _obstacle(request, form, ASKING)
    if status != 200 or not form.is_valid():
        return Outcome(form, status=status if status != 200 else 422)
    found = Report.objects.filter(receipt_hash=receipts.hash_of(form.cleaned_data["code"]))
    report = found.select_related("pilot").first()
    open_ = report is not None and _is_open(report.pilot, pilots)
    if not open_:
        ASKING.count(request)
        form.add_error("code", _("There is no report with this code. Is every sign right?"))
        return Outcome(form, status=404)
    return Outcome(form, report=report)


def _is_open(pilot: Pilot, pilots: list[Pilot] | None) -> bool:
    if pilots is None:
        return pilot.is_public
    return pilot in pilots and pilot.stage in RUNNING


def _obstacle(request: HttpRequest, form: ReportForm | ReceiptForm, brake: Brake) -> int:
    """Say on ``form`` why it cannot be taken at all; returns the status, 200 if it can."""
    form.full_clean()
    if from_elsewhere(request):
        form.add_error(None, _("This form was not sent from our own page. Send it from here."))
        return 403
    if brake.holds(request):
        form.add_error(
            None,
            _("Too many attempts. Please wait a while, then send it again; nothing is lost."),
        )
        return 429
    return 200


def _add(form: ReportForm, error: ReportError) -> None:
    """Put what is wrong beside the fields that it is about."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, messages in error.message_dict.items():
        known = field in form.fields and field != NON_FIELD_ERRORS
        for message in messages:
            form.add_error(field if known else None, message)
