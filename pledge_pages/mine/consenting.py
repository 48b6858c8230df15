"""What a member allows to be shown of them where, changed by themselves in one step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.models import User

from ..contention import in_one_transaction
from ..people.actions import check_speaks_for, record_consent, withdraw_consent
from ..people.models import Consent, Member, Scope
from ..people.naming import name_level, photo_allowed, today

Wishes = Mapping[tuple[str, str], str]


def allowed_now(member: Member) -> dict[tuple[str, str], str]:
    """Return what may be shown today, by place and subject; from consents that were fetched."""
    found = {}
    for scope in Scope.values:
        found[scope, Consent.Subject.NAME.value] = str(name_level(member, scope))
        photo = Consent.Level.FULL if photo_allowed(member, scope) else Consent.Level.NONE
        found[scope, Consent.Subject.PHOTO.value] = str(photo)
    return found


def ran_out(member: Member) -> dict[tuple[str, str], date]:
    """Return until which day there was a consent that has run out, by place and subject."""
    return {
        (consent.scope, consent.subject): consent.expires_on
        for consent in member.consents.all()
        if consent.current and consent.has_run_out and consent.expires_on
    }


@in_one_transaction
def change_consents(member: Member, wishes: Wishes, *, by: User) -> int:
    """Let be allowed what ``wishes`` says, by place and subject, from now on; all or nothing.

    What is the same as before is left alone. Returns how many changed. Raises PermissionDenied, or
    ValidationError naming the field.
    """
    check_speaks_for(member, by)
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    now, changed = allowed_now(member), 0
    for (scope, subject), level in wishes.items():
        if now.get((scope, subject)) == level:
            continue
        if level == Consent.Level.NONE:
            withdraw_consent(member, by=by, subject=subject, scope=scope)
        else:
            record_consent(
                member, by=by, scope=scope, subject=subject, level=level, given_on=today(),
                method=Consent.Method.ONLINE,
            )  # fmt: skip
        changed += 1
    return changed
