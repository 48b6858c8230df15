"""What has to be true whoever met whom: asked of the database and of the public site."""

from __future__ import annotations

from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, Revision

from pledge_pages.models import GatedPage, HeldApproval


def live_pages(code: str | None = None) -> set[int]:
    """Return the ids of the public pages of all pilots, or of the pilot ``code``."""
    pages = Page.objects.filter(gate__isnull=False, live=True)
    if code:
        pages = pages.filter(gate__pilot__code=code)
    return set(pages.values_list("pk", flat=True))


def assert_sound() -> None:
    """Fail if a page is public that may not be, or anything is half-done or lost."""
    cache.clear()
    assert not GatedPage.objects.filter(publishing=True).exists(), "a lock was left open"
    standing = {row.page_id: row for row in HeldApproval.objects.filter(withdrawn_at=None)}
    newest: dict[str, int] = {}
    for pk, page in Revision.page_revisions.order_by("pk").values_list("pk", "object_id"):
        newest[page] = pk
    client = Client()
    for page in Page.objects.filter(gate__isnull=False).select_related("gate").specific():
        _assert_page(page, standing.get(page.pk), newest.get(str(page.pk)))
        assert _status(client, page) == (200 if page.live else 404), page.slug


def _assert_page(page: Page, approval: HeldApproval | None, newest: int | None) -> None:
    assert page.latest_revision_id == newest, "a draft was lost"
    public = approval is not None and approval.released_at is not None
    assert page.live == public, "what the approval says is not what is public"
    if not page.live:
        return
    assert page.gate.is_open, "a page is public below a pilot that is not approved"
    approved = page.with_content_json(approval.snapshot)
    for name in ("title", "introduction", "slug"):
        assert getattr(page, name, None) == getattr(approved, name, None), name
    if hasattr(page, "pledges"):
        shown = [pledge.text for pledge in page.pledges.all()]
        assert shown == [pledge.text for pledge in approved.pledges.all()]


def _status(client: Client, page: Page) -> int:
    """Return how a visitor's request for ``page`` is answered."""
    language = page.locale.language_code
    path = page.url_path.partition("/")[2].partition("/")[2]
    return client.get(f"/{language}/{path}").status_code
