"""Takes an approval back, with a reason: what is public vanishes, what is held is forgotten."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.models import Page

from ..embargo.approval import withdraw
from ..embargo.gate import gate_of, is_gated
from .editing import may_withdraw, withdraw_label
from .reason import ReasonForm
from .refusals import overview_of
from .sight import page_name


class WithdrawalForm(ReasonForm):
    """Asks why an approval is taken back."""

    kept = gettext_lazy("Kept in the page's history with the date and your name.")


class WithdrawView(WagtailAdminTemplateMixin, FormView):
    """Withdraws the approval of one page."""

    template_name = "pledge_pages/office/withdraw.html"
    form_class = WithdrawalForm
    header_icon = "download"

    @cached_property
    def gated_page(self) -> Page:
        """The page in the address; Http404 if it is not gated."""
        page = get_object_or_404(Page, pk=self.kwargs["page_id"]).specific
        if not is_gated(page) or gate_of(page) is None:
            raise Http404
        return page

    def dispatch(self, request, *args, **kwargs):
        page = self.gated_page
        if not may_withdraw(page, request.user):
            if page.standing_approval is not None:
                raise PermissionDenied
            messages.error(request, _("Nothing of this page is approved."))
            return redirect(self.back_url)
        return super().dispatch(request, *args, **kwargs)

    @property
    def back_url(self) -> str:
        """Where one came from, or the pilot's page."""
        return get_valid_next_url_from_request(self.request) or overview_of(self.gated_page)

    def get_page_title(self):
        return withdraw_label(self.gated_page)

    def get_page_subtitle(self):
        return page_name(self.gated_page)

    def get_breadcrumbs_items(self):
        items = get_breadcrumbs_items_for_page(self.gated_page, self.request.user)
        return [*items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = self.gated_page
        context.update(
            page=page,
            name=page_name(page),
            live_below=page.get_descendants().live().count() if page.live else 0,
            submit_label=withdraw_label(page),
            back_url=self.back_url,
            next=get_valid_next_url_from_request(self.request),
        )
        return context

    def form_valid(self, form):
        page, was_live = self.gated_page, self.gated_page.live
        name, back = page_name(page), self.back_url
        try:
            withdraw(page, by=self.request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
            return self.form_invalid(form)
        text = (
            _("%(page)s is not public any more; its approval is withdrawn.")
            if was_live
            else _("%(page)s: the approval is withdrawn. It is a draft again.")
        )
        messages.success(self.request, text % {"page": name})
        return redirect(back)
