"""The board of a branch as a spreadsheet, for its staff and leads."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.generic import FormView

from ..labels import content_languages
from ..pilots.models import Pilot
from ..posters.content import printable_languages
from ..transfer.exporting import Format, export_board, may_export
from . import importing
from .pilot_page import AboutOnePilot


class ExportForm(forms.Form):
    """Asks for which language, and what kind of file."""

    language = forms.ChoiceField(label=gettext_lazy("Language"))
    kind = forms.ChoiceField(label=gettext_lazy("Format"), choices=Format.choices)

    def __init__(self, *args, pilot: Pilot, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        names = dict(content_languages())
        choices = [(code, names[code]) for code in printable_languages(pilot)]
        self.fields["language"].choices = choices


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class ExportView(AboutOnePilot, FormView):
    """Says what the file holds, and sends it."""

    template_name = "pledge_pages/office/export.html"
    form_class = ExportForm
    page_title = gettext_lazy("Board as a spreadsheet")
    header_icon = "table"

    @cached_property
    def pilot(self) -> Pilot:
        """The pilot in the address; Http404 unless the reader may export its board."""
        pilots = Pilot.objects.select_related("programme")
        pilot = get_object_or_404(pilots, pk=self.kwargs["pk"])
        if not may_export(self.request.user, pilot):
            raise Http404
        return pilot

    def get_page_subtitle(self):
        return str(self.pilot)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "pilot": self.pilot}

    def get_context_data(self, **kwargs):
        return super().get_context_data(pilot=self.pilot, **kwargs)

    def form_valid(self, form):
        try:
            made = export_board(self.pilot, by=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        return FileResponse(
            made.file, as_attachment=True, filename=made.name, content_type=made.content_type
        )


def views() -> list:
    """Return the addresses of spreadsheets below the office's: out, and in."""
    return [
        path("pilots/<int:pk>/export/", ExportView.as_view(), name="export"),
        *importing.views(),
    ]
