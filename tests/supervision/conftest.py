"""What the tests of supervision share: a village with a committee, and people who write to it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from pledge_pages.models import Member, Report
from pledge_pages.supervision import actions, receipts
from pledge_pages.supervision.receiving import Said, receive
from tests.village.conftest import (  # noqa: F401
    link,
    path_of,
    reader,
    reader_of,
)
from tests.village.conftest import town as village
from tests.worlds import Town, make_user

__all__ = ["village"]

RAW = "我是老赵,垃圾三天没扫"
QUESTION = {"zh-hans": "村口三天没扫。", "en": "The gate was not swept for three days."}
ANSWER = {"zh-hans": "昨天补扫了。", "en": "It was swept yesterday."}
CONTACT = "赵家老二,村东头"


@pytest.fixture
def town(village: Town) -> Town:
    """SGZ is quiet; each branch has a supervision committee."""
    for code in ("SGZ", "LSW"):
        user = make_user(f"supervisor_{code.lower()}")
        user.groups.add(Group.objects.get(name=f"{code} supervisors"))
        village.users[user.username] = user
    return village


@pytest.fixture
def supervisor(town: Town):
    return town.users["supervisor_sgz"]


@pytest.fixture
def member(town: Town) -> Member:
    return town.members["SGZ-M001"]


@pytest.fixture
def public(town: Town) -> Town:
    """The same, once SGZ is public."""
    town.open("SGZ")
    return town


@pytest.fixture
def report(town: Town, member: Member) -> Report:
    """What somebody sent about a member, with a contact."""
    said = Said(town.pilots["SGZ"], "report", "qr", RAW, CONTACT, member)
    return receive(said, code=receipts.new_code())


@pytest.fixture
def answered(town: Town, report: Report, supervisor) -> Report:
    """The same, accepted, with a public text, and answered by the branch."""
    actions.accept(report, by=supervisor)
    actions.redact(report, by=supervisor, text=QUESTION)
    return actions.answer(report, by=town.editor("SGZ"), text=ANSWER)


@pytest.fixture
def published(town: Town, answered: Report) -> Report:
    """The same, published by a moderator."""
    return actions.publish(answered, by=town.moderator("SGZ"))


Fill = Callable[..., dict[str, str]]


@pytest.fixture
def fill() -> Fill:
    """A function that fills in the form at an address as a browser would send it."""

    def filled(client: Client, address: str, **given: str) -> dict[str, str]:
        form = client.get(address).content.decode()
        token = form.split('name="form" value="')[1].split('"')[0]
        return {"kind": "report", "text": RAW, "contact": "", "website": "", "form": token, **given}

    return filled


def code_in(answer) -> str:
    """Return the receipt code that an answer shows."""
    return answer.content.decode().split('class="pp-code"><strong>')[1].split("<")[0]
