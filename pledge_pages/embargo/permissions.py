"""Who may do what with gated pages in Wagtail's admin and APIs.

Wagtail's page permissions flow down the tree. They stop at a gate: a group that may edit or
publish the whole site sees nothing of a pilot, unless it was given a role in it.
"""

from django.db.models import Q
from wagtail.models import Page, PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy

from ..pilots import roles
from .gate import gate_of, is_gated
from .models import GatedPage, HeldApproval


def gate_tops() -> list[str]:
    """Return the tree paths at which gated trees begin."""
    return list(GatedPage.objects.filter(top=True).values_list("page__path", flat=True))


def outermost(path: str, tops: list[str]) -> str | None:
    """Return the outermost gated tree that ``path`` lies in, or None."""
    above = [top for top in tops if path.startswith(top)]
    return min(above, key=len, default=None)


def outer_tops(tops: list[str]) -> list[str]:
    """Return those of the gated trees' paths that lie in no other gated tree."""
    return sorted(top for top in tops if outermost(top, tops) == top)


class GatedPermissionTester(PagePermissionTester):
    """What a user may do with one gated page."""

    def __init__(self, user, page):
        super().__init__(user, page)
        if hasattr(self, "permissions"):
            top = outermost(page.path, gate_tops())
            self.permissions = {
                permission.permission.codename.rsplit("_", maxsplit=1)[0]
                for permission in self.permission_policy.get_cached_permissions_for_user(user)
                if page.path.startswith(permission.page.path)
                and (top is None or permission.page.path.startswith(top))
            } - {"publish"}

    def can_publish(self) -> bool:
        """Nobody publishes by hand; approvals do.

        Wagtail lets those who publish restrict views and take back dates: nobody does that either.
        """
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        # Boards sort by office, and a tree order set by hand would publish without review.
        return False

    def can_unpublish(self) -> bool:
        """Moderators and leads may take down what is public, and withdraw its approval by that."""
        return bool(self.page.live and not self.page_locked() and self._steers())

    def can_delete(self, ignore_bulk=False) -> bool:
        """What was approved is withdrawn before it is deleted."""
        approved = HeldApproval.objects.filter(
            page__path__startswith=self.page.path, withdrawn_at__isnull=True
        )
        if approved.exists():
            return False
        return super().can_delete(ignore_bulk=ignore_bulk)

    def can_move(self) -> bool:
        """A gated page stays where it was made."""
        return False

    def can_move_to(self, destination) -> bool:
        return False

    def can_copy(self) -> bool:
        """There is one page for each member and language; so there is no place to copy to, either."""
        return False

    def _steers(self) -> bool:
        gate = gate_of(self.page)
        if gate is None or not self.user.is_active:
            return False
        return roles.is_lead(self.user, gate.programme) or roles.is_moderator(
            self.user, gate.programme, gate.pilot
        )


class GatedPagePermissionPolicy(PagePermissionPolicy):
    """Wagtail's page policy, with permissions that stop at a gate."""

    def instances_user_has_any_permission_for(self, user, actions):
        pages = super().instances_user_has_any_permission_for(user, actions)
        return self._without_foreign_gates(user, pages)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        if not self._reaches(user, instance):
            return False
        return super().user_has_any_permission_for_instance(user, actions, instance)

    def users_with_any_permission_for_instance(self, actions, instance, include_superusers=True):
        users = super().users_with_any_permission_for_instance(
            actions, instance, include_superusers
        )
        if not is_gated(instance):
            return users
        staff = Q(groups__pledge_role__programme_id=getattr(gate_of(instance), "programme_id", 0))
        return users.filter(staff | Q(is_superuser=True)).distinct()

    def _foreign_tops(self, user) -> list[str]:
        """Return the outermost gated trees in which ``user`` was given no permission."""
        if not user.is_active or user.is_superuser:
            return []
        tops = gate_tops()
        roots = outer_tops(tops)
        held = [perm.page.path for perm in self.get_cached_permissions_for_user(user)]
        return [root for root in roots if not any(path.startswith(root) for path in held)]

    def _reaches(self, user, instance: Page) -> bool:
        return not any(instance.path.startswith(top) for top in self._foreign_tops(user))

    def _without_foreign_gates(self, user, pages):
        """Leave out gated trees that the user reaches only through a permission from above."""
        if not user.is_active or user.is_superuser:
            return pages
        tops = gate_tops()
        held = [perm.page.path for perm in self.get_cached_permissions_for_user(user)]
        for root in outer_tops(tops):
            inside = [path for path in held if path.startswith(root)]
            within = Q(path__startswith=root)
            granted = Q()
            for path in inside:
                granted |= Q(path__startswith=path)
                granted |= Q(path__in=[path[:end] for end in range(len(root), len(path), 4)])
            pages = pages.filter(~within | granted) if inside else pages.exclude(within)
        return pages
