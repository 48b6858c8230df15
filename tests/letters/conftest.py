"""What the tests of mails to staff share: a quiet village with a committee, and a report in it."""

from tests.supervision.conftest import (  # noqa: F401
    member,
    report,
    supervisor,
    town,
    village,
)
