"""The API is what its description and its manual say."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import APIToken, Page

from pledge_pages.embargo.approval import withdraw
from tests.api.conftest import Api

pytestmark = pytest.mark.django_db

SNAPSHOT = Path(__file__).with_name("openapi.json")
MANUAL = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
BLOCK = re.compile(r"^```(console|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_description_is_the_one_that_was_agreed(public) -> None:
    """Write it anew with: manage.py export_openapi_schema --api pledge_pages.api.v1.api
    --indent 2 --sorted --output tests/api/openapi.json
    """
    answer = public.get("openapi.json")
    assert answer["Content-Type"].startswith("application/json")
    assert answer.json() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_address_of_the_description_is_in_the_manual_and_answers(public) -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    for path, operations in public.get("openapi.json").json()["paths"].items():
        assert path.replace("page_id", "id") in manual, path
        for method, operation in operations.items():
            some = re.sub(r"\{page_id\}", "999999", re.sub(r"\{(code|public_id)\}", "XYZ", path))
            answer = public.send(method.upper(), some)
            assert str(answer.status_code) in operation["responses"], path


def test_refusals_have_the_described_shape(public) -> None:
    described = public.get("openapi.json").json()
    shape = described["components"]["schemas"]["Problem"]["properties"]
    for path in ("boards/XYZ/", "boards/?limit=0", "pages/1/workflow/"):
        answer = public.get(path)
        assert set(answer.json()) == set(shape)
        assert answer["Content-Type"] == "application/problem+json"


def examples() -> list[tuple[list[str], Any]]:
    """Return (commands, answer to the last of them) of the manual."""
    found: list[tuple[list[str], Any]] = []
    for kind, text in BLOCK.findall(MANUAL.read_text(encoding="utf-8")):
        if kind == "console":
            joined = text.replace("\\\n", " ")
            found.append(
                ([line[2:] for line in joined.splitlines() if line.startswith("$ ")], None)
            )
        else:
            found[-1] = (found[-1][0], json.loads(text))
    return found


def run(command: str, client, tokens: dict[str, str], page: int, public_id: str):
    """Do what a curl command would do."""
    words = iter(shlex.split(command)[1:])
    method, headers, body, url = "GET", {}, b"", ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, value = next(words).split(": ", 1)
            headers[name] = re.sub(r"\$(\w+)", lambda match: tokens[match[1]], value)
        elif word == "-d":
            body, method = next(words).replace("$VERSION", tokens["VERSION"]).encode(), "POST"
        else:
            assert not word.startswith("-"), word
            url = word
    url = url.replace("/pages/17/", f"/pages/{page}/").replace("k7m2xw9p4d", public_id)
    return Api(client).send(method, url, body, **headers)


def keys(value: Any) -> Any:
    """Return the names in a JSON value, without its values; the first stands for a whole list."""
    if isinstance(value, dict):
        return {name: keys(entry) for name, entry in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value else None


def test_the_examples_of_the_manual_do_what_it_says(client, half_open_town) -> None:
    town = half_open_town
    page = Page.objects.get(pk=town.pages["LSW-M001", "en"].pk).specific
    withdraw(page, by=town.lead, reason="the manual begins with a draft")
    page.held_approval.delete()
    users = {"EDITOR": town.editor("LSW"), "MODERATOR": town.moderator("LSW")}
    tokens = {name: APIToken.create_token(user=user, name=name)[1] for name, user in users.items()}
    seen = examples()
    assert len(seen) >= 9
    for commands, expected in seen:
        for command in commands:
            answer = run(command, client, tokens, page.pk, town.members["SGZ-M001"].public_id)
            got = answer.json()
            if got.get("under_review"):
                tokens["VERSION"] = got["under_review"]["version"]
        assert answer.status_code == expected.get("status", 200), command
        for shown in expected.get("members", []):
            shown["photo"] = None  # nobody in this town has one
        assert keys(got) == keys(expected), command
        for name in ("review_state", "draft_state", "detail", "errors", "transitions", "counts"):
            if name in expected:
                assert without_ids(got[name]) == without_ids(expected[name]), (command, name)


def without_ids(value: Any) -> Any:
    return json.loads(re.sub(r"/pages/\d+/", "/pages/17/", json.dumps(value)))
