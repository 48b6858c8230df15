"""Every page of the office turns away whom it is not for, before it shows or asks anything."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import ERROR, get_messages
from django.http import HttpResponse
from django.urls import reverse

from pledge_pages.supervision import receipts
from pledge_pages.supervision.receiving import Said, receive
from tests.office.conftest import speak_english
from tests.office.test_other_branches import site_editor
from tests.worlds import make_user

pytestmark = pytest.mark.django_db

# The page, what stands in its address, who comes in, and who does not.
DOORS = [
    ("trail", {}, "lead", "moderator"),
    ("trail_file", {}, "lead", "moderator"),
    ("quiet_scan", {}, "lead", "moderator"),
    ("leak_checks", {}, "lead", "moderator"),
    ("open_branch", {}, "lead", "moderator"),
    ("open_programme", {}, "admin", "lead"),
    ("announce", {"pk": "pilot"}, "lead", "editor"),
    ("step", {"pk": "pilot", "verb": "agree"}, "lead", "moderator"),
    ("step", {"pk": "pilot", "verb": "concur"}, "moderator", "editor"),
    ("held", {}, "editor", "site_editor"),
    ("waiting", {"which": "review"}, "editor", "site_editor"),
    ("checks", {}, "editor", "site_editor"),
    ("rulebooks", {}, "editor", "site_editor"),
    ("enter_report", {}, "supervisor", "lead"),
    ("report_step", {"pk": "report", "step": "accept"}, "supervisor", "verifier"),
    ("report_step", {"pk": "answered", "step": "redact"}, "supervisor", "editor"),
    ("withdraw", {"page_id": "approved"}, "moderator", "editor"),
]


@pytest.fixture
def people(town):
    """Those who come to a door, by what they are."""
    supervisor = make_user("supervisor")
    supervisor.groups.add(Group.objects.get(name="SGZ supervisors"))
    found = {
        "admin": town.admin,
        "lead": town.lead,
        "moderator": town.moderator("SGZ"),
        "editor": town.editor("SGZ"),
        "verifier": town.verifier("SGZ"),
        "supervisor": supervisor,
        "site_editor": site_editor(),
    }
    for user in found.values():
        speak_english(user)
    return found


@pytest.fixture
def rows(town, board, people):
    """What can stand in an address."""
    from pledge_pages.supervision import actions

    town.hold(board(), "SGZ")
    said = Said(town.pilots["SGZ"], "report", "qr", "The gate is broken", "")
    reports = [receive(said, code=receipts.new_code()) for _time in range(2)]
    actions.accept(reports[1], by=people["supervisor"])
    actions.redact(reports[1], by=people["supervisor"], text={"en": "A gate", "zh-hans": "大门"})
    return {
        "pilot": town.pilots["SGZ"].pk,
        "report": reports[0].pk,
        "answered": reports[1].pk,
        "approved": board().pk,
    }


def is_turned_away(answer: HttpResponse) -> bool:
    """Return whether an answer is the admin's "you may not", or that there is nothing."""
    said = get_messages(answer.wsgi_request)
    denied = any(message.level >= ERROR for message in said)
    return answer.status_code in (403, 404) or (answer.status_code == 302 and denied)


@pytest.mark.parametrize(("name", "words", "comes_in", "stays_out"), DOORS)
def test_a_page_of_the_office_is_opened_by_whom_it_is_for(
    sign_in, people, rows, name, words, comes_in, stays_out
):
    address = reverse(
        f"pledge_boards:{name}",
        kwargs={word: rows.get(value, value) for word, value in words.items()},
    )
    assert sign_in(people[comes_in]).get(address).status_code == 200
    assert is_turned_away(sign_in(people[stays_out]).get(address))


def test_a_restored_database_is_confirmed_by_leads_only(sign_in, people):
    """There is nothing to confirm here, which leads alone are told."""
    address = reverse("pledge_boards:restored")
    assert is_turned_away(sign_in(people["moderator"]).get(address))
    assert not is_turned_away(sign_in(people["lead"]).get(address))


LISTS = ("supervision/", "supervision/enter/", "reviews/", "assignments/", "checks/", "points/",
         "rule-books/")  # fmt: skip


def test_a_list_is_not_there_for_whom_it_is_not_for(town, sign_in) -> None:
    """Not even that there are such lists is said to who edits the rest of the site."""
    client, office = sign_in(site_editor()), "/admin/pledge-boards/"
    nothing = client.get(f"{office}assignments/new/987654/")
    assert nothing.status_code == 404
    for path in LISTS:
        answer = client.get(f"{office}{path}")
        assert (answer.status_code, answer.content) == (404, nothing.content), path
    staff = sign_in(town.moderator("SGZ"))
    assert staff.get(f"{office}assignments/").content == nothing.content
    for path in ("checks/", "reviews/", "points/", "rule-books/"):
        assert staff.get(f"{office}{path}").status_code == 200, path
