"""Drafting the rules in the admin: a version, its clauses and grades; approving and withdrawing it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..people.models import Office
from ..pilots import roles
from ..pilots.models import Programme
from ..rulebook import actions
from ..rulebook.models import Clause, Grade, RuleBook
from .asking import AskingView
from .reason import ReasonForm


class BookForm(forms.ModelForm):
    """What a version says of itself."""

    spared = forms.MultipleChoiceField(
        label=gettext_lazy("Offices that lose no points"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = RuleBook
        fields = actions.CHANGEABLE
        widgets = {"effective_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # An office that is gone stays ticked: the rules are not changed by that.
        codes = dict.fromkeys(self.instance.spared or [], None)
        names = {office.code: str(office) for office in Office.objects.all()}
        self.fields["spared"].choices = [
            (code, name or code) for code, name in {**codes, **names}.items()
        ]


class ClauseForm(forms.ModelForm):
    """One clause of a draft. Its code stays: entries are found by it."""

    class Meta:
        model = Clause
        fields = actions.CLAUSE_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = bool(self.instance.pk)


class GradeForm(forms.ModelForm):
    """One grade of a draft."""

    class Meta:
        model = Grade
        fields = actions.GRADE_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = bool(self.instance.pk)


class BeginBookView(AskingView):
    """Drafts the first version of a programme that the reader leads."""

    form_class = BookForm
    page_title = gettext_lazy("Begin the rule book")
    header_icon = "list-ul"

    @cached_property
    def programme(self) -> Programme:
        """The programme in the address; Http404 unless the reader leads it."""
        return get_object_or_404(roles.led_programmes(self.request.user), pk=self.kwargs["pk"])

    def crumbs(self):
        return [(reverse("pledge_boards:rulebooks"), _("Rule book"))]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": RuleBook(programme=self.programme)}

    def get(self, request, *args, **kwargs):
        assert self.programme
        return super().get(request, *args, **kwargs)

    def act(self, data):
        book = actions.begin(self.programme, by=self.request.user, **data)
        return reverse("pledge_boards:rulebook", args=[book.pk])


class OneBookForm(AskingView):
    """A form about one version of a programme that the reader leads."""

    header_icon = "list-ul"
    # Whether it is about drafts only.
    drafts = True

    def dispatch(self, request, *args, **kwargs):
        if self.drafts and not self.book.is_draft:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def book(self) -> RuleBook:
        """The version in the address; Http404 unless the reader leads its programme."""
        led = RuleBook.objects.filter(programme__in=roles.led_programmes(self.request.user))
        return get_object_or_404(led.select_related("programme"), pk=self.kwargs["pk"])

    @property
    def own_url(self) -> str:
        """Where the version's own page is."""
        return reverse("pledge_boards:rulebook", args=[self.book.pk])

    def get_page_subtitle(self):
        return self.book.version

    def crumbs(self):
        return [
            (reverse("pledge_boards:rulebooks"), _("Rule book")),
            (self.own_url, self.book.version),
        ]


class DraftBookView(OneBookForm):
    """Drafts a new version with all that this one says."""

    form_class = BookForm
    drafts = False
    page_title = gettext_lazy("Draft a version")
    introduction = gettext_lazy(
        "It begins with the clauses and grades of the version it is drafted from. Nothing counts "
        "by it before somebody else approves it, and nothing that happened before its day."
    )

    def get_form_kwargs(self):
        kept = ("base", "quarter_cap", "spared", "summary")
        book = RuleBook(
            programme=self.book.programme, **{name: getattr(self.book, name) for name in kept}
        )
        return {**super().get_form_kwargs(), "instance": book}

    def act(self, data):
        book = actions.draft_from(self.book, by=self.request.user, **data)
        return reverse("pledge_boards:rulebook", args=[book.pk])


class ChangeBookView(OneBookForm):
    """Changes what a draft says of itself."""

    form_class = BookForm
    page_title = gettext_lazy("Edit the draft")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.book}

    def act(self, data):
        actions.change(self.book, by=self.request.user, **data)
        return self.own_url


class PartView(OneBookForm):
    """Adds, changes or drops a clause or a grade of a draft."""

    template_name = "pledge_pages/office/rule_book_part.html"
    model: type[Clause] | type[Grade]

    @cached_property
    def part(self) -> Clause | Grade | None:
        """What the address names; None where it is to be added."""
        if "code" not in self.kwargs:
            return None
        return get_object_or_404(self.model, rulebook=self.book, code=self.kwargs["code"])

    def get_form_kwargs(self):
        instance = self.part or self.model(rulebook=self.book)
        return {**super().get_form_kwargs(), "instance": instance}

    def get_page_title(self):
        return str(self.part.code) if self.part else self.new_title

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "part": self.part}

    def post(self, request, *args, **kwargs):
        if self.part and "drop" in request.POST:
            form = forms.Form(request.POST)
            form.is_valid()
            return self.form_valid(form)
        return super().post(request, *args, **kwargs)

    def act(self, data):
        if self.part and "drop" in self.request.POST:
            self.drop(self.book, self.part.code, by=self.request.user)
        elif not self.part and self.model.objects.filter(rulebook=self.book, code=data["code"]):
            raise ValidationError({"code": _("There is one with this code already.")})
        else:
            self.keep(self.book, by=self.request.user, **data)
        return self.own_url


class ClauseView(PartView):
    """One clause of a draft."""

    model, form_class = Clause, ClauseForm
    new_title = gettext_lazy("Add a clause")
    keep, drop = staticmethod(actions.set_clause), staticmethod(actions.drop_clause)


class GradeView(PartView):
    """One grade of a draft."""

    model, form_class = Grade, GradeForm
    new_title = gettext_lazy("Add a grade")
    keep, drop = staticmethod(actions.set_grade), staticmethod(actions.drop_grade)


class DecideBookView(OneBookForm):
    """Approves or withdraws a draft, with a reason."""

    form_class = ReasonForm
    # What is done: "approve" or "withdraw".
    verb = "approve"

    def get_page_title(self):
        return _("Approve the draft") if self.verb == "approve" else _("Withdraw the draft")

    @property
    def introduction(self):
        """What the step means."""
        if self.verb == "approve":
            return _(
                "It counts from the day it names and never changes again. Whoever drafted it does "
                "not approve it."
            )
        return _("It stays to be read, and never changes again.")

    def act(self, data):
        act = actions.approve if self.verb == "approve" else actions.withdraw
        act(self.book, by=self.request.user, reason=data["reason"])
        return self.own_url


def form_views() -> list:
    """Return the addresses of these views below the office's."""
    base = "rule-books/<int:pk>/"
    withdraw = DecideBookView.as_view(verb="withdraw")
    return [
        path("rule-books/begin/<int:pk>/", BeginBookView.as_view(), name="begin_rulebook"),
        path(f"{base}draft/", DraftBookView.as_view(), name="draft_rulebook"),
        path(f"{base}edit/", ChangeBookView.as_view(), name="change_rulebook"),
        path(f"{base}approve/", DecideBookView.as_view(), name="approve_rulebook"),
        path(f"{base}withdraw/", withdraw, name="withdraw_rulebook"),
        path(f"{base}clauses/new/", ClauseView.as_view(), name="add_clause"),
        path(f"{base}clauses/<slug:code>/", ClauseView.as_view(), name="clause"),
        path(f"{base}grades/new/", GradeView.as_view(), name="add_grade"),
        path(f"{base}grades/<slug:code>/", GradeView.as_view(), name="grade"),
    ]
