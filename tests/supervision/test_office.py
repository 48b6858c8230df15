"""Supervision in the admin: what is listed and shown to whom, and the steps as buttons."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pledge_pages.models import Member, Report
from pledge_pages.office.policies import policies
from pledge_pages.supervision import actions, receipts
from pledge_pages.supervision.receiving import Said, receive
from tests.supervision.conftest import ANSWER, CONTACT, QUESTION, RAW
from tests.worlds import make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/pledge-boards/supervision/"


def url_of(report: Report, step: str = "") -> str:
    return f"{LIST}{report.pk}/{step}{'/' if step else ''}"


def body_of(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_committee_reads_the_original_and_the_contact(sign_in, supervisor, report):
    body = body_of(sign_in(supervisor), url_of(report))
    assert RAW in body
    assert CONTACT in body


@pytest.mark.parametrize("who", ["editor_sgz", "moderator_sgz", "lead", "admin"])
def test_nobody_else_reads_original_or_contact(sign_in, town, answered, who):
    user = {"lead": town.lead, "admin": town.admin}.get(who) or town.users[who]
    client = sign_in(user)
    paths = [LIST, url_of(answered), "/admin/", f"{LIST}results/"]
    if who == "editor_sgz":
        paths.append(url_of(answered, "answer"))
    for path in paths:
        body = body_of(client, path)
        assert RAW not in body, path
        assert CONTACT not in body, path
    assert QUESTION["zh-hans"] in body_of(client, url_of(answered))


def test_what_was_not_let_through_does_not_exist_for_the_branch(sign_in, town, report):
    for user in (town.editor("SGZ"), town.moderator("SGZ"), town.lead):
        client = sign_in(user)
        assert client.get(url_of(report)).status_code == 404
        assert str(report.pk) not in body_of(client, LIST)


@pytest.mark.parametrize("role", ["editors", "moderators", "supervisors", "leads"])
def test_the_person_named_cannot_open_list_or_count_the_report(
    sign_in, town, answered, member, role
):
    user = make_user("named")
    user.groups.add(Group.objects.get(name="PP leads" if role == "leads" else f"SGZ {role}"))
    Member.objects.filter(pk=member.pk).update(user=user)
    client = sign_in(user)
    for step in ("", "publish", "answer", "redact", "withdraw"):
        assert client.get(url_of(answered, step)).status_code == 404, step
        assert client.post(url_of(answered, step)).status_code in (404, 405), step
    for path in (LIST, f"{LIST}?state=answered", f"{LIST}?clock=overdue", "/admin/"):
        body = body_of(client, path)
        assert str(answered.pk) not in body, path
        assert "reports-that-wait" not in body
    usage = f"/admin/pledge-boards/members/usage/{member.pk}/"
    answer = client.get(usage)
    assert str(answered.pk) not in answer.content.decode()


def test_the_list_shows_days_and_tells_no_order_within_one(sign_in, town, supervisor, member):
    pilot = town.pilots["SGZ"]
    made = [
        receive(Said(pilot, "report", "qr", f"text {n}"), code=receipts.new_code()).pk
        for n in range(12)
    ]
    body = body_of(sign_in(supervisor), LIST)
    places = [body.index(str(pk)) for pk in made]
    assert places != sorted(places)
    assert places != sorted(places, reverse=True)
    assert f"{timezone.localdate():%Y-%m-%d}" in body


def test_the_list_is_paged_and_takes_no_more_queries_for_more_rows(sign_in, town, supervisor):
    pilot, member = town.pilots["SGZ"], town.members["SGZ-M001"]
    client = sign_in(supervisor)
    counts = []
    for number in (2, 40):
        for n in range(number):
            receive(Said(pilot, "report", "qr", f"{n}", "", member), code=receipts.new_code())
        body_of(client, LIST)
        with CaptureQueriesContext(connection) as captured:
            body = body_of(client, LIST)
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 1
    assert "?p=2" in body


def test_the_list_is_narrowed_by_state_and_clock(sign_in, town, supervisor, answered, settings):
    client = sign_in(supervisor)
    assert str(answered.pk) in body_of(client, f"{LIST}?state=answered")
    assert str(answered.pk) not in body_of(client, f"{LIST}?state=received")
    assert str(answered.pk) not in body_of(client, f"{LIST}?clock=overdue")
    settings.PLEDGE_PAGES_REPORT_DAYS = {"answered": -1}
    assert str(answered.pk) in body_of(client, f"{LIST}?clock=overdue")
    assert "▲" in body_of(client, LIST)


def test_the_home_says_what_waits_for_whom(sign_in, town, supervisor, report):
    assert "state=received" in body_of(sign_in(supervisor), "/admin/")
    assert "reports-that-wait" not in body_of(sign_in(town.editor("SGZ")), "/admin/")
    actions.accept(report, by=supervisor)
    actions.redact(report, by=supervisor, text=QUESTION)
    assert "state=accepted" in body_of(sign_in(town.editor("SGZ")), "/admin/")
    actions.answer(report, by=town.editor("SGZ"), text=ANSWER)
    assert "state=answered" in body_of(sign_in(town.moderator("SGZ")), "/admin/")
    assert "state=answered" not in body_of(sign_in(town.editor("SGZ")), "/admin/")


def test_the_steps_are_taken_by_buttons(sign_in, town, supervisor, report):
    client = sign_in(supervisor)

    def press(user, step, **data):
        report.refresh_from_db()
        data["version"] = report.version
        assert url_of(report, step) in body_of(sign_in(user), url_of(report))
        answer = sign_in(user).post(url_of(report, step), data)
        assert answer.status_code == 302, (step, answer.content.decode()[-2000:])

    press(supervisor, "accept")
    press(supervisor, "redact", text_zh_hans=QUESTION["zh-hans"], text_en=QUESTION["en"])
    press(town.editor("SGZ"), "answer", text_zh_hans=ANSWER["zh-hans"], text_en=ANSWER["en"])
    press(town.moderator("SGZ"), "publish")
    press(supervisor, "close")
    report.refresh_from_db()
    assert (report.state, report.is_published) == ("closed", True)
    assert url_of(report, "erase") in body_of(client, url_of(report))


def test_whose_page_is_older_is_told_and_loses_nothing_written(sign_in, town, supervisor, report):
    client = sign_in(supervisor)
    actions.redact(report, by=supervisor, text={"en": "as it stands now"})
    data = {"version": report.version, "text_en": "what I wrote", "text_zh_hans": ""}
    answer = client.post(url_of(report, "redact"), data)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "what I wrote" in body
    assert "as it stands now" in body
    again = data | {"version": Report.objects.get().version}
    assert f'value="{again["version"]}"' in body
    assert client.post(url_of(report, "redact"), again).status_code == 302
    assert Report.objects.get().public_text == {"en": "what I wrote"}
    stale = client.post(url_of(report, "accept"), {"version": 1}, follow=True)
    assert Report.objects.get().state == "received"
    assert stale.status_code == 200


def test_a_step_that_is_not_the_readers_is_refused(sign_in, town, answered):
    client = sign_in(town.editor("SGZ"))
    for step in ("publish", "accept", "erase"):
        client.post(url_of(answered, step), {"version": answered.version})
    answered.refresh_from_db()
    assert (answered.state, answered.is_published) == ("answered", False)
    assert client.get(url_of(answered, "nonsense")).status_code == 404


def test_a_number_in_the_answer_is_said_in_the_form(sign_in, town, answered):
    client = sign_in(town.editor("SGZ"))
    data = {"version": answered.version, "text_en": "call 13812345678", "text_zh_hans": ""}
    body = client.post(url_of(answered, "answer"), data).content.decode()
    assert "13812345678" in body
    assert 'role="alert"' in body


def test_the_committee_enters_what_came_by_box_and_hands_out_the_receipt(
    sign_in, town, supervisor, member
):
    client = sign_in(supervisor)
    data = {
        "pilot": town.pilots["SGZ"].pk, "channel": "box", "kind": "report", "member": member.pk,
        "received_on": timezone.localdate().isoformat(), "text": RAW, "contact": "",
    }  # fmt: skip
    answer = client.post(reverse("pledge_boards:enter_report"), data)
    code = answer.content.decode().split("<strong")[1].split(">")[1].split("<")[0]
    report = Report.objects.get()
    assert report.receipt_hash == receipts.hash_of(code)
    assert code not in body_of(client, url_of(report))
    wrong = client.post(reverse("pledge_boards:enter_report"), data | {"text": ""})
    assert wrong.status_code == 200
    assert Report.objects.count() == 1


def test_only_the_committee_enters_reports(sign_in, town):
    for user in (town.editor("SGZ"), town.lead):
        answer = sign_in(user).get(reverse("pledge_boards:enter_report"))
        assert answer.status_code == 404


def test_a_committee_sees_no_drafts_and_no_other_branch(sign_in, town, supervisor, report):
    client = sign_in(town.users["supervisor_lsw"])
    assert client.get(url_of(report)).status_code == 404
    assert str(report.pk) not in body_of(client, LIST)
    page = town.pages["SGZ-M001", "zh-hans"].pk
    assert sign_in(supervisor).get(f"/admin/pages/{page}/edit/").status_code != 200


def test_reports_of_others_are_no_rows_of_anybody(town, supervisor, report) -> None:
    rows = policies()[Report].rows
    assert list(rows(supervisor, "view")) == [report]
    assert not rows(supervisor, "change").exists()
    for user in (town.users["supervisor_lsw"], town.editor("LSW"), make_user("nobody")):
        assert not rows(user, "view").exists()
