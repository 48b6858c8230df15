"""The door to Wagtail's admin views: who may not see a page stays out, and refusals are explained.

Wagtail's views ask different questions about a page, and some ask none before they show its
title. Its hooks run too late for that, so every admin view passes through :func:`enter`.
"""

from functools import partial, wraps

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.translation import gettext as _
from wagtail.admin import auth, messages
from wagtail.models import Page, TaskState

from ..api.access import MAX_ID
from ..contention import BusyError, busy, in_one_transaction, is_contention, is_refusal
from ..embargo import objections
from ..embargo.errors import EmbargoError, ReviewError
from ..embargo.gate import gate_of, gated_types, is_gated
from ..embargo.models import GatedPage
from ..quiet_words.lint import PersonalDataError
from .refusals import overview_of, reason_against, refuse, steers, withdraw_url
from .sight import hidden_from
from .standing import standing_of

# Keywords in the addresses of the admin that hold the id of a page.
PAGE_KEYWORDS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
# Views that take ids of pages from the query.
QUERY_VIEWS = ("wagtail_bulk_action", "wagtailadmin_choose_page_chosen_multiple")
CHOOSER = "wagtailadmin_choose_page_child"
# The one view of a page whose address calls the id otherwise.
COMPARE = "wagtailadmin_pages:revisions_compare"
# It leads on to another address before it asks whether there is such a page.
OLD_HISTORY = "wagtailadmin_pages:revisions_index"


def take_over_door() -> None:
    """Let every view of Wagtail's admin pass through :func:`enter`, in the user's language."""
    stock = auth.get_localized_response
    if getattr(stock, "knows_the_gate", False):
        return

    @wraps(stock)
    def get_localized_response(view, request, *args, **kwargs):
        return stock(partial(enter, view), request, *args, **kwargs)

    get_localized_response.knows_the_gate = True
    auth.get_localized_response = get_localized_response


def enter(view, request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """Answer ``request`` by ``view``, unless a gated page that it names stands against it."""
    match = request.resolver_match
    page = None
    named: set[int] = set()
    if match is not None:
        named = pages_named(request, match)
        keep_out(request, match, named)
        page = gated_page(match)
        turned = turn_away(request, match, page)
        if turned is not None:
            return turned
    try:
        with objections.births_as_drafts() as held_back:
            response = answer(view, request, named, *args, **kwargs)
        for _born, error in held_back:
            messages.error(request, str(error))
    except ReviewError as error:
        return keep_draft(view, request, named, error, *args, **kwargs)
    except (EmbargoError, BusyError) as error:
        return refuse(request, str(error), page or editable_page(request, match))
    except OperationalError as error:
        if not is_contention(error):
            raise
        if request.method == "POST":
            return refuse(request, busy(), page)
        plain = {"Retry-After": "2", "Content-Type": "text/plain; charset=utf-8"}
        return HttpResponse(busy(), status=503, headers=plain)
    except IntegrityError as error:
        if not is_refusal(error):
            raise
        return refuse(request, _("The database's embargo triggers refused it."), page)
    except ValidationError as error:
        if page is None:
            raise
        return refuse(request, " ".join(error.messages), page)
    if page is not None and match.url_name == "workflow_action" and request.method == "POST":
        return after_review(request, match, page, response)
    return response


def answer(view, request: HttpRequest, named: set[int], *args, **kwargs) -> HttpResponse:
    """Return the view's answer; what it does with gated pages is done as a whole or not at all.

    A view is asked again if others were changing the same pages, so what was typed is not lost.
    """
    if request.method != "POST" or not GatedPage.objects.filter(page__in=named).exists():
        return view(request, *args, **kwargs)
    said = [*getattr(request._messages, "_queued_messages", [])]

    @in_one_transaction
    def ask():
        request._messages._queued_messages = [*said]
        for upload in request.FILES.values():
            upload.seek(0)
        return view(request, *args, **kwargs)

    return ask()


def keep_draft(
    view, request: HttpRequest, named: set[int], error: EmbargoError, *args, **kwargs
) -> HttpResponse:
    """Say what speaks against a review; what was typed along with "submit" is saved as a draft."""
    if not request.POST.get("action-submit"):
        return refuse(request, str(error), gated_page(request.resolver_match))
    request.POST = request.POST.copy()
    del request.POST["action-submit"]
    response = answer(view, request, named, *args, **kwargs)
    if isinstance(error, PersonalDataError):  # the places are said with the draft
        messages.error(request, _("Not submitted: it holds people's numbers."))
    else:
        messages.error(request, _("Not submitted: %(reason)s") % {"reason": error})
    return response


def editable_page(request: HttpRequest, match: ResolverMatch | None) -> Page | None:
    """Return the ordinary page that a view is about, if the user may go on editing it."""
    pk = match.kwargs.get("page_id") if match else None
    page = Page.objects.filter(pk=pk).first() if pk else None
    return page if page and page.permissions_for_user(request.user).can_edit() else None


def pages_named(request: HttpRequest, match: ResolverMatch) -> set[int]:
    """Return the ids of all pages that the address names."""
    values = [match.kwargs.get(keyword) for keyword in PAGE_KEYWORDS]
    if match.view_name == COMPARE:
        values.append(match.kwargs["pk"])
    if match.kwargs.get("model_name") == Page._meta.model_name:
        values.append(match.kwargs.get("object_id"))
    if match.url_name in QUERY_VIEWS:
        values += request.GET.getlist("id") + request.GET.getlist("childOf")
    if match.url_name == "wagtailadmin_choose_page":
        values.append(common_ancestor(request.GET.get("page_type", "")))
    values += translations_named(match)
    ids = {int(value) for value in values if str(value).isdecimal()}
    return {pk for pk in ids if pk <= MAX_ID}  # SQLite cannot even be asked for more


def translations_named(match: ResolverMatch) -> list[int]:
    """Return the ids of the pages whose translation a view of wagtail-localize is about."""
    if match.namespaces[:1] != ["wagtail_localize"]:
        return []
    from wagtail_localize.models import TranslationSource

    source, translation = (match.kwargs.get(f"translation{word}_id") for word in ("_source", ""))
    sources = TranslationSource.objects.filter(Q(pk=source) | Q(translations=translation))
    pages = Page.objects.filter(translation_key__in=sources.values("object_id"))
    return list(pages.values_list("pk", flat=True))


def common_ancestor(page_type: str) -> int | None:
    """Return the page at which Wagtail's chooser begins when it is asked for gated types."""
    names = {name.strip().lower() for name in page_type.split(",")}
    types = [model for model in gated_types() if model._meta.label_lower in names]
    pages = Page.objects.type(*types) if types else Page.objects.none()
    return pages.first_common_ancestor().pk if pages.exists() else None


def keep_out(request: HttpRequest, match: ResolverMatch, named: set[int]) -> None:
    """Raise Http404, as for a page that is not there, if one named is not for this user to see."""
    hidden = hidden_from(request.user, named) if named else set()
    if hidden and match.url_name in (CHOOSER, "wagtailadmin_choose_page_chosen_multiple"):
        # What is public may be linked to by everyone.
        hidden -= set(Page.objects.filter(pk__in=hidden, live=True).values_list("pk", flat=True))
    if hidden or (match.view_name == OLD_HISTORY and not Page.objects.filter(pk__in=named)):
        raise Http404


def gated_page(match: ResolverMatch) -> Page | None:
    """Return the page that a view of Wagtail's page admin is about, if it is gated."""
    if match.namespaces[:1] != ["wagtailadmin_pages"]:
        return None
    pk = next((match.kwargs[word] for word in PAGE_KEYWORDS if word in match.kwargs), None)
    page = Page.objects.filter(pk=pk).first() if pk else None
    return page.specific if page is not None and is_gated(page) else None


def turn_away(request: HttpRequest, match: ResolverMatch, page: Page | None) -> HttpResponse | None:
    """Return an answer if the view cannot be used with this page; None to go on."""
    if page is None or "parent_page_id" in match.kwargs:
        return None
    if match.url_name == "unpublish":
        if steers(request.user, gate_of(page)):
            return redirect(withdraw_url(page))
        return refuse(
            request, _("Only moderators of the branch and leads may take a page down."), page
        )
    reason = reason_against(match.url_name, page, request.user)
    return refuse(request, reason, page) if reason else None


def after_review(
    request: HttpRequest, match: ResolverMatch, page: Page, response: HttpResponse
) -> HttpResponse:
    """Say what became of a review, where Wagtail says nothing, and lead to where one may go."""
    state = TaskState.objects.filter(pk=match.kwargs["task_state_id"]).first()
    if state is None or state.finished_by_id != request.user.pk:
        return response
    say_outcome(request, page, state)
    fresh = Page.objects.get(pk=page.pk).specific
    if request.GET.get("next") or fresh.permissions_for_user(request.user).can_edit():
        return response
    if isinstance(response, JsonResponse) or "json" in response.headers.get("Content-Type", ""):
        return JsonResponse({"step": "success", "redirect": overview_of(page)})
    return redirect(overview_of(page))


def say_outcome(request: HttpRequest, page: Page, state: TaskState) -> None:
    """Tell the moderator what the decision did: returned, held or public."""
    title = page.get_admin_display_title()
    if state.status == TaskState.STATUS_REJECTED:
        text = _("%(page)s: returned to its editors with your reason.") % {"page": title}
        messages.success(request, text)
    elif state.status == TaskState.STATUS_APPROVED:
        messages.success(request, f"{title}: {outcome_of_approval(page)}")


def outcome_of_approval(page: Page) -> str:
    """Return what became of ``page`` by its approval just now."""
    standing = standing_of(page)
    if standing is None:
        return _("Approved.")
    if standing.state == "published" and standing.approval and standing.approval.released_at:
        return _("Approved. What you approved is public now.")
    return standing.text
