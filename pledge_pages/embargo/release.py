"""Opens and closes pilots: everything at once, or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from ..contention import in_one_transaction
from ..pilots import actions
from ..pilots.models import Pilot
from . import approval as approvals
from . import hiding, objections
from .announcement import Announcement
from .errors import EmbargoError, ReleaseError
from .gate import lock_rows, why_closed
from .models import ApprovedContent, EarlierApproval, GatedPage, HeldApproval
from .publication import publication

# A page, what was approved of it last, and what stays in force until the date of that.
Approved = tuple[Page, HeldApproval | None, EarlierApproval | None]


@dataclass(frozen=True)
class Item:
    """One page in a dry run, and why it stays back if it does."""

    page: Page
    approval: ApprovedContent | None
    reason: str = ""
    # Whether it has a date to wait for.
    waits: bool = False
    # The page as it was approved, made and validated, not saved.
    approved: Page | None = None


@dataclass
class DryRun:
    """What an approval of pilots would do. Nothing has been done yet."""

    pilots: list[Pilot]
    goes_live: list[Item] = field(default_factory=list)
    stays_back: list[Item] = field(default_factory=list)
    stays_draft: list[Item] = field(default_factory=list)
    # Why the pilots cannot be approved at all.
    refusals: list[str] = field(default_factory=list)

    @property
    def possible(self) -> bool:
        """Whether the pilots can be approved now."""
        return not self.refusals


def plan(pilots: Collection[Pilot], *, by: User) -> DryRun:
    """Return what approving ``pilots`` together would release, hold back and leave a draft."""
    dry_run = _begin(pilots, by)
    _sort_pages(dry_run)
    return dry_run


def _begin(pilots: Collection[Pilot], by: User) -> DryRun:
    """Return a dry run in which only what speaks against it is found so far, but for the pages."""
    pilots = sorted(pilots, key=lambda pilot: pilot.pk)
    dry_run = DryRun(pilots)
    for pilot in pilots:
        _check_pilot(pilot, by, dry_run)
    if not pilots:
        dry_run.refusals.append(_("No pilot was named."))
    closed = why_closed()
    if closed:
        dry_run.refusals.append(closed)
    return dry_run


def _check_pilot(pilot: Pilot, by: User, dry_run: DryRun) -> None:
    try:
        actions.check_step(pilot, "approve", by=by)
    except (ValidationError, PermissionDenied) as error:
        dry_run.refusals.extend(getattr(error, "messages", None) or [str(error)])
        return
    if actions.concurrence_for(pilot, by=by) is None:
        dry_run.refusals.append(
            _("%(pilot)s: someone else has to concur first, at the stage it is in.")
            % {"pilot": pilot.code}
        )


def _sort_pages(dry_run: DryRun) -> None:
    """Put every page of the pilots, parents first, into one of the three lists.

    Of which a later version waits for its date stands in two of them.
    """
    public: set[str] = set()
    heads: set[int | None] = set()
    check = objections.public_check(pilot.pk for pilot in dry_run.pilots)
    for page, approval, earlier in _pages_of(dry_run.pilots):
        goes = page.live
        if approval is None and not page.live:
            dry_run.stays_draft.append(Item(page, None, _("Nothing of it was approved.")))
        elif approval is not None and not page.live:
            items = _judge_all(page, approval, earlier, public, check)
            dry_run.goes_live += [item for item in items if not item.reason]
            dry_run.stays_back += [item for item in items if item.reason]
            goes = not all(item.reason for item in items)
        if goes:
            public |= {page.path, *page.alias_paths}
            if not isinstance(page, Announcement):
                heads.add(page.gate.pilot_id)
    for pilot in dry_run.pilots:
        if pilot.pk not in heads:
            dry_run.refusals.append(
                _(
                    "%(pilot)s: the board of the branch, or the programme's page above it, "
                    "is not approved, so nothing could be seen."
                )
                % {"pilot": pilot.code}
            )


def _pages_of(pilots: Sequence[Pilot]) -> list[Approved]:
    """Return the pages that these pilots open, parents first, each with what is approved of it."""
    programmes = {pilot.programme_id for pilot in pilots}
    gates = GatedPage.objects.filter(pilot__in=pilots) | GatedPage.objects.filter(
        pilot__isnull=True, programme__in=programmes
    )
    return _with_approvals(gates)


def _with_approvals(gates: QuerySet[GatedPage]) -> list[Approved]:
    """Return the pages of ``gates``, parents first, each with its gate and what is approved of it.

    In a transaction their rows are locked first: what an editor saves meanwhile would be lost.
    """
    rows = {gate.page_id: gate for gate in gates}
    if connection.in_atomic_block:
        lock_rows(rows)
    pages = list(
        Page.objects.filter(pk__in=rows, alias_of__isnull=True)
        .select_related("locale")
        .order_by("depth", "path")
        .specific()
    )
    standing = {
        approval.page_id: approval
        for approval in HeldApproval.objects.filter(
            page__in=rows, withdrawn_at__isnull=True
        ).select_related("revision", "page")
    }
    earlier = {
        approval.page_id: approval
        for approval in EarlierApproval.objects.filter(page__in=rows).select_related(
            "revision", "page"
        )
    }
    aliases: dict[int, list[str]] = {pk: [] for pk in rows}
    for source, path in Page.objects.filter(alias_of__in=rows).values_list("alias_of", "path"):
        aliases[source].append(path)
    for page in pages:
        page.gate = rows[page.pk]
        # Aliases go live with their source, and others may hang from them.
        page.alias_paths = aliases[page.pk]
    return [(page, standing.get(page.pk), earlier.get(page.pk)) for page in pages]


def _judge_all(
    page: Page,
    last: HeldApproval,
    earlier: EarlierApproval | None,
    public: set[str],
    check: objections.PageCheck,
) -> list[Item]:
    """Return what counts of a page now, and what is to follow it at a later date."""
    now = approvals.in_force(last, earlier)
    both = [now] if now is last else [now, last]
    return [_judge(page, approval, public, check) for approval in both]


def _judge(
    page: Page, approval: ApprovedContent, public: set[str], check: objections.PageCheck
) -> Item:
    """Return whether approved content could go live now, and why not if it could not."""
    if not approval.is_intact:
        # Nothing in it can be believed, not even its date.
        return Item(page, approval, _("The approved content was altered since it was approved."))
    waits = approval.waits
    if not _has_ground(page, public):
        return Item(page, approval, _("The page above it is not approved."), waits)
    if waits:
        when = date_format(timezone.localtime(approval.go_live_at), "Y-m-d H:i")
        return Item(page, approval, _("It is to go live on %(when)s.") % {"when": when}, waits)
    try:
        approved = approvals.approved_page(approval, page)
    except EmbargoError as error:
        return Item(page, approval, str(error))
    if approval.is_over:
        return Item(page, approval, _("It has expired."))
    approved.live = True
    try:
        approved.full_clean()
        check(approved)
    except ValidationError as error:
        return Item(page, approval, "; ".join(error.messages))
    except EmbargoError as error:
        return Item(page, approval, str(error))
    return Item(page, approval, approved=approved)


def _has_ground(page: Page, public: set[str]) -> bool:
    """Return whether what ``page`` hangs from is public, or will be: ``public`` has those paths."""
    if page.gate.pilot_id is None:
        return True
    if isinstance(page, Announcement):
        return approvals.parent_is_public(page)
    return page.path[: -Page.steplen] in public


@in_one_transaction
def approve_pilots(pilots: Collection[Pilot], *, by: User, reason: str, at=None) -> DryRun:
    """Approve all of ``pilots`` and publish everything held for them, in one transaction.

    ``by`` has to lead the programme, and someone else has to have concurred with each pilot. Returns
    what was done. Raises ReleaseError with why not (of pages, if nothing else); nothing was done then.
    """
    reason = actions.check_reason(reason)
    locked = _lock(pilots)
    done = _begin(locked, by)
    if done.possible:  # to judge every page takes seconds
        _sort_pages(done)
    if not done.possible:
        raise ReleaseError(done.refusals)
    for pilot in done.pilots:
        actions.record_step(pilot, "approve", by=by, reason=reason, at=at)
    _publish(done, by=by)
    return done


@in_one_transaction
def reopen_pilots(pilots: Collection[Pilot], *, by: User) -> DryRun:
    """Publish again what stands approved of those of ``pilots`` that are approved.

    Their pages were hidden while the database waited for a confirmation. Returns what was done.
    """
    done = DryRun([pilot for pilot in _lock(pilots) if pilot.is_public])
    _sort_pages(done)
    _publish(done, by=by)
    return done


def _publish(done: DryRun, *, by: User) -> None:
    """Publish what a dry run found that it would, and schedule what waits for its date."""
    with publication([item.page.pk for item in done.goes_live]):
        for item in done.goes_live:
            assert item.approval is not None
            approvals.publish_held(item.approval, page=item.page, by=by, approved=item.approved)
    for item in done.stays_back:
        if item.approval is not None and item.waits:
            approvals.schedule(item.approval)
    for item in done.goes_live:
        if item.page.gate.pilot_id is None:
            # Branches that are approved already may have waited for the programme's page.
            release_below(item.page, by=by)


@in_one_transaction
def suspend_pilots(pilots: Collection[Pilot], *, by: User, reason: str, at=None) -> list[int]:
    """Hide everything of ``pilots`` at once, in one transaction. What was approved stays held.

    Returns the ids of the pages that were public. Raises ReleaseError with every reason why not;
    then nothing was done. Page signals are not sent, page by page: it has to be fast and certain.
    """
    reason = actions.check_reason(reason)
    locked = _lock(pilots)
    refusals = []
    for pilot in locked:
        try:
            actions.check_step(pilot, "suspend", by=by)
        except (ValidationError, PermissionDenied) as error:
            refusals.extend(getattr(error, "messages", None) or [str(error)])
    if refusals or not locked:
        raise ReleaseError(refusals or [_("No pilot was named.")])
    before = _live_ids(locked)
    for pilot in locked:
        actions.record_step(pilot, "suspend", by=by, reason=reason, at=at)
    gone = before - _live_ids(locked, only=before)
    hiding.note_hidden(gone, action="pledge_pages.suspend", by=by, reason=reason)
    # What was never public, and waited for its date, gets it again with the next approval.
    hiding.off_schedule(_closed_ids(locked))
    return sorted(gone)


def _lock(pilots: Collection[Pilot]) -> list[Pilot]:
    """Lock the pilots' programmes, whose own page hangs on all of them, and then the pilots."""
    ids = [pilot.pk for pilot in pilots]
    actions.lock_programmes({pilot.programme_id for pilot in pilots})
    return list(
        Pilot.objects.select_for_update(of=("self",))
        .select_related("wave", "programme")
        .filter(pk__in=ids)
        .order_by("pk")
    )


def _live_ids(pilots: Sequence[Pilot], only: set[int] | None = None) -> set[int]:
    """Return the ids of live pages in the gated trees of the pilots' programmes."""
    if only is not None:
        return set(Page.objects.filter(pk__in=only, live=True).values_list("pk", flat=True))
    tops = GatedPage.objects.filter(
        top=True, programme__in={pilot.programme_id for pilot in pilots}
    ).values_list("page__path", flat=True)
    live: set[int] = set()
    for path in tops:
        pages = Page.objects.filter(live=True, path__startswith=path).order_by()
        live.update(pages.values_list("pk", flat=True))
    return live


def _closed_ids(suspended: Sequence[Pilot]) -> list[int]:
    """Return the ids of the pages of the ``suspended``, and of programmes that closed with them."""
    programmes = {pilot.programme_id for pilot in suspended}
    above = GatedPage.objects.filter(pilot__isnull=True, programme__in=programmes)
    closed = [gate.pk for gate in above.select_related("pilot", "programme") if not gate.is_open]
    return closed + list(GatedPage.objects.filter(pilot__in=suspended).values_list("pk", flat=True))


def release_below(page: Page, *, by: User | None) -> list[int]:
    """Publish what is approved below a page that has just become public, and waited for it.

    What has a date to wait for is scheduled. Returns the ids of those pages. The caller has locked
    the pilots of the page's gate.
    """
    gates = GatedPage.objects.filter(page__path__startswith=page.path).exclude(page_id=page.pk)
    below = _with_approvals(gates.select_related("pilot", "programme"))
    public = {page.path} | {entry.path for entry, *_approved in below if entry.live}
    public.update(Page.objects.filter(alias_of=page, live=True).values_list("path", flat=True))
    released = []
    check = objections.public_check()
    for entry, approval, earlier in below:
        if approval is None or entry.live or not entry.gate.is_open:
            continue
        for item in _judge_all(entry, approval, earlier, public, check):
            assert item.approval is not None
            if not item.reason:
                approvals.publish_held(item.approval, page=entry, by=by, approved=item.approved)
                public |= {entry.path, *entry.alias_paths}
                released.append(entry.pk)
            elif item.waits:
                # It left the schedule when it was hidden along with the page above it.
                approvals.schedule(item.approval)
    return released


def bring_earlier(page: Page, *, by: User | None) -> None:
    """Publish what stays in force until the date of a newer approval, if it is not public yet.

    The scheduler may not have come to it. The caller has locked the pilot and found it approved.
    """
    earlier = EarlierApproval.objects.filter(page_id=page.pk).first()
    if earlier is None or (earlier.released_at and Page.objects.get(pk=page.pk).live):
        return
    page.gate = approvals.lock_gate(page)
    item = _judge(page, earlier, _above(page), objections.public_check())
    if not item.reason:
        approvals.publish_held(earlier, page=page, by=by, approved=item.approved)
        release_below(page, by=by)


def _above(page: Page) -> set[str]:
    return {page.path[: -Page.steplen]} if approvals.parent_is_public(page) else set()


def publish_on_schedule(page: Page, revision: Revision) -> None:
    """Publish what the scheduler brings, if it is what was approved and the pilot is approved.

    Otherwise take it off the schedule, with a line in the log: an error would stop the
    scheduler's work on the other pages of the site. While nothing may be released, it stays there.
    """
    if why_closed():
        return
    with transaction.atomic():
        gate = approvals.lock_gate(page)
        page = Page.objects.get(pk=page.pk).specific
        page.gate = gate
        approval = approvals.standing(page)
        if approval is not None and approval.revision_id == revision.pk and page.gate.is_open:
            item = _judge(page, approval, _above(page), objections.public_check())
            if item.waits:
                return
            if not item.reason:
                approvals.publish_held(approval, page=page, by=None, approved=item.approved)
                release_below(page, by=None)
                return
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        log(instance=page, action="pledge_pages.refuse_schedule", revision=revision)
