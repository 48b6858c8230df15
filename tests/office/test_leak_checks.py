"""The leak check in the admin: for leads, with progress, with what each reader may know."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from pledge_pages.leak_check import background, check
from pledge_pages.leak_check.models import SILENCE, LeakCheck
from pledge_pages.models import Pilot, Programme, Role
from pledge_pages.pilots.actions import take_step
from tests.office.conftest import speak_english
from tests.worlds import make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/pledge-boards/leak-checks/"
BEGIN = f"{LIST}begin/"


@pytest.fixture
def finished(town) -> LeakCheck:
    """A check that found a hidden title on one page, and a missing trigger."""
    board = town.boards["SGZ", "zh-hans"]
    row = LeakCheck.objects.create(
        source="command", finished_at=timezone.now(), addresses=12, needles=34, certain=2
    )
    row.surfaces = [{"name": "pages", "state": "checked", "addresses": 12, "seconds": 0.5},
                    {"name": "api_v2", "state": "absent", "addresses": 0, "seconds": 0}]  # fmt: skip
    row.findings = [
        {"surface": "pages", "what": "found", "key": f"title:{board.pk}:0", "kind": "title",
         "certain": True, "programme": town.programme.pk, "detail": {},
         "places": ["/zh-hans/brief/"], "count": 3},
        {"surface": "database", "what": "trigger", "key": "", "kind": "", "certain": True,
         "programme": None, "detail": {"name": "some_trigger"}, "places": [], "count": 1},
    ]  # fmt: skip
    row.save()
    return row


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_leads_and_administrators_read_what_was_found(town, sign_in, finished, who):
    client = sign_in(getattr(town, who))
    listed = text_of(client.get(LIST))
    assert f"{LIST}{finished.pk}/" in listed
    assert re.search(r"<h1[^>]*>(<[^>]*>|\s)*[^<]*Leak check", client.get(LIST).content.decode())
    assert "Command line" in listed
    shown = text_of(client.get(f"{LIST}{finished.pk}/"))
    assert "12 addresses read, 34 words looked for: 2 findings, 0 possible ones." in shown
    for words in ("SGZ村", "/zh-hans/brief/", "and 2 more", "some_trigger", "This site has none"):
        assert words in shown
    assert "refresh" not in shown


def test_a_lead_of_another_programme_reads_no_words_and_no_places(town, sign_in, finished):
    other = Programme.objects.create(code="QQ", public_name={"en": "Q"}, neutral_name={"en": "q"})
    group = Group.objects.create(name="QQ leads")
    Role.objects.create(programme=other, kind=Role.Kind.LEAD, group=group)
    user = make_user("other_lead")
    user.groups.add(group, Group.objects.get(name="PP leads"))
    user.groups.remove(Group.objects.get(name="PP leads"))
    group.permissions.set(Group.objects.get(name="PP leads").permissions.all())
    speak_english(user)
    shown = text_of(sign_in(user).get(f"{LIST}{finished.pk}/"))
    assert "some_trigger" in shown
    assert "Found: title" in shown
    assert "SGZ" not in shown
    assert "/zh-hans/brief/" not in shown


@pytest.mark.parametrize("who", ["editor", "moderator"])
def test_others_are_kept_out(town, sign_in, finished, who):
    client = sign_in(getattr(town, who)("SGZ"))
    for address in (LIST, f"{LIST}{finished.pk}/"):
        assert client.get(address).status_code in (302, 403)
    assert client.post(BEGIN).status_code in (302, 403)
    assert LeakCheck.objects.count() == 1
    assert "leak-checks" not in client.get("/admin/").content.decode()


def test_a_check_is_begun_with_one_button_and_followed_without_javascript(
    town, sign_in, monkeypatch
):
    begun: list[LeakCheck] = []
    monkeypatch.setattr(background, "start", begun.append)
    client = sign_in(town.lead)
    assert 'method="post"' in text_of(client.get(LIST))
    answer = client.post(BEGIN)
    [row] = LeakCheck.objects.all()
    assert begun == [row]
    assert row.started_by == town.lead
    assert answer.headers["Location"] == f"{LIST}{row.pk}/"
    LeakCheck.objects.filter(pk=row.pk).update(done=30, total=120, stage="search")
    shown = text_of(client.get(answer.headers["Location"]))
    assert '<meta http-equiv="refresh" content="2">' in shown
    assert re.search(r'<progress [^>]*max="100" value="25"', shown)
    assert "The site&#x27;s search, with every word" in shown

    listed = text_of(client.get(LIST))
    assert "Running: 30 of about 120 addresses" in listed
    assert "<td>0</td>" not in listed

    again = client.post(BEGIN, follow=True)
    assert "A leak check is running" in text_of(again)
    assert LeakCheck.objects.count() == 1
    assert "watch it" in text_of(client.get(LIST))


def test_without_a_worker_the_button_answers_before_the_check_has_run(town, sign_in, monkeypatch):
    waiting: list = []

    class Later:
        def __init__(self, **kwargs) -> None:
            self.kwargs = kwargs

        def start(self) -> None:
            waiting.append(self.kwargs["args"])

    monkeypatch.setattr(background, "Thread", Later)
    monkeypatch.setattr(check, "run", lambda row: pytest.fail("run while the browser waits"))
    assert sign_in(town.lead).post(BEGIN).status_code == 302
    assert waiting == [[LeakCheck.objects.get().pk]]


def test_a_check_during_which_a_pilot_moved_says_so(town, sign_in, finished):
    client, address = sign_in(town.lead), f"{LIST}{finished.pk}/"
    assert "check again" not in text_of(client.get(address))
    LeakCheck.objects.update(finished_at=timezone.now() + timedelta(minutes=1))
    take_step(Pilot.objects.get(code="LSW"), "agree", by=town.lead, reason="meanwhile")
    assert "The stage of 1 pilot was changed while the check ran" in text_of(client.get(address))


def test_a_check_that_fell_silent_is_broken_off_and_another_can_begin(town, sign_in, monkeypatch):
    monkeypatch.setattr(background, "start", lambda row: None)
    silent = LeakCheck.objects.create(
        source="admin", heard_of_at=timezone.now() - SILENCE, started_at=timezone.now() - SILENCE
    )
    client = sign_in(town.admin)
    shown = text_of(client.get(f"{LIST}{silent.pk}/"))
    assert "Broken off" in shown
    assert "refresh" not in shown
    client.post(BEGIN)
    assert LeakCheck.objects.count() == 2


def test_what_the_button_begins_is_the_same_check_as_the_command_s(town, sign_in, monkeypatch):
    surfaces = [entry for entry in check.SURFACES if entry.name in ("pages", "hidden")]
    monkeypatch.setattr(check, "SURFACES", surfaces)
    monkeypatch.setattr(background, "start", lambda row: background.run_in_task.call(row.pk))
    client = sign_in(town.lead)
    shown = text_of(client.post(BEGIN, follow=True))
    row = LeakCheck.objects.get()
    assert row.result == LeakCheck.Result.CLEAN
    assert "Nothing found." in shown
    assert row.addresses > 20


def test_reports_and_findings_have_pages(town, sign_in, finished):
    row = finished.findings[0]
    finished.findings = [{**row, "places": [f"/place-{number}/"]} for number in range(60)]
    finished.save()
    client = sign_in(town.lead)
    address = f"{LIST}{finished.pk}/"
    assert "/place-59/" not in text_of(client.get(address))
    assert "/place-59/" in text_of(client.get(address, {"p": 2}))
    LeakCheck.objects.bulk_create(
        LeakCheck(source="admin", finished_at=timezone.now()) for _number in range(25)
    )
    assert "?p=2" in text_of(client.get(LIST))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_thread_runs_the_check_while_the_browser_goes_on(monkeypatch):
    """On SQLite the tests' database is in memory and known to one connection only."""
    from threading import enumerate as threads

    monkeypatch.setattr(check, "SURFACES", [e for e in check.SURFACES if e.name == "robots"])
    row = check.begin(by=None, source="command")
    before = set(threads())
    background.start(row)
    for thread in set(threads()) - before:
        thread.join(60)
    row.refresh_from_db()
    assert row.finished_at is not None
    assert row.result == LeakCheck.Result.CLEAN
