"""The demo's users: the accounts to sign in with, and those who wrote its history."""

import contextlib
import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from pledge_pages.mine.invitations import confirm_account, invite_member, open_account
from pledge_pages.people.models import Member
from pledge_pages.pilots.models import Role

from .sample import Sample

# Name -> what the account is for.
ACCOUNTS = {
    "editor": "drafts, edits and submits pages ({places})",
    "moderator": "returns or approves them, in every village; concurs with pilots",
    "verifier": "checks what became of pledges, in every village, and reads no drafts",
    "lead": "reviews, approves and suspends pilots, one by one or a whole wave",
    "supervisor": "receives what villagers report, in every village",
    "member": "reads, reports and replies at /zh-hans/mine/, as a member of the pilot village",
    "admin": "runs the site; approves what others wrote, and publishes nothing without a review either",
}
# The villages that the account `editor` writes for.
EDITOR_VILLAGES = ("LSW", "SGZ")

# The member whose account is `member`; the village of the pilot.
OWN_MEMBER = "SGZ-M09"

# Roles of the file's users that have something to do here.
FILE_ROLES = ("village_editor", "town_moderator", "pilot_approver")

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True)
class Account:
    """One account as it is printed: its password, or why there is none to print."""

    name: str
    password: str | None
    note: str = ""


def passwords_file() -> Path:
    """Return the file that keeps the demo's passwords."""
    return Path(settings.VAR_DIR) / "demo_accounts.json"


def read_passwords() -> dict[str, dict[str, str]]:
    """Return what the file says of each account; empty if there is no file that can be read."""
    try:
        kept = json.loads(passwords_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {
        name: entry
        for name, entry in kept.items()
        if isinstance(entry, dict) and isinstance(entry.get("password"), str)
    }


def write_passwords(kept: dict[str, dict[str, str]]) -> None:
    """Keep the passwords, readable by the owner of the file only."""
    path = passwords_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def new_password() -> str:
    """Return a random password that can be typed: 15 letters and digits, about 74 bits."""
    letters = [secrets.choice(ALPHABET) for _i in range(15)]
    return "-".join("".join(letters[start : start + 5]) for start in range(0, 15, 5))


def fingerprint(user) -> str:
    """Return what tells whether the stored password of ``user`` was changed."""
    return hashlib.sha256(user.password.encode()).hexdigest()[:16]


def make_users(sample: Sample) -> dict[str, object]:
    """Make every user of the demo, and return them by name.

    The accounts get the passwords of an earlier demo if its file is still there. Those who
    only wrote the history cannot sign in.
    """
    User = get_user_model()
    kept = read_passwords()
    users = {}
    for name in ACCOUNTS:
        password = kept.get(name, {}).get("password") or new_password()
        user = User.objects.create_user(
            name, password=password, is_superuser=name == "admin", is_staff=name == "admin",
            # Wagtail's page about one's own account asks for all of them.
            first_name="Demo", last_name=name.capitalize(),
        )  # fmt: skip
        kept[name] = {"password": password, "fingerprint": fingerprint(user)}
        users[name] = user
    for record in sample["users"]:
        if record["role"] in FILE_ROLES:
            name = record["username"]
            users[name] = User.objects.create_user(name, password=None)
    write_passwords(kept)
    return users


def give_addresses(users: dict[str, object]) -> None:
    """Give the accounts their mail addresses, once nothing of the past can be sent there."""
    for name in ACCOUNTS:
        users[name].email = f"{name}@example.org"
        users[name].save(update_fields=["email"])


def names_of(sample: Sample) -> list[str]:
    """Return the names of all users that the demo makes."""
    return [
        *ACCOUNTS,
        *(user["username"] for user in sample["users"] if user["role"] in FILE_ROLES),
    ]


def give_roles(sample: Sample, users: dict[str, object]) -> None:
    """Put the users into the groups of their villages and of the programme's leads."""
    leads = Group.objects.get(
        pledge_role__kind=Role.Kind.LEAD, pledge_role__programme__code=sample["town"]["id"]
    )
    branches = Role.objects.filter(pilot__code__in=list(sample.villages)).select_related("pilot")
    groups = {(role.kind, role.pilot.code): role.group_id for role in branches}
    everywhere = [groups[Role.Kind.MODERATOR, code] for code in sample.villages]
    users["editor"].groups.add(*(groups[Role.Kind.EDITOR, code] for code in EDITOR_VILLAGES))
    users["moderator"].groups.add(*everywhere)
    users["verifier"].groups.add(*(groups[Role.Kind.VERIFIER, code] for code in sample.villages))
    users["lead"].groups.add(leads)
    for record in sample["users"]:
        user = users.get(record["username"])
        if record["role"] == "village_editor":
            user.groups.add(groups[Role.Kind.EDITOR, record["village"]])
        elif record["role"] == "town_moderator":
            user.groups.add(*everywhere)
        elif record["role"] == "supervision_committee":
            user.groups.add(*(groups[Role.Kind.SUPERVISOR, code] for code in sample.villages))
        elif record["role"] == "pilot_approver":
            user.groups.add(leads)


def give_member(users: dict[str, object], members: dict[str, Member]) -> None:
    """Give a member the account `member`, as an editor of the village would, and its password."""
    member = members.get(OWN_MEMBER)
    if member is None:
        return
    member.user = users["member"]
    member.save(update_fields=["user"])
    invitation = invite_member(member, by=users["editor_sgz"])
    kept = read_passwords()
    open_account(invitation.user, token=invitation.token, password=kept["member"]["password"])
    confirm_account(member, by=users["moderator_1"], reason="asked when the account was opened")
    users["member"].refresh_from_db()
    kept["member"]["fingerprint"] = fingerprint(users["member"])
    write_passwords(kept)


def accounts() -> list[Account]:
    """Return the accounts with their passwords, as far as they are known."""
    User = get_user_model()
    kept = read_passwords()
    found = []
    changed = False
    users = {user.get_username(): user for user in User.objects.filter(username__in=ACCOUNTS)}
    for name in ACCOUNTS:
        user, entry = users.get(name), kept.get(name)
        if user is None:
            found.append(Account(name, None, "the account was deleted"))
        elif entry is None:
            note = f"the password is not kept any more; set one: manage.py changepassword {name}"
            found.append(Account(name, None, note))
        elif entry.get("fingerprint") == fingerprint(user):
            found.append(Account(name, entry["password"]))
        elif user.check_password(entry["password"]):
            entry["fingerprint"] = fingerprint(user)
            changed = True
            found.append(Account(name, entry["password"]))
        else:
            found.append(Account(name, None, "the password was changed by hand"))
    if changed:
        with contextlib.suppress(OSError):
            write_passwords(kept)
    return found
