"""A member's own pages with a form: progress, a reply, an appeal, what may be shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..appraisal import appeals
from ..appraisal import outcomes as decisions
from ..appraisal.models import OutcomeDecision
from ..contention import in_one_transaction
from ..people.models import Member
from ..people.naming import photo_is_wanted
from . import deciding
from .consenting import allowed_now, change_consents, ran_out
from .forms import OwnAppealForm, OwnConsentForm, OwnReplyForm, ProgressForm
from .frame import WRITING, account_of, address, own_page, shown
from .own import hindrance, pages_of
from .reporting import report_progress

writing = partial(own_page, methods=WRITING)


def act(form: forms.Form, do: Callable[[], Any]) -> bool:
    """Return whether ``do`` did it; what it refuses is an error in ``form``, at its field."""
    try:
        do()
    except ValidationError as error:
        named = getattr(error, "error_dict", {})
        placed = all(name in form.fields for name in named) or hasattr(form, "texts")
        form.add_error(None, error if placed else ValidationError(error.messages))
    except PermissionDenied as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


@writing
def report(request: HttpRequest, member: Member, key: UUID) -> HttpResponseBase:
    """Take in what the member says was done about one of their pledges."""
    pages = pages_of(member)
    drafts = {code: page.get_latest_revision_as_object() for code, page in pages.items()}
    found = {
        code: pledge
        for code, draft in drafts.items()
        for pledge in draft.pledges.all()
        if pledge.key == key
    }
    if not found:
        raise Http404
    pledge = found.get(request.resolver_match.kwargs["language"]) or next(iter(found.values()))  # type: ignore[union-attr]
    in_the_way = next((why for code in found if (why := hindrance(pages[code]))), "")
    if pledge.outcome:
        in_the_way = _("What became of this pledge is decided already.")
    form = ProgressForm(
        request.POST or None, request.FILES or None, languages=found,
        initial={"percent": pledge.percent},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if act(form, partial(report_progress, member, key, by=account_of(request), **values)):
            messages.success(
                request,
                _("Kept as a draft. Your branch submits it, and somebody else approves it."),
            )
            return redirect(address("home"))
    context = {"form": form, "pledge": pledge, "hindrance": in_the_way}
    return shown(request, member, "report.html", context, section="home")


def _decision(member: Member, pk: int) -> OutcomeDecision:
    """Return one of the decisions that the member was told of; Http404 for any other."""
    decision = deciding.told_to(member).filter(pk=pk).first()
    if decision is None:
        raise Http404
    return decision


@writing
def reply(request: HttpRequest, member: Member, pk: int) -> HttpResponseBase:
    """Take in the member's own account of what was found."""
    decision = _decision(member, pk)
    form = OwnReplyForm(request.POST or None, languages=pages_of(member))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if act(form, partial(_reply, decision, by=account_of(request), text=text)):
            messages.success(request, _("Your account is kept. It stands beside the outcome."))
            return redirect(address("outcomes"))
    why_not = deciding.reply_hindrance(decision)
    return _about(request, member, decision, "reply.html", form, why_not)


@in_one_transaction
def _reply(decision: OutcomeDecision, **said: Any) -> None:
    deciding.check_may_reply(decisions.lock(decision))
    decisions.record_reply(decision, **said)


@writing
def appeal(request: HttpRequest, member: Member, pk: int) -> HttpResponseBase:
    """Take in an appeal against what was found; it is frozen until the appeal is decided."""
    decision = _decision(member, pk)
    form = OwnAppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ground = form.cleaned_data["ground"]
        by = account_of(request)
        if act(form, partial(appeals.raise_appeal, decision, by=by, ground=ground)):
            messages.success(
                request, _("Your appeal is kept. Until it is decided, nothing is posted.")
            )
            return redirect(address("outcomes"))
    may = deciding.shown_to(member, [decision])[0].may_appeal
    why_not = "" if may else _("It cannot be appealed against now.")
    return _about(request, member, decision, "appeal.html", form, why_not)


def _about(
    request: HttpRequest,
    member: Member,
    decision: OutcomeDecision,
    template: str,
    form: forms.Form,
    why_not: str,
) -> HttpResponseBase:
    context = {"form": form, "row": deciding.shown_to(member, [decision])[0], "hindrance": why_not}
    return shown(request, member, template, context, section="outcomes")


@writing
def consent(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Show what may be shown of the member where, and let them change it at once."""
    if request.method != "POST":
        # Not before a change: it would be compared with what was fetched.
        prefetch_related_objects([member], "consents")
    form = OwnConsentForm(request.POST or None, now=allowed_now(member), ran_out=ran_out(member))
    if request.method == "POST" and form.is_valid():
        wanted = photo_is_wanted(member)
        done = partial(change_consents, member, form.wishes(), by=account_of(request))
        if act(form, done):
            messages.success(request, _said(member, wanted))
            return redirect(address("consent"))
    return shown(request, member, "consent.html", {"form": form}, section="consent")


def _said(member: Member, wanted: bool) -> str:
    """Return what the member is told; the files of the photo go once nobody may see it."""
    said = _("Kept. It counts from now on, everywhere.")
    if wanted and not photo_is_wanted(member):
        said += " " + _("The files of the photo are deleted.")
    return said
