"""What the page editor says of quiet words and people's data, and how a lead lets a page pass."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.models import Page

from ..embargo import objections
from ..embargo.errors import EmbargoError
from ..embargo.gate import gate_of, is_gated
from ..quiet_words.lint import Found, found_in
from ..quiet_words.refusing import QuietWordsError, issues_standing, may_override, override
from ..quiet_words.watching import Issue, Watch, digest_of_content
from ..quiet_words.wording import LAWFUL, sentence
from .reason import ReasonForm
from .refusals import refuse


def quiet_url(page: Page) -> str:
    """Return where one sees what is held back of ``page``, and a lead lets it pass."""
    return reverse("pledge_boards:quiet_page", args=[page.pk])


def issues_of(page: Page) -> list[Issue]:
    """Return what would be held back of ``page`` if its own pilot were approved."""
    gate = gate_of(page) if is_gated(page) else None
    if gate is None:
        return issues_standing(page)
    pilots = (
        [gate.pilot_id] if gate.pilot_id else gate.programme.pilots.values_list("pk", flat=True)
    )
    return issues_standing(page, Watch(pilots))


# Hooks -------------------------------------------------------------------------------------


def warn(request: HttpRequest, page: Page) -> None:
    """Above the editor: say what of the draft must not be public, where, and what to write."""
    opened = request.method == "GET" and request.accepts("text/html")
    if not opened or "_w_hydrate_create_view" in request.GET:
        return
    issues = issues_of(page)
    if issues:
        text = _("This draft says what must not be public yet. It is kept, and not published.")
        leads = may_override(request.user, issues)
        button = messages.button(
            quiet_url(page), _("Let it pass …") if leads else _("Who lets it pass …")
        )
        messages.warning(
            request, listed(text, map(sentence, issues), str(LAWFUL)), buttons=[button]
        )
    if is_gated(page):
        warn_of_data(request, found_in(page))


def warn_of_data(request: HttpRequest, found: list[Found]) -> None:
    """Say which numbers have to go before a draft is submitted, and what to look at again."""
    blocking = [place.sentence for place in found if place.blocking]
    others = [place.sentence for place in found if not place.blocking]
    if blocking:
        text = _("It cannot be submitted or approved while it holds people's numbers:")
        messages.error(request, listed(text, blocking))
    if others:
        messages.warning(request, listed(_("Please look at this again:"), others))


def listed(text: str, sentences: Iterable[str], after: str = "") -> str:
    """Return a message with a list in it."""
    rows = format_html_join("", "<li>{}</li>", ((one,) for one in sentences))
    return format_html("{}<ul>{}</ul>{}", text, rows, after)


def before_publish(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Keep a draft that must not be public a draft; the editor says why when it opens."""
    if is_gated(page):
        return None
    try:
        objections.check_public(page)
    except QuietWordsError as error:
        objections.tell_of_birth(page)
        if not request.accepts("text/html"):
            return refuse(request, str(error), page)
        messages.error(request, _("Not published: it says what must not be public yet."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


def before_bulk_publish(request: HttpRequest, action_type: str, pages: list, action):
    """Refuse to publish ticked pages, all of them, if one says what must not be public."""
    if action_type != "publish" or request.method != "POST":
        return None
    form = action.cleaned_form
    below = bool(form and form.cleaned_data.get("include_descendants"))
    check = objections.public_check()
    for page in pages:
        rows = page.get_descendants(inclusive=True) if below else [page]
        for row in rows:
            draft = row.specific.get_latest_revision_as_object()
            if is_gated(draft):
                continue
            try:
                check(draft)
            except EmbargoError as error:
                return refuse(request, f"{draft.get_admin_display_title()}: {error}", page)
    return None


# Letting pass ------------------------------------------------------------------------------


class OverrideForm(ReasonForm):
    """Asks why a page may be public as it is."""

    kept = gettext_lazy(
        "Kept in the audit trail with the date and your name. It holds for exactly this "
        "version: whoever changes a word has to ask again."
    )


class QuietPageView(WagtailAdminTemplateMixin, FormView):
    """What is held back of one page, and for leads the form that lets it pass."""

    template_name = "pledge_pages/office/quiet_page.html"
    form_class = OverrideForm
    page_title = gettext_lazy("Quiet words")
    header_icon = "password"

    @cached_property
    def draft(self) -> Page:
        """The newest version of the page in the address."""
        page = get_object_or_404(Page, pk=self.kwargs["page_id"]).specific
        return page.get_latest_revision_as_object()

    @cached_property
    def issues(self) -> list[Issue]:
        """What is held back of it."""
        return issues_of(self.draft)

    @cached_property
    def may_edit(self) -> bool:
        """Whether the reader may edit the page."""
        return self.draft.permissions_for_user(self.request.user).can_edit()

    def dispatch(self, request, *args, **kwargs):
        """Let in who edits the page, and leads of the programmes concerned."""
        if not self.may_edit and not may_override(request.user, self.issues):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def back_url(self) -> str:
        """The editor, or the start of the admin for those who may not edit the page."""
        if not self.may_edit:
            return reverse("wagtailadmin_home")
        return reverse("wagtailadmin_pages:edit", args=[self.draft.pk])

    def get_page_subtitle(self):
        return self.draft.get_admin_display_title()

    def get_breadcrumbs_items(self):
        if not self.may_edit:
            return super().get_breadcrumbs_items()
        items = get_breadcrumbs_items_for_page(self.draft, self.request.user)
        return [*items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(
            issues=self.issues,
            sentences=[sentence(issue) for issue in self.issues],
            lawful=LAWFUL,
            may_override=may_override(self.request.user, self.issues),
            digest=digest_of_content(self.draft, self.issues),
            back_url=self.back_url,
        )
        return context

    def form_valid(self, form):
        if self.request.POST.get("digest") != digest_of_content(self.draft, self.issues):
            form.add_error(None, _("The page was changed meanwhile. Look at it again."))
            messages.error(self.request, _("The page was changed meanwhile. Look at it again."))
            return redirect(quiet_url(self.draft))
        back = self.back_url
        try:
            override(self.draft, by=self.request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
            return self.form_invalid(form)
        messages.success(
            self.request, _("This version may be published now. Nothing was published by that.")
        )
        return redirect(back)
