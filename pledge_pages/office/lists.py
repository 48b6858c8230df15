"""Lists of the office: not there for whom they are not for, and narrowed by a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..pilots.models import Pilot

ROWS = 30


class OnlyFor:
    """A view that answers as one that does not exist to whom it is not for."""

    def is_for(self, user: User | AnonymousUser) -> bool:
        """Return whether ``user`` has anything to find here."""
        raise NotImplementedError

    def dispatch(self, request, *args, **kwargs):
        """Answer those whom it is for. Raises Http404 for all others."""
        if not self.is_for(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class BranchFilterForm(forms.Form):
    """Asks for the branch and the state; nothing asked means all."""

    branch = forms.ModelChoiceField(
        Pilot.objects.none(), required=False, label=gettext_lazy("Branch"), to_field_name="code"
    )
    state = forms.ChoiceField(required=False, label=gettext_lazy("State"))

    def __init__(self, *args, pilots: QuerySet[Pilot], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = pilots
        self.fields["state"].choices = self.states()

    def states(self) -> Iterable[tuple[str, Any]]:
        """Return what the list may be narrowed to."""
        raise NotImplementedError


class NarrowedListView(OnlyFor, WagtailAdminTemplateMixin, TemplateView):
    """A list over several branches, page by page, narrowed by :attr:`form_class`."""

    form_class: type[BranchFilterForm]

    def pilots(self) -> QuerySet[Pilot]:
        """Return the branches of which the reader may see something here."""
        raise NotImplementedError

    def narrowed(self, wanted: dict) -> QuerySet:
        """Return what the form asks for, with what its rows need."""
        raise NotImplementedError

    def rows(self, found: Iterable) -> list:
        """Return what the list shows of each one found."""
        raise NotImplementedError

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        pilots = self.pilots().order_by("code")
        form = self.form_class(self.request.GET, pilots=pilots)
        form.is_valid()
        found = WagtailPaginator(self.narrowed(form.cleaned_data), ROWS)
        page = found.get_page(self.request.GET.get("p"))
        return super().get_context_data(
            form=form,
            page_of=page,
            rows=self.rows(page.object_list),
            branches=list(pilots),
            **kwargs,
        )
