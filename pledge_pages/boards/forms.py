"""The editor of a member's page."""

import copy
import re

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

from ..embargo.gate import gate_of
from ..people.models import Member
from ..photos import actions as photo_actions
from ..photos.cleaning import clean_photo, photo_limits
from ..photos.models import EvidenceFile
from ..photos.renditions import TILE
from .agreement import ROWS, contradictions, take_reported_percent
from .as_typed import take_as_typed
from .rows import begin_saving, keep_rows

# What the rich text editor adds to each block on the first save.
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
# Relations whose rows refer to a pledge of the same page.
ROWS_ABOUT_PLEDGES = ("tasks", "updates", "amendments")


def offer_only(form: forms.BaseForm, relation: str, **querysets: QuerySet) -> None:
    """Let the rows of ``relation`` in a page's form choose among ``querysets``, by field."""
    formset = form.formsets.get(relation)
    if formset is None:
        return
    fields = {}
    for name, queryset in querysets.items():
        if name in formset.form.base_fields:
            fields[name] = copy.deepcopy(formset.form.base_fields[name])
            fields[name].queryset = queryset
    formset.form = type(f"{formset.form.__name__}OfBranch", (formset.form,), fields)


def _stays(row: forms.BaseForm) -> bool:
    """Return whether a row's form is filled in and its row not to be deleted."""
    left_empty = row.empty_permitted and not row.has_changed()
    return not left_empty and not row.cleaned_data.get("DELETE")


class AsTypedPageForm(WagtailAdminPageForm):
    """Takes dates and texts as they were typed, or says why not."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        take_as_typed(self)

    @cached_property
    def changed_data(self) -> list[str]:
        """The fields that say something else than before: not keys that the editor gives to blocks."""
        return [name for name in super().changed_data if not self._reads_the_same(name)]

    def _reads_the_same(self, name: str) -> bool:
        # Not at the top: models are not loaded yet when theirs are made.
        from wagtail.admin.rich_text import DraftailRichTextArea

        before = self.get_initial_for_field(self.fields[name], name)
        field = self[name]
        if not isinstance(field.field.widget, DraftailRichTextArea) or not isinstance(before, str):
            return False
        typed = field.field.widget.value_from_datadict(self.data, self.files, field.html_name)
        return BLOCK_KEY.sub("", typed or "") == BLOCK_KEY.sub("", before)


class BranchPageForm(AsTypedPageForm):
    """Offers the people of the branch and of no other."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        own = Member.objects.filter(pilot_id=self.instance.pilot_id)
        offer_only(self, "branch_pledges", lead=own)
        keep_rows(self)

    def save(self, commit=True):
        begin_saving(self)
        return super().save(commit)


class MemberPageForm(AsTypedPageForm):
    """Takes a photo in the same step as the texts, and lets rows choose among the page's pledges."""

    new_photo = forms.FileField(
        label=gettext_lazy("Choose a photo"),
        required=False,
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/avif"}
        ),
    )
    remove_photo = forms.BooleanField(label=gettext_lazy("Remove the photo"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._limit_members()
        self._offer_branch()
        self._offer_pledges()
        self._show_photo()
        keep_rows(self)

    def _pilot_id(self) -> int | None:
        """Return the id of the branch: of the page itself, or of the board it is being made on."""
        # The editor gives the board as a plain Page, which has no gate to ask for.
        page = self.instance if self.instance.pk else self.parent_page
        gate = gate_of(page) if page is not None else None
        return gate.pilot_id if gate is not None else None

    def _limit_members(self) -> None:
        if "member" not in self.fields:
            return
        members = Member.objects.filter(active=True)
        if pilot := self._pilot_id():
            members = members.filter(pilot_id=pilot)
        if self.instance.pk and self.instance.member_id:
            members = Member.objects.filter(pk=self.instance.member_id)
        elif self.parent_page is not None:
            with_page = type(self.instance).objects.child_of(self.parent_page)
            members = members.exclude(pk__in=with_page.values("member"))
        self.fields["member"].queryset = members

    def _offer_branch(self) -> None:
        """Name nobody and no file of another branch."""
        pilot = self._pilot_id()
        offer_only(self, "tasks", assigned_by=Member.objects.filter(pilot_id=pilot))
        offer_only(self, "updates", evidence=EvidenceFile.objects.filter(pilot_id=pilot))

    def _show_photo(self) -> None:
        """Say what can be chosen, and show the photo that the draft has beside it."""
        if "new_photo" in self.fields:
            shown = _("Whether it is shown depends on the member's consent.")
            self.fields["new_photo"].help_text = f"{photo_limits()} {shown}"
        photo = self.instance.photo if self.instance.photo_id else None
        stored = photo.stored_renditions().get(TILE) if photo else None
        if stored and "new_photo" in self.fields:
            self.fields["new_photo"].help_text = format_html(
                '{}<br><img src="{}" width="{}" height="{}" alt="{}">',
                self.fields["new_photo"].help_text,
                stored.url,
                stored.width // 2,
                stored.height // 2,
                _("The photo as it is now"),
            )

    def _offer_pledges(self) -> None:
        choices = [("", _("(save the draft first to choose a new pledge)"))]
        choices += [
            (str(pledge.key), f"{pledge.year}: {pledge.text[:60]}")
            for pledge in self.instance.pledges.all()
        ]
        for relation in ROWS_ABOUT_PLEDGES:
            formset = self.formsets.get(relation)
            if formset is None:
                continue
            field = forms.TypedChoiceField(
                choices=choices, coerce=str, label=gettext_lazy("Pledge")
            )
            formset.form = type(
                f"{formset.form.__name__}WithPledges", (formset.form,), {"pledge_key": field}
            )

    def clean_new_photo(self):
        upload = self.cleaned_data.get("new_photo")
        if upload:
            clean_photo(upload)
            upload.seek(0)
        return upload

    def is_valid(self) -> bool:
        valid = super().is_valid() and self._rows_agree()
        # A browser does not keep a chosen file when it shows the form again.
        lost = not valid and self.files.get(self.add_prefix("new_photo"))
        if lost and "new_photo" in self.fields and not self.errors.get("new_photo"):
            self.add_error("new_photo", _("Not kept, as something else is wrong: choose it again."))
        return valid

    def _rows_agree(self) -> bool:
        """Return whether the rows agree; what does not is an error at its field.

        A percentage that nobody touched follows the newest update when the page is saved.
        """
        rows = {
            relation: [row for row in self.formsets[relation].forms if _stays(row)]
            for relation in ROWS
            if relation in self.formsets
        }
        found = []
        if len(rows) == len(ROWS):
            found = list(contradictions({r: [f.instance for f in rows[r]] for r in ROWS}))
        agree = True
        for one in found:
            row = rows[one.relation][one.number]
            if one.field != "percent" or "percent" in row.changed_data:
                row.add_error(one.field, one.text)
                agree = False
        return agree

    @transaction.atomic
    def save(self, commit=True):
        begin_saving(self)
        page = super().save(commit=False)
        take_reported_percent(page)
        upload = self.cleaned_data.get("new_photo")
        if upload:
            page.photo = photo_actions.add_photo(page.member, upload, by=self.for_user)
        elif self.cleaned_data.get("remove_photo"):
            page.photo = None
        if commit:
            page.save()
        return page
