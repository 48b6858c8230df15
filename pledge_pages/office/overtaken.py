"""The editor does not write over what somebody saved while its form stood open.

Wagtail warns of that by a script, and refuses an autosave; what is sent by the button "Save" or
"Submit" goes over the newer draft without a word.
"""

from functools import wraps

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.templatetags.wagtailadmin_tags import user_display_name
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

from ..embargo.approval import lock_gate
from ..embargo.gate import is_gated
from .standing import short


def take_over_saving() -> None:
    """Let the editor of a gated page show its form again, with what was typed, if it was overtaken."""
    stock = EditView.form_valid
    if getattr(stock, "knows_the_gate", False):
        return

    @wraps(stock)
    def form_valid(view, form):
        return refused_as_overtaken(view) or stock(view, form)

    form_valid.knows_the_gate = True
    EditView.form_valid = form_valid


def refused_as_overtaken(view: EditView) -> HttpResponseBase | None:
    """Return an answer if somebody saved the page since the form was opened; None to go on.

    The form that is shown then knows of the newer draft: sent again, it takes its place.
    """
    decides = view.action_name in ("perform_workflow_action", "cancel_workflow")
    if view.expects_json_response or decides or not is_gated(view.page):
        return None
    lock_gate(view.page)
    newest = Page.objects.get(pk=view.page.pk).get_latest_revision()
    newer = newest is not None and newest != view.latest_revision
    if not (newer or view.is_out_of_date):
        return None
    messages.error(view.request, overtaken_by(newest), buttons=buttons(view.page, newest))
    view.has_unsaved_changes = True
    return view.render_to_response(view.get_context_data())


def overtaken_by(revision) -> str:
    """Return who saved what stands in the way, and when, and what may be done."""
    return _(
        "Not saved: %(who)s saved this page at %(when)s, after you had opened it. What you typed is "
        "kept below. Look at the newer version first; if you save again, yours takes its place."
    ) % {
        "who": user_display_name(revision.user) if revision.user else _("a program"),
        "when": short(revision.created_at),
    }


def buttons(page: Page, revision) -> list:
    """Return the way to the version that was saved meanwhile."""
    address = reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision.pk])
    return [messages.button(address, _("Look at the newer version"), new_window=True)]
