"""A public board whose secretary leaves traces on every surface, and a clock to set."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from pledge_pages.models import BranchPage, BranchPledge, Category, Consent, Member
from pledge_pages.people.models import Scope
from pledge_pages.photos.actions import add_photo
from tests.people.surfaces import GIVEN, GIVEN_LATIN, SURNAME, SURNAME_LATIN, Surfaces
from tests.photos import pictures
from tests.worlds import LANGUAGES, Town, build_town

CODE = "SGZ"
# The day of all visits, unless a test sets the clock.
TODAY = date(2026, 10, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, standing at nine in the morning of TODAY where the site is."""
    with time_machine.travel(datetime(2026, 10, 1, 9, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def public_town(django_db_setup, django_db_blocker) -> Iterator[Town]:
    """A public branch of two; everybody allowed everything, and the secretary has a photo.

    Built once for the module, in a transaction of its own.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_public_town()
        transaction.set_rollback(True)


@pytest.fixture
def town(public_town: Town, db) -> Town:
    """The town for one test; what it does to the database is undone."""
    return public_town


def build_public_town() -> Town:
    """Build the town over the site that is there."""
    town = build_town((CODE,), members=2)
    member = town.members["SGZ-M001"]
    Member.objects.filter(pk=member.pk).update(
        surname=SURNAME,
        given_name=GIVEN,
        surname_latin=SURNAME_LATIN,
        given_name_latin=GIVEN_LATIN,
    )
    photo = add_photo(member, io.BytesIO(pictures.jpeg()), by=town.editor(CODE))
    for language in LANGUAGES:
        page = town.pages["SGZ-M001", language]
        page.photo = photo
        board = BranchPage.objects.get(pk=town.boards[CODE, language].pk)
        board.members_indexed = True
        category = Category.objects.get()
        board.branch_pledges = [
            BranchPledge(
                year=2026, text="共同承诺", lead=member, category=category, locale=board.locale
            )
        ]
        for changed in (page, board):
            changed.save_revision(user=town.editor(CODE))
            changed.save()
    town.hold_branch(CODE)
    town.open(CODE)
    return town


@pytest.fixture
def member(town: Town) -> Member:
    """The secretary, on every surface."""
    return Member.objects.get(pk=town.members["SGZ-M001"].pk)


@pytest.fixture
def surfaces(client: Client, town: Town) -> Surfaces:
    """What a visitor sees of the secretary."""
    return Surfaces(client, town)


def allow(
    member: Member, subject: str, *, scope: str = Scope.PUBLIC_WEB, **values
) -> Consent | None:
    """Replace what counts of ``member`` for one subject and scope; with no values, by nothing."""
    member.consents.filter(scope=scope, subject=subject).update(current=False)
    member._prefetched_objects_cache = {}
    if not values:
        return None
    values = {"state": "granted", "level": "full", "given_on": date(2025, 3, 24), **values}
    return Consent.objects.create(member=member, scope=scope, subject=subject, **values)
