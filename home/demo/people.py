"""The people of the sample town: offices, posts, members, and what they consented to."""

from collections.abc import Iterator
from datetime import date, timedelta

from pledge_pages.people.actions import import_consents
from pledge_pages.people.models import Consent, Member, Office, Post, Scope
from pledge_pages.pilots.models import Pilot
from pledge_pages.rulebook.models import Category

from .names import split_name
from .sample import Record, Sample, day, day_or_none, labels_of

# Code of a role in the file -> where it stands on a board.
RANKS = {"sec": 10, "dep": 20, "mem": 30, "vet": 40, "flow": 50}

# Scopes as the file names them.
SCOPES = {
    "board_print": Scope.VILLAGE_PRINT,
    "village_qr": Scope.VILLAGE_QR,
    "public_web": Scope.PUBLIC_WEB,
}
STATES = {
    "granted": Consent.State.GRANTED,
    "granted_village_only": Consent.State.GRANTED,
    "expired": Consent.State.GRANTED,
    "pending": Consent.State.PENDING,
    "declined": Consent.State.DECLINED,
    "withdrawn": Consent.State.WITHDRAWN,
}

# Post -> categories that its holder looks after. The file has both, and does not say.
LOOKED_AFTER = {
    "policy": ("open_affairs",), "clean": ("sanitation",), "mediate": ("mediation",),
    "safety": ("safety",), "flood": ("flood",), "fire": ("fire",),
    "care": ("elder_care", "children_health"), "farm": ("farming",), "watch": ("open_affairs",),
    "civil": ("culture", "duty"), "facility": ("roads",), "permit": ("building",),
}  # fmt: skip


def make_categories(sample: Sample) -> dict[str, Category]:
    """Make the categories of pledges, in the file's order, and return them by code."""
    return {
        record["code"]: _kept_or_made(
            Category, record["code"], name=labels_of(record), rank=10 * place
        )
        for place, record in enumerate(sample["categories"], start=1)
    }


def make_offices(sample: Sample) -> dict[str, Office]:
    """Make the offices that members hold, and return them by code."""
    roles = {member["role"]["code"]: member["role"] for member in sample["members"]}
    return {
        code: _kept_or_made(
            Office, code, name=labels_of(roles[code]), rank=rank, is_secretary=code == "sec"
        )
        for code, rank in RANKS.items()
    }


def make_posts(sample: Sample) -> dict[str, Post]:
    """Make the posts that members claim, and return them by code."""
    return {
        record["code"]: _kept_or_made(Post, record["code"], name=labels_of(record))
        for record in sample["posts"]
    }


def link_posts(categories: dict[str, Category]) -> None:
    """Say what the holders of posts look after, which the file does not."""
    for code, looked_after in LOOKED_AFTER.items():
        Post.objects.get(code=code).categories.add(*(categories[each] for each in looked_after))


def _kept_or_made(model, code: str, **values):
    """Return the record with that code: another programme may have made it already."""
    return model.objects.get_or_create(code=code, defaults=values)[0]


def make_members(
    records: list[Record],
    pilots: dict[str, Pilot],
    offices: dict[str, Office],
    posts: dict[str, Post],
) -> dict[str, Member]:
    """Make the members in ``records``, and return them by the file's code."""
    members = {}
    for record in records:
        name = split_name(record["name_zh"], record["name_en"])
        member = Member.objects.create(
            code=record["id"],
            pilot=pilots[record["village"]],
            surname=name.surname,
            given_name=name.given_name,
            surname_latin=name.surname_latin,
            given_name_latin=name.given_name_latin,
            office=offices[record["role"]["code"]],
        )
        member.posts.set(posts[code] for code in record["posts"])
        members[record["id"]] = member
    return members


def make_consents(
    sample: Sample, records: list[Record], members: dict[str, Member], today: date, *, by
) -> None:
    """Take over what the members consented to, for name and photo, in every scope."""
    shift = days_to_shift(sample, today)
    found: dict[Pilot, list[Consent]] = {}
    for record in records:
        member = members[record["id"]]
        found.setdefault(member.pilot, []).extend(consents_of(record["consent"], member, shift))
    for pilot, consents in found.items():
        import_consents(pilot, consents, by=by)


def days_to_shift(sample: Sample, today: date) -> timedelta:
    """Return by how much the consents' dates have to move for the photos to be seen today.

    Whether a consent counts is asked of the real calendar. Nothing moves from the day on which
    the file was closed until its first granted consent runs out.
    """
    runs_out = min(
        day(member["consent"]["renew_by"])
        for member in sample["members"]
        if member["consent"]["photo_state"].startswith("granted")
    )
    return timedelta(0) if sample.on <= today <= runs_out else today - sample.on


def consents_of(record: Record, member: Member, shift: timedelta) -> Iterator[Consent]:
    """Yield the unsaved consents of ``member``: one for name and one for photo in each scope."""
    given_on, withdrawn_on, expires_on = (
        moved(day_or_none(record[name]), shift) for name in ("given_on", "withdrawn_on", "renew_by")
    )
    details = {
        "method": record["method"] or "",
        "witness": record["witness"] or "",
        "form_version": record["form_version"],
    }
    # The file keeps a date for the photo alone; a name has no other, and does not run out.
    full = record["name_state"] == "granted"
    for scope in SCOPES.values():
        yield Consent(
            member=member,
            scope=scope,
            subject=Consent.Subject.NAME,
            level=Consent.Level.FULL if full else Consent.Level.SURNAME_ONLY,
            state=Consent.State.GRANTED,
            given_on=given_on,
            **details,
        )
    for name, scope in SCOPES.items():
        state = STATES[record["photo_state"]]
        if record["photo_state"] == "granted_village_only" and name not in record["scopes"]:
            state = Consent.State.DECLINED
        declined = state == Consent.State.DECLINED
        yield Consent(
            member=member,
            scope=scope,
            subject=Consent.Subject.PHOTO,
            level=Consent.Level.NONE if declined else Consent.Level.FULL,
            state=state,
            given_on=given_on,
            expires_on=None if declined else expires_on,
            withdrawn_on=withdrawn_on,
            **details,
        )


def moved(when: date | None, shift: timedelta) -> date | None:
    """Return ``when`` moved by ``shift``, if there is a date."""
    return when + shift if when else None
