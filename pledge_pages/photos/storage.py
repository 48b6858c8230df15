"""Where private files lie: a folder outside MEDIA_ROOT, or a storage of the host's choice."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible

from .. import conf

FOLDER = "pledge_pages_private"

# Readable by the web server if it is in the group (X-Accel-Redirect), by nobody else.
FILE_MODE = 0o640
FOLDER_MODE = 0o750

_written: ContextVar[list[str] | None] = ContextVar("photos_written", default=None)


def private_root() -> Path:
    """Return the folder of the private files.

    Raises ImproperlyConfigured if it lies inside MEDIA_ROOT, where everyone could fetch it.
    """
    media = Path(settings.MEDIA_ROOT).resolve() if settings.MEDIA_ROOT else None
    chosen = conf.get("PRIVATE_ROOT")
    root = Path(chosen) if chosen else (media.parent if media else Path.cwd()) / FOLDER
    root = root.resolve()
    if media and (root == media or media in root.parents):
        raise ImproperlyConfigured(
            f"PLEDGE_PAGES_PRIVATE_ROOT ({root}) lies inside MEDIA_ROOT ({media}), which is "
            "served to everyone. Choose a folder outside it."
        )
    return root


@deconstructible(path="pledge_pages.photos.storage.PrivateStorage")
class PrivateStorage(Storage):
    """Keeps files in PRIVATE_ROOT or in the storage PRIVATE_STORAGE, and gives no address."""

    @property
    def inner(self) -> Storage:
        """The storage that really holds the files."""
        alias = conf.get("PRIVATE_STORAGE")
        if alias:
            return storages[alias]
        return FileSystemStorage(
            location=private_root(),
            file_permissions_mode=FILE_MODE,
            directory_permissions_mode=FOLDER_MODE,
        )

    def url(self, name: str | None) -> str:
        """Raise ValueError: private files are sent by ``photos.serving`` only."""
        raise ValueError("Private files have no address of their own; see photos.serving.")

    def path(self, name: str) -> str:
        return self.inner.path(name)

    def exists(self, name: str) -> bool:
        return self.inner.exists(name)

    def size(self, name: str) -> int:
        return self.inner.size(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self.inner.listdir(path)

    def get_modified_time(self, name: str):
        return self.inner.get_modified_time(name)

    def delete(self, name: str) -> None:
        self.inner.delete(name)

    def _open(self, name: str, mode: str = "rb") -> File:
        return self.inner.open(name, mode)

    def _save(self, name: str, content: File) -> str:
        name = self.inner.save(name, content)
        written = _written.get()
        if written is not None:
            written.append(name)
        return name


def private_storage() -> PrivateStorage:
    """Return the storage for the file fields; a function, so that migrations name it alone."""
    return PrivateStorage()


@contextlib.contextmanager
def files_removed_on_error() -> Iterator[None]:
    """Delete the private files written inside the block if it ends with an exception.

    Put it around a transaction: a roll-back undoes the rows, this undoes the files.
    """
    outer, written = _written.get(), []
    token = _written.set(written)
    try:
        yield
    except BaseException:
        for name in written:
            with contextlib.suppress(OSError):
                PrivateStorage().delete(name)
        raise
    else:
        if outer is not None:
            outer.extend(written)
    finally:
        _written.reset(token)
