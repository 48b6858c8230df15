"""A year's end: a browser lives it from the ballots of the meeting to the grade on the public board."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from pledge_pages.appraisal import ledger
from pledge_pages.models import BranchReview, Member, MemberPledgePage, PointEntry
from tests.appraisal.conftest import rule
from tests.journeys.test_from_draft_to_board import Person
from tests.worlds import Town, build_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

START = datetime(2027, 1, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
OPINION = "路扫得勤,登记齐全"
REPLY = "我接受,明年再多扫一天"


@pytest.fixture
def town() -> Iterator[Town]:
    with time_machine.travel(START, tick=True):
        town = build_town(codes=("SGZ",), members=3)
        rule(town)
        town.hold_branch("SGZ")
        town.open("SGZ")
        asked = {"year": 2026, "by": town.editor("SGZ")}
        for number, member in enumerate(Member.objects.order_by("code")):
            ledger.enter_points(member, clause="A0", on=date(2026, 4, 1), **asked)
            for place in range(2 if number == 0 else 0):
                ledger.enter_points(
                    member, clause="P1", on=date(2026, 5, 4), ref=f"minutes {place}", **asked
                )
        ledger.confirm_entries(PointEntry.objects.all(), by=town.moderator("SGZ"))
        yield town


def send(person: Person, address: str, **fields: str) -> None:
    """Open a form, fill it in and send it; it has to lead on."""
    page = person.page
    page.goto(address)
    for name, value in fields.items():
        field = page.locator(f"[name='{name}']")
        if field.first.get_attribute("type") == "radio":
            page.check(f"[name='{name}'][value='{value}']")
        else:
            field.fill(value)
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_load_state()
    assert not page.url.endswith(address), page.locator("main").inner_text()


def test_from_the_ballots_to_the_public_board(browser, live_server, town) -> None:
    server = live_server.url
    editor, moderator = (Person(browser, server, f"{kind}_sgz") for kind in ("editor", "moderator"))
    office = "/admin/pledge-boards/reviews/"
    send(editor, f"{office}open/{town.pilots['SGZ'].pk}/", year="2026", held_on="2027-01-11",
         present="3", voters="12")  # fmt: skip
    review = BranchReview.objects.get()
    base = f"{office}{review.pk}/"
    entries = list(review.entries.select_related("member").order_by("member__code"))
    for entry in entries:
        send(
            editor, f"{base}members/{entry.pk}/figures/", satisfied="30", neutral="3",
            dissatisfied="1", opinion_zh_hans=OPINION,
            **{"peer:excellent": "1", "peer:rest": "1", "ballot:excellent": "4", "ballot:rest": "8"},
        )  # fmt: skip
    send(moderator, f"{base}grades/")
    for entry in entries:
        send(editor, f"{base}members/{entry.pk}/tell/", how="in_person", on="2027-01-12")
    moderator.page.goto(f"{base}close/")
    moderator.page.locator("main form[method=post] button[type=submit]").click()
    assert "SGZ-M001" in moderator.page.locator("main").inner_text()  # they may still reply
    for entry in entries:
        send(editor, f"{base}members/{entry.pk}/reply/", text_zh_hans=REPLY, on="2027-01-12")
    send(moderator, f"{base}close/")
    board = "/zh-hans/work-plan/village-1/"
    visitor = Person(browser, server)
    visitor.page.goto(board)
    assert visitor.page.locator(".pp-grades").count() == 0

    send(editor, f"{base}put/")
    own = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    assert OPINION not in visitor.page.goto(own.url).text()
    moderator.page.goto(f"/admin/pages/{own.pk}/edit/")
    moderator.act_and_leave("approve")

    visitor.page.goto(board)
    grades = visitor.page.locator(".pp-grades").inner_text()
    assert "Excellent" in grades
    assert "史长SGZ1" in grades
    visitor.page.locator(".pp-grades a").first.click()
    visitor.page.wait_for_url(f"**{own.url}")
    said = visitor.page.locator(".pp-grade").inner_text()
    for words in ("Excellent", OPINION, REPLY, "88%"):
        assert words in said
    visitor.page.set_viewport_size({"width": 360, "height": 740})
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360
    for person in (editor, moderator, visitor):
        person.close()
