"""What is done with village links: issued, replaced, revoked, each with a line in the audit trail."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Site

from ..contention import in_one_transaction
from ..embargo import gate
from ..pilots import roles
from ..pilots.actions import MAX_REASON, check_reason
from ..pilots.models import Pilot
from ..pilots.stages import Stage
from . import tokens
from .models import VillageLink

# Links of one branch that are valid at the same time.
MOST = 20
# How far ahead a link may end, if it has an end.
LONGEST = timedelta(days=3653)


class LinkError(ValidationError):
    """A link cannot be issued, replaced, revoked or printed; the message says why."""


def may_issue(user: User | AnonymousUser, pilot: Pilot) -> bool:
    """Return whether ``user`` may issue, print and revoke links: the branch's staff and leads."""
    return roles.sees_drafts(user, pilot)


def find(token: str) -> VillageLink | None:
    """Return the link with this token, valid or not; None if there never was one. One query."""
    return by_hash(tokens.hash_of(token))


def by_hash(token_hash: str) -> VillageLink | None:
    """Return the link with the hash of its token, valid or not, or None. One query."""
    links = VillageLink.objects.select_related("pilot__programme")
    return links.filter(token_hash=token_hash).first()


def opens(link: VillageLink) -> bool:
    """Return whether ``link`` opens anything now: it does, and the gate has its lock."""
    return link.opens and gate.may_serve()


def end_of(last_day: date) -> datetime:
    """Return the moment at which a link ends whose last day is ``last_day``, where the site is.

    Raises LinkError if that day is over, or more than ten years ahead.
    """
    today = timezone.localdate()
    if last_day < today:
        raise LinkError(_("The end lies in the past."))
    if last_day > today + LONGEST:
        raise LinkError(
            _("The end lies too far ahead: %(latest)s at the latest. Or give no end.")
            % {"latest": (today + LONGEST).isoformat()}
        )
    return timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time()))


@in_one_transaction
def issue(
    pilot: Pilot,
    *,
    by: User,
    label: str = "",
    expires_at: datetime | None = None,
    at: datetime | None = None,
) -> VillageLink:
    """Issue a link that opens the board of ``pilot`` for as long as it runs.

    ``label`` says where it hangs; without ``expires_at`` it is valid until it is revoked; ``at``
    is when it was issued (now if None). Raises PermissionDenied, or LinkError saying why not.
    """
    pilot = _lock(pilot, by)
    if pilot.stage == Stage.ENDED:
        raise LinkError(_("%(pilot)s has ended: nothing of it can be read.") % _code(pilot))
    valid = [link for link in VillageLink.objects.filter(pilot=pilot) if link.is_valid]
    if len(valid) >= MOST:
        raise LinkError(
            _("%(pilot)s has %(number)d links. Revoke one that is not needed any more.")
            % {**_code(pilot), "number": len(valid)}
        )
    link = _new(pilot, by=by, label=label, expires_at=expires_at, at=at)
    log(instance=link, action="pledge_pages.issue_village_link", user=by)
    return link


@in_one_transaction
def rotate(link: VillageLink, *, by: User, reason: str = "") -> VillageLink:
    """Put a new link, with the same label and end, in the place of ``link``, which opens nothing
    from now on.

    Raises PermissionDenied, or LinkError if ``link`` is revoked or its time is over.
    """
    reason = reason.strip()[:MAX_REASON]
    pilot = _lock(link.pilot, by)
    link = _valid(link)
    if link.is_expired:
        raise LinkError(_("The time of this link is over. Issue a new one."))
    _close(link, by=by)
    fresh = _new(pilot, by=by, label=link.label, expires_at=link.expires_at, rotated_from=link)
    log(
        instance=fresh,
        action="pledge_pages.rotate_village_link",
        user=by,
        data={"reason": reason} if reason else {},
    )
    return fresh


@in_one_transaction
def revoke(link: VillageLink, *, by: User, reason: str) -> VillageLink:
    """Let ``link`` open nothing any more: its pages and photos are closed at once.

    Raises PermissionDenied, StageError if the reason is missing, or LinkError if it is revoked
    already.
    """
    reason = check_reason(reason)
    _lock(link.pilot, by)
    link = _valid(link)
    _close(link, by=by)
    log(
        instance=link,
        action="pledge_pages.revoke_village_link",
        user=by,
        data={"reason": reason},
    )
    return link


def address_of(link: VillageLink) -> str:
    """Return the whole address that is printed.

    Raises LinkError if SECRET_KEY was changed since the link was issued: what is printed already
    still works, but it cannot be printed again.
    """
    token = tokens.token_again(link.nonce, link.token_hash)
    if token is None:
        raise LinkError(
            _(
                "The site's SECRET_KEY was changed since this link was issued. What is printed "
                "already still works, but it cannot be printed again: replace the link."
            )
        )
    return site_of(link.pilot) + reverse("pledge_village:page", args=[token])


def site_of(pilot: Pilot) -> str:
    """Return scheme and host of the site that the board of ``pilot`` stands on."""
    board = pilot.pages.order_by("pk").first()
    site = board.get_site() if board else None
    site = site or Site.objects.filter(is_default_site=True).first()
    return site.root_url if site else ""


def _lock(pilot: Pilot, by: User) -> Pilot:
    """Return ``pilot``, locked. Raises PermissionDenied unless ``by`` may issue its links."""
    pilots = Pilot.objects.select_for_update(of=("self",)).select_related("programme")
    pilot = pilots.get(pk=pilot.pk)
    if not may_issue(by, pilot):
        raise PermissionDenied(
            _("You may not issue or revoke links of the branch %(pilot)s.") % _code(pilot)
        )
    return pilot


def _code(pilot: Pilot) -> dict[str, str]:
    return {"pilot": pilot.code}


def _valid(link: VillageLink) -> VillageLink:
    """Return ``link`` afresh; LinkError if it is revoked."""
    link = VillageLink.objects.select_related("pilot__programme").get(pk=link.pk)
    if link.is_revoked:
        raise LinkError(_("This link is revoked already."))
    return link


def _close(link: VillageLink, *, by: User) -> None:
    link.revoked_at, link.revoked_by = timezone.now(), by
    link.save(update_fields=["revoked_at", "revoked_by"])


def _new(
    pilot: Pilot,
    *,
    by: User,
    label: str,
    expires_at: datetime | None,
    at: datetime | None = None,
    rotated_from: VillageLink | None = None,
) -> VillageLink:
    if expires_at is not None and expires_at <= timezone.now():
        raise LinkError({"expires_at": _("The end lies in the past.")})
    nonce = tokens.new_nonce()
    link = VillageLink(
        pilot=pilot,
        nonce=nonce,
        token_hash=tokens.hash_of(tokens.token_from(nonce)),
        label=label.strip(),
        issued_by=by,
        issued_at=at or timezone.now(),
        expires_at=expires_at,
        rotated_from=rotated_from,
    )
    link.full_clean()
    link.save()
    return link
