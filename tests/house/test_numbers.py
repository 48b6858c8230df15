"""A number that no database can hold is answered like one that is not there."""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.worlds import build_town

pytestmark = pytest.mark.django_db

HUGE = "9" * 20
LISTED = [
    *(f"/api/v2/{what}/?offset={HUGE}" for what in ("pages", "images", "documents")),
    *(f"/api/v3-preview/{what}/?offset={HUGE}" for what in ("pages", "images", "redirects")),
]
BOARDS = [
    "/api/v1/boards/?offset={}", "/api/v1/boards/?limit={}", "/api/v1/boards/?page={}",
    "/api/v1/boards/SGZ/?year={}", "/api/v1/pages/{}/workflow/",
]  # fmt: skip
SHOWN = ["/en/work-plan/?year={}", "/en/work-plan/village-1/?year={}", "/en/search/?q=ab&page={}"]
ADMIN = [
    "pages/{}/", "pages/{}/edit/", "pages/{}/delete/", "pages/{}/history/", "pages/{}/privacy/",
    "choose-page/{}/", "bulk/wagtailcore/page/publish/?id={}", "localize/submit/page/{}/",
    "pages/?owner={}", "reports/site-history/?user={}&object_id={}", "pledge-boards/{}/",
    "pledge-boards/members/?pilot={}", "pledge-boards/trail/?p={}",
]  # fmt: skip


@pytest.fixture
def town():
    town = build_town(codes=("SGZ",), members=1)
    town.hold_branch("SGZ")
    town.open("SGZ")
    return town


def ask(client: Client, address: str) -> HttpResponse:
    """Ask as if for the first time: on PostgreSQL an error ends the transaction it happens in."""
    with transaction.atomic():
        answer = client.get(address, headers={"accept-language": "en"})
        transaction.set_rollback(True)
    return answer


def test_the_apis_and_the_public_pages_do_not_fail_over_it(town, client) -> None:
    answers = {address: ask(client, address) for address in LISTED}
    assert {answer.status_code for answer in answers.values()} <= {400, 401}, answers
    assert "too large" in answers[LISTED[0]].json()["message"]
    for address in BOARDS:
        answer = ask(client, address.format(HUGE))
        assert answer.status_code in (401, 404, 422), address
    for address in SHOWN:
        assert ask(client, address.format(HUGE)).status_code == 200, address


def test_the_admin_does_not_fail_over_it(town) -> None:
    client = Client()
    client.force_login(town.admin)
    for address in ADMIN:
        answer = ask(client, f"/admin/{address.format(HUGE, HUGE)}")
        assert answer.status_code in (200, 302, 404), address
    there_is_none = ask(client, "/admin/pages/99999/edit/")
    huge = ask(client, f"/admin/pages/{HUGE}/edit/")
    assert (huge.status_code, huge.content) == (there_is_none.status_code, there_is_none.content)


def test_another_failure_is_not_hidden_behind_it(town, client, monkeypatch) -> None:
    def fail(*args, **kwargs):
        raise OverflowError

    monkeypatch.setattr("search.views.pages_found", fail)
    with pytest.raises(OverflowError):
        client.get("/en/search/?q=ab")
