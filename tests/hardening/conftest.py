"""People who sign in, with a password alone or with a second factor."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django.fixtures import Settings

from pledge_pages.models import Pilot, Programme, Role, Wave
from tests.hardening.codes import code_for
from tests.worlds import PASSWORD, make_user

LOG_IN = "/admin/login/"
SET_UP = "/account/second-factor/set-up/"
ENGLISH = {"accept-language": "en"}


def visitor(**headers: str) -> Client:
    """Return a new browser that asks for English."""
    return Client(headers={**ENGLISH, **headers})


def sign_in(client: Client, name: str, password: str = PASSWORD, **query: str) -> Any:
    """Send the form for signing in; return the answer."""
    return client.post(LOG_IN, {"username": name, "password": password, **query})


def set_up(client: Client) -> str:
    """Set up an authenticator app for whoever is signed in; return its secret."""
    secret = client.get(SET_UP).context["form"].secret
    answer = client.post(SET_UP, {"code": code_for(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret


@pytest.fixture
def compulsory(settings: Settings) -> None:
    """As under the production settings."""
    settings.SECOND_FACTOR_COMPULSORY = True


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """A function that makes a user of a kind: editor, moderator, lead, superuser, manager."""

    def make(kind: str) -> User:
        if kind == "superuser":
            return make_user(kind, is_superuser=True)
        user = make_user(kind)
        if kind == "manager":
            user.groups.add(_group("managers", "access_admin", "change_user"))
        elif kind != "nobody":
            user.groups.add(_role(kind))
        return user

    return make


def _group(name: str, *codenames: str) -> Group:
    from django.contrib.auth.models import Permission

    group = Group.objects.create(name=name)
    group.permissions.add(*Permission.objects.filter(codename__in=codenames))
    return group


def _role(kind: str) -> Group:
    programme, _ = Programme.objects.get_or_create(
        code="PP", defaults={"public_name": {"en": "Pledges"}, "neutral_name": {"en": "Plan"}}
    )
    wave, _ = Wave.objects.get_or_create(programme=programme, number=1)
    pilot, _ = Pilot.objects.get_or_create(
        code="SGZ", defaults={"programme": programme, "wave": wave, "name": {"en": "Village"}}
    )
    group = _group(f"{kind}s", "access_admin")
    Role.objects.create(
        programme=programme, pilot=None if kind == "lead" else pilot, kind=kind, group=group
    )
    return group
