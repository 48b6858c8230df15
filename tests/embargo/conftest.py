"""One town for all tests of a class: building it takes longer than most tests."""

from collections.abc import Iterator

import pytest

from tests.embargo.scene import world_in_a_transaction
from tests.worlds import Town


@pytest.fixture(scope="class")
def _built(request, django_db_setup, django_db_blocker) -> Iterator[Town]:
    """The town in the state of the world that the class of tests names."""
    with django_db_blocker.unblock(), world_in_a_transaction(request.cls.state) as town:
        yield town


@pytest.fixture
def world(_built: Town, db) -> Town:
    """The town for one test, with its users as they were: Wagtail caches permissions on them."""
    return _built.for_one_test()
