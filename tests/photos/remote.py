"""Stands for an object storage: no local paths, but addresses of its own."""

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage


class RemoteStorage(Storage):
    """Keeps files in memory and behaves like S3 otherwise."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def _open(self, name: str, mode: str = "rb") -> File:
        if name not in self.files:
            raise FileNotFoundError(name)
        return ContentFile(self.files[name], name=name)

    def _save(self, name: str, content: File) -> str:
        self.files[name] = content.read()
        return name

    def exists(self, name: str) -> bool:
        return name in self.files

    def delete(self, name: str) -> None:
        self.files.pop(name, None)

    def size(self, name: str) -> int:
        return len(self.files[name])

    def url(self, name: str) -> str:
        return f"https://bucket.example.org/{name}?signed"


STORAGE = {"BACKEND": "tests.photos.remote.RemoteStorage"}
