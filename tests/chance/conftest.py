"""The town, built once for all tests of a module."""

import logging
from collections.abc import Iterator

import pytest

from tests.chance.ground import Ground
from tests.chance.opening import ground_in_a_transaction


@pytest.fixture(scope="module")
def ground(django_db_setup, django_db_blocker) -> Iterator[Ground]:
    """The town and the model of it; what a test changes is rolled back, and it has to copy the model."""
    with django_db_blocker.unblock(), ground_in_a_transaction() as built:
        yield built


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A page that is not there is what half of the looks are for: say nothing of it."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)
