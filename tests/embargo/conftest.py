"""One town for all tests of a module: building it takes longer than most tests."""

import copy
from collections.abc import Iterator

import pytest

from tests.embargo.scene import world_in_a_transaction
from tests.worlds import Town


@pytest.fixture(scope="module")
def state(request, django_db_setup, django_db_blocker) -> Iterator[Town]:
    """The town of this module, in the state of the world that the tests name."""
    with django_db_blocker.unblock(), world_in_a_transaction(request.param) as town:
        yield town


@pytest.fixture
def world(state: Town, db) -> Town:
    """The town for one test, with its users as they were: Wagtail caches permissions on them."""
    town = copy.copy(state)
    for user in (town.admin, town.lead, *town.users.values()):
        for name in [name for name in vars(user) if name.endswith("_cache")]:
            delattr(user, name)
    return town
