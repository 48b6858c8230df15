"""A form of the office that ends in an action: what the action refuses is said at its field."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .branches import add_errors


class AskingView(WagtailAdminTemplateMixin, FormView):
    """Asks for what an action needs, takes it, says that it was taken, and leads on."""

    template_name = "pledge_pages/office/opening.html"
    introduction = ""
    done = ""

    def crumbs(self) -> list[tuple[str, str]]:
        """Return (address, label) of what stands above, the nearest last."""
        raise NotImplementedError

    def get_breadcrumbs_items(self):
        above = [{"url": url, "label": label} for url, label in self.crumbs()]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(
            introduction=self.introduction,
            back_url=self.crumbs()[-1][0],
            media=context["form"].media,
        )
        return context

    def form_valid(self, form):
        try:
            target = self.act(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        except PermissionDenied as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        if self.done:
            messages.success(self.request, self.done)
        return redirect(target)

    def act(self, data: dict) -> str:
        """Take the action; return where to go then."""
        raise NotImplementedError
