"""The Python guards: they explain, where the database's triggers could only raise an error."""

from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import Page

from ..contention import changed_meanwhile
from . import approval, hiding, objections, publication, search_index
from .errors import EmbargoError
from .gate import ancestor_paths, closed_gate_above, gate_of, is_gated, lock_rows
from .models import GatedPage, HeldApproval
from .page import Gated, refusal

# Columns that say where a page stands and not what it shows.
BOOKKEEPING = frozenset(
    {
        "live", "has_unpublished_changes", "latest_revision", "live_revision", "draft_title",
        "latest_revision_created_at", "first_published_at", "last_published_at", "expired",
        "locked", "locked_by", "locked_at", "owner", "path", "depth", "numchild", "url_path",
        "go_live_at", "expire_at", "page_ptr", "id", "alias_of",
    }
)  # fmt: skip


def guard_page_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    """Before any page is saved, by whatever class: births are drafts, public rows stand still."""
    if not isinstance(instance, Page):
        return
    if raw or instance._state.adding:
        guard_birth(instance, raw=raw)
    elif instance.live and (update_fields is None or set(update_fields) - BOOKKEEPING_ONLY):
        guard_live_save(instance, update_fields)
    elif update_fields is None and getattr(instance, "was_live", None) is False:
        guard_stale_save(instance)


BOOKKEEPING_ONLY = BOOKKEEPING - {"live"}


def guard_birth(page: Page, *, raw: bool = False) -> None:
    """Let no gated page be born live, and none without the gate it belongs to."""
    gated = is_gated(page)
    if gated or (page.live and page.path and closed_gate_above(page.path)):
        page.live = False
        page.has_unpublished_changes = True
        page.live_revision = None
        page.first_published_at = page.last_published_at = None
    if gated and not raw and isinstance(page, Gated):
        page._new_gate = new_gate_for(page)
    if page.live and not raw:
        objections.check_birth(page)


def new_gate_for(page: Gated) -> GatedPage:
    """Return the unsaved gate for a page about to be made; EmbargoError if it may not stand there."""
    parent = page.get_parent()
    parent_gate = gate_of(parent) if parent else None
    gate = page.derive_gate(parent_gate)
    if page.alias_of_id:
        source = GatedPage.objects.filter(page_id=page.alias_of_id).first()
        if source is None or source.pilot_id != gate.pilot_id:
            raise EmbargoError(_("An alias of a gated page has to stay below the same pilot."))
    gate.top = parent_gate is None or parent_gate.pilot_id != gate.pilot_id
    return gate


def make_gate(sender, instance, created=False, raw=False, **kwargs) -> None:
    """After a gated page was made: tie it to its pilot."""
    gate = getattr(instance, "_new_gate", None)
    if created and not raw and gate is not None:
        gate.page_id = instance.pk
        gate.save(force_insert=True)
        del instance._new_gate


def guard_live_save(page: Page, update_fields) -> None:
    """Refuse to make a page live, or to change what it shows, outside of a publication."""
    if publication.is_open_for(page.pk):
        return
    before = type(page)._base_manager.filter(pk=page.pk).first()
    if before is None:
        return
    if not is_gated(page):
        if not before.live and closed_gate_above(page.path):
            raise EmbargoError(_("Nothing goes public below a page whose pilot is not approved."))
        if not before.live or says_more(page, before, update_fields):
            objections.check_public(page)
        return
    if not before.live:
        raise EmbargoError(refusal())
    changed = changed_content(page, before, update_fields)
    if changed:
        raise EmbargoError(
            _("The public version may be changed only by an approval (%(fields)s). Save a draft.")
            % {"fields": ", ".join(changed)}
        )


def guard_stale_save(page: Gated) -> None:
    """Refuse to save a draft over a page that went public since it was read: it would vanish."""
    if publication.is_open_for(page.pk):
        return
    lock_rows([page.pk])
    if Page.objects.filter(pk=page.pk, live=True).exists():
        raise changed_meanwhile(
            _("The page has become public since it was opened. Open it again for a new draft.")
        )


def says_more(page: Page, before: Page, update_fields=None) -> bool:
    """Return whether saving ``page`` may change what is public of it."""
    rows = bool(getattr(page, "_cluster_related_objects", None)) and update_fields is None
    return rows or bool(changed_content(page, before, update_fields))


def changed_content(instance: models.Model, before: models.Model, update_fields=None) -> list[str]:
    """Return the names of the content fields in which ``instance`` differs from ``before``."""
    return [
        field.name
        for field in instance._meta.concrete_fields
        if field.name not in BOOKKEEPING
        and (update_fields is None or field.name in update_fields)
        and getattr(instance, field.attname) != getattr(before, field.attname)
    ]


def guard_child_save(sender, instance, raw=False, **kwargs) -> None:
    """Before a row of a gated page's content is saved: what is public stands still."""
    page_id = getattr(instance, "page_id", None)
    if publication.is_open_for(page_id) or not _is_live(page_id):
        return
    before = type(instance)._base_manager.filter(pk=instance.pk).first() if instance.pk else None
    if before is None or changed_content(instance, before):
        raise EmbargoError(
            _("The public version may be changed only by an approval. Save a draft.")
        )


def guard_child_delete(sender, instance, **kwargs) -> None:
    """Before a row of a gated page's content is deleted: what is public stands still."""
    if not publication.is_open_for(instance.page_id) and _is_live(instance.page_id):
        raise EmbargoError(
            _("The public version may be changed only by an approval. Save a draft.")
        )


def _is_live(page_id: int | None) -> bool:
    return page_id is not None and Page.objects.filter(pk=page_id, live=True).exists()


def guard_move(sender, instance, parent_page_after=None, **kwargs) -> None:
    """Before a page is moved: a gated page stays where it is, a public page above closed gates."""
    if gate_of(instance) is not None:
        parent = instance.get_parent()
        # Among others below the same gate, too: their order on a page nobody would have reviewed.
        if parent.pk != parent_page_after.pk or gate_of(parent) is not None:
            raise EmbargoError(_("A page of a pilot stays where it was made."))
        return
    landing = parent_page_after.path + "0" * Page.steplen
    inside = GatedPage.objects.filter(page__path__in=ancestor_paths(landing))
    holds_pilots = GatedPage.objects.filter(page__path__startswith=instance.path)
    if inside.exists() and holds_pilots.exists():
        raise EmbargoError(_("A page that holds pilots cannot be moved below a pilot."))
    public = Page.objects.filter(path__startswith=instance.path, live=True)
    if closed_gate_above(landing) and public.exists():
        raise EmbargoError(_("Nothing public can be moved below a pilot that is not approved."))


def guard_delete(sender, instance, **kwargs) -> None:
    """Before a gated page is deleted: its approval has to be withdrawn first."""
    if HeldApproval.objects.filter(page_id=instance.pk, withdrawn_at__isnull=True).exists():
        raise EmbargoError(_("The page was approved. Withdraw the approval before you delete it."))
    if is_gated(instance):
        search_index.forget({instance.pk: instance.content_type_id})


def drop_on_unpublish(sender, instance, **kwargs) -> None:
    """After a gated page was unpublished by hand or expired: its approval is gone.

    A newer version that was approved for later outlives the end of the one before it.
    What is public below it would name it, and is held until it is approved again.
    """
    if isinstance(instance, Gated) and not publication.is_open_for(instance.pk):
        hiding.hide_below(instance, by=None)
        if not (instance.expired and approval.schedule_next(instance)):
            approval.drop(instance)
        search_index.forget({instance.pk: instance.content_type_id})
