"""A programme at a glance for its leads, the dossier of a pilot, and the board as a spreadsheet."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from pledge_pages.boards.readiness import months_before, updates_by_month
from pledge_pages.models import (
    Appeal,
    Consent,
    Member,
    MemberPledgePage,
    Pilot,
    Report,
    RuleBook,
    Transition,
)
from pledge_pages.office.dossier_content import names_hidden, sections_of
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.pilots import readiness
from pledge_pages.pilots.actions import take_step
from pledge_pages.rulebook.history import PastVersion, import_versions
from tests.office.conftest import speak_english
from tests.posters.reading import words_of
from tests.village.conftest import town  # noqa: F401

pytestmark = pytest.mark.django_db

OVERVIEW = "/admin/pledge-boards/overview/"


@pytest.fixture(autouse=True)
def _english(town) -> Iterator[None]:  # noqa: F811
    for user in (town.lead, town.editor("SGZ"), town.editor("LSW")):
        speak_english(user)
    with override("en"):
        yield


def pilot_of(code: str = "SGZ") -> Pilot:
    return Pilot.objects.select_related("programme", "wave").get(code=code)


def number_of(code: str, pilot: str = "SGZ", on: date | None = None) -> int | None:
    found = readiness.findings([pilot_of(pilot)], on or timezone.localdate())
    return next(f.number for rows in found.values() for f in rows if f.row.code == code)


# The checklist ----------------------------------------------------------------------------


def test_a_number_is_met_not_yet_or_there_is_nothing_to_count(settings):
    row = readiness.Row("x", "X", lambda pilots, on: {}, 90, unit="%")
    said = [readiness.Finding(row, number).word for number in (90, 89, None)]
    assert said == ["met", "not yet", "nothing to count yet"]
    assert readiness.Finding(row, 7).target == "at least 90%"
    few = replace(row, at_most=True, target=0, unit="")
    assert [readiness.Finding(few, number).met for number in (0, 1)] == [True, False]
    settings.PLEDGE_PAGES_READINESS_TARGETS = {"x": 5}
    assert readiness.Finding(row, 7).met
    assert [readiness.percent(*pair) for pair in ((99, 100), (199, 200), (2, 2))] == [99, 99, 100]


def test_another_room_can_add_a_row(town, monkeypatch):  # noqa: F811
    monkeypatch.setattr(readiness, "_rows", dict(readiness._rows))
    count = lambda pilots, on: {pilot.pk: 83 for pilot in pilots}  # noqa: E731
    readiness.register(readiness.Row("visits", "Homes visited", count, 80, unit="%"))
    assert number_of("visits") == 83
    assert [row.code for row in readiness.checklist()] == [
        "coverage", "overdue", "appeals", "answered", "rule_changes", "satisfaction", "visits",
    ]  # fmt: skip


def test_members_count_as_covered_once_a_moderator_approved_a_page_of_theirs(town):  # noqa: F811
    assert (number_of("coverage"), number_of("coverage", "LSW")) == (100, 0)
    Member.objects.create(
        code="SGZ-M003", pilot=town.pilots["SGZ"], surname="X", office=town.members["SGZ-M001"].office
    )  # fmt: skip
    assert number_of("coverage") == 66


def test_a_pledge_is_overdue_from_the_day_after_it_was_due_until_it_has_an_outcome(town):  # noqa: F811
    assert number_of("overdue", on=date(2026, 12, 31)) == 0
    assert number_of("overdue", on=date(2027, 1, 1)) == 2
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    town.take_over_outcome(page, checked_on=date(2026, 11, 2))
    assert number_of("overdue", on=date(2027, 1, 1)) == 1


def test_an_appeal_counts_until_it_is_decided(town):  # noqa: F811
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    decision = town.take_over_outcome(
        page, outcome="partly", reason={"en": "rain", "zh-hans": "雨"}
    )
    appeal = Appeal.objects.create(
        pilot=decision.pilot, member=decision.member, decision=decision, ground="no",
        raised_on=date(2026, 11, 3), raised_by=town.lead,
    )  # fmt: skip
    assert number_of("appeals") == 1
    Appeal.objects.filter(pk=appeal.pk).update(
        verdict="dismissed", verdict_reason="x", decided_by=town.moderator("SGZ"),
        decided_at=timezone.now(),
    )  # fmt: skip
    assert number_of("appeals") == 0


def test_reports_and_questions_count_and_praise_does_not(town):  # noqa: F811
    day = date(2026, 3, 1)
    common = {"pilot": pilot_of(), "channel": "web", "received_on": day, "state_since": day}
    Report.objects.create(kind="praise", receipt_hash="a", **common)
    Report.objects.create(kind="report", receipt_hash="b", state="rejected", **common)
    assert number_of("answered") is None
    Report.objects.create(kind="report", receipt_hash="c", **common)
    Report.objects.create(kind="question", receipt_hash="d", answered_on=day, **common)
    assert number_of("answered") == 50


def test_rules_count_that_came_into_force_since_the_pilot_began(town):  # noqa: F811
    begun = Transition.objects.get(pilot__code="SGZ", verb="start").at.date()
    days = (date(2020, 1, 1), date(2100, 1, 1))
    past = [PastVersion(f"1.{number}", day, {"base": 60}) for number, day in enumerate(days)]
    import_versions(town.programme, past, by=town.lead)
    RuleBook.objects.create(programme=town.programme, version="2.0", drafted_by=town.lead)
    assert number_of("rule_changes", on=begun) == 0
    assert number_of("rule_changes", on=date(2100, 1, 2)) == 1
    assert number_of("rule_changes", "LSW") is None


def test_the_trend_has_twelve_months_and_counts_each_update_once(town):  # noqa: F811
    assert months_before(date(2026, 3, 9))[0] == date(2025, 4, 1)
    rows = updates_by_month([pilot_of()], date(2026, 3, 9))[pilot_of().pk]
    assert len(rows) == 12
    assert [number for day, number in rows if day == date(2026, 1, 1)] == [2]
    assert sum(number for _day, number in rows) == 2


# The page ---------------------------------------------------------------------------------


def test_a_lead_sees_every_pilot_with_number_target_and_state_in_words(sign_in, town):  # noqa: F811
    html = sign_in(town.lead).get(OVERVIEW).content.decode()
    assert "SGZ village (SGZ)" in html
    row = html[html.index("Members with an approved page") :]
    assert re.sub(r"<[^>]+>|\s+", " ", row[:400]).split()[4:] [:6] == [
        "page", "100%", "at", "least", "90%", "●",
    ]  # fmt: skip
    assert "2 updates on progress in twelve months" in html
    assert 'role="img"' in html
    assert "style=" not in html[html.index('id="pilot-') : html.rindex("</section>")]


def test_nobody_else_sees_it(sign_in, town, client):  # noqa: F811
    for user in (town.editor("SGZ"), town.moderator("SGZ"), town.verifier("SGZ")):
        for address in (OVERVIEW, reverse("pledge_boards:dossier", args=[pilot_of().pk])):
            answer = sign_in(user).get(address)
            assert answer.status_code in (302, 404), (user, address)
            assert b"SGZ village" not in answer.content
    assert client.get(OVERVIEW).status_code == 302


def test_the_page_costs_no_more_for_more_pilots(sign_in, town):  # noqa: F811
    client = sign_in(town.lead)
    client.get(OVERVIEW)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(OVERVIEW).status_code == 200
        return len(captured)

    before = cost()
    for number in range(5):
        pilot = Pilot.objects.create(
            programme=town.programme, code=f"N{number}", name={"en": "New"}
        )
        Member.objects.create(
            code=f"N{number}-1", pilot=pilot, surname="X", office=town.members["SGZ-M001"].office
        )
    assert cost() <= before
    assert before <= 45


# The dossier ------------------------------------------------------------------------------


def test_the_dossier_is_a_pdf_that_is_kept_nowhere(sign_in, town):  # noqa: F811
    answer = sign_in(town.lead).get(reverse("pledge_boards:dossier", args=[pilot_of().pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"].startswith("private, no-store")
    assert answer["Content-Disposition"] == 'attachment; filename="dossier-sgz.pdf"'
    words = words_of(answer.content)
    for text in ("DossierofthepilotSGZvillage", "Stepssofar", "Checklist"):
        assert text in words, text
    # Quiet: the neutral name, and nobody's own.
    assert "Villagebranchyearlyworkplan" in words
    assert "Memberpledgesystem" not in words


def test_the_dossier_says_what_speaks_against_an_approval(town):  # noqa: F811
    sections = {
        part.heading: part for part in sections_of(pilot_of(), by=town.lead, on=date.today())
    }
    against = sections["What speaks against approving it today"].rows
    assert any("SGZ" in text for _about, text in against)
    assert sections["Approved pledges and what became of them"].rows == [
        ["2026", "2", "0", "0", "0", "0", "2"]
    ]
    assert sections["What villagers reported, asked and praised"].rows == []
    assert sections["Steps so far"].rows[0][1] == "Start quietly"


def test_a_name_that_may_not_be_printed_is_a_code_in_the_dossier(sign_in, town):  # noqa: F811
    said = "Talked to 史长SGZ1, Shi Changsgz1 and 史长SGZ2"
    take_step(pilot_of(), "review", by=town.lead, reason=said)
    withdraw_consent(town.members["SGZ-M001"], by=town.editor("SGZ"), subject="name")
    steps = sections_of(pilot_of(), by=town.lead, on=date.today())[-1].rows
    assert steps[0][3] == "Talked to SGZ-M001, SGZ-M001 and 史长SGZ2"


def test_a_member_of_whom_only_the_surname_may_be_printed_is_a_code_too(town):  # noqa: F811
    Consent.objects.filter(member=town.members["SGZ-M002"], subject="name").update(
        level="surname_only"
    )
    hide = names_hidden(list(Member.objects.filter(pilot=pilot_of())))
    assert hide("史长SGZ2 and 史长SGZ1") == "SGZ-M002 and 史长SGZ1"


# The spreadsheet --------------------------------------------------------------------------


def test_staff_download_the_board_as_a_spreadsheet(sign_in, town):  # noqa: F811
    client = sign_in(town.editor("SGZ"))
    address = reverse("pledge_boards:export", args=[pilot_of().pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"language": "en", "kind": "xlsx"})
    assert answer["Content-Disposition"] == 'attachment; filename="board-sgz-en.xlsx"'
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert "no-store" in answer["Cache-Control"]
    assert client.post(address, {"language": "en", "kind": "exe"}).status_code == 200


def test_what_is_not_approved_is_said_in_the_form(sign_in, town):  # noqa: F811
    address = reverse("pledge_boards:export", args=[pilot_of("LSW").pk])
    answer = sign_in(town.lead).post(address, {"language": "en", "kind": "xlsx"})
    assert "No board of LSW was approved in this language" in answer.content.decode()


def test_staff_of_another_branch_do_not_download_it(sign_in, town):  # noqa: F811
    address = reverse("pledge_boards:export", args=[pilot_of().pk])
    client = sign_in(town.editor("LSW"))
    assert client.get(address).status_code == 404
    assert client.post(address, {"language": "en", "kind": "xlsx"}).status_code == 404
