"""The base of every gated page type: what it refuses, and what it never shows."""

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.locks import BasicLock, ScheduledForPublishLock
from wagtail.models import PagePermissionTester, PageViewRestriction, Revision

from ..contention import in_one_transaction
from . import localize, publication
from .errors import EmbargoError
from .gate import ancestor_paths, gate_of, lock_rows, may_serve
from .models import GatedPage, HeldApproval
from .permissions import GatedPermissionTester


class Gated(models.Model):
    """Mixin for a page type that is public only by approval and only while its pilot is approved.

    Put it before ``Page`` in the bases and answer :meth:`derive_gate`.
    """

    # See embargo.search_index.
    search_auto_update = False

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Return its title once it is public; until then what any list and log may say of it."""
        return (
            super().__str__()
            if self.live
            else f"{self._meta.verbose_name} {self.pk or ''}".rstrip()
        )

    def derive_gate(self, parent_gate: GatedPage | None) -> GatedPage:
        """Return the unsaved gate of this new page, below a parent with ``parent_gate``.

        Raises EmbargoError if a page of this type cannot stand there.
        """
        if parent_gate is None or parent_gate.pilot_id is None:
            raise EmbargoError(_("A page of this type belongs below the board of a branch."))
        return GatedPage(programme_id=parent_gate.programme_id, pilot_id=parent_gate.pilot_id)

    # What is refused -----------------------------------------------------------------------

    # Set by a release on a page that it has just validated.
    validated = False

    # Whether the row was public when this object was read.
    was_live = None

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remember whether the row was public: :func:`guards.guard_stale_save` asks."""
        page = super().from_db(db, field_names, values)
        if "live" in page.__dict__:
            page.was_live = page.live
        return page

    def with_content_json(self, content):
        """Return the page with the content of a revision; it was read when this one was."""
        page = super().with_content_json(content)
        page.was_live = self.was_live
        return page

    def save(self, clean=True, **kwargs):
        """Save the page; while a translation tool drafts, a public row keeps its content."""
        whole = self.pk and not kwargs.get("update_fields")
        if whole and localize.is_drafting() and self._is_public():
            return None
        result = super().save(clean=clean and not self.validated, **kwargs)
        self.was_live = self.live
        return result

    @in_one_transaction
    def save_revision(self, *args, **kwargs):
        """Save a draft. The page is locked first, then its revision, as in an approval.

        Whoever writes over a version that waits for its date writes a draft: the date is kept.
        """
        lock_rows([self.pk])
        over = kwargs.get("overwrite_revision")
        dated = (
            over is not None
            and Revision.objects.filter(pk=over.pk, approved_go_live_at__isnull=False).exists()
        )
        revision = super().save_revision(*args, **kwargs)
        approval = self.standing_approval if dated else None
        if approval is not None:
            from .approval import schedule

            schedule(approval)
        return revision

    def _is_public(self) -> bool:
        return type(self)._base_manager.filter(pk=self.pk, live=True).exists()

    def publish(self, revision, *args, **kwargs):
        """Refuse, unless the gate itself is publishing what was approved."""
        if publication.is_open_for(self.pk):
            return super().publish(revision, *args, **kwargs)
        if kwargs.get("log_action") == "wagtail.publish.scheduled":
            from . import release

            return release.publish_on_schedule(self, revision)
        raise EmbargoError(refusal(self))

    def get_lock(self):
        """Return what keeps the page from being edited, or None.

        A date to wait for does not: what was approved is a copy, and what is newer than it has to
        be approved itself.
        """
        lock = super().get_lock()
        if not isinstance(lock, ScheduledForPublishLock):
            return lock
        if self.locked:
            return BasicLock(self)
        task = self.current_workflow_task
        return task.lock_class(self, task) if task else None

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        """Return what ``user`` may do; nobody may publish by hand."""
        return GatedPermissionTester(user, self)

    # What is never shown -------------------------------------------------------------------

    def route(self, request, path_components):
        """Answer as for a page that does not exist while the gate has no lock.

        And to an address with a NUL in it: PostgreSQL would raise an error, and with that tell
        that there is a page up to there.
        """
        if not may_serve() or "\0" in "".join(path_components):
            raise Http404
        return super().route(request, path_components)

    def _get_dummy_header_url(self, original_request=None):
        """Return where the page would stand, for previews: they take their language from it."""
        parts = super().get_url_parts(original_request)
        return f"{parts[1]}{parts[2]}" if parts and parts[1] is not None else None

    def get_view_restrictions(self):
        """Return the restrictions on the page and what stands above it, in one query.

        An alias is restricted as its source is.
        """
        if getattr(self, "restricted", True) is False:  # fetched along with the page
            return PageViewRestriction.objects.none()
        paths = [*ancestor_paths(self.path), self.path]
        return PageViewRestriction.objects.filter(
            Q(page__path__in=paths) | Q(page__aliases__path__in=paths)
        ).distinct()

    def get_url_parts(self, request=None):
        """Return no address for what is not public, so that no link to it can be made."""
        return super().get_url_parts(request) if self.live else None

    def serve_password_required_response(self, request, form, action_url):
        """Answer as for a page that does not exist: the form would show title and address."""
        if not self.live or not may_serve():
            raise Http404
        return super().serve_password_required_response(request, form, action_url)

    def get_sitemap_urls(self, request=None):
        """Return nothing for what is not public."""
        return super().get_sitemap_urls(request) if self.live and may_serve() else []

    @classmethod
    def get_indexed_objects(cls):
        """Index what is public and nothing else; asked for a single page, too."""
        return super().get_indexed_objects().filter(live=True)

    # Where it stands -----------------------------------------------------------------------

    @property
    def gate_row(self) -> GatedPage | None:
        """The gate of this page."""
        return gate_of(self)

    @property
    def standing_approval(self) -> HeldApproval | None:
        """The approval that has not been withdrawn, or None."""
        return HeldApproval.objects.filter(page_id=self.pk, withdrawn_at__isnull=True).first()

    @property
    def review_state(self) -> str:
        """Where the page stands: private, pending, held, published or withdrawn."""
        if self.live:
            return "published"
        approval = HeldApproval.objects.filter(page_id=self.pk).only("withdrawn_at").first()
        if approval and approval.stands:
            return "held"
        if self.workflow_in_progress:
            return "pending"
        return "withdrawn" if approval else "private"

    @property
    def draft_state(self) -> str:
        """Where what is newer than the approved content stands: none, private or pending."""
        if self.workflow_in_progress:
            return "pending"
        approval = self.standing_approval
        if approval is None or approval.revision_id != self.latest_revision_id:
            return "private"
        return "none"

    @property
    def status_string(self) -> str:
        """What the admin says of the page: the truth in the words of the field."""
        return STATE_LABELS[self.review_state]()


STATE_LABELS = {
    "private": lambda: _("draft"),
    "pending": lambda: _("in review"),
    "held": lambda: _("held until the pilot is approved"),
    "published": lambda: _("published"),
    "withdrawn": lambda: _("withdrawn"),
}


def refusal(page: "Gated | None" = None) -> str:
    """Return why a publication by hand is refused, and what to do instead where ``page`` stands."""
    if page is not None and page.pk:
        if page.workflow_in_progress:
            return _(
                "Not published. The page is in review: it goes public only by a moderator's "
                "approval, not by hand."
            )
        if page.review_state == "held" and page.draft_state == "none":
            return _(
                "Not published. The page is approved already, and goes public by itself once its "
                "pilot is approved and what stands above it is public."
            )
    return _(
        "Not published. A page of a pilot goes public only by a moderator's approval: "
        "submit it for moderation."
    )
