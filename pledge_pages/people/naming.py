"""The one place that says what name, and whether a photo, may be shown of a person where."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Replace
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from .models import Consent, Member

# Languages written in the script that `surname` and `given_name` are kept in.
NATIVE_LANGUAGES = ("zh", "ja", "ko")


@dataclass(frozen=True)
class ShownName:
    """A name as it may be shown: the text, initials for a tile, and how much of it this is."""

    text: str
    initials: str
    level: str


def today() -> date:
    """Return today's date where the site is."""
    return timezone.localdate()


def counts(consent: Consent, on: date) -> bool:
    """Return whether ``consent`` allows anything on the day ``on``.

    Pending, declined, withdrawn and expired all count as no. A consent counts on its last day.
    """
    if consent.state not in (Consent.State.GRANTED, Consent.State.WITHDRAWN):
        return False
    if consent.state == Consent.State.WITHDRAWN and consent.withdrawn_on is None:
        return False
    if consent.given_on and on < consent.given_on:
        return False
    if consent.withdrawn_on and on >= consent.withdrawn_on:
        return False
    return not (consent.expires_on and on > consent.expires_on)


def _current(member: Member, scope: str, subject: str) -> Consent | None:
    joined = member.__dict__.get("_joined_consents", {})
    if (scope, subject) in joined:
        return joined[scope, subject]
    # `.all()` and not `.filter()`: lists prefetch the consents of all members at once.
    rows = [
        consent
        for consent in member.consents.all()
        if consent.current and consent.scope == scope and consent.subject == subject
    ]
    return rows[0] if rows else None


def join_consents(queryset: QuerySet, scope: str, member: str = "member") -> QuerySet:
    """Fetch the consents that count in ``scope`` along with ``queryset``, in the same query.

    ``member`` is the path from the queryset's model to the member. Each row has to be passed to
    :func:`use_joined` before its member's name is asked for.
    """
    joined = {
        f"{subject}_consent": FilteredRelation(
            f"{member}__consents",
            condition=Q(
                **{
                    f"{member}__consents__scope": scope,
                    f"{member}__consents__subject": subject,
                    f"{member}__consents__current": True,
                }
            ),
        )
        for subject in Consent.Subject.values
    }
    return queryset.annotate(**joined).select_related(*joined)


def use_joined(row, member: Member, scope: str) -> Member:
    """Give ``member`` the consents that :func:`join_consents` fetched along with ``row``."""
    if "name_consent" in row.__dict__ or "name_consent" in row._state.fields_cache:
        member._joined_consents = {
            (scope, subject): getattr(row, f"{subject}_consent", None)
            for subject in Consent.Subject.values
        }
    return member


def name_level(member: Member, scope: str, on: date | None = None) -> str:
    """Return how much of the name may be shown in ``scope``: full, surname_only or none."""
    consent = _current(member, scope, Consent.Subject.NAME)
    if consent is None or not counts(consent, on or today()):
        return Consent.Level.NONE
    return consent.level


def photo_allowed(member: Member, scope: str, on: date | None = None) -> bool:
    """Return whether the member's photo may be shown in ``scope``."""
    consent = _current(member, scope, Consent.Subject.PHOTO)
    return bool(consent and consent.level == Consent.Level.FULL and counts(consent, on or today()))


def photo_is_wanted(member: Member) -> bool:
    """Return whether the member's photo may be shown anywhere, today or later, or may yet be.

    A pending consent counts: the photo waits for it.
    """
    day = today()
    rows = member.consents.filter(
        subject=Consent.Subject.PHOTO, level=Consent.Level.FULL, current=True
    ).filter(Q(expires_on__isnull=True) | Q(expires_on__gte=day))
    given = Q(state__in=[Consent.State.PENDING, Consent.State.GRANTED])
    return rows.filter(given | Q(state=Consent.State.WITHDRAWN, withdrawn_on__gt=day)).exists()


def shown_name(
    member: Member, scope: str, language: str | None = None, on: date | None = None
) -> ShownName:
    """Return the name of ``member`` that may be shown in ``scope``, in ``language``.

    ``language`` is a language code (the active one if None); ``on`` is the day asked about (today
    if None). Without consent the text says only that the name is not shown.
    """
    level = name_level(member, scope, on)
    language = language or get_language()
    latin, surname, given = _parts(member, language)
    if level == Consent.Level.FULL:
        text = full_name(member, language)
        initials = (surname[:1] + given[:1]).upper() if latin else surname[:1]
        return ShownName(text, initials, level)
    with override(language):
        if level == Consent.Level.SURNAME_ONLY:
            text = _("%(surname)s (surname only)") % {"surname": surname}
            return ShownName(text, surname[:1].upper(), level)
        return ShownName(_("Name not shown"), "–", level)


def _parts(member: Member, language: str | None) -> tuple[bool, str, str]:
    """Return whether the name is written in Latin letters in ``language``, and its two parts."""
    native = (language or "").split("-")[0] in NATIVE_LANGUAGES
    if native or not member.surname_latin:
        return False, member.surname, member.given_name
    return True, member.surname_latin, member.given_name_latin


def full_name(member: Member, language: str | None) -> str:
    """Return the whole name in ``language``, for the member themselves. Never for other readers."""
    latin, surname, given = _parts(member, language)
    return f"{surname} {given}".strip() if latin else f"{surname}{given}"


def members_named(query: str, scope: str, on: date | None = None) -> QuerySet[Member]:
    """Return the members whose showable name in ``scope`` contains ``query``.

    A full name is found by any part of it, in either script, with or without the space; a member
    who allowed the surname only is found by the surname alone; others are never found.
    """
    query = "".join(unicodedata.normalize("NFKC", query).split())
    if not query:
        return Member.objects.none()
    level = Subquery(
        _effective_consents(scope, on or today()).filter(member=OuterRef("pk")).values("level")[:1]
    )
    members = Member.objects.annotate(
        name_level=level,
        name_native=_closed_up("surname", "given_name"),
        name_latin=_closed_up("surname_latin", "given_name_latin"),
        only_native=_closed_up("surname"),
        only_latin=_closed_up("surname_latin"),
    )
    full = Q(name_level=Consent.Level.FULL) & (
        Q(name_native__icontains=query) | Q(name_latin__icontains=query)
    )
    surname = Q(name_level=Consent.Level.SURNAME_ONLY) & (
        Q(only_native__icontains=query) | Q(only_latin__icontains=query)
    )
    return members.filter(full | surname)


def _closed_up(*fields: str) -> Replace:
    """The texts of ``fields`` as one, without any space, as a query is asked."""
    return Replace(Concat(*fields, Value("")), Value(" "), Value(""))


def _effective_consents(scope: str, on: date) -> QuerySet[Consent]:
    """Current consents for the name that count in ``scope`` on the day ``on``."""
    return (
        Consent.objects.filter(scope=scope, subject=Consent.Subject.NAME, current=True)
        .filter(
            Q(state=Consent.State.GRANTED)
            | Q(state=Consent.State.WITHDRAWN, withdrawn_on__isnull=False)
        )
        .filter(Q(given_on__isnull=True) | Q(given_on__lte=on))
        .filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))
        .filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on))
    )
