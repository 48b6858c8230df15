"""What Wagtail's page editor and explorer say and offer for gated pages."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.admin.ui.side_panels import PageStatusSidePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page, Revision

from ..embargo.gate import gate_of, is_gated
from ..embargo.models import GatedPage, HeldApproval
from ..embargo.moderation import approval_label, may_moderate, not_what_was_read, wrote
from ..embargo.page import refusal
from .door import say_outcome
from .refusals import (
    approved_below,
    gated_among,
    reason_against,
    refuse,
    steers,
    withdraw_url,
)
from .sight import User
from .standing import short, standing_of

# Said at the top of the editor and in its status panel.
STATUS_TEMPLATE = "pledge_pages/office/page_status.html"
WAGTAILS_STATUS = "/status/workflow.html"
# wagtail-localize's "Convert to alias page": it would put another text under the review.
ALIAS = "localize-convert-to-alias"
WAGTAILS_PRIVACY = "/status/privacy.html"


class SubmitMenuItem(SubmitForModerationMenuItem):
    """Says what it does; Wagtail's gives a workflow's name, in whatever language that was made."""

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        page = context.get("page")
        state = page.current_workflow_state if page is not None and page.pk else None
        returned = state is not None and state.status == state.STATUS_NEEDS_CHANGES
        context["label"] = _("Submit again") if returned else _("Submit for moderation")
        return context


class WithdrawMenuItem(ActionMenuItem):
    """Takes the place of Wagtail's "Unpublish": it asks for a reason first."""

    name = "action-withdraw-approval"
    icon_name = "download"

    def is_shown(self, context) -> bool:
        page = context.get("page")
        return page is not None and may_withdraw(page, context["request"].user)

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        context["label"] = withdraw_label(context["page"])
        return context

    def get_url(self, parent_context) -> str:
        return withdraw_url(parent_context["page"])


class WithdrawButton(PageMenuItem):
    """The same in the explorer, where moderators find pages that are not in review."""

    icon_name = "download"

    def __init__(self, *, page, next_url=None, priority=45):
        url = withdraw_url(page)
        if next_url:
            url += "?" + urlencode({"next": next_url})
        super().__init__(label=withdraw_label(page), url=url, priority=priority, page=page)

    def is_shown(self, user) -> bool:
        return may_withdraw(self.page, user)


def withdraw_label(page: Page) -> str:
    """Return what withdrawing the approval of ``page`` is called."""
    return _("Take down and withdraw approval") if page.live else _("Withdraw approval")


def may_withdraw(page: Page, user) -> bool:
    """Return whether an approval of ``page`` stands that ``user`` may withdraw."""
    if not is_gated(page):
        return False
    gate = gate_of(page)
    return (
        gate is not None
        and steers(user, gate)
        and HeldApproval.objects.filter(page_id=page.pk, withdrawn_at__isnull=True).exists()
    )


# Hooks -------------------------------------------------------------------------------------


def word_actions(menu_items: list, request: HttpRequest, context: dict) -> None:
    """Let the editor's buttons say what they do: Wagtail adds "and Publish" to approvals."""
    page = context.get("page") or context.get("parent_page")
    if page is None or not is_gated(page):
        return
    never = ("action-publish", "action-unpublish")
    for item in list(menu_items):
        if item.name == "approve":
            item.label = approval_label(page)
        if item.name == "action-submit":
            menu_items[menu_items.index(item)] = SubmitMenuItem(order=item.order)
        if item.name in never or (item.name == ALIAS and page.workflow_in_progress):
            menu_items.remove(item)
    withdrawal = WithdrawMenuItem(order=20)
    if context.get("view") == "edit" and withdrawal.is_shown({**context, "request": request}):
        menu_items.append(withdrawal)


def offer_withdrawal(page: Page, user, next_url=None, view_name: str = ""):
    """Add the withdrawal to the explorer's and the editor's lists of further actions."""
    if is_gated(page):
        yield WithdrawButton(page=page, next_url=next_url)


def before_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say where the page stands; explain a publication that was asked for and is not made."""
    if not is_gated(page):
        return None
    if request.method == "POST":
        if not readable_decision(request):
            return refuse(request, _("The decision could not be read, and was not made."), page)
        if decides_unread(request, page):
            return refuse(request, not_what_was_read(), page)
        explain_publication(request, page)
    elif request.accepts("text/html") and "_w_hydrate_create_view" not in request.GET:
        standing = standing_of(page)
        if standing is not None:
            messages.info(request, f"{standing.shape} {standing.label} – {standing.text}")
    return None


def readable_decision(request: HttpRequest) -> bool:
    """Return whether what was sent along with a decision has the form that Wagtail unpacks."""
    try:
        return isinstance(json.loads(request.POST.get("workflow-action-extra-data") or "{}"), dict)
    except ValueError:
        return False


def decides_unread(request: HttpRequest, page: Page) -> bool:
    """Return whether a decision was made in a form that showed another version than the reviewed.

    The editor may have taken the page back and submitted another while the form stood open.
    """
    state = page.current_workflow_task_state
    if not request.POST.get("action-workflow-action") or state is None:
        return False
    shown = tuple(request.POST.get(f"loaded_revision_{name}", "") for name in ("id", "created_at"))
    return shown != (str(state.revision_id), state.revision.created_at.isoformat())


def before_create(request: HttpRequest, parent_page: Page, page_class: type[Page]) -> None:
    """Explain a publication that was asked for and is not made."""
    if request.method == "POST" and is_gated(parent_page):
        explain_publication(request)


def explain_publication(request: HttpRequest, page: Page | None = None) -> None:
    """Say why a posted "publish" does not publish, and what to do where ``page`` stands."""
    if request.POST.get("action-publish") and request.accepts("text/html"):
        messages.error(request, refusal(page))


def before_bulk_action(request, action_type: str, pages: list, action) -> HttpResponse | None:
    """Refuse what bulk actions may not do with gated pages, before anything is done."""
    pages = [page for page in pages if isinstance(page, Page)]
    chosen = chosen_in_bulk(request, action)
    page = gated_among([*pages, *chosen])
    form = action.cleaned_form
    if action_type == "publish" and page is not None:
        return refuse(request, refusal(page.specific), page)
    if action_type == "move" and page is not None:
        return refuse(request, reason_against("move", page, request.user), page)
    if action_type == "unpublish":
        below = bool(form and form.cleaned_data.get("include_descendants"))
        return refuse_taking_down(request, [*pages, *chosen], below)
    if action_type == "delete":
        kept = next((p for p in chosen if is_gated(p) and approved_below(p)), None)
        if kept is not None:
            return refuse(request, reason_against("delete", kept, request.user), kept)
    return None


def chosen_in_bulk(request: HttpRequest, action) -> list[Page]:
    """Return the pages that were ticked, also those that Wagtail silently leaves out."""
    if not issubclass(action.model, Page):
        return []
    ids = [pk for pk in request.GET.getlist("id") if pk.isdecimal()]
    return list(Page.objects.filter(pk__in=ids))


def before_unpublish(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to take down gated pages along with an ordinary page above them."""
    return refuse_taking_down(request, [page], bool(request.POST.get("include_descendants")))


def refuse_taking_down(request: HttpRequest, pages: list[Page], below: bool) -> HttpResponse | None:
    """Refuse to take gated pages down in passing: it needs a reason, page by page."""
    page = gated_among(pages)
    if page is None and below:
        live = GatedPage.objects.filter(page__live=True)
        held = [g for p in pages for g in live.filter(page__path__startswith=p.path)[:1]]
        page = held[0].page if held else None
    if page is None:
        return None
    reason = _(
        "Pages of a pilot are not taken down in passing. Withdraw their approval one by one, "
        "or suspend the pilot: both ask for a reason."
    )
    return refuse(request, reason, page)


# What Wagtail's editor says and shows -------------------------------------------------------


def take_over_saved_message() -> None:
    """Let the editor say "draft" of what it saves: Wagtail's "updated" sounds like "published".

    And what a decision did, or why it was not made.
    """
    stock = EditView.add_save_confirmation_message
    if getattr(stock, "knows_the_gate", False):
        return

    def add_save_confirmation_message(view):
        if not is_gated(view.page):
            stock(view)
        elif view.action_name == "perform_workflow_action":
            say_decision(view)
        else:
            messages.success(view.request, saved_message(view.page, view.previous_revision))
            if view.request.POST.get("action-workflow-action"):
                messages.error(view.request, why_undecided(view.page, view.request.user))

    add_save_confirmation_message.knows_the_gate = True
    EditView.add_save_confirmation_message = add_save_confirmation_message


def say_decision(view: EditView) -> None:
    """Say what a decision in the editor did, and that it was not about what was typed with it."""
    state = view.page.workflow_states.order_by("-created_at", "-pk").first()
    task = state.current_task_state if state else None
    if task is not None and task.finished_by_id == view.request.user.pk:
        say_outcome(view.request, view.page, task)
    if view.has_content_changes:
        text = _("What you changed here is a newer draft, which nobody approved.")
        messages.warning(view.request, text)


def why_undecided(page: Page, user: User) -> str:
    """Return why a decision that was asked for along with a draft was not made."""
    state = page.current_workflow_task_state
    if state is None:
        return _("Nothing was decided: the page is not in review.")
    if not may_moderate(user, page):
        return _("Only a moderator of this branch may review the page.")
    if wrote(user, state):
        return _("Nothing was decided: you wrote the version in review, so somebody else decides.")
    return _("The decision could not be read, and was not made.")


def saved_message(page: Page, earlier: Revision | None) -> str:
    """Return what saving the draft of ``page`` did; ``earlier`` is the version gone back to."""
    values = {"page": page.get_admin_display_title()}
    if earlier is None:
        return _("%(page)s: the draft is saved.") % values
    return _("%(page)s: the version of %(when)s is the draft again.") % {
        **values,
        "when": short(earlier.created_at),
    }


def take_over_status_panel() -> None:
    """Let the editor's status panel say where a gated page stands.

    Wagtail's says "Draft" of what is held and "Visible to all" of what nobody can see, and it has
    no hook for its sections.
    """
    stock = PageStatusSidePanel.get_status_templates
    if getattr(stock, "knows_the_gate", False):
        return

    def get_status_templates(panel, context):
        templates = stock(panel, context)
        if not isinstance(panel.object, Page) or not is_gated(panel.object):
            return templates
        kept = [t for t in templates if not t.endswith((WAGTAILS_STATUS, WAGTAILS_PRIVACY))]
        if not hasattr(panel, "standing"):
            panel.standing = standing_of(panel.object) if panel.object.pk else None
        context["standing"] = panel.standing
        return [STATUS_TEMPLATE, *kept]

    get_status_templates.knows_the_gate = True
    PageStatusSidePanel.get_status_templates = get_status_templates
