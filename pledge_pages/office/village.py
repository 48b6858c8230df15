"""The links of a pilot's village in the admin: issued, printed, replaced, revoked, and how much used."""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..village import links, qr
from ..village.models import VillageLink
from .pilot_page import AboutOnePilot
from .reason import ReasonForm
from .village_rows import SUM_DAYS, day_rows, link_rows, state_of


class IssueForm(forms.Form):
    """Asks where a new link will hang and how long it is valid."""

    label = forms.CharField(
        label=gettext_lazy("Where it hangs"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For the branch's staff only, such as: notice board at the bridge."),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("The last day. Leave it empty for a link without an end."),
    )

    # The first moment after the last day.
    expires_at: datetime | None = None

    def clean_last_day(self) -> date | None:
        """Refuse a day that is over, and one that is out of reach."""
        last = self.cleaned_data["last_day"]
        if last:
            self.expires_at = links.end_of(last)
        return last


class VillageLinksView(AboutOnePilot, FormView):
    """Lists the links of one pilot, and issues new ones."""

    template_name = "pledge_pages/office/village_links.html"
    form_class = IssueForm
    page_title = gettext_lazy("Village links")

    def get_page_subtitle(self):
        return str(self.pilot)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(pilot=self.pilot, rows=link_rows(self.pilot), sum_days=SUM_DAYS)
        return context

    def form_valid(self, form):
        try:
            link = links.issue(
                self.pilot,
                by=self.request.user,
                label=form.cleaned_data["label"],
                expires_at=form.expires_at,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        messages.success(self.request, _("The link is issued. Print its code."))
        return redirect("pledge_boards:village_link", link.pk)


class AboutOneLink(WagtailAdminTemplateMixin):
    """Views about one link of a pilot that the reader may see."""

    header_icon = "link"

    @cached_property
    def link(self) -> VillageLink:
        """The link in the address; Http404 unless the reader may issue such links."""
        return link_for(self.request, self.kwargs["pk"])

    @property
    def own_url(self) -> str:
        """Where the link's own page is."""
        return reverse("pledge_boards:village_link", args=[self.link.pk])

    def get_page_subtitle(self):
        return name_of(self.link)

    def get_breadcrumbs_items(self):
        pilot = self.link.pilot
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:pilots"), "label": _("Pilots")},
            {"url": reverse("pledge_boards:pilot", args=[pilot.pk]), "label": str(pilot)},
            {
                "url": reverse("pledge_boards:village_links", args=[pilot.pk]),
                "label": _("Village links"),
            },
            {"url": self.own_url, "label": name_of(self.link)},
        ]


def link_for(request: HttpRequest, pk: int) -> VillageLink:
    """Return the link ``pk``; Http404 unless who asks may issue links of that branch."""
    links_of_all = VillageLink.objects.select_related(
        "pilot__programme", "issued_by", "revoked_by", "rotated_from"
    )
    link = get_object_or_404(links_of_all, pk=pk)
    if not links.may_issue(request.user, link.pilot):
        raise Http404
    return link


def name_of(link: VillageLink) -> str:
    """Return what staff call ``link``: where it hangs, or when it was issued."""
    if link.label:
        return link.label
    day = date_format(timezone.localtime(link.issued_at), "SHORT_DATE_FORMAT")
    return _("Link of %(day)s") % {"day": day}


def address_or_reason(link: VillageLink) -> tuple[str, str]:
    """Return (address, reason): the address that is printed, or why there is none to print."""
    if not link.is_valid:
        return "", ""
    try:
        return links.address_of(link), ""
    except links.LinkError as error:
        return "", " ".join(error.messages)


class VillageLinkView(AboutOneLink, TemplateView):
    """Shows one link: its code to print, what it does now, and how much it is used."""

    template_name = "pledge_pages/office/village_link.html"

    def get_page_title(self):
        return _("Village link")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        link = self.link
        address, reason = address_or_reason(link)
        shape, state = state_of(link)
        successor = VillageLink.objects.filter(rotated_from=link).first()
        context.update(
            link=link,
            shape=shape,
            state=state,
            address=address,
            not_printable=reason,
            days=day_rows(link),
            successor=successor,
        )
        return context


class ChangeLinkView(AboutOneLink, FormView):
    """Replaces or revokes one link, after saying what that does."""

    template_name = "pledge_pages/office/village_link_change.html"
    form_class = ReasonForm
    # What is done: "rotate" or "revoke".
    act = "revoke"

    def dispatch(self, request, *args, **kwargs):
        if self.link.is_revoked:
            messages.info(request, _("This link is revoked already."))
            return redirect(self.own_url)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self):
        return _("Replace the link") if self.act == "rotate" else _("Revoke the link")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(link=self.link, act=self.act, back_url=self.own_url)
        return context

    def form_valid(self, form):
        reason = form.cleaned_data["reason"]
        try:
            if self.act == "rotate":
                link = links.rotate(self.link, by=self.request.user, reason=reason)
                text = _("The old link opens nothing any more. Print the new code.")
            else:
                link = links.revoke(self.link, by=self.request.user, reason=reason)
                text = _("The link opens nothing any more.")
        except ValidationError as error:
            form.add_error("reason", error.messages)
            return self.form_invalid(form)
        messages.success(self.request, text)
        return redirect("pledge_boards:village_link", link.pk)


def code(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Send the code of a link to print, as ``svg`` or ``png``, under a name that says nothing.

    Http404 unless who asks may issue it, and for a link that opens nothing or cannot be printed.
    """
    link = link_for(request, pk)
    address, _reason = address_or_reason(link)
    if not address or kind not in ("svg", "png"):
        raise Http404
    if kind == "svg":
        response = HttpResponse(qr.svg(address), content_type="image/svg+xml")
    else:
        response = HttpResponse(qr.png(address), content_type="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="code-{link.pk}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def views() -> list:
    """Return the addresses of these views below the office's."""
    base = "village-links/<int:pk>/"
    rotate, revoke = ChangeLinkView.as_view(act="rotate"), ChangeLinkView.as_view(act="revoke")
    return [
        path("pilots/<int:pk>/village/", VillageLinksView.as_view(), name="village_links"),
        path(base, VillageLinkView.as_view(), name="village_link"),
        path(f"{base}replace/", rotate, name="rotate_village_link"),
        path(f"{base}revoke/", revoke, name="revoke_village_link"),
        path(f"{base}code.<slug:kind>", code, name="village_code"),
    ]
