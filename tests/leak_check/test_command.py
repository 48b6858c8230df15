"""`audit_embargo` finds every leak that was planted, and nothing where there is none."""

import json
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage

from pledge_pages.embargo import triggers
from pledge_pages.leak_check import check as checks
from pledge_pages.leak_check.models import LeakCheck
from pledge_pages.models import Member
from tests.embargo.scene import SHUT, world_in_a_transaction
from tests.leak_check.conftest import run_audit
from tests.leak_check.leaks import LEAKS, TITLE, TRIGGER, Leak, plant

pytestmark = pytest.mark.django_db

SURFACES = [
    "pages", "addresses", "sitemap", "robots", "hidden", "redirects", "search", "photos",
    "evidence", "village", "uploads", "admin", "supervision", "compare", "api_v1", "api_v2",
    "api_v2_search", "api_v3", "api_v3_search", "own_pages",
    "database", "files",
]  # fmt: skip


@pytest.fixture(scope="class")
def told(_built):
    """What the command says of a town without a leak."""
    return run_audit(by="lead")


@pytest.fixture(scope="class")
def planted(django_db_setup, django_db_blocker):
    """A town full of leaks, and what the command says of it."""
    with django_db_blocker.unblock(), world_in_a_transaction(SHUT) as town:
        copies: list[str] = []
        try:
            cache.clear()
            plant(town, copies)
            yield town, run_audit()
        finally:
            for name in copies:
                default_storage.delete(name)
            cache.clear()
            triggers.forget_verification()


class TestClean:
    def test_it_ends_with_zero_and_says_what_it_did(self, town, told):
        code, out, check = told
        assert (code, check.certain, check.possible) == (0, 0, 0), out
        assert check.result == LeakCheck.Result.CLEAN
        assert f"{check.addresses} addresses read, {check.needles} words looked for" in out
        assert check.started_by == town.lead
        assert check.finished_at > check.started_at
        assert check.done == check.total

    def test_every_surface_was_looked_at(self, told):
        _code, _out, check = told
        assert [row["name"] for row in check.surfaces] == SURFACES
        looked = {row["name"] for row in check.surfaces if row["addresses"]}
        assert looked == set(SURFACES) - {"redirects", "database", "files"}
        assert check.addresses > 300
        assert check.needles > 20


class TestLeaks:
    @pytest.mark.parametrize("leak", [pytest.param(leak, id=leak.says) for leak in LEAKS])
    def test_each_is_found(self, planted, db, leak: Leak):
        _town, (_code, out, check) = planted
        wanted = (leak.surface, leak.what, leak.kind, leak.certain)
        rows = [
            row for row in check.findings
            if (row["surface"], row["what"], row["kind"], row["certain"]) == wanted
        ]  # fmt: skip
        assert rows, out
        assert any(leak.place in place for row in rows for place in row["places"] or [""]), rows

    def test_it_ends_with_one(self, planted):
        _town, (code, out, check) = planted
        assert code == 1
        assert check.result == LeakCheck.Result.LEAK
        assert TRIGGER in out

    def test_neither_report_nor_output_repeats_a_secret(self, planted, db):
        _town, (_code, out, check) = planted
        kept = json.dumps([check.findings, check.surfaces], ensure_ascii=False)
        for text in (kept, out):
            assert TITLE not in text
            for member in Member.objects.filter(pilot__code="SGZ"):
                assert member.staff_name not in text
                assert not member.given_name_latin or member.given_name_latin not in text

    def test_asked_to_it_shows_what_was_found(self, planted, db):
        from django.utils import translation

        from pledge_pages.leak_check.wording import findings_of

        _town, (_code, _out, check) = planted
        with translation.override("en"):
            shown = {said.needle for said in findings_of(check, None, reveal=True)}
        assert TITLE in shown


class TestOptions:
    @pytest.fixture(autouse=True)
    def _one_surface(self, monkeypatch):
        """Only one quick surface: what is asked here is not what is found."""
        robots = [entry for entry in checks.SURFACES if entry.name == "robots"]
        monkeypatch.setattr(checks, "SURFACES", robots)

    def test_an_unknown_user_or_address_ends_with_two(self):
        assert run_audit(by="nobody")[:1] == (2,)
        assert run_audit(base_url="ftp://example.org")[:1] == (2,)
        assert not LeakCheck.objects.exists()

    def test_who_leads_nothing_is_turned_away(self, django_user_model):
        django_user_model.objects.create_user("stranger")
        assert run_audit(by="stranger")[0] == 2

    def test_two_at_a_time_are_refused_and_one_broken_off_is_not_in_the_way(self):
        row = LeakCheck.objects.create(source="command")
        code, out, _check = run_audit()
        assert code == 2
        assert "running" in out
        LeakCheck.objects.filter(pk=row.pk).update(heard_of_at=row.started_at.replace(year=2020))
        assert run_audit()[0] == 0

    def test_possible_findings_can_be_allowed(self, monkeypatch):
        from pledge_pages.leak_check.walking import Finding

        monkeypatch.setattr(
            checks.inside, "files", lambda: [Finding("files", "differs", certain=False)]
        )
        assert run_audit()[0] == 1
        assert run_audit(allow_possible=True)[0] == 0
        assert LeakCheck.objects.first().result == LeakCheck.Result.POSSIBLE

    def test_the_last_reports_are_kept(self, monkeypatch):
        monkeypatch.setattr(checks, "KEPT", 3)
        for _time in range(5):
            run_audit()
        assert LeakCheck.objects.count() == 3

    def test_an_error_leaves_a_report_that_says_so(self, monkeypatch):
        monkeypatch.setattr(checks.inside, "files", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_audit()
        assert LeakCheck.objects.first().result == LeakCheck.Result.BROKEN_OFF


def test_the_reference_lists_every_option_of_the_command():
    text = Path("docs/reference/commands.md").read_text(encoding="utf-8")
    for option in ("--base-url", "--by", "--allow-possible", "--show"):
        assert re.search(rf"audit_embargo.*{option}", text)


@pytest.mark.django_db(transaction=True)
def test_a_running_server_can_be_asked_instead(live_server, monkeypatch):
    quick = [entry for entry in checks.SURFACES if entry.name in ("pages", "robots")]
    monkeypatch.setattr(checks, "SURFACES", quick)
    code, out, check = run_audit(base_url=live_server.url)
    assert code == 0, out
    assert check.base_url == live_server.url
    assert check.addresses > 10
    code, out, check = run_audit(base_url="http://127.0.0.1:9")
    assert code == 1, "nobody answers there"
    assert "Could not be checked: the address answers 0" in out
