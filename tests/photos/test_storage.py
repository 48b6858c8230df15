"""Private files: outside of what is served, without an address, gone when they should be."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from pledge_pages.photos.storage import (
    PrivateStorage,
    files_removed_on_error,
    private_root,
    private_storage,
)

from . import remote

pytestmark = pytest.mark.once


@pytest.fixture
def root(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PLEDGE_PAGES_PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


def kept(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_a_file_is_kept_and_read_back(root):
    name = private_storage().save("a/photo.jpg", ContentFile(b"pixels"))
    with private_storage().open(name) as file:
        assert file.read() == b"pixels"
    assert Path(private_storage().path(name)).parent == root / "a"


def test_there_is_no_address(root):
    name = private_storage().save("photo.jpg", ContentFile(b"pixels"))
    with pytest.raises(ValueError, match="no address"):
        private_storage().url(name)


def test_other_users_of_the_machine_cannot_read_it(root):
    name = private_storage().save("a/photo.jpg", ContentFile(b"pixels"))
    path = Path(private_storage().path(name))
    assert not path.stat().st_mode & stat.S_IRWXO
    assert not path.parent.stat().st_mode & stat.S_IRWXO


@pytest.mark.parametrize("inside", ["media", "media/private", "media/../media/x"])
def test_a_folder_that_everyone_may_read_is_refused(settings, tmp_path, inside):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PLEDGE_PAGES_PRIVATE_ROOT = str(tmp_path / inside)
    with pytest.raises(ImproperlyConfigured, match="MEDIA_ROOT"):
        private_storage().save("photo.jpg", ContentFile(b"pixels"))
    assert not (tmp_path / "media").exists()


def test_without_a_setting_it_lies_beside_the_uploads(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    del settings.PLEDGE_PAGES_PRIVATE_ROOT
    assert private_root() == tmp_path / "pledge_pages_private"


def test_another_storage_can_hold_the_files(settings, root):
    settings.STORAGES = {**settings.STORAGES, "elsewhere": remote.STORAGE}
    settings.PLEDGE_PAGES_PRIVATE_STORAGE = "elsewhere"
    name = private_storage().save("photo.jpg", ContentFile(b"pixels"))
    assert storages["elsewhere"].exists(name)
    assert not root.exists()
    with pytest.raises(NotImplementedError):
        private_storage().path(name)
    with pytest.raises(ValueError, match="no address"):
        private_storage().url(name)
    private_storage().delete(name)
    assert not storages["elsewhere"].exists(name)


def test_migrations_name_the_storage_without_a_path(root):
    assert PrivateStorage().deconstruct() == ("pledge_pages.photos.storage.PrivateStorage", (), {})


def test_files_of_a_failed_step_are_removed(root):
    private_storage().save("before.jpg", ContentFile(b"pixels"))

    @files_removed_on_error()
    def save_and_fail() -> None:
        private_storage().save("during.jpg", ContentFile(b"pixels"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert kept(root) == ["before.jpg"]


def test_files_of_an_inner_step_are_removed_when_the_outer_one_fails(root):
    @files_removed_on_error()
    def save_and_fail() -> None:
        with files_removed_on_error():
            private_storage().save("inner.jpg", ContentFile(b"pixels"))
        assert kept(root) == ["inner.jpg"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert kept(root) == []


def test_files_of_a_step_that_worked_stay(root):
    with files_removed_on_error():
        private_storage().save("photo.jpg", ContentFile(b"pixels"))
    assert kept(root) == ["photo.jpg"]
