"""The town, built once for all tests of a module."""

import logging
from collections.abc import Iterator

import pytest

from pledge_pages.photos.storage import private_storage
from tests.chance.ground import Ground
from tests.chance.opening import ground_in_a_transaction


@pytest.fixture(scope="module")
def ground(django_db_setup, django_db_blocker) -> Iterator[Ground]:
    """The town and the model of it; what a test changes is rolled back, and it has to copy the model."""
    with django_db_blocker.unblock(), ground_in_a_transaction() as built:
        yield built


@pytest.fixture(autouse=True)
def _files_stay(monkeypatch) -> None:
    """Rows come back when a run is rolled back; the files of photos would not."""
    monkeypatch.setattr(type(private_storage()), "delete", lambda self, name: None)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A page that is not there is what half of the looks are for: say nothing of it."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)
