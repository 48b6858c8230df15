"""The audit trail in the admin: who reads which lines, how they are found, and the file."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.log_actions import log

from pledge_pages.boards.opening import open_programme
from pledge_pages.models import Programme, Transition
from pledge_pages.office import trail_file
from pledge_pages.office.trail import ROWS
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.pilots.actions import take_step
from pledge_pages.village.links import issue
from tests.office.conftest import speak_english
from tests.worlds import make_user

LIST = "/admin/pledge-boards/trail/"
FILE = "/admin/pledge-boards/trail/file/"


@pytest.fixture
def decided(town):
    """Decisions of every kind in one branch, and a single one in another."""
    town.hold_branch("SGZ")
    town.open("SGZ")
    town.to_stage("LSW", "agreed")
    withdraw_consent(town.members["SGZ-M001"], by=town.editor("SGZ"), subject="photo")
    return town


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def rows(answer) -> list[list[str]]:
    """Return the rows of the list, or of the file without its head."""
    if answer.streaming:
        content = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(content)))[1:]
    assert answer.status_code == 200
    return [[row["line"].action, row["line"].pilot, row["name"], row["line"].who]
            for row in answer.context["rows"]]  # fmt: skip


def test_leads_read_it_and_others_are_refused(decided, sign_in):
    for user in (decided.lead, decided.admin):
        page = text(sign_in(user).get(LIST))
        assert "Approved and held until the pilot is approved" in page
        assert "Proposed → Agreed" in page
        assert "the trial has proved itself" in page
        assert "Name: " not in page
    for user in (decided.editor("SGZ"), decided.moderator("SGZ")):
        for address in (LIST, FILE):
            assert sign_in(user).get(address).status_code == 302
            assert sign_in(user).get(address, follow=True).redirect_chain[0][0] == "/admin/"
    client = sign_in(decided.lead)
    assert "/admin/pledge-boards/trail/" in text(client.get("/admin/"))


def test_a_lead_reads_nothing_of_another_programme(decided, sign_in):
    other = make_user("other_lead")
    speak_english(other)
    programme = Programme.objects.create(
        code="OTHER", public_name={"en": "Other"}, neutral_name={"en": "Neutral"}
    )
    open_programme(programme, parents=decided.home, by=decided.admin, slug="other")
    other.groups.add(Group.objects.get(name="OTHER leads"))
    for address in (LIST, FILE):
        assert rows(sign_in(other).get(address)) == []
    assert "SGZ" not in text(sign_in(other).get(LIST))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"pilot": "LSW"}, {("Agree", "LSW"), ("Propose", "LSW")}),
        ({"action": "withdraw_consent"}, {("Consent withdrawn", "SGZ")}),
        ({"action": "step.concur"}, {("Concur", "SGZ")}),
        ({"pilot": "LSW", "action": "hold"}, set()),
    ],
)
def test_lines_are_found_by_branch_and_action(decided, sign_in, query, expected):
    client = sign_in(decided.lead)
    assert {tuple(row[:2]) for row in rows(client.get(LIST, query))} == expected
    assert {(row[1], row[3]) for row in rows(client.get(FILE, query))} == expected


def test_lines_are_found_by_person_and_day(decided, sign_in):
    client = sign_in(decided.lead)
    editor = decided.editor("SGZ")
    assert {row[3] for row in rows(client.get(LIST, {"user": editor.pk}))} == {"editor_sgz"}
    today = timezone.localdate()
    for since, until, found in (
        (today, today, True), (today + timedelta(1), "", False), ("", today - timedelta(1), False),
    ):  # fmt: skip
        assert bool(rows(client.get(LIST, {"since": since, "until": until}))) is found


def test_a_day_that_is_none_is_named(decided, sign_in):
    assert "Enter a valid date" in text(sign_in(decided.lead).get(LIST, {"since": "soon"}))


def test_the_newest_line_stands_first_and_each_stands_once(decided, sign_in):
    for number in range(ROWS):
        take_step(
            decided.to_stage("LSW", "quiet"), "concur", by=decided.lead, reason=f"no {number}"
        )
    client = sign_in(decided.lead)
    listed = [row for page in (1, 2) for row in client.get(LIST, {"p": page}).context["rows"]]
    moments = [row["line"].when for row in listed]
    assert len(moments) > ROWS
    assert moments == sorted(moments, reverse=True)
    assert len(rows(client.get(FILE))) == client.get(LIST).context["page_of_lines"].paginator.count
    reasons = [row["line"].details for row in listed]
    assert len([reason for reason in reasons if reason.startswith("no ")]) == ROWS


def test_names_are_shown_as_they_are_now_and_stand_in_no_file(decided, sign_in):
    client, member = sign_in(decided.lead), decided.members["SGZ-M001"]
    assert member.staff_name in text(client.get(LIST, {"pilot": "SGZ", "action": "hold"}))
    content = b"".join(client.get(FILE).streaming_content).decode()
    assert "SGZ-M001" in content
    for name in (member.staff_name, member.given_name, member.given_name_latin):
        assert name not in content


def test_no_cell_of_the_file_is_a_formula(decided, sign_in):
    reason = '=HYPERLINK("http://evil.example","x")'
    for value in (reason, "+1", "-1", "@x", "\t=1", " =1", "=1"):
        take_step(decided.to_stage("LSW", "quiet"), "concur", by=decided.lead, reason=value)
    cells = [cell for row in rows(sign_in(decided.lead).get(FILE)) for cell in row[1:]]
    assert f"'{reason}" in cells
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "="))] == []


def test_the_file_is_bounded_and_in_the_readers_language(decided, sign_in, monkeypatch):
    monkeypatch.setattr(trail_file, "LIMIT", 3)
    answer = sign_in(decided.lead).get(FILE)
    assert answer["Content-Type"].startswith("text/csv")
    assert "no-store" in answer["Cache-Control"]
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert content.splitlines()[0] == "When,Action,Programme,Pilot,About,Details,By"
    assert len(content.splitlines()) == 4


def test_who_was_deleted_is_still_told_apart(decided, sign_in):
    editor = decided.editor("LSW")
    log(instance=decided.members["LSW-M001"], action="pledge_pages.add_photo", user=editor)
    pk = editor.pk
    editor.delete()
    found = rows(sign_in(decided.lead).get(LIST, {"action": "add_photo"}))
    assert found[0][3] == f"user {pk} (deleted)"


def test_more_lines_take_no_more_queries(decided, sign_in, django_assert_max_num_queries):
    client = sign_in(decided.lead)
    client.get(LIST)
    with django_assert_max_num_queries(60) as few:
        client.get(LIST)
    for line in list(Transition.objects.all()):
        line.pk = None
        line.save()
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


def test_what_has_no_code_is_called_what_it_is(decided, sign_in):
    link = issue(decided.pilots["SGZ"], by=decided.editor("SGZ"), label="bridge")
    named = [row[2] for row in rows(sign_in(decided.lead).get(LIST))]
    assert f"village link {link.pk}" in named
