"""Opens a programme and its branches: page, groups, permissions and workflow in one step."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import GroupPagePermission, Locale, Page, WorkflowPage

from ..contention import in_one_transaction
from ..embargo.workflow import moderation_workflow
from ..labels import label_in
from ..pilots.actions import record_step
from ..pilots.models import Pilot, Programme, Role, Wave
from ..pilots.roles import is_lead
from .models import BranchPage, ProgrammePage

EDITOR_PERMISSIONS = ("add_page", "change_page")
# Lets moderators find the pages in the explorer; they write nothing.
MODERATOR_PERMISSIONS = ("lock_page",)
# Those who check from outside find no page.
BRANCH_GROUPS: dict[Role.Kind, tuple[str, ...]] = {
    Role.Kind.EDITOR: EDITOR_PERMISSIONS,
    Role.Kind.MODERATOR: MODERATOR_PERMISSIONS,
    Role.Kind.VERIFIER: (),
    Role.Kind.SUPERVISOR: (),
}
LEAD_PERMISSIONS = ("lock_page", "unlock_page")


@dataclass(frozen=True)
class OpenedBranch:
    """What opening a branch made: its pilot, and its board in each language."""

    pilot: Pilot
    boards: dict[str, BranchPage]


@in_one_transaction
def open_programme(
    programme: Programme, *, parents: dict[str, Page], by: User, slug: str
) -> dict[str, ProgrammePage]:
    """Make the programme's page below each of ``parents`` (by language code), as a draft.

    ``slug`` should say nothing about the programme. Makes the leads' group and the moderation
    workflow as well. Raises PermissionDenied unless ``by`` is a superuser.
    """
    if not by.is_superuser:
        raise PermissionDenied(_("Only an administrator may open a programme."))
    pages: dict[str, ProgrammePage] = {}
    for language, parent in parents.items():
        page = ProgrammePage(
            programme=programme,
            locale=Locale.objects.get(language_code=language),
            title=label_in(programme.public_name, language) or programme.code,
            slug=slug,
            owner=by,
        )
        if pages:
            page.translation_key = next(iter(pages.values())).translation_key
        parent.add_child(instance=page)
        page.save_revision(user=by)
        WorkflowPage.objects.create(page=page, workflow=moderation_workflow())
        pages[language] = page
    group = _group(Role.Kind.LEAD, programme, None)
    _grant(group, pages.values(), LEAD_PERMISSIONS)
    return pages


@in_one_transaction
def open_branch(
    programme: Programme,
    *,
    code: str,
    name: dict[str, str],
    slug: str,
    by: User,
    wave: Wave | None = None,
    lead: User | None = None,
    liaison: dict[str, str] | None = None,
    reason: str = "",
    at=None,
) -> OpenedBranch:
    """Propose a pilot and make its board, in each language of the programme's page, as drafts.

    Makes the groups of the branch's editors, moderators, verifiers and supervision committee.
    Raises PermissionDenied unless ``by`` leads the programme, and ValidationError naming the field
    for a bad code, name or slug.
    """
    if not is_lead(by, programme):
        raise PermissionDenied(_("Only a lead of the programme may open a branch."))
    pilot = Pilot(
        programme=programme, wave=wave, code=code, name=name, lead=lead, liaison=liaison or {}
    )
    pilot.full_clean()
    pilot.save()
    record_step(pilot, "propose", by=by, reason=reason or str(_("Branch opened.")), at=at)
    boards: dict[str, BranchPage] = {}
    for parent in ProgrammePage.objects.filter(programme=programme).select_related("locale"):
        language = parent.locale.language_code
        board = BranchPage(
            pilot=pilot,
            locale=parent.locale,
            title=label_in(name, language) or code,
            slug=slug,
            owner=by,
        )
        if boards:
            board.translation_key = next(iter(boards.values())).translation_key
        parent.add_child(instance=board)
        board.save_revision(user=by)
        boards[language] = board
    for kind, permissions in BRANCH_GROUPS.items():
        _grant(_group(kind, programme, pilot), boards.values(), permissions)
    return OpenedBranch(pilot, boards)


def _group(kind: str, programme: Programme, pilot: Pilot | None) -> Group:
    """Make the group that holds ``kind``, with access to the admin."""
    name = f"{(pilot or programme).code} {Role.Kind(kind).value}s"
    group, _created = Group.objects.get_or_create(name=name)
    Role.objects.get_or_create(
        programme=programme, pilot=pilot, kind=kind, defaults={"group": group}
    )
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    if kind == Role.Kind.EDITOR:  # nothing to grant where wagtail-localize is not installed
        group.permissions.add(
            *Permission.objects.filter(
                content_type__app_label="wagtail_localize", codename="submit_translation"
            )
        )
    return group


def _grant(group: Group, pages, codenames: tuple[str, ...]) -> None:
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=codenames
    )
    for page in pages:
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(
                group=group, page_id=page.pk, permission=permission
            )
