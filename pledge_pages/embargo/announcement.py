"""Pages of the host site that announce a pilot: written, approved and held like its board."""

from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import GroupPagePermission, Page

from ..contention import in_one_transaction
from ..pilots import roles
from ..pilots.models import Pilot, Role
from .errors import EmbargoError
from .gate import gate_of
from .models import GatedPage
from .page import Gated

# What the groups of a branch may do with its announcement; the same as with its board.
PERMISSIONS: dict[str, str] = {Role.Kind.EDITOR: "change_page", Role.Kind.MODERATOR: "lock_page"}


class Announcement(Gated):
    """Mixin for a page type that tells the world of a pilot once there is something to tell.

    Put it before ``Page`` in the bases, and set ``is_creatable = False``: such a page is made by
    :func:`announce`, from the pilot. It stands among the site's own pages, is approved by the
    branch's moderators, goes public in the transaction that approves the pilot, and vanishes with
    its suspension. It may use words that no other page may, for nobody can see it before.
    """

    announces = models.ForeignKey(
        Pilot,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("announces"),
    )

    class Meta:
        abstract = True

    def derive_gate(self, parent_gate: GatedPage | None) -> GatedPage:
        """Return the gate of the pilot that is announced; it may not stand below any gate."""
        if parent_gate is not None:
            raise EmbargoError(
                _("An announcement stands among the site's own pages, not below a board.")
            )
        if self.announces_id is None:
            raise EmbargoError(_("An announcement is made from the pilot that it announces."))
        return GatedPage(programme_id=self.announces.programme_id, pilot_id=self.announces_id)

    def get_workflow(self):
        """Return the moderation of the branch, wherever the page stands."""
        from .workflow import moderation_workflow

        return moderation_workflow()

    @property
    def has_workflow(self) -> bool:
        """Whether it can be submitted: always."""
        return True


def announcement_types() -> list[type[Page]]:
    """Return the host site's page types that take the mixin."""
    from .gate import gated_types

    return [model for model in gated_types() if issubclass(model, Announcement)]


@in_one_transaction
def announce(
    pilot: Pilot, page: Page, *, below: Page, by: User, translation_of: Page | None = None
) -> Page:
    """Put ``page``, an unsaved announcement, below an ordinary page, as a draft of the branch's.

    ``translation_of`` is the same announcement in another language. Returns the page as saved.
    Raises EmbargoError unless ``by`` leads the programme and ``below`` is public and not gated, and
    ValidationError naming the field.
    """
    if not roles.is_lead(by, pilot.programme):
        raise EmbargoError(_("Only a lead of the programme may have a pilot announced."))
    if gate_of(below) is not None or not below.live:
        raise EmbargoError(_("An announcement stands below a public page of the site."))
    page.announces, page.locale, page.owner = pilot, below.locale, by
    if translation_of is not None:
        page.translation_key = translation_of.translation_key
    below.add_child(instance=page)
    page.save_revision(user=by)
    _grant(page, pilot)
    return page


def _grant(page: Page, pilot: Pilot) -> None:
    """Let the groups of the branch work on the page: permissions from above stop at a gate."""
    from django.contrib.auth.models import Permission

    codenames = dict(
        Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=PERMISSIONS.values()
        ).values_list("codename", "pk")
    )
    for role in Role.objects.filter(pilot=pilot, kind__in=PERMISSIONS):
        GroupPagePermission.objects.create(
            group_id=role.group_id, page=page, permission_id=codenames[PERMISSIONS[role.kind]]
        )
