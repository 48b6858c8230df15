"""Published questions and answers, and the receipt: who reads them where, and when they go."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledge_pages.embargo.approval import withdraw
from pledge_pages.models import MemberPledgePage, Report
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.supervision import actions, answering, receipts
from pledge_pages.supervision.receiving import Said, receive
from tests.supervision.conftest import ANSWER, CONTACT, QUESTION, RAW
from tests.village.test_way_in import whole

pytestmark = pytest.mark.django_db

BOARD = "/{}/work-plan/village-1/"


def seen(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def shows(body: str, language: str) -> bool:
    found = [QUESTION[language] in body, ANSWER[language] in body]
    assert len(set(found)) == 1
    assert RAW not in body
    assert CONTACT not in body
    return found[0]


def public_paths(member, language: str) -> list[str]:
    board = BOARD.format(language)
    return [board, f"{board}{member.public_id}/"]


# On public pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_question_and_answer_stand_on_board_and_page_once_they_are_published(
    town, answered, member, client, language
):
    town.open("SGZ")
    paths = public_paths(member, language)
    assert not any(shows(seen(client, path), language) for path in paths)
    actions.publish(answered, by=town.moderator("SGZ"))
    assert all(shows(seen(client, path), language) for path in paths)
    other = town.members["SGZ-M002"]
    assert not shows(seen(client, public_paths(other, language)[1]), language)
    actions.withdraw(answered, by=town.moderator("SGZ"))
    assert not any(shows(seen(client, path), language) for path in paths)


def test_they_go_with_the_pilot(town, published, member, client):
    assert [client.get(path).status_code for path in public_paths(member, "en")] == [404, 404]
    town.open("SGZ")
    assert shows(seen(client, public_paths(member, "en")[1]), "en")
    town.close("SGZ")
    assert [client.get(path).status_code for path in public_paths(member, "en")] == [404, 404]


def test_about_a_member_whose_page_is_not_public_the_board_is_silent(
    town, published, member, client
):
    town.open("SGZ")
    assert shows(seen(client, BOARD.format("en")), "en")
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    withdraw(page, by=town.moderator("SGZ"), reason="a mistake")
    assert not shows(seen(client, BOARD.format("en")), "en")
    assert shows(seen(client, BOARD.format("zh-hans")), "zh-hans")


def test_the_board_names_whom_it_is_about_as_far_as_they_allow(town, published, member, client):
    town.open("SGZ")
    section = seen(client, BOARD.format("en")).split("pp-supervision")[-1]
    assert "Shi Changsgz1" in section
    withdraw_consent(member, by=town.editor("SGZ"), subject="name")
    for language in ("en", "zh-hans"):
        body = seen(client, BOARD.format(language))
        assert shows(body, language)
        assert "Changsgz1" not in body
        assert "史长SGZ1" not in body


def test_a_drawn_board_that_is_kept_shows_what_is_published_at_once(town, answered, client):
    town.open("SGZ")
    path = BOARD.format("en")
    seen(client, path)
    cached = len(cache._cache)
    actions.publish(answered, by=town.moderator("SGZ"))
    assert shows(seen(client, path), "en")
    assert len(cache._cache) == cached, "the drawn board is the same"


def test_a_page_shows_the_newest_and_takes_the_same_queries_for_many(
    town, published, member, client
):
    town.open("SGZ")
    for path, limit in zip(public_paths(member, "en"), (12, 13), strict=True):
        counts = []
        for _more in range(2):
            seen(client, path)
            with CaptureQueriesContext(connection) as captured:
                body = seen(client, path)
            counts.append(len(captured))
            copies(published, 25)
        assert counts[0] == counts[1] <= limit, path
    assert body.count('class="pp-question"') == 20


def copies(report: Report, number: int) -> None:
    for _one in range(number):
        row = Report.objects.get(pk=report.pk)
        row.pk, row.receipt_hash = None, receipts.new_code()
        row.id = Report._meta.pk.get_default()
        row.save(force_insert=True)


def test_a_draft_in_preview_has_neither_form_nor_questions(town, published, member, sign_in):
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "en"].pk)
    answer = sign_in(town.editor("SGZ")).get(f"/admin/pages/{page.pk}/view_draft/")
    assert answer.status_code == 200
    assert "supervision" not in answer.content.decode()


# In the village view ------------------------------------------------------------------------------


def test_the_village_reads_them_while_it_is_quiet(town, published, member, reader):
    for path in ("/v/?lang=en", f"/v/{member.public_id}/?lang=en"):
        assert shows(seen(reader, path), "en")
    section = seen(reader, "/v/?lang=en").split("pp-supervision")[-1]
    assert "Shi Changsgz1" in section
    withdraw_consent(member, by=town.editor("SGZ"), subject="name")
    assert "Changsgz1" not in seen(reader, "/v/?lang=en")
    assert not shows(seen(reader, f"/v/{town.members['SGZ-M002'].public_id}/?lang=en"), "en")


def test_the_village_reads_nothing_that_is_not_published(town, answered, member, reader):
    for path in ("/v/?lang=en", f"/v/{member.public_id}/?lang=en"):
        assert not shows(seen(reader, path), "en")


# Receipts -----------------------------------------------------------------------------------------


def receive_with_code(town, member=None) -> tuple[Report, str]:
    code = receipts.new_code()
    said = Said(town.pilots["SGZ"], "report", "qr", RAW, CONTACT, member)
    return receive(said, code=code), code


def follow(client: Client, code: str, path: str = "/supervision/receipt/?lang=en"):
    return client.post(path, {"code": code})


def test_the_code_tells_state_and_answer_and_nothing_else(town, member, supervisor):
    town.open("SGZ")
    report, code = receive_with_code(town, member)
    assert "Received" in follow(Client(), code).content.decode()
    actions.accept(report, by=supervisor)
    actions.redact(report, by=supervisor, text=QUESTION)
    actions.answer(report, by=town.editor("SGZ"), text=ANSWER)
    body = follow(Client(), code.upper().replace("-", " ")).content.decode()
    assert "Answered" in body
    assert ANSWER["en"] in body
    for words in (RAW, CONTACT, QUESTION["en"], "SGZ", "Shi", member.public_id, "editor"):
        assert words not in body, words


def test_why_it_was_not_taken_up_is_told(town, supervisor):
    town.open("SGZ")
    report, code = receive_with_code(town)
    actions.reject(report, by=supervisor, text={"en": "nothing specific"})
    assert "nothing specific" in follow(Client(), code).content.decode()


def test_a_wrong_code_tells_nothing_and_many_have_to_wait(town):
    town.open("SGZ")
    _report, code = receive_with_code(town)
    client = Client()
    for _one in range(answering.ASKING.most):
        answer = follow(client, receipts.new_code())
        assert answer.status_code == 404
        assert "id_code_error" in answer.content.decode()
    assert follow(client, code).status_code == 429
    assert follow(Client(REMOTE_ADDR="10.0.0.9"), code).status_code == 200


def test_the_receipts_of_a_quiet_village_are_read_in_the_village_only(town, reader, member):
    _report, code = receive_with_code(town)
    nothing = whole(Client().get("/supervision/zzzzzzzzzz/"))
    assert whole(Client().get("/supervision/receipt/")) == nothing
    assert whole(follow(Client(), code)) == whole(Client().post("/supervision/zzzzzzzzzz/"))
    answer = follow(reader, code, "/v/supervision/receipt/?lang=en")
    assert "Received" in answer.content.decode()
    town.open("SGZ")
    town.close("SGZ")
    assert follow(reader, code, "/v/supervision/receipt/?lang=en").status_code == 404


def test_a_public_receipt_page_tells_nothing_of_a_quiet_village(town):
    town.open("SGZ")
    code = receipts.new_code()
    said = Said(town.pilots["LSW"], "report", "qr", RAW)
    receive(said, code=code)
    answer, wrong = follow(Client(), code), follow(Client(), "2222-2222-2222-2222")
    assert answer.status_code == wrong.status_code == 404
    body = answer.content.decode().replace(code, "2222-2222-2222-2222")
    assert body == wrong.content.decode()


def test_a_village_reads_the_receipts_of_its_own_only(town, reader):
    code = receipts.new_code()
    receive(Said(town.pilots["LSW"], "report", "qr", RAW), code=code)
    assert follow(reader, code, "/v/supervision/receipt/").status_code == 404


def test_after_it_was_erased_the_receipt_still_tells_the_answer(town, answered, supervisor):
    town.open("SGZ")
    actions.close(answered, by=supervisor)
    actions.erase(answered, by=supervisor)
    code = receipts.new_code()
    Report.objects.filter(pk=answered.pk).update(receipt_hash=receipts.hash_of(code))
    assert ANSWER["en"] in follow(Client(), code).content.decode()
