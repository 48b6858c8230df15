"""Two at once with the same entry: one of them comes to it, the other is told."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from pledge_pages.appraisal import ledger
from pledge_pages.models import Member, PointConfirmation, PointEntry
from tests.appraisal.conftest import rule
from tests.worlds import build_town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def at_once(*acts: Callable) -> list[str]:
    """Do all of ``acts`` at the same moment, each by a connection of its own; return what came of each."""
    start, came = Barrier(len(acts)), []

    def run(act: Callable) -> None:
        start.wait()
        try:
            act()
            came.append("done")
        except ValidationError:
            came.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(came)


def test_an_entry_is_made_confirmed_and_taken_back_once_however_many_try() -> None:
    town = build_town(("SGZ",), members=1)
    rule(town)
    member, lead, moderator = Member.objects.get(), town.lead, town.moderator("SGZ")
    asked = {"year": 2026, "clause": "P1", "on": date(2026, 5, 4), "by": town.editor("SGZ")}
    assert at_once(*[lambda: ledger.enter_points(member, **asked)] * 3) == [
        "done", "refused", "refused",
    ]  # fmt: skip
    entry = PointEntry.objects.get()
    confirm = [lambda by=by: ledger.confirm_entries([entry], by=by) for by in (lead, moderator)]
    assert at_once(*confirm) == ["done", "done"]
    assert PointConfirmation.objects.count() == 1
    back = [
        lambda by=by: ledger.reverse_entry(entry, by=by, reason="x") for by in (lead, moderator)
    ]
    assert at_once(*back) == ["done", "refused"]
    assert PointEntry.objects.filter(reversal_of=entry).count() == 1
