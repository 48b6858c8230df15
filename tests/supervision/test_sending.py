"""A villager reports, asks or praises: on public pages and in the village view, without an account."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pledge_pages.models import BranchPage, MemberPledgePage, Report, ReportContact
from pledge_pages.supervision import answering, receiving
from tests.supervision.conftest import CONTACT, RAW, code_in
from tests.village.test_way_in import whole

pytestmark = pytest.mark.django_db


def form_of_member(member, **query) -> str:
    address = reverse("pledge_supervision:form", args=[member.public_id])
    tail = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{address}?{tail}" if tail else address


def form_of_board(town) -> str:
    board = BranchPage.objects.get(pk=town.boards["SGZ", "en"].pk)
    return reverse("pledge_supervision:form", args=[board.translation_key.hex])


def pledge_of(town):
    return MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk).pledges.first()


# On public pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_board_page_and_each_pledge_lead_to_a_form_in_their_language(
    public, member, client, language
):
    board = client.get(f"/{language}/work-plan/village-1/").content.decode()
    page = client.get(f"/{language}/work-plan/village-1/{member.public_id}/").content.decode()
    found = re.findall(r'href="(/supervision/[^"]+)"', board + page)
    found = [address.replace("&amp;", "&") for address in found if "receipt" not in address]
    assert len(found) == 3, found
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Content-Language"] == language
        assert f'lang="{language}"' in answer.content.decode()
    assert pledge_of(public).key.hex in found[1].replace("-", "")


def test_a_board_has_no_form_about_a_single_pledge(public, member, client):
    address = form_of_board(public)
    assert client.get(address).status_code == 200
    assert client.get(f"{address}?pledge={pledge_of(public).key}").status_code == 404


def test_what_is_sent_is_kept_with_the_day_and_nothing_about_the_sender(public, member, fill):
    client = Client()
    client.force_login(public.editor("SGZ"))
    address = form_of_member(member, lang="en", pledge=str(pledge_of(public).key))
    headers = {"user-agent": "Telltale/1.0", "x-forwarded-for": "203.0.113.9"}
    data = fill(client, address, contact=CONTACT, kind="question")
    answer = client.post(address, data, headers=headers, REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 200
    assert code_in(answer)
    report = Report.objects.get()
    assert (report.pilot.code, report.member, report.kind) == ("SGZ", member, "question")
    assert (report.channel, report.state, report.text) == ("web", "received", RAW)
    assert report.pledge_key == pledge_of(public).key
    assert report.received_on == timezone.localdate()
    assert ReportContact.objects.get().text == CONTACT
    stored = repr(rows_of("pledge_pages_report")) + repr(rows_of("pledge_pages_reportcontact"))
    for trace in ("203.0.113", "Telltale", "editor_sgz", client.session.session_key):
        assert trace not in stored
    kinds = {field.get_internal_type() for field in Report._meta.get_fields() if field.concrete}
    assert not kinds & {"DateTimeField", "TimeField", "GenericIPAddressField"}
    assert (report.answered_by, report.published_by) == (None, None)


def rows_of(table: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return cursor.fetchall()


def test_no_line_in_the_trail_tells_when_it_came(public, member, fill):
    from wagtail.models import ModelLogEntry

    before = ModelLogEntry.objects.count()
    client = Client()
    client.post(form_of_member(member), fill(client, form_of_member(member)))
    assert Report.objects.count() == 1
    assert ModelLogEntry.objects.count() == before


def test_a_telephone_that_reported_keeps_no_cookie(public, member, fill):
    client = Client()
    address = form_of_member(member)
    answer = client.post(address, fill(client, address))
    assert answer.status_code == 200
    assert not client.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_about_the_branch_it_names_no_member(public, fill):
    client, address = Client(), form_of_board(public)
    assert client.post(address, fill(client, address, kind="praise")).status_code == 200
    report = Report.objects.get()
    assert (report.member, report.pledge_key, report.kind) == (None, None, "praise")


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": "  "}, "id_text_error"),
        ({"text": "长" * 2001}, "id_text_error"),
        ({"kind": "rumour"}, "id_kind_error"),
        ({"contact": "x" * 121}, "id_contact_error"),
        ({"website": "http://spam.example"}, "id_website_error"),
        ({"text": "a\0b"}, "id_text_error"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(public, member, fill, given, field):
    client, address = Client(), form_of_member(member, lang="en")
    kept = {"text": "The lamp is out.", "contact": "Zhao"} | given
    answer = client.post(address, fill(client, address, **kept))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}"' in body
    assert Report.objects.count() == 0
    for name, value in kept.items():
        if name not in given:
            assert value in body
    again = fill_from(body) | {"text": "The lamp is out.", "contact": "Zhao"}
    assert client.post(address, again).status_code == 200
    assert Report.objects.get().text == "The lamp is out."


def fill_from(body: str) -> dict[str, str]:
    token = body.split('name="form" value="')[1].split('"')[0]
    return {"kind": "report", "website": "", "form": token}


def test_a_form_from_another_site_is_refused(public, member, fill):
    client, address = Client(), form_of_member(member)
    data = fill(client, address)
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ):
        answer = client.post(address, data, headers=headers)
        assert answer.status_code == 403, headers
        assert RAW in answer.content.decode()
    assert Report.objects.count() == 0
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}):
        data = fill(client, address)
        assert client.post(address, data, headers=headers).status_code == 200, headers


def test_a_made_up_or_old_form_is_shown_again_with_its_text(public, member, fill):
    client, address = Client(), form_of_member(member)
    answer = client.post(address, fill(client, address, form="made:up:x"))
    assert answer.status_code == 422
    assert RAW in answer.content.decode()
    assert (
        client.post(address, fill_from(answer.content.decode()) | {"text": RAW}).status_code == 200
    )


def test_sent_twice_it_is_one_report_with_one_receipt(public, member, fill):
    client, address = Client(), form_of_member(member)
    data = fill(client, address)
    first, second = client.post(address, data), client.post(address, data)
    assert code_in(first) == code_in(second)
    assert Report.objects.count() == 1


def test_the_same_form_with_another_text_makes_a_second_report(public, member, fill):
    client, address = Client(), form_of_member(member)
    data = fill(client, address)
    first = client.post(address, data)
    answer = client.post(address, data | {"text": "另一件事"})
    assert answer.status_code == 422
    assert "另一件事" in answer.content.decode()
    again = client.post(address, fill_from(answer.content.decode()) | {"text": "另一件事"})
    assert code_in(again) != code_in(first)
    assert Report.objects.count() == 2


def test_whoever_sends_too_much_has_to_wait_and_loses_nothing(public, member, fill):
    client, address = Client(), form_of_member(member)
    for number in range(answering.SENDING.most):
        data = fill(client, address, text=f"{number}")
        assert client.post(address, data).status_code == 200
    answer = client.post(address, fill(client, address))
    assert answer.status_code == 429
    assert RAW in answer.content.decode()
    elsewhere = client.post(address, fill(client, address), REMOTE_ADDR="10.9.9.9")
    assert elsewhere.status_code == 200


def test_a_branch_takes_in_no_more_than_a_village_can_say(public, member, fill, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_A_DAY", 1)
    client, address = Client(), form_of_member(member)
    client.post(address, fill(client, address))
    answer = client.post(address, fill(client, address, text="again"))
    assert answer.status_code == 422
    assert Report.objects.count() == 1


def test_markup_is_shown_as_it_was_typed(public, member, fill):
    client, address = Client(), form_of_member(member)
    body = client.post(
        address, fill(client, address, text="<script>alert(1)</script>", kind="x")
    ).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;" in body


# The gate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "options"])
def test_the_form_of_what_is_not_public_answers_as_what_never_was(town, member, method):
    nothing = whole(getattr(Client(), method)("/supervision/zzzzzzzzzz/"))
    assert nothing[0] == 404
    keys = BranchPage.objects.values_list("translation_key", flat=True)
    paths = [f"/supervision/{key.hex}/" for key in keys]
    paths += [form_of_member(each) for each in town.members.values()]
    paths += [form_of_member(member, pledge=str(pledge_of(town).key)), "/supervision/x/y/"]
    paths += ["/supervision/", "/supervision/receipt/", "/supervision/%00/"]
    for path in paths:
        assert whole(getattr(Client(), method)(path)) == nothing, path


def test_a_nul_below_the_villages_form_is_not_found(town, reader):
    branch = reverse("pledge_village_supervision:branch")
    assert reader.get(branch).status_code == 200
    assert reader.get(f"{branch}%00/").status_code == 404


def test_it_closes_with_the_page(public, member, fill):
    client, address = Client(), form_of_member(member)
    data = fill(client, address)
    public.close("SGZ")
    assert client.post(address, data).status_code == 404
    assert client.get(address).status_code == 404
    assert Report.objects.count() == 0


def test_a_page_taken_down_alone_closes_its_own_form_only(public, member, fill):
    from pledge_pages.embargo.approval import withdraw

    for language in ("zh-hans", "en"):
        page = MemberPledgePage.objects.get(pk=public.pages["SGZ-M001", language].pk)
        withdraw(page, by=public.moderator("SGZ"), reason="a mistake")
    assert Client().get(form_of_member(member)).status_code == 404
    assert Client().get(form_of_board(public)).status_code == 200


def test_a_pledge_that_is_not_on_the_page_is_no_address(public, member):
    for pledge in ("x", "11111111-1111-1111-1111-111111111111"):
        assert Client().get(form_of_member(member, pledge=pledge)).status_code == 404


# In the village view ------------------------------------------------------------------------------


def test_the_village_reports_while_it_is_quiet(town, member, reader, fill):
    page = reader.get(f"/v/{member.public_id}/").content.decode()
    board = reader.get("/v/").content.decode()
    found = re.findall(r'href="(/v/supervision/[^"]+)"', board + page)
    found = [address.replace("&amp;", "&") for address in found if "receipt" not in address]
    assert len(found) == 3
    for number, address in enumerate(found):
        answer = reader.post(address, fill(reader, address, text=f"text {number}"))
        assert answer.status_code == 200, address
        assert code_in(answer)
        assert answer.headers["Cache-Control"] == "no-store"
    kept = {(row.channel, row.member, bool(row.pledge_key)) for row in Report.objects.all()}
    assert kept == {("qr", None, False), ("qr", member, False), ("qr", member, True)}
    assert set(reader.cookies) == {"village"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_code_of_the_village_there_is_no_form(town, member, method):
    nothing = whole(getattr(Client(), method)("/v/supervision/zzzzzzzzzz/"))
    assert nothing[0] == 404
    for path in ("", f"{member.public_id}/", "receipt/"):
        assert whole(getattr(Client(), method)(f"/v/supervision/{path}")) == nothing


def test_a_reader_writes_about_their_own_village_only(town, reader):
    other = town.members["LSW-M001"]
    assert reader.get(f"/v/supervision/{other.public_id}/").status_code == 404
    assert reader.post(f"/v/supervision/{other.public_id}/").status_code == 404
    wrong = "?pledge=11111111-1111-1111-1111-111111111111"
    mine = town.members["SGZ-M001"].public_id
    assert reader.get(f"/v/supervision/{mine}/{wrong}").status_code == 404


def test_the_village_reports_in_the_language_it_reads(town, reader):
    assert "你想说什么" in reader.get("/v/supervision/").content.decode()
    answer = reader.get("/v/supervision/?lang=en")
    assert answer.headers["Content-Language"] == "en"
    assert "Report, ask or praise" in answer.content.decode()
