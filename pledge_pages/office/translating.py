"""Leads wagtail-localize's editor to a draft and a review; by itself it ends in "Publish" only.

It keeps translated texts apart from the page until somebody publishes them. Nobody publishes a
page of a pilot, so its editors put them into the draft here, and submit it.
"""

from functools import wraps

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.models import Locale, Page

from ..api import transitions
from ..api.problems import Refusal
from ..embargo.gate import is_gated
from ..embargo.page import Gated, refusal
from .page_lists import edit_url
from .refusals import refuse
from .sight import page_name


def translation_of(page: Page):
    """Return wagtail-localize's record of ``page`` as a translation in progress, or None."""
    if not apps.is_installed("wagtail_localize"):
        return None
    from wagtail_localize.models import Translation

    return (
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
        )
        .select_related("source__locale", "target_locale")
        .first()
    )


class TranslationView(WagtailAdminTemplateMixin, TemplateView):
    """Puts the translated texts of one page into its draft, and submits it."""

    template_name = "pledge_pages/office/translation.html"
    page_title = gettext_lazy("Translation")
    header_icon = "site"

    @cached_property
    def gated_page(self) -> Page:
        """The page in the address; Http404 if it is not gated or no translation in progress."""
        page = get_object_or_404(Page, pk=self.kwargs["page_id"]).specific
        if not is_gated(page) or self.translation(page) is None:
            raise Http404
        return page

    @staticmethod
    def translation(page: Page):
        """Return the record of the translation; see :func:`translation_of`."""
        return translation_of(page)

    def dispatch(self, request, *args, **kwargs):
        page = self.gated_page
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        if page.workflow_in_progress:
            messages.error(request, _("The page is in review already."))
            return redirect(edit_url(page.pk))
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return page_name(self.gated_page)

    def get_breadcrumbs_items(self):
        items = get_breadcrumbs_items_for_page(self.gated_page, self.request.user)
        return [*items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        translation = self.translation(self.gated_page)
        total, done = translation.get_progress()
        return super().get_context_data(
            total=total,
            done=done,
            source_language=translation.source.locale.get_display_name(),
            target_language=translation.target_locale.get_display_name(),
            back_url=edit_url(self.gated_page.pk),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Save the draft; submit it as well if that was asked for."""
        page, back = self.gated_page, redirect(edit_url(self.gated_page.pk))
        try:
            self.translation(page).save_target(user=request.user, publish=False)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return back
        name = page_name(page)
        if "submit" not in request.POST:
            messages.success(request, _("%(page)s: the draft is saved.") % {"page": name})
            return back
        try:
            fresh = Page.objects.get(pk=page.pk).specific
            transitions.take("submit", fresh, by=request.user)
        except Refusal as error:
            text = _("%(page)s: the draft is saved, but not submitted: %(reason)s")
            messages.error(request, text % {"page": name, "reason": error})
            return back
        text = _("%(page)s: the translation is submitted for moderation.")
        messages.success(request, text % {"page": name})
        return redirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))


# wagtail-localize's own views --------------------------------------------------------------


def take_over_translating() -> None:
    """Let wagtail-localize's views tell the truth about gated pages, if it is installed."""
    if not apps.is_installed("wagtail_localize"):
        return
    from wagtail_localize.views import edit_translation, submit_translations, update_translations

    _take_over_editor(edit_translation)
    _take_over_submission(submit_translations.SubmitPageTranslationView)
    _take_over_update(update_translations.UpdateTranslationsView)


def _take_over_editor(module) -> None:
    stock = module.edit_translation
    if getattr(stock, "knows_the_gate", False):
        return

    @wraps(stock)
    def edit_translation(request, translation, instance):
        if not (isinstance(instance, Page) and is_gated(instance)):
            return stock(request, translation, instance)
        if instance.workflow_in_progress:
            # Wagtail's own editor has what a review needs: the lock, and the decisions.
            return None
        if request.method == "POST" and request.POST.get("action") == "publish":
            return refuse(request, refusal(instance), instance)
        if request.method == "GET":
            url = reverse("pledge_boards:translation", args=[instance.pk])
            button = messages.button(url, _("Save or submit the translation"))
            text = _("What you translate is kept here. It enters the draft when you save it.")
            messages.info(request, text, buttons=[button])
        return stock(request, translation, instance)

    edit_translation.knows_the_gate = True
    module.edit_translation = edit_translation


def _take_over_submission(view_class) -> None:
    stock = view_class.dispatch
    if getattr(stock, "knows_the_gate", False):
        return

    @wraps(stock)
    def dispatch(view, request, *args, **kwargs):
        page = get_object_or_404(Page, pk=kwargs["page_id"])
        turned = turned_from_translating(request, page.specific) if is_gated(page) else None
        return turned or stock(view, request, *args, **kwargs)

    dispatch.knows_the_gate = True
    view_class.dispatch = dispatch


def turned_from_translating(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Return an answer if there is nothing left to translate ``page`` into for the asker."""
    if not page.permissions_for_user(request.user).can_edit():
        return refuse(request, _("Only editors of the branch translate its pages."), page)
    others = page.get_translations().filter(alias_of__isnull=True).select_related("locale")
    missing = Locale.objects.exclude(pk__in=[page.locale_id, *(p.locale_id for p in others)])
    if missing.exists() or not others:
        return None
    other = others[0].specific
    text = _("The page exists in every language already. Edit it in %(language)s here.")
    messages.info(request, text % {"language": other.locale.get_display_name()})
    return redirect(edit_url(other.pk))


def _take_over_update(view_class) -> None:
    stock_dispatch, stock_form = view_class.dispatch, view_class.get_form
    stock_subtitle = view_class.get_subtitle
    if getattr(stock_form, "knows_the_gate", False):
        return

    @wraps(stock_dispatch)
    def dispatch(view, request, *args, **kwargs):
        source = view.get_object()
        if is_gated_source(source):
            page = source.get_source_instance()
            if not page.permissions_for_user(request.user).can_edit():
                return refuse(request, _("Only editors of the branch translate its pages."), page)
        return stock_dispatch(view, request, *args, **kwargs)

    @wraps(stock_form)
    def get_form(view):
        form = stock_form(view)
        if is_gated_source(view.object):
            field = form.fields["publish_translations"]
            field.label = _("Put the changes into the drafts of the translations at once")
            field.help_text = _(
                "What is not translated yet appears in the original language there. "
                "Nothing is published."
            )
        return form

    @wraps(stock_subtitle)
    def get_subtitle(view):
        if is_gated_source(view.object):
            return page_name(view.object.get_source_instance())
        return stock_subtitle(view)

    get_form.knows_the_gate = True
    view_class.dispatch, view_class.get_form = dispatch, get_form
    view_class.get_subtitle = get_subtitle


def is_gated_source(source) -> bool:
    """Return whether wagtail-localize's ``source`` of translations is a gated page."""
    model = source.specific_content_type.model_class()
    return model is not None and issubclass(model, Gated)
