"""Which accounts the filters of Wagtail's lists and reports offer.

Wagtail's offer everyone who owns, edited, logged or submitted anything: the accounts of every
branch, whatever the reader may see of it. Here it is those behind rows that the reader may see.
"""

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.views.reports.audit_logging import (
    SiteHistoryReportFilterSet,
    get_users_for_filter,
)
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet, WorkflowView
from wagtail.models import Page, PageLogEntry
from wagtail.permissions import policy_registry


def take_over_people_filters() -> None:
    """Let the filters of Wagtail's explorer and reports offer no account in vain."""
    # The filters themselves: filter sets that inherit them have the same ones.
    PageFilterSet.base_filters["owner"].queryset = owners
    PageFilterSet.base_filters["edited_by"].queryset = editors
    WorkflowReportFilterSet.base_filters["requested_by"].queryset = requesters
    # Wagtail has the right users at hand, under a name that nothing asks for.
    SiteHistoryReportFilterSet.get_users_queryset = lambda filters: get_users_for_filter(
        filters.request.user
    )


def owners(request: HttpRequest) -> QuerySet:
    """Return the owners of the pages that the reader finds in the explorer."""
    return _users(_pages(request).values("owner"))


def editors(request: HttpRequest) -> QuerySet:
    """Return who edited the pages that the reader finds in the explorer."""
    edits = PageLogEntry.objects.filter(action="wagtail.edit", page__in=_pages(request))
    return _users(edits.order_by().values("user"))


def requesters(request: HttpRequest) -> QuerySet:
    """Return who submitted what the report on workflows lists for the reader."""
    report = WorkflowView()
    report.request = request
    return _users(report.get_queryset().order_by().values("requested_by"))


def _pages(request: HttpRequest) -> QuerySet:
    return policy_registry.get_by_type(Page).explorable_instances(request.user).order_by()


def _users(pks: QuerySet) -> QuerySet:
    users = get_user_model()
    return users.objects.filter(pk__in=pks).order_by(users.USERNAME_FIELD)
