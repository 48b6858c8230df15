"""`load_demo`: what it prints, what it refuses, and that it leaves nothing half done."""

from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, Site

from home.demo import loading, state
from home.demo.accounts import ACCOUNTS, passwords_file, read_passwords
from home.management.commands import load_demo as load_demo_module
from home.models import HomePage
from pledge_pages.models import (
    Category,
    EvidenceFile,
    HeldApproval,
    Member,
    MemberPledgePage,
    Office,
    Pilot,
    Programme,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch, var_dir: Path, three_villages) -> None:
    """Let the command load one member of each of three villages, and no pictures."""
    monkeypatch.setattr(load_demo_module, "read_sample", lambda: three_villages)
    monkeypatch.setattr(
        loading, "load", partial(loading.load, with_pictures=False, members_per_village=1)
    )


def load_demo(*options: str) -> str:
    out = StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


def printed(output: str) -> str:
    """What is printed at every start."""
    return output[output.index("The sample town was loaded") :]


def everything() -> list[int]:
    models = (Page, Revision, HeldApproval, Member, Pilot, ModelLogEntry, PageLogEntry)
    return [model.objects.count() for model in (*models, get_user_model())]


def files(folder: Path) -> list[str]:
    private = folder / "private"
    return [str(path) for path in private.rglob("*") if path.is_file()]


def user(name: str):
    return get_user_model().objects.get(username=name)


# Loading


def test_it_prints_where_everything_is_and_who_may_sign_in(client: Client) -> None:
    output = load_demo()
    for path in ("/zh-hans/", "/en/", "/zh-hans/work-plan/", "/en/work-plan/", "/admin/"):
        assert f"http://127.0.0.1:8000{path}" in output
        assert client.get(path).status_code in (200, 302), path
    assert "http://127.0.0.1:8000/api/v1/boards/" in output
    for name in ACCOUNTS:
        line = next(line for line in output.splitlines() if line.strip().startswith(f"{name} "))
        assert client.login(username=name, password=line.split()[1])


def test_it_prints_the_address_in_the_code_of_a_quiet_village(client: Client) -> None:
    line = next(line for line in load_demo().splitlines() if "Village view" in line)
    assert line.endswith("(LSW)")
    address = line.split()[2]
    assert address.startswith("http://127.0.0.1:8000/v/")
    assert client.get(urlsplit(address).path).status_code == 302
    assert client.get("/v/").status_code == 200


def test_before_any_village_has_a_code_no_address_of_one_is_printed() -> None:
    assert "/v/" not in load_demo("--as-of", "2025-04-15")


def test_a_second_start_loses_nothing_and_prints_the_same() -> None:
    first = load_demo()
    before = everything()
    assert load_demo() == printed(first)
    assert everything() == before


def test_progress_is_told_in_plain_lines_where_there_is_no_terminal() -> None:
    output = load_demo()
    assert "  People: 3\n" in output
    assert "  Pages: 12\n" in output
    assert "\x1b" not in output


def test_users_who_only_wrote_history_cannot_sign_in() -> None:
    load_demo()
    others = get_user_model().objects.exclude(username__in=ACCOUNTS)
    assert others.count() == 6
    assert not any(other.has_usable_password() for other in others)


def test_as_of_decides_the_day() -> None:
    assert "loaded as of 2025-09-15" in load_demo("--as-of", "2025-09-15")
    assert set(Pilot.objects.values_list("stage", flat=True)) == {"quiet", "proposed"}


def test_the_boards_are_not_named_before_any_village_is_public() -> None:
    assert "work-plan" not in load_demo("--as-of", "2025-09-15")


def test_the_site_has_the_address_that_it_is_served_at(settings) -> None:
    load_demo()
    assert (Site.objects.get().hostname, Site.objects.get().port) == ("127.0.0.1", 8000)
    settings.BASE_URL = "http://127.0.0.1:8123"
    assert "http://127.0.0.1:8123/admin/" in load_demo()
    assert Site.objects.get().port == 8123


def test_an_address_that_somebody_gave_the_site_is_left_alone(settings) -> None:
    Site.objects.update(hostname="town.example", port=443)
    load_demo()
    assert Site.objects.get().hostname == "town.example"


# Passwords


def test_passwords_are_kept_for_the_owner_alone() -> None:
    load_demo()
    assert passwords_file().stat().st_mode & 0o777 == 0o600
    passwords = {entry["password"] for entry in read_passwords().values()}
    assert len(passwords) == len(ACCOUNTS)
    assert all(len(password) >= 15 for password in passwords)


def test_a_changed_password_is_neither_overwritten_nor_printed() -> None:
    load_demo()
    old = read_passwords()["lead"]["password"]
    lead = user("lead")
    lead.set_password("something else entirely")
    lead.save()
    output = load_demo()
    assert old not in output
    assert "lead        the password was changed by hand" in output
    assert user("lead").check_password("something else entirely")


def test_a_password_hashed_anew_is_still_printed() -> None:
    load_demo()
    kept = read_passwords()["lead"]["password"]
    lead = user("lead")
    lead.set_password(kept)
    lead.save()
    assert kept in load_demo()


def test_a_lost_passwords_file_is_told() -> None:
    load_demo()
    passwords_file().unlink()
    assert "set one: manage.py changepassword editor" in load_demo()
    assert not passwords_file().exists()


def test_a_new_database_gets_the_passwords_that_are_kept() -> None:
    load_demo()
    kept = {name: entry["password"] for name, entry in read_passwords().items()}
    load_demo("--reset")
    assert {name: entry["password"] for name, entry in read_passwords().items()} == kept
    assert user("admin").check_password(kept["admin"])


# Starting over


def test_reset_starts_over_and_leaves_what_is_not_its_own(
    django_capture_on_commit_callbacks,
) -> None:
    root = Site.objects.get().root_page
    root.add_child(instance=HomePage(title="ours", slug="ours"))
    get_user_model().objects.create_user("visitor")
    load_demo()
    before = everything()
    added = Member.objects.create(
        code="EXTRA", pilot=Pilot.objects.first(), surname="新", office=Office.objects.first()
    )
    with django_capture_on_commit_callbacks(execute=True):
        output = load_demo("--reset", "--as-of", "2026-03-05")
    assert "loaded as of 2026-03-05" in output
    assert everything() == before
    assert not Member.objects.filter(code=added.code).exists()
    assert Page.objects.filter(slug="ours").exists()
    assert get_user_model().objects.filter(username="visitor").exists()


def test_reset_can_go_to_another_day() -> None:
    load_demo("--as-of", "2026-11-15")
    assert "loaded as of 2025-04-15" in load_demo("--reset", "--as-of", "2025-04-15")
    assert not Page.objects.filter(gate__isnull=False, live=True).exists()


def test_reset_leaves_another_programme_and_its_records_alone() -> None:
    load_demo()
    other = Programme.objects.create(code="OTHER", public_name={"en": "Other"})
    pilot = Pilot.objects.create(programme=other, code="OTHER-1", name={"en": "Other"})
    office, category = Office.objects.get(code="sec"), Category.objects.first()
    member = Member.objects.create(code="O1", pilot=pilot, surname="王", office=office)
    load_demo("--reset")
    assert Member.objects.get(code="O1").office == office
    assert Category.objects.filter(pk=category.pk).exists()
    assert member.pilot.programme == other


def test_reset_is_refused_if_something_else_needs_a_record_of_the_town() -> None:
    load_demo()
    other = Programme.objects.create(code="OTHER", public_name={"en": "Other"})
    Pilot.objects.create(programme=other, code="OTHER-1", name={"en": "O"}, lead=user("lead"))
    before = everything()
    with pytest.raises(CommandError, match=r"Nothing was changed: .* still needs it .*OTHER-1"):
        load_demo("--reset")
    assert everything() == before


def test_reset_removes_the_files_of_its_pictures(
    var_dir: Path, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    whole = partial(loading.load.func, members_per_village=1)
    monkeypatch.setattr(loading, "load", whole)
    with django_capture_on_commit_callbacks(execute=True):
        load_demo()
    drawn = files(var_dir)
    assert len(drawn) == 2 * 4 + EvidenceFile.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        load_demo("--reset")
    assert len(files(var_dir)) == len(drawn)
    assert not set(files(var_dir)) & set(drawn)


# Bad input


@pytest.mark.parametrize("text", ["2026-13-01", "2025-03-31", "2028-01-01", "soon"])
def test_a_bad_day_is_named_and_changes_nothing(text: str) -> None:
    before = everything()
    with pytest.raises(CommandError, match=f"--as-of: .*{text}"):
        load_demo("--as-of", text)
    assert everything() == before
    assert not passwords_file().exists()


def test_a_bad_day_resets_nothing() -> None:
    load_demo()
    before = everything()
    with pytest.raises(CommandError):
        load_demo("--reset", "--as-of", "2026-13-01")
    assert everything() == before


def test_another_day_needs_a_reset() -> None:
    load_demo()
    with pytest.raises(CommandError, match=r"as of 2026-03-05.*--reset --as-of 2026-11-15"):
        load_demo("--as-of", "2026-11-15")
    assert load_demo("--as-of", "2026-03-05")


def test_a_name_that_is_taken_is_told_before_anything_is_done() -> None:
    get_user_model().objects.create_user("admin")
    before = everything()
    with pytest.raises(CommandError, match=r"taken in this database: user “admin”\."):
        load_demo()
    assert everything() == before


def test_a_database_without_tables_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "database_is_ready", lambda: False)
    with pytest.raises(CommandError, match=r"Run `manage\.py migrate` first"):
        load_demo()


# Half done


@pytest.mark.parametrize("failure", [RuntimeError("no space left"), KeyboardInterrupt()])
def test_a_load_that_breaks_off_leaves_nothing(
    var_dir: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def fail(*args, **kwargs):
        raise failure

    before = everything()
    monkeypatch.setattr(loading.site, "make_news", fail)
    monkeypatch.setattr(loading, "load", partial(loading.load.func, members_per_village=1))
    expected = CommandError if isinstance(failure, KeyboardInterrupt) else RuntimeError
    with pytest.raises(expected):
        load_demo()
    assert everything() == before
    assert files(var_dir) == []
    assert not state.marker().exists()


def test_a_load_that_was_killed_is_noticed_and_done_anew(var_dir: Path) -> None:
    stray = var_dir / "private" / "photos" / "ab" / "abcd.jpg"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half a picture")
    state.marker().write_text("4711\n")
    output = load_demo()
    assert "An earlier load was broken off. The 1 files it left behind were deleted." in output
    assert "The sample town was loaded as of 2026-03-05" in output
    assert not stray.exists()
    assert not state.marker().exists()


def test_a_reset_that_was_killed_leaves_the_town_as_it_was(var_dir: Path) -> None:
    first = load_demo()
    state.marker().write_text("4711\n")
    output = load_demo()
    assert "its search index is built anew" in output
    assert printed(output) == printed(first)
    assert not state.marker().exists()


def test_two_loads_do_not_run_at_the_same_time() -> None:
    with state.at_work(), pytest.raises(CommandError, match="Another load_demo is running"):
        load_demo()
    assert not Programme.objects.exists()


def test_a_programme_of_the_same_name_is_not_taken_for_the_sample_town(sample) -> None:
    Programme.objects.create(code="QS", public_name={"en": "Quite something else"})
    assert state.loaded(sample) is None
    with pytest.raises(CommandError, match="programme “QS”"):
        load_demo("--reset")
    assert Programme.objects.get().public_name == {"en": "Quite something else"}


def test_what_was_loaded_knows_its_day(sample) -> None:
    load_demo("--as-of", "2026-01-10")
    assert state.loaded(sample).as_of == date(2026, 1, 10)
    assert MemberPledgePage.objects.exists()
