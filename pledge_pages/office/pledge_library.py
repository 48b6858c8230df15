"""The library beside the editor of a member's page: look through it, and put pledges into the draft."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page

from ..boards.content import YEARS
from ..boards.models import MemberPledgePage
from ..labels import label_in
from ..people.models import Post
from ..people.naming import today
from ..rulebook.blanks import FIRST, MOST_NUMBER, NUMBER, check_numbers
from ..rulebook.models import Category, PledgeTemplate
from ..tasks.from_library import (
    MOST_AT_ONCE,
    Choice,
    add_from_library,
    offered_in,
    pages_beside,
)
from ..tasks.on_page import check_free
from .branches import add_errors
from .page_lists import edit_url
from .refusals import reason_against, refuse
from .sight import page_name


class LookForm(forms.Form):
    """Asks for words, a category and a post; nothing asked means all."""

    q = forms.CharField(required=False, max_length=60, label=gettext_lazy("Words"))
    category = forms.ModelChoiceField(
        Category.objects.all(), required=False, to_field_name="code", label=gettext_lazy("Category")
    )
    post = forms.ModelChoiceField(
        Post.objects.all(), required=False, to_field_name="code", label=gettext_lazy("Post"),
        help_text=gettext_lazy("What its holder looks after."),
    )  # fmt: skip

    def narrowed(self, found: QuerySet[PledgeTemplate], language: str) -> QuerySet[PledgeTemplate]:
        """Return those of ``found`` that are asked for; a valid form is not needed."""
        self.is_valid()
        wanted = self.cleaned_data
        found = found.annotate(said=KT(f"text__{language}"), checked=KT(f"measure__{language}"))
        for word in (wanted.get("q") or "").split():
            found = found.filter(
                Q(said__icontains=word) | Q(checked__icontains=word) | Q(code__iexact=word)
            )
        if wanted.get("category"):
            found = found.filter(category=wanted["category"])
        if wanted.get("post"):
            found = found.filter(category__in=wanted["post"].categories.all())
        return found


class TakeForm(forms.Form):
    """Asks which of ``templates`` are taken, with what numbers, for what year."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=YEARS[0], max_value=YEARS[-1])
    due = forms.DateField(
        label=gettext_lazy("Due"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args, templates: list[PledgeTemplate], beside: list[MemberPledgePage], **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.templates = templates
        if beside:
            names = [(row.locale.language_code, row.locale.get_display_name()) for row in beside]
            self.fields["also"] = forms.MultipleChoiceField(
                choices=names, required=False, widget=forms.CheckboxSelectMultiple,
                label=_("Also on the member's page in"), initial=[code for code, _name in names],
            )  # fmt: skip
        self.fields["take"] = forms.MultipleChoiceField(
            choices=[(row.code, row.code) for row in templates], label=_("Pledges"),
            error_messages={"required": _("Tick what you want to take.")},
        )  # fmt: skip
        for template in templates:
            for name in template.open_numbers():
                self.fields[number_field(template, name)] = number_of(template, name)

    def numbers(self, template: PledgeTemplate) -> dict[str, int | None]:
        """Return what was typed into the blanks of ``template``."""
        return {
            name: self.cleaned_data.get(number_field(template, name))
            for name in template.open_numbers()
        }

    def clean(self) -> dict:
        """Refuse a ticked pledge whose numbers are missing or out of bounds, at those numbers."""
        for template in self.taken():
            for name, bounds in template.open_numbers().items():
                field = number_field(template, name)
                if field in self.errors:
                    continue
                try:
                    check_numbers({name: bounds}, {name: self.cleaned_data.get(field)})
                except ValidationError as error:
                    self.add_error(field, error.messages[0])
        return self.cleaned_data

    def taken(self) -> list[PledgeTemplate]:
        """Return the templates that were ticked."""
        return [row for row in self.templates if row.code in self.cleaned_data.get("take", ())]

    def rows(self, language: str) -> list[dict]:
        """Return what the list shows of each template."""
        ticked = self.data.getlist("take") if self.is_bound else ()  # type: ignore[attr-defined]
        return [
            {
                "template": template,
                "text": label_in(template.text, language),
                "measure": label_in(template.measure, language),
                "first_task": label_in(template.first_task, language),
                "ticked": template.code in ticked,
                "numbers": [self[number_field(template, n)] for n in template.open_numbers()],
            }
            for template in self.templates
        ]


def number_field(template: PledgeTemplate, name: str) -> str:
    """Return what the field for a blank of ``template`` is called."""
    return f"number_{template.code}_{name}"


def number_of(template: PledgeTemplate, name: str) -> forms.IntegerField:
    """Return the field for a blank; what is not ticked may stay empty."""
    bounds = template.open_numbers()[name]
    labels = {NUMBER: _("Number"), FIRST: _("Number in the first task")}
    label = labels.get(name) or _("Number “%(name)s”") % {"name": name}
    return forms.IntegerField(
        # With the pledge it is for: a page has many, and errors stand above all of them.
        label=f"{label} ({template.code})",
        required=False,
        max_value=MOST_NUMBER,
        widget=forms.NumberInput({"min": bounds.least, "max": bounds.most}),
    )


class LibraryView(WagtailAdminTemplateMixin, TemplateView):
    """The library for one member's page; what is ticked goes into the page's draft."""

    template_name = "pledge_pages/office/pledge_library.html"
    page_title = gettext_lazy("Pledges from the library")
    header_icon = "clipboard-list"

    @cached_property
    def page(self) -> MemberPledgePage:
        """The page in the address, or Http404; the door has kept out who may not see it."""
        pages = MemberPledgePage.objects.select_related("locale", "member")
        return get_object_or_404(pages, pk=self.kwargs["page_id"])

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.page.locale.language_code

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        page = self.page
        if page.alias_of_id:
            raise Http404
        reason = reason_against("edit", page, request.user)
        try:
            check_free(page)
        except ValidationError as error:
            reason = reason or error.messages[0]
        return (
            refuse(request, reason, page) if reason else super().dispatch(request, *args, **kwargs)
        )

    def get_page_subtitle(self):
        return f"{page_name(self.page)} · {self.page.locale.get_display_name()}"

    def get_breadcrumbs_items(self):
        items = get_breadcrumbs_items_for_page(self.page, self.request.user)
        return [*items, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def look_form(self) -> LookForm:
        """What the reader looks for."""
        return LookForm(self.request.GET)

    @cached_property
    def found(self):
        """The page of the list that the reader is on."""
        library = offered_in(self.language).select_related("category")
        found = self.look_form.narrowed(library, self.language).order_by("category__rank", "code")
        return WagtailPaginator(found, MOST_AT_ONCE).get_page(self.request.GET.get("p"))

    @cached_property
    def take_form(self) -> TakeForm:
        """What the reader takes."""
        year = today().year
        return TakeForm(
            self.request.POST if self.request.method == "POST" else None,
            templates=list(self.found.object_list),
            beside=pages_beside(self.page),
            initial={"year": year, "due": date(year, 12, 31)},
        )

    def get_context_data(self, **kwargs):
        form = self.take_form
        plain = [name for name in ("year", "due", "also") if name in form.fields]
        return super().get_context_data(
            look_form=self.look_form,
            found=self.found,
            form=form,
            plain_fields=[form[name] for name in plain],
            rows=form.rows(self.language),
            language=self.language,
            back_url=edit_url(self.page.pk),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        """Put what is ticked into the draft; go back to the editor, or on in the list."""
        form = self.take_form
        if not form.is_valid():
            return self.get(request, *args, **kwargs)
        data = form.cleaned_data
        try:
            keys = add_from_library(
                self.page, [Choice(row, form.numbers(row)) for row in form.taken()],
                by=request.user, year=data["year"], due=data["due"], also=data.get("also", ()),
            )  # fmt: skip
        except ValidationError as error:
            add_errors(form, error)
            return self.get(request, *args, **kwargs)
        except PermissionDenied as error:
            return refuse(request, str(error), self.page)
        text = ngettext(
            "%(count)d pledge from the library is in the draft now. Nothing is submitted by it.",
            "%(count)d pledges from the library are in the draft now. Nothing is submitted by it.",
            len(keys),
        )
        messages.success(request, text % {"count": len(keys)})
        return redirect(
            request.get_full_path() if "more" in request.POST else edit_url(self.page.pk)
        )
