"""The full lists behind the home panel: pages to review, returned pages, drafts, checks."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from .check_rows import checks_for, waiting_rows
from .member_accounts import account_rows, accounts_waiting_for
from .review_waiting import review_waiting_rows, reviews_waiting_for
from .sight import has_any_role, page_name, specific_pages
from .waiting import drafts_of, returned_to, reviews_for


def edit_url(page_id: int) -> str:
    """Return the address of a page's editor."""
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def review_rows(states, _user) -> list[dict]:
    """Return what lists of reviews show of each: page, who submitted it and when."""
    states = list(states)
    pages = specific_pages(int(state.workflow_state.object_id) for state in states)
    return [
        {
            **_row(pages[int(state.workflow_state.object_id)]),
            "who": state.revision.user or "–",
            "when": state.started_at,
            "note": "",
        }
        for state in states
        if int(state.workflow_state.object_id) in pages
    ]


def returned_rows(states, _user) -> list[dict]:
    """Return what lists of returned pages show of each: page, who returned it, when and why."""
    states = list(states)
    pages = specific_pages(int(state.object_id) for state in states)
    return [
        {
            **_row(pages[int(state.object_id)]),
            "who": state.current_task_state.finished_by or "–",
            "when": state.current_task_state.finished_at,
            "note": state.current_task_state.comment,
        }
        for state in states
        if int(state.object_id) in pages
    ]


def draft_rows(pages, _user) -> list[dict]:
    """Return what lists of drafts show of each: page, and when it was last changed."""
    pages = list(pages)
    specific = specific_pages(page.pk for page in pages)
    return [
        {**_row(specific[page.pk]), "who": "", "when": page.latest_revision_created_at, "note": ""}
        for page in pages
    ]


def _row(page) -> dict:
    return {
        "name": page_name(page),
        "language": page.locale.get_display_name(),
        "url": edit_url(page.pk),
    }


LISTS = {
    "review": (gettext_lazy("Pages to review"), reviews_for, review_rows),
    "returned": (gettext_lazy("Returned pages"), returned_to, returned_rows),
    "drafts": (gettext_lazy("Drafts"), drafts_of, draft_rows),
    "checks": (gettext_lazy("Checks"), checks_for, waiting_rows),
    "reviews": (gettext_lazy("Year-end reviews"), reviews_waiting_for, review_waiting_rows),
    "accounts": (gettext_lazy("Accounts to confirm"), accounts_waiting_for, account_rows),
}
# What first and second column are of lists that are not of pages.
HEADS = {
    "checks": (gettext_lazy("Pledge"), gettext_lazy("Branch")),
    "reviews": (gettext_lazy("Review"), gettext_lazy("Branch")),
    "accounts": (gettext_lazy("Member"), gettext_lazy("Branch")),
}


class WaitingListView(BaseListingView):
    """One of the lists in full, page by page."""

    header_icon = "list-ul"
    paginate_by = 30

    def dispatch(self, request, *args, **kwargs):
        if kwargs["which"] not in LISTS:
            raise Http404
        if not has_any_role(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def chosen(self) -> tuple:
        """Title, query and rows of the list in the address."""
        return LISTS[self.kwargs["which"]]

    def get_page_title(self):
        return self.chosen[0]

    def get_index_url(self):
        return reverse("pledge_boards:waiting", args=[self.kwargs["which"]])

    def get_queryset(self):
        return self.chosen[1](self.request.user)

    def get_paginator(self, *args, **kwargs):
        # The rows are reviews; their reader counts pages.
        paginator = super().get_paginator(*args, **kwargs)
        paginator.verbose_name, paginator.verbose_name_plural = _("page"), _("pages")
        return paginator

    @property
    def columns(self):
        which = self.kwargs["which"]
        first, second = HEADS.get(which, (_("Page"), _("Language")))
        columns = [
            TitleColumn("name", label=first, get_url=lambda row: row["url"]),
            Column("language", label=second),
            DateColumn("when", label=_("Since")),
        ]
        if which != "drafts":
            columns.insert(2, Column("who", label=_("By")))
        if which == "returned" or which in HEADS:
            columns.append(Column("note", label=_("State") if which in HEADS else _("Reason")))
        return columns

    def get_table(self, object_list):
        return super().get_table(self.chosen[2](object_list, self.request.user))
