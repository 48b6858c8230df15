"""What the tests of members' own pages share: a quiet village, one of whose members has an account."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client

from pledge_pages.mine.invitations import confirm_account, invite_member, open_account
from pledge_pages.models import Member
from tests.embargo.scene import add_files
from tests.staging import staged
from tests.worlds import PASSWORD, Town, build_town

OWN = "/zh-hans/mine/"


def give_account(member: Member, by, *, confirmed_by=None) -> Member:
    """Give ``member`` an account with :data:`PASSWORD`, as they do it themselves."""
    invitation = invite_member(member, by=by)
    open_account(invitation.user, token=invitation.token, password=PASSWORD)
    if confirmed_by is not None:
        confirm_account(member, by=confirmed_by, reason="asked at the door")
    return Member.objects.get(pk=member.pk)


def build() -> Town:
    """Build two villages: SGZ is quiet with all it holds, LSW proposed; one member of each is in."""
    town = build_town(members=2)
    add_files(town)
    town.hold_branch("SGZ")
    town.to_stage("SGZ", "quiet")
    for code in ("SGZ-M001", "LSW-M001"):
        town.members[code] = give_account(
            town.members[code], town.editor(code[:3]), confirmed_by=town.moderator(code[:3])
        )
    return town


town = staged(build)


@pytest.fixture
def member(town: Town) -> Member:
    """The member of SGZ who has an account."""
    return town.members["SGZ-M001"]


@pytest.fixture
def mine(member: Member, sign_in: Callable[..., Client]) -> Client:
    """The browser in which that member is signed in."""
    return sign_in(member.user)


def path_of(link: str) -> str:
    """Return the path in the address that an invitation has."""
    return urlsplit(link).path
