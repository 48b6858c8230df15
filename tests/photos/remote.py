"""Stands for an object storage: no local paths, but addresses of its own."""

from django.core.files.storage import InMemoryStorage


class RemoteStorage(InMemoryStorage):
    """Keeps files in memory and behaves like S3 otherwise."""

    def path(self, name: str) -> str:
        raise NotImplementedError

    def url(self, name: str) -> str:
        return f"https://bucket.example.org/{name}?signed"


STORAGE = {"BACKEND": "tests.photos.remote.RemoteStorage"}
