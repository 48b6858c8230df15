"""A town with a public branch and a hidden one, and checks of it from the command line."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from pledge_pages.embargo import triggers
from pledge_pages.models import LeakCheck
from tests.embargo.scene import SHUT, world_in_a_transaction


@pytest.fixture(scope="class")
def _built(django_db_setup, django_db_blocker):
    """SGZ suspended, LSW public; member 2 of each was never submitted."""
    with django_db_blocker.unblock(), world_in_a_transaction(SHUT) as town:
        yield town
        triggers.forget_verification()


@pytest.fixture
def town(_built, db):
    """The town for one test."""
    return _built


@pytest.fixture
def audit() -> Callable[..., tuple[int, str, LeakCheck]]:
    """A function that runs the command: what it ends with, what it prints, what it keeps."""
    return run_audit


def run_audit(**options) -> tuple[int, str, LeakCheck]:
    out = StringIO()
    code = 0
    with translation.override("en"):
        try:
            call_command("audit_embargo", stdout=out, stderr=StringIO(), **options)
        except CommandError as error:
            code = error.returncode
            out.write(f"{error}\n")
    return code, out.getvalue(), LeakCheck.objects.first()
