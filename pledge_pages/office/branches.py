"""Opens a new branch, or a new programme, with pages, groups and workflow in one step."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Locale, Page

from ..boards.models import ProgrammePage
from ..boards.opening import open_branch, open_programme
from ..embargo.gate import is_gated
from ..labels import LabelsFormField
from ..pilots import roles
from ..pilots.models import Pilot, Programme, Wave
from .pilot_list import leads_of, pilot_url
from .sight import leads_any

QUIET_SLUG = gettext_lazy(
    "Part of the address. Letters, digits and hyphens; it should say nothing about the programme."
)


class BranchForm(forms.Form):
    """What is needed to open a branch."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=gettext_lazy("Programme"))
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=32,
        help_text=gettext_lazy("Short and permanent, for lists and the command line."),
    )
    name = LabelsFormField(
        label=gettext_lazy("Name"), help_text=gettext_lazy("The village or branch.")
    )
    slug = forms.SlugField(label=gettext_lazy("Slug"), max_length=255, help_text=QUIET_SLUG)
    wave = forms.ModelChoiceField(Wave.objects.none(), label=gettext_lazy("Wave"), required=False)
    lead = forms.ModelChoiceField(None, label=gettext_lazy("Lead"), required=False)
    liaison = LabelsFormField(label=gettext_lazy("Liaison officer"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Why this branch: kept as the first line of the pilot's history."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        led = roles.led_programmes(user)
        self.fields["programme"].queryset = led
        self.fields["programme"].initial = led.first()
        self.fields["wave"].queryset = Wave.objects.filter(programme__in=led)
        self.fields["lead"].queryset = leads_of(led)

    def clean(self):
        cleaned = super().clean()
        wave, programme = cleaned.get("wave"), cleaned.get("programme")
        if wave and programme and wave.programme_id != programme.pk:
            self.add_error("wave", _("This wave belongs to another programme."))
        if programme and not ProgrammePage.objects.filter(programme=programme).exists():
            self.add_error(
                "programme", _("The programme has no page yet, so a board would have no place.")
            )
        return cleaned


class OpeningView(WagtailAdminTemplateMixin, FormView):
    """A form that opens something, with errors at its fields."""

    template_name = "pledge_pages/office/opening.html"
    header_icon = "plus"
    introduction = ""

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:pilots"), "label": _("Pilots")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.update(
            introduction=self.introduction,
            back_url=reverse("pledge_boards:pilots"),
            media=context["form"].media,
        )
        return context

    def form_valid(self, form):
        try:
            with transaction.atomic():
                target = self.open(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        return redirect(target)

    def open(self, data: dict) -> str:
        """Open what the form describes; return where to go then."""
        raise NotImplementedError


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put the messages of ``error`` at the form's fields of the same name, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)


class OpenBranchView(OpeningView):
    """Opens a branch: its pilot, its board in each language, its groups."""

    form_class = BranchForm
    page_title = gettext_lazy("Open a branch")
    introduction = gettext_lazy(
        "This proposes a pilot and makes its board, as a draft, in each language, and the groups "
        "of its editors and moderators. Nothing becomes public."
    )

    def dispatch(self, request, *args, **kwargs):
        if not leads_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def open(self, data: dict) -> str:
        if Pilot.objects.filter(code__iexact=data["code"]).exists():
            raise ValidationError({"code": _("There is a pilot with this code already.")})
        opened = open_branch(data.pop("programme"), by=self.request.user, **data)
        editors, moderators = f"{opened.pilot.code} editors", f"{opened.pilot.code} moderators"
        messages.success(
            self.request,
            _(
                "%(pilot)s: proposed. Its board is a draft. Put people into the groups "
                "“%(editors)s” and “%(moderators)s”."
            )
            % {"pilot": opened.pilot, "editors": editors, "moderators": moderators},
        )
        return pilot_url(opened.pilot)


class ProgrammeOpeningForm(forms.Form):
    """What is needed to open a programme: names, and where its page stands in each language."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=32)
    public_name = LabelsFormField(
        label=gettext_lazy("Public name"),
        help_text=gettext_lazy("Shown once a pilot is approved."),
    )
    neutral_name = LabelsFormField(
        label=gettext_lazy("Neutral name"),
        help_text=gettext_lazy("Used in slugs, mails, files and print until then."),
    )
    slug = forms.SlugField(label=gettext_lazy("Slug"), max_length=255, help_text=QUIET_SLUG)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for locale in Locale.objects.all():
            self.fields[f"parent_{locale.pk}"] = forms.ModelChoiceField(
                Page.objects.filter(locale=locale, depth__gt=1),
                required=False,
                label=_("Parent page (%(language)s)") % {"language": locale.get_display_name()},
                widget=AdminPageChooser(),
            )

    def parents(self) -> dict[str, Page]:
        """Return the parent pages that were chosen, by language code."""
        chosen = {
            locale.language_code: self.cleaned_data.get(f"parent_{locale.pk}")
            for locale in Locale.objects.all()
        }
        return {language: page for language, page in chosen.items() if page}

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.parents():
            raise ValidationError(_("Choose a parent page in at least one language."))
        for name, page in cleaned.items():
            if isinstance(page, Page) and is_gated(page):
                self.add_error(name, _("A programme's page cannot stand below another one's."))
        return cleaned


class OpenProgrammeView(OpeningView):
    """Opens a programme: its record, its page in each language, its leads' group."""

    form_class = ProgrammeOpeningForm
    page_title = gettext_lazy("Open a programme")
    introduction = gettext_lazy(
        "This makes the programme's page, as a draft, in each language, the group of its leads "
        "and the moderation workflow. Nothing becomes public."
    )

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        self.parents = form.parents()
        return super().form_valid(form)

    def open(self, data: dict) -> str:
        names = {key: data[key] for key in ("code", "public_name", "neutral_name")}
        programme = Programme(**names)
        programme.full_clean()
        programme.save()
        open_programme(programme, parents=self.parents, by=self.request.user, slug=data["slug"])
        messages.success(
            self.request,
            _("%(programme)s: opened. Its pages are drafts. Put people into the group “%(group)s”.")
            % {"programme": programme.shown_name(), "group": f"{programme.code} leads"},
        )
        return reverse("pledge_boards:pilots")
