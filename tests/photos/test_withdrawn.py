"""A photo that is allowed nowhere any more is deleted, and what was approved with it stays valid."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page

from pledge_pages.leak_check import inside
from pledge_pages.models import Consent, MemberPhoto
from pledge_pages.people.actions import record_consent, withdraw_consent
from pledge_pages.people.models import Scope
from pledge_pages.people.naming import today
from pledge_pages.photos import actions
from tests.photos.pictures import jpeg
from tests.worlds import build_town

CODE = "SGZ"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


@pytest.fixture
def town():
    """A public branch whose member shows a photo."""
    town = build_town(members=1)
    town.photo = actions.add_photo(
        town.members["SGZ-M001"], io.BytesIO(jpeg()), by=town.editor(CODE)
    )
    for page in town.pages.values():
        if page.member_id == town.photo.member_id:
            page.photo = town.photo
            page.save()
            page.save_revision(user=town.editor(CODE))
    town.hold_branch(CODE)
    town.open(CODE)
    return town


@pytest.fixture
def take_back(town, django_capture_on_commit_callbacks):
    """A function that withdraws the consent for the photo, and commits it."""

    def withdraw(scope: str | None = None, on: date | None = None, subject: str = "photo") -> None:
        with django_capture_on_commit_callbacks(execute=True):
            withdraw_consent(
                town.photo.member, by=town.editor(CODE), subject=subject, scope=scope, on=on
            )

    return withdraw


def files(root) -> int:
    return sum(path.is_file() for path in root.rglob("*"))


def address(photo) -> str:
    return photo.renditions.first().url


def test_withdrawn_everywhere_nothing_is_left_of_it(town, root, take_back):
    url = address(town.photo)
    assert Client().get(url).status_code == 200
    assert files(root) > 1
    take_back()
    assert files(root) == 0
    assert Client().get(url).status_code == 404
    staff = Client()
    staff.force_login(town.editor(CODE))
    assert staff.get(url).status_code == 404
    [line] = ModelLogEntry.objects.filter(action="pledge_pages.delete_photo")
    assert line.user == town.editor(CODE)


@pytest.mark.parametrize("left", ["granted", "pending"])
def test_withdrawn_in_some_places_it_is_hidden_and_kept(town, root, take_back, left):
    before = files(root)
    if left == "pending":
        record_consent(
            town.photo.member, by=town.editor(CODE), scope=Scope.VILLAGE_PRINT, subject="photo",
            level="full", state=Consent.State.PENDING,
        )  # fmt: skip
        take_back(Scope.VILLAGE_QR)
    take_back(Scope.PUBLIC_WEB)
    assert files(root) == before
    assert Client().get(address(town.photo)).status_code == 404


def test_it_is_kept_until_the_last_place_is_withdrawn(town, root, take_back):
    for scope in Scope.values:
        assert files(root) > 0
        take_back(scope)
    assert files(root) == 0


def test_an_end_in_the_future_and_a_withdrawn_name_delete_nothing(town, root, take_back):
    before = files(root)
    take_back(on=today() + timedelta(days=2))
    take_back(subject="name")
    assert files(root) == before


def test_the_files_stay_until_the_withdrawal_is_certain(town, root):
    before = files(root)
    withdraw_consent(town.photo.member, by=town.editor(CODE), subject="photo")
    assert files(root) == before


def test_what_was_approved_stays_valid_and_shows_initials(town, take_back):
    take_back()
    pages = Page.objects.filter(pk__in=[page.pk for page in town.pages.values()])
    live = pages.filter(live=True).count()
    town.close(CODE)
    town.open(CODE)
    assert pages.filter(live=True).count() == live == 2
    assert list(inside.database()) == list(inside.files()) == []
    record_consent(
        town.photo.member, by=town.editor(CODE), scope=Scope.PUBLIC_WEB, subject="photo",
        level="full", given_on=today(), method="paper",
    )  # fmt: skip
    text = Client().get("/zh-hans/work-plan/village-1/").content.decode()
    assert "SGZ-M001" in text
    assert "/photos/" not in text


def test_the_same_picture_can_be_added_again(town, root, take_back):
    take_back()
    again = actions.add_photo(town.photo.member, io.BytesIO(jpeg()), by=town.editor(CODE))
    assert again.pk != town.photo.pk
    assert files(root) > 1
    assert MemberPhoto.objects.count() == 2


def test_the_staff_are_told_before_and_after(town, root, django_capture_on_commit_callbacks):
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.editor(CODE))
    url = reverse("pledge_members:withdraw_consent", args=[town.photo.member_id])
    form = client.get(url).context["form"]
    assert str(form["subject"].help_text) in client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url, {"subject": "photo", "scope": Scope.PUBLIC_WEB})
    [kept] = [str(message) for message in get_messages(answer.wsgi_request)]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url, {"subject": "photo", "scope": ""})
    [gone] = [str(message) for message in get_messages(answer.wsgi_request)][-1:]
    assert len(gone) > len(kept)
    assert files(root) == 0


def test_what_ran_out_is_erased_by_the_daily_command_and_what_may_be_shown_is_kept(
    town, take_back, root, django_capture_on_commit_callbacks
):
    for subject_scope in Scope.values:
        take_back(scope=subject_scope, on=today() + timedelta(days=2))
    assert list(root.rglob("*.jpg"))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("erase_photos", stdout=io.StringIO())
    assert list(root.rglob("*.jpg"))
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("erase_photos", stdout=io.StringIO())
        assert not list(root.rglob("*.jpg"))
        line = ModelLogEntry.objects.filter(action="pledge_pages.delete_photo").first()
        assert line.user_id is None
