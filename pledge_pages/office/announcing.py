"""Lets a lead have a pilot announced: makes the pages that its editors then write."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.models import Page, Site

from ..contention import in_one_transaction
from ..embargo.announcement import announce, announcement_types
from ..labels import content_languages
from ..pilots import roles
from ..pilots.models import Pilot
from .pilot_page import AboutOnePilot


class AnnouncementForm(forms.Form):
    """Asks for the kind of page and for a title in each language."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of page"))

    def __init__(self, *args, parents: dict[str, Page], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        types = announcement_types()
        self.fields["kind"].choices = [
            (model._meta.label_lower, model._meta.verbose_name) for model in types
        ]
        if len(types) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["kind"].initial = types[0]._meta.label_lower
        names = dict(content_languages())
        for language in parents:
            self.fields[f"title_{language}"] = forms.CharField(
                label=_("Title (%(language)s)") % {"language": names[language]},
                max_length=Page._meta.get_field("title").max_length,
            )


def parents_of(pilot: Pilot) -> dict[str, Page]:
    """Return the site's front page in each language in which ``pilot`` has a board."""
    board = pilot.pages.order_by("pk").first()
    site = board.get_site() if board else None
    site = site or Site.objects.filter(is_default_site=True).first()
    if site is None:
        return {}
    languages = pilot.pages.values_list("locale__language_code", flat=True)
    fronts = [site.root_page, *site.root_page.get_translations().live()]
    by_language = {page.locale.language_code: page for page in fronts}
    order = [code for code, _name in content_languages()]
    return {code: by_language[code] for code in order if code in by_language and code in languages}


class AnnounceView(AboutOnePilot, FormView):
    """Makes the announcement of a pilot as a draft in each language."""

    template_name = "pledge_pages/office/announce.html"
    form_class = AnnouncementForm
    header_icon = "comment"
    page_title = gettext_lazy("Have the pilot announced")

    def dispatch(self, request, *args, **kwargs):
        if not roles.is_lead(request.user, self.pilot.programme) or not announcement_types():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def parents(self) -> dict[str, Page]:
        """The pages below which the announcement will stand, by language."""
        return parents_of(self.pilot)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "parents": self.parents}

    def get_context_data(self, **kwargs):
        return super().get_context_data(pilot=self.pilot, parents=self.parents, **kwargs)

    def form_valid(self, form):
        try:
            made = self.make(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(
            self.request,
            _(
                "Made as a draft in %(count)d languages. Editors of the branch write it, moderators "
                "approve it; it is held until the pilot is approved."
            )
            % {"count": len(made)},
        )
        return redirect(reverse("pledge_boards:pilot", args=[self.pilot.pk]) + "#announcement")

    @in_one_transaction
    def make(self, data: dict) -> list[Page]:
        """Make the pages, all or none of them."""
        model = next(m for m in announcement_types() if m._meta.label_lower == data["kind"])
        made: list[Page] = []
        for language, parent in self.parents.items():
            title = data[f"title_{language}"]
            page = model(title=title, slug=free_slug(parent))
            made.append(
                announce(
                    self.pilot,
                    page,
                    below=Page.objects.get(pk=parent.pk).specific,
                    by=self.request.user,
                    translation_of=made[0] if made else None,
                )
            )
        return made


def free_slug(parent: Page) -> str:
    """Return an address for the page that no page beside it has, and that says nothing.

    It stands in the tree of the site from the first day on, where addresses are seen by many.
    """
    taken = set(parent.get_children().values_list("slug", flat=True))
    number = 1
    while f"notice-{number}" in taken:
        number += 1
    return f"notice-{number}"
