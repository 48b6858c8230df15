"""A roster brought into a branch in the admin: looked at as a dry run first, then taken in.

Between the two steps the file lies in the form, signed, and nowhere on the server: what is taken in
is what was looked at.
"""

from __future__ import annotations

import base64
from contextlib import nullcontext
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.generic import FormView

from ..photos.cleaning import photo_limits
from ..pilots import roles
from ..pilots.models import Pilot
from ..transfer.importing import Imported, import_roster, may_import
from ..transfer.roster_photos import NO_PHOTOS, Photos
from .pilot_page import AboutOnePilot

SALT = "pledge_pages.office.importing"
# A person takes a tenth of a second, and nobody waits longer than half a minute for a page.
MOST_PEOPLE = 200
MOST_BYTES = 1024 * 1024
# As long as what was looked at can be taken in.
MINUTES = 60


class RosterForm(forms.Form):
    """Asks for the file."""

    file = forms.FileField(
        label=gettext_lazy("Roster"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            ".xlsx or .csv (UTF-8 or GB 18030), at most %(size)s and %(people)d people."
        ) % {"size": filesizeformat(MOST_BYTES), "people": MOST_PEOPLE}

    def clean_file(self) -> Any:
        """Refuse what is too large to be shown again."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                _("The file is too large: at most %(limit)s.")
                % {"limit": filesizeformat(MOST_BYTES)}
            )
        return file


class SeveralFiles(forms.ClearableFileInput):
    """Lets several files be chosen at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos, or none."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(PhotosField, self).clean(one, initial) for one in data or []]


class TakeInForm(forms.Form):
    """Holds the file that was looked at, and asks for the photos."""

    file = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Choose the roster again.")},
    )
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        widget=SeveralFiles({"accept": "image/jpeg,image/png,image/webp,image/heic,image/avif"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = _("Called as the roster says, or by number or name.")
        shown = _("Whether it is shown depends on the member's consent.")
        self.fields["photos"].help_text = f"{named} {photo_limits()} {shown}"


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class ImportView(AboutOnePilot, FormView):
    """Takes a file, says row by row what would be done, and does it when told to."""

    template_name = "pledge_pages/office/import.html"
    form_class = RosterForm
    page_title = gettext_lazy("Import a roster")
    header_icon = "upload"

    @cached_property
    def pilot(self) -> Pilot:
        """The pilot in the address; Http404 unless the reader may bring people into it."""
        pilots = roles.pilots_seen_by(self.request.user).select_related("programme")
        pilot = get_object_or_404(pilots, pk=self.kwargs["pk"])
        if not may_import(self.request.user, pilot):
            raise Http404
        return pilot

    @property
    def takes_in(self) -> bool:
        """Whether what was looked at is sent back."""
        return self.request.method == "POST" and "take_in" in self.request.POST

    def get_page_subtitle(self):
        return str(self.pilot)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_form_class(self):
        return TakeInForm if self.takes_in else RosterForm

    def get_context_data(self, **kwargs):
        back = reverse("pledge_boards:pilot", args=[self.pilot.pk])
        return super().get_context_data(pilot=self.pilot, back_url=back, **kwargs)

    def form_valid(self, form):
        try:
            return self.take_in(form) if self.takes_in else self.look_at(form)
        except ValidationError as error:
            told = error.messages
        except PermissionDenied as error:
            told = [str(error)]
        return self.again(form, told)

    def form_invalid(self, form):
        """Say what is wrong; a file that can still be read need not be chosen again."""
        if not self.takes_in:
            return super().form_invalid(form)
        return self.again(form, [text for texts in form.errors.values() for text in texts])

    def again(self, form, told: list[str]):
        """Show the step again with all that is wrong, one below the other."""
        if not self.takes_in:
            return self.render_to_response(self.get_context_data(form=form, told=told))
        try:
            content, name = self.opened(form.data.get("file", ""))
            done = import_roster(self.pilot, content, name=name, by=self.request.user, dry_run=True)
        except ValidationError:
            return self.render_to_response(self.get_context_data(form=RosterForm(), told=told))
        return self.shown(content, name, done, told)

    def look_at(self, form):
        """Say what would be done, and ask whether to do it."""
        file = form.cleaned_data["file"]
        content = file.read(MOST_BYTES + 1)
        done = import_roster(
            self.pilot, content, name=file.name, by=self.request.user, dry_run=True
        )
        if len(done.lines) > MOST_PEOPLE:
            raise ValidationError(
                {"file": _("At most %(people)d people at once. Split it, or ask who runs the server.")
                 % {"people": MOST_PEOPLE}}
            )  # fmt: skip
        return self.shown(content, file.name, done, [])

    def shown(self, content: bytes, name: str, done: Imported, told: list[str]):
        """Show what would be done with the file, and the form that does it."""
        packed = signing.dumps(
            [self.pilot.pk, self.request.user.pk, name[:100], base64.b85encode(content).decode()],
            salt=SALT,
        )
        form = TakeInForm(initial={"file": packed})
        return self.render_to_response(
            self.get_context_data(form=form, done=done, name=name, told=told)
        )

    def opened(self, packed: str) -> tuple[bytes, str]:
        """Return the file that was looked at, and its name. Raises ValidationError."""
        try:
            data = signing.loads(packed, salt=SALT, max_age=MINUTES * 60)
        except signing.BadSignature as error:
            raise ValidationError({"file": _("Choose the roster again.")}) from error
        if data[:2] != [self.pilot.pk, self.request.user.pk]:
            raise ValidationError({"file": _("Choose the roster again.")})
        return base64.b85decode(data[3]), data[2]

    def take_in(self, form):
        """Do what was looked at."""
        content, name = self.opened(form.cleaned_data["file"])
        uploads = form.cleaned_data["photos"]
        photos = (
            Photos({one.name: lambda one=one: nullcontext(one) for one in uploads})
            if uploads
            else NO_PHOTOS
        )
        done = import_roster(self.pilot, content, name=name, by=self.request.user, photos=photos)
        messages.success(
            self.request,
            _("Taken in as drafts, which nobody has submitted: %(summary)s.")
            % {"summary": done.summary},
        )
        return redirect("pledge_boards:pilot", self.pilot.pk)


def views() -> list:
    """Return the addresses of these views below the office's."""
    return [path("pilots/<int:pk>/import/", ImportView.as_view(), name="import")]
