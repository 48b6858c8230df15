"""Keeps what the search finds in step with records that are not pages but show on public ones.

Offices, posts, categories and the marks on evidence files take effect on public pages at once:
what is not shown any more must not be found any more either. Names are not in the index.
"""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

from ..embargo import search_index
from ..embargo.gate import lock_rows
from ..people.models import Member, Office, Post
from ..photos.models import EvidenceFile
from ..rulebook.models import Category
from .models import BranchPage, MemberPledgePage

# By type of record: the pages that may show something of it.
_SHOWING: dict[type[models.Model], Callable[[Any], list[models.QuerySet]]] = {
    Member: lambda member: [MemberPledgePage.objects.filter(member=member)],
    Office: lambda office: [MemberPledgePage.objects.filter(member__office=office)],
    Post: lambda post: [MemberPledgePage.objects.filter(member__posts=post)],
    Category: lambda category: [
        MemberPledgePage.objects.filter(pledges__category=category),
        BranchPage.objects.filter(branch_pledges__category=category),
    ],
    EvidenceFile: lambda file: [MemberPledgePage.objects.filter(updates__evidence=file)],
}


def connect() -> None:
    """Follow what is saved and deleted; called once, when the app is ready."""
    for model in _SHOWING:
        uid = f"pledge_pages.searched.{model}"
        post_save.connect(after_save, sender=model, dispatch_uid=uid)
    # The others cannot be deleted while a public page shows them.
    pre_delete.connect(before_delete, sender=Post, dispatch_uid="pledge_pages.searched.before")
    post_delete.connect(after_delete, sender=Post, dispatch_uid="pledge_pages.searched.after")
    m2m_changed.connect(
        after_posts, sender=Member.posts.through, dispatch_uid="pledge_pages.searched.posts"
    )


def after_save(sender: type[models.Model], instance: Any, created: bool, **kwargs) -> None:
    """After a record was changed: what its pages say now is what is found."""
    if not created:
        _index(_public_pages(instance))


def before_delete(sender: type[models.Model], instance: Any, **kwargs) -> None:
    """Before a post is deleted: keep in mind which pages show it."""
    instance._shown_on = _public_pages(instance)


def after_delete(sender: type[models.Model], instance: Any, **kwargs) -> None:
    """After a post was deleted: it is not found any more."""
    _index(instance._shown_on)


def after_posts(sender: type[models.Model], instance: Any, action: str, **kwargs) -> None:
    """After a member was given other posts."""
    if action.startswith("post_"):
        _index(_public_pages(instance))


def index_anew(*pages: models.QuerySet) -> None:
    """Let the search find what those of ``pages`` say that are public, as it is now."""
    _index({pk for some in pages for pk in some.filter(live=True).values_list("pk", flat=True)})


def _index(ids: set[int]) -> None:
    if ids:
        with transaction.atomic():
            # A suspension at the same moment comes before or after.
            lock_rows(ids)
            search_index.remember(ids)


def _public_pages(record: Any) -> set[int]:
    return {
        pk
        for pages in _SHOWING[type(record)](record)
        for pk in pages.filter(live=True).values_list("pk", flat=True)
    }
