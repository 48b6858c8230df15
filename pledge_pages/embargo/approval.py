"""What an approval does: hold the reviewed content, or publish it if the pilot is approved."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from ..contention import in_one_transaction
from ..pilots.actions import check_reason, lock_programmes
from ..pilots.models import Pilot
from . import hiding, objections, publication
from .errors import EmbargoError
from .gate import gate_of, lock_rows, why_closed
from .models import ApprovedContent, EarlierApproval, GatedPage, HeldApproval, digest_of


class PublishApproved(PublishPageRevisionAction):
    """Wagtail's publication of one revision, for content that a second person approved."""

    def __init__(self, revision: Revision, approved: Page, **kwargs):
        # The page was made from the approved content already, at the address it has now: a draft
        # may have taken or given away a slug meanwhile.
        revision.as_object = lambda: approved
        super().__init__(revision, **kwargs)
        self.object.set_url_path(approved.get_parent())
        # A review of a newer draft goes on: hide it from Wagtail, which would cancel it.
        self.object._current_workflow_states = []


def lock_gate(page: Page) -> GatedPage:
    """Return the page's gate; its pilot is locked against a stage change, its row against a save.

    Load the page after this, or what was saved meanwhile is lost.
    """
    gate = gate_of(page)
    if gate is None:
        raise EmbargoError(_("This page belongs to no pilot and cannot be approved."))
    if gate.pilot_id:
        gate.pilot = Pilot.objects.select_for_update(of=("self",)).get(pk=gate.pilot_id)
    else:
        lock_programmes([gate.programme_id])
    lock_rows([page.pk])
    return gate


def hold(
    page: Page,
    revision: Revision,
    *,
    by: User,
    at: datetime | None = None,
    author_id: int | None = None,
) -> HeldApproval:
    """Keep the content of ``revision`` as what was approved of ``page``; nothing is published.

    What was approved before stays in force if this is to follow it at a later date only.
    ``author_id`` is who answers for it if the revision does not say who wrote it. Raises
    EmbargoError if that is nobody, or ``by``.
    """
    author_id = revision.user_id or author_id
    if author_id is None or author_id == by.pk:
        raise EmbargoError(_("A version has to be approved by someone other than its author."))
    _keep_earlier(page, until=revision.content)
    approval, _created = HeldApproval.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "snapshot": revision.content,
            "digest": digest_of(revision.content),
            "revision": revision,
            "revised_at": revision.created_at,
            "author_id": author_id,
            "approved_by": by,
            "approved_at": at or timezone.now(),
            "released_at": None,
            "withdrawn_at": None,
        },
    )
    page.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None)
    log(instance=page, action="pledge_pages.hold", user=by, revision=revision)
    return approval


def _keep_earlier(page: Page, *, until: dict) -> None:
    """Keep what is in force of ``page`` beside a newer approval, if that waits for its date."""
    before = standing(page)
    if before is None or not HeldApproval(snapshot=until).waits:
        EarlierApproval.objects.filter(page_id=page.pk).delete()
    elif before.is_intact and not before.waits:
        kept = [field.attname for field in ApprovedContent._meta.local_fields]
        EarlierApproval.objects.update_or_create(
            page_id=page.pk, defaults={name: getattr(before, name) for name in kept}
        )


def standing(page: Page) -> HeldApproval | None:
    """Return what was approved last of ``page`` and not withdrawn, or None."""
    return HeldApproval.objects.filter(page_id=page.pk, withdrawn_at__isnull=True).first()


def in_force(last: HeldApproval, earlier: EarlierApproval | None) -> ApprovedContent:
    """Return what counts now: what was approved last, or what it follows only at its date."""
    return last if earlier is None or (last.is_intact and not last.waits) else earlier


def schedule(approval: ApprovedContent) -> None:
    """Let Wagtail's scheduler publish the approved content when its date has come.

    Content that was altered since names a date that nobody approved, and is left alone.
    """
    if approval.is_intact and approval.go_live_at:
        rows = Revision.objects.filter(pk=revision_of(approval).pk)
        rows.update(approved_go_live_at=approval.go_live_at)


def schedule_next(page: Page) -> bool:
    """Let what is approved for later, and was never public, keep its date. False if nothing is.

    Its date may have come since the scheduler ran last: it brings it in the same run then.
    """
    approval = standing(page)
    if approval is None or approval.released_at is not None:
        return False
    EarlierApproval.objects.filter(page_id=page.pk).delete()
    schedule(approval)
    return True


def parent_is_public(page: Page) -> bool:
    """Return whether what ``page`` hangs from is public, so that a visitor can come to it."""
    parent = page.get_parent()
    return parent is None or parent.is_root() or parent.live


def revision_of(approval: ApprovedContent) -> Revision:
    """Return a revision with the approved content: the reviewed one, or one made anew.

    The reviewed row may have been overwritten by an autosave, or purged, since it was approved.
    Raises EmbargoError if the snapshot itself is not what was approved.
    """
    revision = approval.revision
    if revision is not None and digest_of(revision.content) == approval.digest:
        return revision
    check_snapshot(approval)
    page = approval.page.specific
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        user_id=approval.author_id,
        created_at=approval.revised_at,
        content=approval.snapshot,
        object_str=str(page),
    )
    approval.revision = revision
    approval.save(update_fields=["revision"])
    return revision


def check_snapshot(approval: ApprovedContent) -> None:
    """Raise EmbargoError if the kept content is not, word for word, what was approved."""
    if not approval.is_intact:
        raise EmbargoError(_("The approved content was altered since it was approved."))


def approved_page(approval: ApprovedContent, page: Page) -> Page:
    """Return ``page`` as it was approved, not saved, at the address it has now.

    Raises EmbargoError if the content was altered, or refers to something that was deleted.
    """
    check_snapshot(approval)
    try:
        candidate = page.with_content_json(approval.snapshot)
    except Exception as error:  # modelcluster raises nothing more special
        raise EmbargoError(_("It refers to something that was deleted since.")) from error
    candidate.slug = page.slug
    return candidate


@transaction.atomic
def publish_held(
    approval: ApprovedContent,
    *,
    page: Page,
    by: User | None,
    approved: Page | None = None,
) -> None:
    """Make the approved content public. The caller has locked the pilot and found it approved.

    ``approved`` is the page as approved, if the caller made and validated it already.
    """
    closed = why_closed()
    if closed:
        raise EmbargoError(closed)
    check_snapshot(approval)
    content = approved or approved_page(approval, page)
    content.validated = approved is not None
    if approved is None:
        objections.check_public(content)
    with publication.publication([page.pk]):
        action = PublishApproved(
            revision_of(approval), content, user=by, log_action="pledge_pages.publish"
        )
        action.execute(skip_permission_checks=True)
    approval.released_at = timezone.now()
    approval.save(update_fields=["released_at"])
    if isinstance(approval, HeldApproval):
        EarlierApproval.objects.filter(page_id=page.pk).delete()


@in_one_transaction
def withdraw(page: Page, *, by: User, reason: str) -> None:
    """Take the approval of ``page`` back, whether held or public; what is public vanishes.

    So do the public pages below it, which would name it: they are held until it is approved again.
    Raises EmbargoError if ``by`` neither moderates the branch nor leads the programme, or if
    nothing is approved; StageError if the reason is missing.
    """
    reason = check_reason(reason)
    if gate_of(page) is None or not page.specific.permissions_for_user(by)._steers():
        raise EmbargoError(_("Only moderators of the branch and leads may withdraw an approval."))
    lock_gate(page)
    if standing(page) is None:
        raise EmbargoError(_("Nothing of this page is approved."))
    fresh = Page.objects.get(pk=page.pk).specific
    if fresh.live:
        hiding.hide_below(fresh, by=by, reason=reason)
        fresh.unpublish(user=by, log_action="pledge_pages.unpublish")
    drop(fresh)
    log(instance=fresh, action="pledge_pages.withdraw", user=by, data={"reason": reason})


def drop(page: Page) -> None:
    """Erase what was approved of ``page``; that it once was approved stays known."""
    EarlierApproval.objects.filter(page_id=page.pk).delete()
    HeldApproval.objects.filter(page_id=page.pk, withdrawn_at__isnull=True).update(
        snapshot={}, digest="", revision=None, released_at=None, withdrawn_at=timezone.now()
    )
