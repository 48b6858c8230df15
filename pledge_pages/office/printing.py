"""Print in the admin: look at a branch's sheets, download them, and say when they were taken down."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from wagtail.admin import messages

from ..labels import content_languages
from ..pilots import roles
from ..pilots.models import Pilot
from ..posters import printing
from ..posters.content import printable_languages
from ..posters.errors import PrintError
from ..posters.models import PrintedSheet
from ..posters.wish import Kind, Orientation, Size, Wish
from ..village.models import VillageLink
from .pilot_page import AboutOnePilot
from .printed_rows import sheet_rows

SEPARATOR = ","


def views() -> list:
    """Return the addresses of print below those of the office."""
    return [
        path("pilots/<int:pk>/print/", PrintView.as_view(), name="print"),
        path("pilots/<int:pk>/print/preview.png", preview, name="print_preview"),
        path("printed-sheets/<int:pk>/settle/", settle, name="settle_print"),
    ]


class PrintForm(forms.Form):
    """Asks what to print, on what paper, in which languages, and until when it is valid."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=Kind.choices)
    size = forms.ChoiceField(label=gettext_lazy("Paper"), choices=Size.choices)
    orientation = forms.ChoiceField(label=gettext_lazy("Orientation"), choices=Orientation.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("The last day. A quarter ahead if you leave it empty."),
    )
    link = forms.ModelChoiceField(
        label=gettext_lazy("Village link in the code"),
        queryset=VillageLink.objects.none(),
        required=False,
        empty_label=gettext_lazy("The newest valid one"),
    )

    def __init__(self, *args, pilot: Pilot, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        names = dict(content_languages())
        codes = printable_languages(pilot)
        choices = [(code, names[code]) for code in codes]
        if len(codes) > 1:
            together = " + ".join(names[code] for code in codes)
            choices.append((SEPARATOR.join(codes), together))
        self.fields["language"].choices = choices
        now = timezone.now()
        valid = pilot.village_links.filter(revoked_at__isnull=True).exclude(expires_at__lte=now)
        self.fields["link"].queryset = valid
        self.fields["link"].label_from_instance = name_of
        if pilot.is_public or not valid:
            del self.fields["link"]
        self.default = {
            "kind": Kind.BOARD.value, "size": Size.A3.value,
            "orientation": Orientation.PORTRAIT.value, "language": codes[0] if codes else "",
        }  # fmt: skip

    def clean_valid_until(self):
        """Refuse a day that is over."""
        day = self.cleaned_data["valid_until"]
        if day and day < timezone.localdate():
            raise ValidationError(_("The end lies in the past."))
        return day

    @property
    def wish(self) -> Wish:
        """What the form asks for."""
        data = self.cleaned_data
        link = data.get("link")
        return Wish(
            kind=data["kind"],
            size=data["size"],
            orientation=data["orientation"],
            languages=tuple(code for code in data["language"].split(SEPARATOR) if code),
            valid_until=data["valid_until"],
            link_id=link.pk if link else None,
        )


def name_of(link: VillageLink) -> str:
    """Return what staff call a link: where it hangs, or when it was issued."""
    day = date_format(timezone.localtime(link.issued_at), "SHORT_DATE_FORMAT")
    return link.label or _("Link of %(day)s") % {"day": day}


def filled(form_class: type[PrintForm], asked: Any, pilot: Pilot) -> PrintForm:
    """Return the form with what was asked for, and the usual where nothing was said."""
    usual = form_class(pilot=pilot).default
    given = {name: asked[name] for name in (*usual, "valid_until", "link") if asked.get(name)}
    return form_class({**usual, **given}, pilot=pilot)


@method_decorator(cache_control(no_store=True), name="dispatch")
class PrintView(AboutOnePilot, FormView):
    """Shows the first sheet with what speaks against printing it, and sends the PDF."""

    template_name = "pledge_pages/office/print.html"
    form_class = PrintForm
    page_title = gettext_lazy("Print")
    header_icon = "doc-full"

    @cached_property
    def pilot(self) -> Pilot:
        """The pilot in the address; Http404 unless the reader may print its sheets."""
        return pilot_to_print(self.request, self.kwargs["pk"])

    def get_page_subtitle(self):
        return str(self.pilot)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_form(self, form_class=None):
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return filled(PrintForm, asked, self.pilot)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context.update(pilot=self.pilot, rows=sheet_rows(self.pilot))
        if form.is_valid():
            context.update(self.look(form))
        return context

    def look(self, form: PrintForm) -> dict[str, Any]:
        """Return what the screen shows of what the form asks for."""
        try:
            made = printing.make(self.pilot, form.wish, by=self.request.user)
        except PrintError as error:
            return {"refusals": error.messages}
        shown = {name: form.data.get(name, "") for name in form.fields}
        address = reverse("pledge_boards:print_preview", args=[self.pilot.pk])
        return {
            "shown": shown,
            "preview_url": f"{address}?{urlencode(shown)}",
            "obstacles": made.obstacles,
            "warnings": made.warnings,
            "link": made.link,
            "link_name": name_of(made.link) if made.link else "",
            "valid_until": made.valid_until,
            "version": made.sheet.version,
        }

    def form_valid(self, form):
        try:
            printed = printing.print_sheets(self.pilot, form.wish, by=self.request.user)
        except PrintError as error:
            context = self.get_context_data(form=form, refusals=error.messages)
            return self.render_to_response(context)
        return download(printed.content, "application/pdf", printed.file_name)


def pilot_to_print(request: HttpRequest, pk: int) -> Pilot:
    """Return the pilot ``pk``; Http404 unless who asks may print its sheets."""
    pilot = get_object_or_404(Pilot.objects.select_related("programme"), pk=pk)
    if not printing.may_print(request.user, pilot):
        raise Http404
    return pilot


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a picture of the first sheet; Http404 if there is nothing to print like this."""
    pilot = pilot_to_print(request, pk)
    form = filled(PrintForm, request.GET, pilot)
    if not form.is_valid():
        raise Http404
    try:
        picture = printing.preview(printing.make(pilot, form.wish, by=request.user))
    except PrintError as error:
        raise Http404 from error
    return download(picture, "image/png")


def download(content: bytes, content_type: str, name: str = "") -> HttpResponse:
    """Return an answer that is kept nowhere, as a file of that name if one is given."""
    response = HttpResponse(content, content_type=content_type)
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a printed sheet was taken down or printed anew; Http404 for others' sheets."""
    seen = PrintedSheet.objects.filter(pilot__in=roles.pilots_seen_by(request.user))
    sheet = get_object_or_404(seen.select_related("pilot__programme"), pk=pk)
    settled = request.POST.get("as", "")
    if settled not in PrintedSheet.Settled.values:
        raise Http404
    try:
        printing.settle(sheet, settled, by=request.user)
    except PrintError as error:
        messages.info(request, " ".join(error.messages))
    else:
        messages.success(request, _("Noted."))
    return redirect(reverse("pledge_boards:print", args=[sheet.pilot_id]) + "#printed")
