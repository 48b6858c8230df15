"""A town whose first branch is public and whose second is quiet, and readers with tokens."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from wagtail.models import APIToken

from tests.staging import staged
from tests.worlds import Town, build_town


class Api:
    """Asks the site over HTTP, as the bearer of a token or as the public."""

    def __init__(self, client: Client, token: str = "") -> None:
        self.client = client
        self.headers = {"accept-language": "en"}
        if token:
            self.headers["authorization"] = f"Bearer {token}"

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Ask for ``path``; one without a leading slash is below /api/v1/."""
        return self.client.get(_whole(path), headers={**self.headers, **headers})

    def post(self, path: str, body: Any = None) -> HttpResponse:
        """Send ``body`` as JSON, or nothing if it is None."""
        content = b"" if body is None else json.dumps(body)
        return self.client.post(
            _whole(path), content, content_type="application/json", headers=self.headers
        )

    def send(self, method: str, path: str, content: bytes = b"", **headers: str) -> HttpResponse:
        """Send anything."""
        return self.client.generic(
            method,
            _whole(path),
            content,
            content_type="application/json",
            headers={**self.headers, **headers},
        )


def _whole(path: str) -> str:
    return path if path.startswith(("/", "http")) else f"/api/v1/{path}"


@pytest.fixture
def public(client: Client) -> Api:
    """Someone without a token."""
    return Api(client)


@pytest.fixture
def bearer(client: Client) -> Callable[[Any], Api]:
    """A function that returns the API as the bearer of a new token of a user."""

    def make(user: Any) -> Api:
        _token, plain = APIToken.create_token(user=user, name="for a test")
        return Api(client, plain)

    return make


def build_quiet_town() -> Town:
    """Build it: both branches hold drafts only, SGZ is at the stage quiet."""
    town = build_town(members=2)
    town.to_stage("SGZ", "quiet")
    return town


quiet_town = staged(build_quiet_town)


def build_half_open_town() -> Town:
    """Build it: SGZ is public; LSW's pages are approved and held, its pilot is only proposed."""
    town = build_town(members=2)
    town.hold_branch("SGZ")
    town.hold_branch("LSW")
    town.open("SGZ")
    return town


half_open_town = staged(build_half_open_town)
