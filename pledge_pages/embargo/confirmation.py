"""A lead's word that a database which was put back from a copy may be served."""

from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..pilots import roles
from ..pilots.actions import check_reason
from ..pilots.errors import NotAllowed, StageError
from ..pilots.models import Pilot
from ..pilots.stages import Stage
from . import release, restored
from .models import Whereabouts
from .triggers import database


def may_confirm(user: Any) -> bool:
    """Return whether ``user`` may confirm a restored database: leads and superusers may."""
    return user.is_active and (user.is_superuser or roles.led_programmes(user).exists())


def confirm(*, by: User, reason: str) -> release.DryRun:
    """Confirm that what was closed since the copy was made is closed again, and open the gate.

    What stands approved of approved pilots is published again, in the same transaction. Returns
    what was done. Raises NotAllowed, or StageError if the reason is missing or there is nothing to
    confirm.
    """
    if not may_confirm(by):
        raise NotAllowed(
            _("%(user)s leads no programme and may not confirm.") % {"user": by.get_username()}
        )
    reason = check_reason(reason)
    try:
        return _confirm(by, reason)
    except BaseException:
        # This process may have believed what was not committed.
        restored.forget_verification()
        raise


@in_one_transaction
def _confirm(by: User, reason: str) -> release.DryRun:
    using = database()
    restored.settle_in(using)
    row = Whereabouts.objects.using(using).select_for_update().get(pk=1)
    finding = restored.notice(using)
    if finding is None:
        raise StageError(_("There is nothing to confirm."), code="nothing_to_confirm")
    restored.accept(using)
    log(
        instance=row,
        action="pledge_pages.confirm_restore",
        user=by,
        data={"reason": reason, "lost": finding.lost_steps + finding.lost_lines},
    )
    return release.reopen_pilots(Pilot.objects.filter(stage=Stage.APPROVED), by=by)
