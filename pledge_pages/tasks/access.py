"""Who assigns tasks, who answers for whom, and what has to be a lead's decision."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..appraisal.access import may_write
from ..embargo.models import HeldApproval
from ..people.accounts import speaks_as
from ..people.models import Member
from ..pilots import roles
from ..pilots.models import Pilot
from .models import Assignment

Anyone = User | AnonymousUser


def assignments_seen_by(user: Anyone) -> QuerySet[Assignment]:
    """Return the assignments that ``user`` may see as staff: of branches they edit or lead."""
    return Assignment.objects.filter(pilot__in=roles.pilots_written_by(user))


def check_assigns(user: User, pilot: Pilot) -> None:
    """Raise PermissionDenied unless ``user`` may assign tasks in ``pilot``: editors and leads."""
    if not may_write(user, pilot):
        raise PermissionDenied(
            _("Only editors and leads assign tasks in the branch %(code)s.") % {"code": pilot.code}
        )


def check_answers(user: User, member: Member) -> None:
    """Raise PermissionDenied unless ``user`` is the member, or editor or lead with the paper."""
    if not (speaks_as(user, member) or may_write(user, member.pilot)):
        raise PermissionDenied(
            _("Only the member, or an editor of the branch for the member, may answer.")
        )


def has_approved_page(members: Iterable[Member]) -> bool:
    """Return whether a page of any of ``members`` is approved: it shows their posts as they are."""
    approved = HeldApproval.objects.filter(
        page__memberpledgepage__member__in=list(members), withdrawn_at__isnull=True
    )
    return approved.exists()


def check_post(user: User, members: Iterable[Member], pilot: Pilot) -> None:
    """Raise PermissionDenied if a post would be seen without any review, unless by a lead's will."""
    if not roles.is_lead(user, pilot.programme) and has_approved_page(members):
        raise PermissionDenied(
            _("An approved page shows a post at once, so only a lead assigns one there.")
        )
