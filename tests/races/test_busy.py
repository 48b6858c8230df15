"""Somebody else holds what is needed, and goes on holding it: a clear message, and nothing done."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import APIToken

from pledge_pages.contention import TRIES, BusyError, ChangedMeanwhile, busy, in_one_transaction
from pledge_pages.embargo import release
from pledge_pages.embargo.moderation import version_of
from pledge_pages.models import Pilot
from pledge_pages.office.pilot_steps import fingerprint
from tests.races import elsewhere
from tests.worlds import PASSWORD, Town

pytestmark = [pytest.mark.django_db(transaction=True)]


def session_of(username: str) -> str:
    client = Client()
    assert client.login(username=username, password=PASSWORD)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_what_stays_changed_is_tried_a_few_times_and_then_said(ready_town: Town):
    tries = []

    @in_one_transaction
    def act() -> None:
        tries.append(connection.in_atomic_block)
        raise ChangedMeanwhile("the page is not as it was")

    with pytest.raises(BusyError, match="not as it was"):
        act()
    assert tries == [True] * TRIES


def test_a_release_that_does_not_get_through_says_so_and_does_nothing(ready_town: Town, stored):
    kept = stored()
    before = kept.digest()
    with kept.in_the_way():
        end = elsewhere.run(elsewhere.release, "SGZ", "lead", database=kept.impatient)
    assert end.error == f"BusyError: {busy()}"
    assert kept.digest() == before
    assert elsewhere.run(elsewhere.release, "SGZ", "lead", database=kept.impatient).error is None
    assert kept.stage == "approved"


def test_in_the_admin_the_reason_that_was_typed_is_kept_for_another_try(ready_town: Town, stored):
    pilot = Pilot.objects.get(code="SGZ")
    session = session_of("lead")
    seen = fingerprint(release.plan([pilot], by=ready_town.lead))
    address = reverse("pledge_boards:step", args=[pilot.pk, "approve"])
    data = {"reason": "it has proved itself", "seen": seen}
    kept = stored()
    with kept.in_the_way():
        end = elsewhere.run(elsewhere.post, address, data, session, database=kept.impatient)
    assert end.error is None
    status, text = end.answer
    assert status == 200
    assert busy() in text
    assert "it has proved itself" in text
    assert kept.live == 0
    assert kept.stage == "reviewed"


def test_an_approval_that_does_not_get_through_says_so_and_stays_in_review(
    ready_town: Town, stored
):
    page = ready_town.submit(ready_town.pages["SGZ-M001", "en"], ready_town.editor("SGZ"))
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    session = session_of("moderator_sgz")
    kept = stored()
    with kept.in_the_way():
        end = elsewhere.run(elsewhere.post, address, {}, session, database=kept.impatient)
    assert end.error is None
    assert end.answer[0] == 302
    assert busy() in end.answer[1]
    status = f"SELECT status FROM wagtailcore_taskstate WHERE id = {state.pk}"
    assert kept.ask(status) == "in_progress"


def test_the_api_answers_that_it_is_busy_and_not_that_it_broke(ready_town: Town, stored):
    page = ready_town.submit(ready_town.pages["SGZ-M001", "en"], ready_town.editor("SGZ"))
    _row, token = APIToken.create_token(user=ready_town.moderator("SGZ"), name="for a test")
    version = version_of(page.current_workflow_task_state)
    kept = stored()
    address = f"/api/v1/pages/{page.pk}/workflow/approve"
    with kept.in_the_way():
        end = elsewhere.run(elsewhere.call, address, token, version, database=kept.impatient)
    assert end.error is None
    assert end.answer == (503, busy())
    assert kept.ask("SELECT count(*) FROM wagtailcore_taskstate WHERE status = 'in_progress'") == 1
