"""Who sees which version of the rules in the admin, and what all views about one version share."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ..rulebook.models import RuleBook
from .sight import programmes_seen_by


def books_seen_by(user) -> QuerySet[RuleBook]:
    """Return the versions of the programmes that ``user`` works for."""
    books = RuleBook.objects.filter(programme__in=programmes_seen_by(user))
    return books.select_related("programme", "drafted_by", "approved_by", "drafted_from")


class AboutOneBook(WagtailAdminTemplateMixin):
    """Views about one version that the reader may see."""

    header_icon = "list-ul"

    @cached_property
    def book(self) -> RuleBook:
        """The version in the address; Http404 unless the reader works for its programme."""
        return get_object_or_404(books_seen_by(self.request.user), pk=self.kwargs["pk"])

    @property
    def own_url(self) -> str:
        """Where the version's own page is."""
        return reverse("pledge_boards:rulebook", args=[self.book.pk])

    def get_page_subtitle(self):
        return self.book.programme.shown_name()

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pledge_boards:rulebooks"), "label": _("Rule book")},
            {"url": self.own_url, "label": self.book.version},
        ]

    def others(self) -> QuerySet[RuleBook]:
        """Return the other versions of the programme."""
        return RuleBook.objects.filter(programme=self.book.programme).exclude(pk=self.book.pk)
