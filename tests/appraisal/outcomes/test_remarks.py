"""What the record says beside an outcome is read at once, everywhere, and nobody has to approve it."""

from datetime import date
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from pledge_pages.appraisal import appeals, outcomes
from pledge_pages.appraisal.on_page import put_on_page
from pledge_pages.boards import remarks
from pledge_pages.boards.remarks import Remark
from pledge_pages.models import Pilot, PrintedSheet
from pledge_pages.posters import printing
from pledge_pages.posters.reprints import wrong_sheets
from pledge_pages.posters.wish import Kind, Wish
from pledge_pages.village import links
from tests.appraisal.outcomes.conftest import CODE, approve_all, final, fresh, page_of
from tests.worlds import LANGUAGES

pytestmark = pytest.mark.django_db

APPEAL = {}
for _language in LANGUAGES:
    with override(_language):
        APPEAL[_language] = str(Remark.APPEAL_OPEN.label)
UNASKED = "Taken over from earlier records"
BOARD = "/en/work-plan/village-1/"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def public(town, clock):
    """An outcome that was posted while the member could still appeal, as it is on the board."""
    decision = final(town, clock)
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    return fresh(decision)


def read(path: str, client: Client | None = None, status: int = 200) -> str:
    answer = (client or Client()).get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def village_reader(town) -> Client:
    client = Client(headers={"accept-language": "en"})
    link = links.issue(Pilot.objects.get(code="SGZ"), by=town.editor("SGZ"), label="bridge")
    assert client.get(links.address_of(link)).status_code == 302
    return client


def everywhere(town, reader: Client) -> dict[str, bool]:
    """Whether each surface that shows the outcome says that an appeal is under way."""
    own = page_of(town)
    member = town.members[CODE].public_id
    api = Client().get(f"/api/v1/members/{member}/?language=en").json()
    board = Client().get("/api/v1/boards/SGZ/?language=en").json()
    rows = [*api["pledges"], *[row for each in board["members"] for row in each["pledges"]]]
    key = str(own.pledges.get().key)
    v2 = Client().get(f"/api/v2/pages/{own.pk}/?fields=pledge_list").json()["pledge_list"]
    return {
        "board": APPEAL["en"] in read(BOARD),
        "board in Chinese": APPEAL["zh-hans"] in read(BOARD.replace("en", "zh-hans", 1)),
        "member": APPEAL["en"] in read(own.url),
        "category": APPEAL["en"] in read("/en/work-plan/compare/category/sanitation/"),
        "village": APPEAL["en"] in read("/v/", reader) and APPEAL["en"] in read(f"/v/{own.slug}/", reader),
        "API": all("appeal_open" in row["remarks"] for row in rows if row["key"] == key),
        "API v2": "appeal_open" in v2[0]["remarks"],
    }  # fmt: skip


def test_an_appeal_is_said_beside_the_outcome_at_once_and_gone_when_decided(town, public) -> None:
    reader = village_reader(town)
    assert set(everywhere(town, reader).values()) == {False}
    before = page_of(town).live_revision_id
    appeals.raise_appeal(public, by=town.editor("SGZ"), ground="I swept eight times")
    assert page_of(town).live_revision_id == before  # nobody has approved anything
    assert set(everywhere(town, reader).values()) == {True}
    appeals.decide_appeal(
        public.appeals.get(),
        by=town.moderator("SGZ"),
        verdict="dismissed",
        reason="The log says seven.",
    )
    assert set(everywhere(town, reader).values()) == {False}


def test_an_appeal_against_an_outcome_that_is_on_no_page_is_said_nowhere(town, clock) -> None:
    decision = final(town, clock, "not_fulfilled")
    appeals.raise_appeal(decision, by=town.editor("SGZ"), ground="I swept eight times")
    assert fresh(decision).state == "frozen"
    assert set(everywhere(town, village_reader(town)).values()) == {False}


def test_a_sheet_on_the_wall_is_wrong_once_an_appeal_begins_and_says_so_when_printed_anew(
    town, public
) -> None:
    village_reader(town)
    wish = Wish(kind=Kind.BOARD, size="A4", languages=("en",))
    printing.print_sheets(Pilot.objects.get(code="SGZ"), wish, by=town.editor("SGZ"))
    assert _wrong() == []
    appeals.raise_appeal(public, by=town.editor("SGZ"), ground="I swept eight times")
    assert _wrong() == ["an appeal against an outcome began or ended"]
    PrintedSheet.objects.all().update(settled="replaced")
    printing.print_sheets(Pilot.objects.get(code="SGZ"), wish, by=town.editor("SGZ"))
    assert _wrong() == []


def _wrong() -> list[str]:
    rows = PrintedSheet.objects.select_related("pilot__programme", "link")
    with override("en"):
        return [one.reason for _sheet, reasons in wrong_sheets(rows) for one in reasons]


def test_what_was_taken_over_without_word_of_the_member_says_so_until_they_are_heard(
    town, clock
) -> None:
    page = page_of(town)
    decision = town.take_over_outcome(page, outcome="not_fulfilled")
    put_on_page(decision, by=town.editor("SGZ"))
    approve_all(town)
    assert UNASKED in read(page.url)
    assert APPEAL["en"] not in read(page.url)
    outcomes.tell_member(fresh(decision), by=town.editor("SGZ"), how="in_person")
    assert UNASKED not in read(page.url)


def test_who_kept_a_pledge_or_is_on_record_with_an_account_is_not_said_to_be_unasked(town) -> None:
    for code, found in (
        ("SGZ-M001", {"outcome": "fulfilled"}),
        ("SGZ-M002", {"outcome": "partly", "reply": {"en": "It rained"}, "replied_on": date(2026, 11, 3)}),
    ):  # fmt: skip
        town.take_over_outcome(page_of(town, code=code), **found)
    assert remarks.of_members([member.pk for member in town.members.values()]) == {}


def test_what_is_remarked_takes_one_query_and_changes_a_drawn_board(town, public) -> None:
    read(BOARD)
    with CaptureQueriesContext(connection) as asked:
        before = read(BOARD)
    assert sum("outcomedecision" in query["sql"] for query in asked) == 1  # with the members' pages
    assert not any('pledge_pages_pledge"' in query["sql"] for query in asked)
    appeals.raise_appeal(public, by=town.editor("SGZ"), ground="I swept eight times")
    assert read(BOARD) != before
    (((member, key), said),) = remarks.of_members([town.members[CODE].pk]).items()
    assert (member, key, said) == (
        town.members[CODE].pk,
        UUID(str(public.pledge_key)),
        ("appeal_open",),
    )
