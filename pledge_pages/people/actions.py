"""What is done to people's records: consent is recorded and withdrawn, with a line in the log."""

from collections.abc import Callable, Iterable
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..contention import in_one_transaction
from ..pilots.models import Pilot
from ..pilots.roles import is_lead, sees_drafts
from .accounts import speaks_as
from .models import Consent, Member
from .naming import today

# What is done with what is kept of a person once they withdrew a consent; see ``after_withdrawal``.
Follows = Callable[[Member, str, User], None]
_follow: list[Follows] = []


def after_withdrawal(follows: Follows) -> None:
    """Let ``follows(member, subject, by)`` be done with every withdrawal, in its transaction.

    Rooms below keep things that this one does not know. They register when Django starts.
    """
    if follows not in _follow:
        _follow.append(follows)


def check_staff(member: Member, by: User) -> None:
    """Raise PermissionDenied unless ``by`` is staff of the member's branch or leads it."""
    if not (is_lead(by, member.pilot.programme) or sees_drafts(by, member.pilot)):
        raise PermissionDenied(
            _("You may not change the records of the branch %(code)s.")
            % {"code": member.pilot.code}
        )


def check_speaks_for(member: Member, by: User) -> None:
    """Raise PermissionDenied unless ``by`` is the member's own account, or may write for them."""
    if not speaks_as(by, member):
        check_staff(member, by)


@in_one_transaction
def record_consent(
    member: Member, *, by: User, scope: str, subject: str, level: str, **details
) -> Consent:
    """Record what ``member`` allowed for one scope and subject; it replaces what was before.

    ``details`` are further fields of Consent (state, given_on, expires_on, method, witness,
    form_version). The member's own account records it, or staff for the member. Raises
    PermissionDenied, or ValidationError naming the field.
    """
    check_speaks_for(member, by)
    details.setdefault("state", Consent.State.GRANTED)
    consent = Consent(member=member, scope=scope, subject=subject, level=level, **details)
    consent.full_clean(validate_constraints=False)
    _check_days(consent)
    member.consents.filter(scope=scope, subject=subject, current=True).update(current=False)
    consent.save()
    log(
        instance=member,
        action="pledge_pages.record_consent",
        user=by,
        data={"scope": scope, "subject": subject, "level": level, "state": consent.state},
    )
    return consent


def _check_days(consent: Consent) -> None:
    """Raise ValidationError if ``consent`` is given later than today, or is over already."""
    day = today()
    if consent.given_on and consent.given_on > day:
        raise ValidationError({"given_on": _("This day has not come yet.")})
    granted = consent.state == Consent.State.GRANTED
    if granted and consent.expires_on and consent.expires_on < day:
        raise ValidationError({"expires_on": _("The end lies in the past: nothing is granted.")})


@in_one_transaction
def import_consents(pilot: Pilot, consents: Iterable[Consent], *, by: User) -> None:
    """Take over what members of ``pilot`` allowed before it was recorded here, in one step.

    What nobody noted at the time, the day or the way it was granted, stays empty; the line in the
    log says how often. Raises PermissionDenied unless ``by`` leads the programme, ValidationError
    for a value that cannot be, or a member of another branch.
    """
    consents = list(consents)
    if not is_lead(by, pilot.programme):
        raise PermissionDenied(_("Only leads of the programme may take over consents."))
    for consent in consents:
        if consent.member.pilot_id != pilot.pk:
            raise ValidationError({"member": _("The member belongs to another branch.")})
        consent.clean_fields(exclude=["member"])
    Consent.objects.bulk_create(consents)
    granted = [row for row in consents if row.state == Consent.State.GRANTED]
    log(
        instance=pilot,
        action="pledge_pages.import_consents",
        user=by,
        data={
            "count": len(consents),
            "without_day": sum(not row.given_on for row in granted),
            "without_method": sum(not row.method for row in granted),
        },
    )


@in_one_transaction
def withdraw_consent(
    member: Member,
    *,
    by: User,
    subject: str,
    scope: str | None = None,
    on: date | None = None,
) -> int:
    """Withdraw the member's consent for ``subject`` in ``scope`` (all scopes if None), at once.

    The member's own account does, or staff for the member. Returns how many consents were
    withdrawn. Raises PermissionDenied.
    """
    check_speaks_for(member, by)
    day = on or today()
    # One that was withdrawn as of a later day counts until then.
    later = Q(state=Consent.State.WITHDRAWN, withdrawn_on__gt=day)
    rows = member.consents.filter(Q(state=Consent.State.GRANTED) | later)
    rows = rows.filter(subject=subject, current=True)
    if scope:
        rows = rows.filter(scope=scope)
    count = rows.update(state=Consent.State.WITHDRAWN, withdrawn_on=day)
    log(
        instance=member,
        action="pledge_pages.withdraw_consent",
        user=by,
        data={"scope": scope or "all", "subject": subject, "count": count},
    )
    if count:
        for follows in _follow:
            follows(member, subject, by)
    return count
