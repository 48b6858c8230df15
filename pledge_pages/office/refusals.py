"""Says in Wagtail's views why a gated page refuses, and what to do instead.

Wagtail answers a refusal with "Sorry, you do not have permission". These sentences name the
reason; drafts stay as they are.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from ..embargo.gate import gate_of, is_gated
from ..embargo.models import GatedPage, HeldApproval
from ..pilots.roles import is_lead, is_moderator
from .sight import User


def steers(user: User, gate: GatedPage) -> bool:
    """Return whether ``user`` may take down pages of ``gate`` and withdraw approvals."""
    return is_lead(user, gate.programme) or is_moderator(user, gate.programme, gate.pilot)


def reason_against(view: str, page: Page, user: User) -> str:
    """Return why Wagtail's view named ``view`` cannot be used with the gated ``page``, or ''."""
    if view == "copy":
        return _("A page of a pilot is not copied: there is one for each member and language.")
    if view in ("move", "move_confirm"):
        return _("A page of a pilot is not moved: it stays below its own board.")
    if view == "set_privacy":
        return _("A page of a pilot has no privacy setting: it is public by approval only.")
    if view == "revisions_unschedule":
        return _("The date belongs to what was approved. Withdraw the approval instead.")
    if view == "delete" and approved_below(page):
        return _("Something here was approved. Withdraw the approval before you delete it.")
    if view in ("edit", "view_draft") and not page.permissions_for_user(user).can_edit():
        return _("Editors of the branch edit this page; moderators open it while it is in review.")
    return ""


def approved_below(page: Page) -> bool:
    """Return whether an approval stands for ``page`` or anything below it."""
    return HeldApproval.objects.filter(
        page__path__startswith=page.path, withdrawn_at__isnull=True
    ).exists()


def refuse(request: HttpRequest, reason: str, page: Page | None) -> HttpResponse:
    """Answer with ``reason`` in the form that the asker reads: JSON, modal or message."""
    if not request.accepts("text/html"):
        return JsonResponse(
            {"success": False, "error_code": "embargo", "error_message": reason}, status=400
        )
    messages.error(request, reason)
    target = way_back(request, page)
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        return JsonResponse({"step": "success", "redirect": target})
    return redirect(target)


def way_back(request: HttpRequest, page: Page | None) -> str:
    """Return an address where the asker may go on: never the one that refused just now."""
    chosen = get_valid_next_url_from_request(request)
    if chosen:
        return chosen
    if page is None:
        return reverse("wagtailadmin_home")
    match = request.resolver_match
    view = match.url_name if match else ""
    if match and "parent_page_id" in match.kwargs:
        return reverse("wagtailadmin_explore", args=[page.pk])
    editable = page.permissions_for_user(request.user).can_edit()
    if editable and (view != "edit" or request.method == "POST"):
        return reverse("wagtailadmin_pages:edit", args=[page.pk])
    return overview_of(page)


def overview_of(page: Page) -> str:
    """Return the address of the page's pilot in the admin, or of the list of pilots."""
    gate = gate_of(page)
    if gate is not None and gate.pilot_id:
        return reverse("pledge_boards:pilot", args=[gate.pilot_id])
    return reverse("pledge_boards:pilots")


def withdraw_url(page: Page) -> str:
    """Return where the approval of ``page`` is taken back."""
    return reverse("pledge_boards:withdraw", args=[page.pk])


def gated_among(pages) -> Page | None:
    """Return the first gated page among ``pages``, or None."""
    return next((page for page in pages if is_gated(page)), None)
