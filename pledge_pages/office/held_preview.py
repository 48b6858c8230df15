"""Shows staff what was approved of a page, as it would look in public."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from ..embargo.models import HeldApproval
from .sight import gates_seen_by

_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


def held_preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """Render the approved content of the page, not its newest draft.

    Http404 unless an approval stands and the reader may see what is not public of the branch. What
    was altered since is not shown as approved; the explorer says so.
    """
    approvals = HeldApproval.objects.filter(
        withdrawn_at__isnull=True, page__gate__in=gates_seen_by(request.user)
    )
    approval = get_object_or_404(approvals.select_related("page__gate__pilot"), page_id=page_id)
    if not approval.is_intact:
        text = _("What was approved was altered since, and cannot go public. Approve it anew.")
        messages.error(request, text)
        return redirect("wagtailadmin_explore", approval.page.get_parent().pk)
    page = approval.page.specific.with_content_json(approval.snapshot)
    if not page.is_previewable():
        raise Http404
    # A board with what is approved below it, not with the newest drafts.
    extra = {"shows_approved": True}
    notice = _notice(approval)
    return _with_notice(
        page.make_preview_request(request, page.default_preview_mode, extra), notice
    )


def _notice(approval: HeldApproval) -> str:
    """Return what stands above the page, for it looks as everyone will see it."""
    pilot = approval.page.gate.pilot
    back = reverse("pledge_boards:held")
    if pilot is not None:
        back = reverse("pledge_boards:pilot", args=[pilot.pk])
    context = {"back": back, "pilot": pilot, "live": approval.page.live}
    return render_to_string("pledge_pages/office/held_notice.html", context)


def _with_notice(answer: HttpResponse, notice: str) -> HttpResponse:
    """Put ``notice`` first into the body of ``answer``, whatever templates the page has."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return answer
    text = answer.content.decode(answer.charset)
    answer.content = _BODY.sub(lambda found: found.group() + notice, text, count=1)
    if "Content-Length" in answer.headers:
        answer.headers["Content-Length"] = str(len(answer.content))
    return answer
