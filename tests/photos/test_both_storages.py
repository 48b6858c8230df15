"""A folder and an object storage behave alike: what comes, goes, stays, and who is sent it."""

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction

from pledge_pages.models import EvidenceFile, MemberPhoto, MemberPhotoRendition
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.photos import actions
from pledge_pages.photos.renditions import TILE

from . import bucket, camera, pictures
from .conftest import CODE

pytestmark = pytest.mark.django_db

# Marks of the embargo lie beside them.
FOLDERS = ("photos", "renditions", "evidence")


class Kept:
    """The private files, wherever they are."""

    def __init__(self, names: Callable[[], dict[str, bytes]], lose: Callable[[], None]) -> None:
        self.names, self.lose = names, lose

    def __len__(self) -> int:
        return len(self.names())


@pytest.fixture(scope="module")
def running() -> Iterator[bucket.Bucket]:
    with bucket.running() as server:
        yield server


@pytest.fixture(params=["folder", "object storage"])
def kept(request, settings, tmp_path) -> Kept:
    """The files, in each of both storages."""
    if request.param == "folder":
        root = tmp_path / "private"
        settings.PLEDGE_PAGES_PRIVATE_ROOT = root

        def files() -> dict[str, bytes]:
            return {str(path.relative_to(root)): path.read_bytes() for path in paths()}

        def paths() -> list[Path]:
            return [path for name in FOLDERS for path in (root / name).rglob("*.*")]

        return Kept(files, lambda: [path.unlink() for path in paths()] and None)
    server = request.getfixturevalue("running")
    server.objects.clear()
    server.refusing.clear()
    settings.STORAGES = {**settings.STORAGES, "private": bucket.storage_at(server)}
    settings.PLEDGE_PAGES_PRIVATE_STORAGE = "private"
    # On a disk it is the mode of a file that keeps it private, here a word sent with each object.
    return Kept(
        lambda: {
            key.removeprefix("private/"): data
            for key, data in server.objects.items()
            if key.split("/")[1] in FOLDERS
        },
        server.objects.clear,
    )


def delete_and_fail(delete: Callable[[], object]) -> None:
    @transaction.atomic
    def doomed() -> None:
        delete()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        doomed()


def test_what_comes_is_kept_under_random_names_and_bare(town, kept):
    file = io.BytesIO(camera.photo("jpeg"))
    file.name = "SECRET.jpg"
    actions.add_photo(town.members["SGZ-M001"], file, by=town.editor(CODE))
    assert len(kept) == 4
    for name, content in kept.names().items():
        assert name.startswith(("photos/", "renditions/"))
        assert "SECRET" not in name
        assert camera.planted_in(content) == []


def test_objects_are_put_as_private(town, add_photo, running, settings):
    running.objects.clear()
    settings.STORAGES = {**settings.STORAGES, "private": bucket.storage_at(running)}
    settings.PLEDGE_PAGES_PRIVATE_STORAGE = "private"
    photo = add_photo()
    said = [running.said[name] for name in running.objects]
    assert len(said) == 4
    assert {row["x-amz-acl"] for row in said} == {"private"}
    assert photo.member.public_id not in str(said)
    for row in (photo, photo.renditions.first()):
        with pytest.raises(ValueError, match="no address"):
            _address = row.file.url


def test_staff_and_public_are_sent_the_same_bytes(client, town, add_photo, add_evidence, kept):
    photo, evidence = add_photo(), add_evidence()
    client.force_login(town.editor(CODE))
    rendition = photo.renditions.get(filter_spec=TILE)
    answer = client.get(rendition.url)
    assert answer.getvalue() == kept.names()[rendition.file.name]
    assert int(answer["Content-Length"]) == len(kept.names()[rendition.file.name])
    assert client.get(evidence.get_url()).getvalue() == kept.names()[evidence.file.name]
    assert not {"127.0.0.1", "X-Amz", "private/"} & set(str(answer.headers).split("/"))


def test_deleted_photos_and_evidence_leave_nothing(
    town, add_photo, add_evidence, kept, django_capture_on_commit_callbacks
):
    photo, evidence = add_photo(), add_evidence()
    assert len(kept) == 5
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_photo(photo, by=town.editor(CODE))
        actions.delete_evidence(evidence, by=town.editor(CODE))
    assert len(kept) == 0


def test_a_deleted_member_leaves_no_file(
    neighbour, add_photo, kept, django_capture_on_commit_callbacks
):
    other = add_photo()
    add_photo(neighbour)
    assert len(kept) == 8
    with django_capture_on_commit_callbacks(execute=True):
        neighbour.delete()
    left = [other.file.name, *(row.file.name for row in other.renditions.all())]
    assert sorted(kept.names()) == sorted(left)
    assert MemberPhotoRendition.objects.count() == 3


def test_a_deletion_that_is_rolled_back_keeps_everything(
    town, neighbour, add_photo, add_evidence, kept
):
    photo, evidence = add_photo(neighbour), add_evidence()
    before = kept.names()
    delete_and_fail(lambda: actions.delete_photo(photo, by=town.editor(CODE)))
    delete_and_fail(lambda: actions.delete_evidence(evidence, by=town.editor(CODE)))
    delete_and_fail(neighbour.delete)
    assert kept.names() == before
    assert (MemberPhoto.objects.count(), EvidenceFile.objects.count()) == (1, 1)


def test_a_step_that_fails_leaves_nothing_behind(town, kept, monkeypatch):
    monkeypatch.setattr(actions, "log", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.add_photo(
            town.members["SGZ-M001"], io.BytesIO(pictures.jpeg()), by=town.editor(CODE)
        )
    assert len(kept) == 0
    assert not MemberPhoto.objects.exists()


def test_a_file_that_is_lost_is_the_404_of_no_file_and_is_logged(
    client, town, add_photo, kept, caplog
):
    photo = add_photo()
    address = photo.renditions.get(filter_spec=TILE).url
    client.force_login(town.editor(CODE))
    kept.lose()
    with caplog.at_level(logging.ERROR, "pledge_pages"):
        answer = client.get(address)
    nothing = client.get(address.replace(photo.token, "A" * 24))
    assert (answer.status_code, answer.content) == (404, nothing.content)
    assert "missing" in caplog.text


def test_a_consent_taken_back_closes_the_photo_at_once(client, town, add_photo, kept):
    photo = add_photo()
    for language in ("zh-hans", "en"):
        page = town.pages["SGZ-M001", language]
        type(page).objects.filter(pk=page.pk).update(photo=photo)
    town.hold_branch(CODE)
    town.open(CODE)
    addresses = [row.url for row in photo.stored_renditions().values()]
    assert {client.get(address).status_code for address in addresses} == {200}
    withdraw_consent(town.members["SGZ-M001"], by=town.editor(CODE), subject="photo")
    assert {client.get(address).status_code for address in addresses} == {404}


def test_files_that_cannot_be_deleted_do_not_stop_the_deletion(
    town, add_photo, running, settings, django_capture_on_commit_callbacks
):
    running.objects.clear()
    settings.STORAGES = {**settings.STORAGES, "private": bucket.storage_at(running)}
    settings.PLEDGE_PAGES_PRIVATE_STORAGE = "private"
    photo = add_photo()
    running.refusing.add("DELETE")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            actions.delete_photo(photo, by=town.editor(CODE))
    finally:
        running.refusing.clear()
    assert not MemberPhoto.objects.exists()
