"""Moves a pilot from stage to stage. Approving and suspending live in ``embargo.release``."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from ..contention import in_one_transaction
from ..labels import label_in
from . import roles
from .errors import NotAllowed, StageError
from .models import Pilot, Programme, Role, Transition
from .stages import VERBS, Stage

MAX_REASON = 2000


def check_step(pilot: Pilot, verb: str, *, by: User) -> None:
    """Raise NotAllowed or StageError unless ``by`` may take step ``verb`` with ``pilot`` now."""
    if verb not in VERBS:
        raise StageError(_("There is no step “%(verb)s”.") % {"verb": verb}, code="unknown_verb")
    label = VERBS[verb].label
    if not may_take(verb, pilot, by):
        raise NotAllowed(
            _("%(user)s may not take the step “%(verb)s” with %(pilot)s.")
            % {"user": by.get_username(), "verb": label, "pilot": pilot.code}
        )
    if pilot.stage not in VERBS[verb].origins:
        raise StageError(
            _("%(pilot)s is at the stage “%(stage)s”; “%(verb)s” cannot follow.")
            % {"pilot": pilot.code, "stage": pilot.get_stage_display(), "verb": label},
            code="wrong_stage",
        )
    if verb in ("start", "approve"):
        check_wave(pilot)


def may_take(verb: str, pilot: Pilot, by: User) -> bool:
    """Return whether ``by`` holds a role that may take step ``verb`` with ``pilot``.

    Leads take every step. Moderators of the pilot may concur, so that a lead does not decide alone.
    """
    if roles.is_lead(by, pilot.programme) or by == pilot.lead:
        return True
    return verb == "concur" and roles.has_role(by, Role.Kind.MODERATOR, pilot)


def check_wave(pilot: Pilot) -> None:
    """Raise StageError unless the wave before ``pilot``'s is approved as a whole."""
    if pilot.wave is None:
        return
    earlier = Pilot.objects.filter(
        programme_id=pilot.programme_id, wave__number__lt=pilot.wave.number
    ).exclude(stage__in=[Stage.APPROVED, Stage.ENDED])
    waiting = earlier.order_by("wave__number", "code").first()
    if waiting:
        raise StageError(
            _("%(pilot)s has to wait: %(earlier)s of an earlier wave is not approved yet.")
            % {"pilot": pilot.code, "earlier": waiting.code},
            code="wave_closed",
        )


def check_reason(reason: str) -> str:
    """Return ``reason`` without surrounding space; StageError if it is empty or too long."""
    reason = (reason or "").strip()
    if not reason:
        raise StageError(_("Give a reason."), code="no_reason")
    if len(reason) > MAX_REASON:
        raise StageError(
            _("The reason is too long: at most %(max)d characters.") % {"max": MAX_REASON},
            code="long_reason",
        )
    return reason


def concurrence_for(pilot: Pilot, *, by: User) -> Transition | None:
    """Return a concurrence by someone other than ``by``, given since the stage was entered."""
    entered = pilot.transitions.exclude(verb="concur").first()
    concurrences = pilot.transitions.filter(verb="concur").exclude(by=by)
    if entered:
        concurrences = concurrences.filter(id__gt=entered.id)
    return concurrences.first()


def lock_programmes(ids: Iterable[int]) -> None:
    """Lock these programmes until the transaction ends: before their pilots, and those before pages.

    A programme's page is public while any of its pilots is approved, so no two of them may leave or
    reach that stage at the same time.
    """
    rows = Programme.objects.select_for_update(no_key=True).filter(pk__in=ids)
    list(rows.order_by("pk").values_list("pk"))


@in_one_transaction
def take_step(
    pilot: Pilot,
    verb: str,
    *,
    by: User,
    reason: str,
    at: datetime | None = None,
) -> Transition:
    """Take one step with ``pilot`` and log it.

    ``verb`` is any of :data:`stages.VERBS` but ``approve`` and ``suspend``, which move pages as
    well. Raises NotAllowed, or StageError if the step cannot follow or the reason is missing.
    """
    if verb in ("approve", "suspend"):
        raise ValueError("Use embargo.release: approving and suspending move pages as well.")
    reason = check_reason(reason)
    lock_programmes([pilot.programme_id])
    pilot = Pilot.objects.select_for_update(of=("self",)).select_related("wave").get(pk=pilot.pk)
    check_step(pilot, verb, by=by)
    return record_step(pilot, verb, by=by, reason=reason, at=at)


def record_step(
    pilot: Pilot, verb: str, *, by: User, reason: str, at: datetime | None = None
) -> Transition:
    """Log the step and set the stage that it leads to. The caller has checked and locked."""
    origin, target = pilot.stage, VERBS[verb].target or pilot.stage
    # Before the stage: the database refuses one that opens a pilot and that nobody decided.
    step = Transition.objects.create(
        pilot=pilot,
        verb=verb,
        from_stage=origin,
        to_stage=target,
        by=by,
        at=at or timezone.now(),
        reason=reason,
    )
    if target != origin:
        pilot.stage = target
        pilot.save(update_fields=["stage"])
    return step


def describe(pilot: Pilot) -> str:
    """Return name, code and stage of ``pilot`` for messages and the command line."""
    return f"{label_in(pilot.name)} ({pilot.code}): {pilot.get_stage_display()}"
