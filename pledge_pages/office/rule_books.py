"""The rule book in the admin: its versions, what each says, and what is different between two."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from ..labels import label_in
from ..rulebook import actions, choosing
from ..rulebook.comparing import compare
from ..rulebook.models import RuleBook
from .about_book import AboutOneBook, books_seen_by
from .lists import OnlyFor
from .rule_book_forms import form_views
from .rule_book_rows import (
    change_rows,
    clause_rows,
    field_row,
    grade_rows,
    spared_text,
    status_of,
)
from .sight import programmes_seen_by
from .what_if import WhatIfView

ROWS = 30


class RuleBooksView(OnlyFor, WagtailAdminTemplateMixin, TemplateView):
    """Every version of the programmes that the reader works for, the newest first."""

    template_name = "pledge_pages/office/rule_books.html"
    page_title = gettext_lazy("Rule book")
    header_icon = "list-ul"

    def is_for(self, user):
        return programmes_seen_by(user).exists()

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        books = books_seen_by(self.request.user).order_by("programme__code", "-pk")
        pages = WagtailPaginator(books, ROWS)
        asked = self.request.GET.get("p", 1)
        today = timezone.localdate()
        programmes = list(programmes_seen_by(self.request.user))
        names = {programme.pk: programme.shown_name() for programme in programmes}
        current = {choosing.in_force(programme, today) for programme in programmes}
        page = pages.get_page(asked)
        context.update(
            page_of_books=page,
            elided_page_range=pages.get_elided_page_range(asked),
            rows=[
                {
                    "book": book,
                    "status": status_of(book),
                    "summary": label_in(book.summary),
                    "current": book in current,
                    "programme": names[book.programme_id],
                }
                for book in page.object_list
            ],
            to_begin=[
                programme
                for programme in programmes
                if actions.may_change(self.request.user, programme)
                and not programme.rulebooks.exists()
            ],
        )
        return context


class RuleBookView(AboutOneBook, TemplateView):
    """One version: its clauses, grades and limits, and what may be done with it."""

    template_name = "pledge_pages/office/rule_book.html"

    def get_page_title(self):
        return _("Version %(version)s") % {"version": self.book.version}

    @cached_property
    def header_buttons(self):
        if not actions.may_change(self.request.user, self.book.programme):
            return []
        names = [("draft_rulebook", _("Draft a version from this one"), "plus")]
        if self.book.is_draft:
            names.insert(0, ("change_rulebook", _("Edit"), "edit"))
        return [
            HeaderButton(label, url=reverse(f"pledge_boards:{name}", args=[self.book.pk]),
                         icon_name=icon)
            for name, label, icon in names
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        book, user = self.book, self.request.user
        leads = actions.may_change(user, book.programme)
        context.update(
            book=book,
            status=status_of(book),
            summary=label_in(book.summary),
            change_reason=label_in(book.change_reason),
            spared=spared_text(book),
            clauses=clause_rows(book),
            grades=grade_rows(book),
            others=self.others().order_by("-pk"),
            may_change=leads and book.is_draft,
            may_approve=leads and book.is_draft and user.pk != book.drafted_by_id,
        )
        return context


class CompareView(AboutOneBook, TemplateView):
    """What one version says differently from another: the one it was drafted from, unless asked."""

    template_name = "pledge_pages/office/rule_book_compare.html"

    @cached_property
    def other(self) -> RuleBook:
        """The version to compare with; Http404 if there is none."""
        asked = self.request.GET.get("with") or self.book.drafted_from_id
        if not str(asked or "").isdecimal() or len(str(asked)) > 18:
            raise Http404
        return get_object_or_404(self.others(), pk=asked)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_page_title(self):
        return _("From %(before)s to %(after)s") % {
            "before": self.other.version,
            "after": self.book.version,
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = compare(self.other, self.book)
        context.update(
            book=self.book,
            before=self.other,
            change_reason=label_in(self.book.change_reason),
            head=[field_row(change) for change in found.head],
            clauses=change_rows(found.clauses),
            grades=change_rows(found.grades),
            nothing=found.is_empty,
        )
        return context


def views() -> list:
    """Return the addresses of these views below the office's."""
    return [
        path("rule-books/", RuleBooksView.as_view(), name="rulebooks"),
        path("rule-books/<int:pk>/", RuleBookView.as_view(), name="rulebook"),
        path("rule-books/<int:pk>/compare/", CompareView.as_view(), name="compare_rulebook"),
        path("rule-books/<int:pk>/what-if/", WhatIfView.as_view(), name="what_if"),
        *form_views(),
    ]
