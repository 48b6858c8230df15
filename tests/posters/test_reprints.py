"""Sheets that have become wrong: each is named with its reason, and no other is."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry, Site

from pledge_pages.appraisal.on_page import said_of
from pledge_pages.embargo import approval
from pledge_pages.models import BranchPage, MemberPledgePage, Office, Pilot, PrintedSheet
from pledge_pages.people.actions import record_consent, withdraw_consent
from pledge_pages.photos.actions import add_photo
from pledge_pages.posters import printing
from pledge_pages.posters.errors import PrintError
from pledge_pages.posters.reprints import wrong_sheets
from pledge_pages.posters.wish import Kind, Wish
from pledge_pages.village import links
from tests.photos.pictures import jpeg
from tests.posters.test_printing import hold_branch_pledge

pytestmark = pytest.mark.django_db

KINDS = {kind: Wish(kind=kind, size="A4", languages=("zh-hans",)) for kind in Kind.values}


@pytest.fixture
def sheets(town, pilot) -> dict[str, PrintedSheet]:
    """One printed sheet of each kind."""
    return {
        kind: printing.print_sheets(pilot, wish, by=town.editor("SGZ")).row
        for kind, wish in KINDS.items()
    }


def wrong() -> dict[str, list[tuple[str, str]]]:
    """Kind -> (code of the member or nothing, reason), of what is wrong now, in English."""
    rows = PrintedSheet.objects.select_related("pilot__programme", "link")
    with override("en"):
        found = wrong_sheets(rows)
        return {sheet.kind: [(one.member_id, one.reason) for one in why] for sheet, why in found}


def test_what_was_just_printed_is_right(sheets) -> None:
    assert wrong() == {}


def test_a_withdrawn_name_spoils_every_sheet_that_shows_it(town, sheets) -> None:
    member = town.members["SGZ-M002"]
    withdraw_consent(member, by=town.lead, subject="name", scope="village_print")
    reason = (member.pk, "agreed to another way of printing the name, or withdrew")
    assert wrong() == {"board": [reason], "plates": [reason], "forms": [reason]}


def test_a_consent_for_elsewhere_spoils_nothing(town, sheets) -> None:
    withdraw_consent(town.members["SGZ-M002"], by=town.lead, subject="name", scope="public_web")
    assert wrong() == {}


def test_a_consent_that_runs_out_spoils_it_on_that_day(town, pilot, time_machine) -> None:
    member, today = town.members["SGZ-M002"], timezone.localdate()
    record_consent(
        member, by=town.lead, scope="village_print", subject="name", level="full",
        given_on=today, expires_on=today + timedelta(days=3), method="paper",
    )  # fmt: skip
    printing.print_sheets(pilot, KINDS["board"], by=town.lead)
    assert wrong() == {}
    time_machine.move_to(timezone.now() + timedelta(days=4))
    assert [member_id for member_id, _reason in wrong()["board"]] == [member.pk]


def test_a_withdrawn_photo_spoils_the_sheets_with_photos(town, sheets) -> None:
    member = town.members["SGZ-M001"]
    withdraw_consent(member, by=town.lead, subject="photo", scope="village_print")
    reason = (member.pk, "the photo may not be printed any more")
    assert wrong() == {"board": [reason], "plates": [reason]}


def approved_anew(town, code: str, **changes) -> None:
    """Have the member's page approved with another first pledge, or another photo."""
    page = MemberPledgePage.objects.get(pk=town.pages[code, "zh-hans"].pk)
    page = page.get_latest_revision_as_object()
    pledge = page.pledges.first()
    for name, value in changes.items():
        setattr(page if name == "photo" else pledge, name, value)
    page.pledges = [pledge]
    town.hold(page, "SGZ")


def test_another_photo_spoils_the_sheets_with_photos(town, sheets) -> None:
    member = town.members["SGZ-M001"]
    photo = add_photo(member, io.BytesIO(jpeg()), by=town.editor("SGZ"))
    assert wrong() == {}, "it is not approved yet"
    approved_anew(town, "SGZ-M001", photo=photo)
    reason = (member.pk, "another photo")
    assert wrong() == {"board": [reason], "plates": [reason]}


def test_an_outcome_spoils_the_board_and_no_signed_form(town, sheets) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M002", "zh-hans"].pk)
    decision = town.take_over_outcome(page, outcome="not_fulfilled")
    approved_anew(town, "SGZ-M002", **said_of(decision, "zh-hans"))
    member = town.members["SGZ-M002"]
    assert wrong() == {"board": [(member.pk, "a pledge stands otherwise now")]}


def test_another_pledge_spoils_board_and_form(town, sheets) -> None:
    approved_anew(town, "SGZ-M002", text="换了一句话")
    reason = (town.members["SGZ-M002"].pk, "a pledge changed")
    assert wrong() == {"board": [reason], "forms": [reason]}


def test_another_baseline_spoils_the_form_on_which_it_stands(town, sheets) -> None:
    approved_anew(town, "SGZ-M002", baseline="每月一次")
    assert wrong() == {"forms": [(town.members["SGZ-M002"].pk, "a pledge changed")]}


def test_another_percentage_spoils_the_board_on_which_it_stands(town, pilot) -> None:
    approved_anew(town, "SGZ-M002", progress="in_progress", percent=40)
    for wish in KINDS.values():
        printing.print_sheets(pilot, wish, by=town.lead)
    assert wrong() == {}
    approved_anew(town, "SGZ-M002", progress="in_progress", percent=60)
    assert wrong() == {"board": [(town.members["SGZ-M002"].pk, "a pledge stands otherwise now")]}


def test_another_year_spoils_board_and_form(town, sheets) -> None:
    for code in ("SGZ-M001", "SGZ-M002"):
        approved_anew(town, code, year=2027)
    reason = (None, "Another year is shown now.")
    found = wrong()
    assert reason in found["board"]
    assert reason in found["forms"]
    assert "plates" not in found


def test_another_order_of_the_members_spoils_the_board(town, sheets) -> None:
    first, last = (town.members[f"SGZ-M00{number}"] for number in (1, 2))
    office = Office.objects.create(code="first", name=last.office.name, rank=0)
    type(last).objects.filter(pk=last.pk).update(office=office)
    assert first.office.rank > 0
    assert wrong() == {"board": [(None, "The members stand in another order now.")]}


def test_a_sheet_of_which_less_was_kept_is_compared_as_far_as_that_goes(town, sheets) -> None:
    row = sheets["board"]
    del row.facts["order"], row.facts["head"]["year"]
    for member in row.facts["members"].values():
        member["pledges"] = {
            key: [kept["words"], kept["status"]] for key, kept in member["pledges"].items()
        }
    row.save()
    assert wrong() == {}
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M002", "zh-hans"].pk)
    decision = town.take_over_outcome(page, outcome="not_fulfilled")
    approved_anew(town, "SGZ-M002", **said_of(decision, "zh-hans"))
    reason = (town.members["SGZ-M002"].pk, "a pledge stands otherwise now")
    assert wrong() == {"board": [reason]}


def test_another_office_spoils_every_sheet(town, sheets) -> None:
    member = town.members["SGZ-M002"]
    type(member).objects.filter(pk=member.pk).update(office=Office.objects.get(code="sec"))
    assert {kind: len(why) for kind, why in wrong().items()} == dict.fromkeys(Kind.values, 1)


def test_a_member_whose_page_was_withdrawn_is_named(town, sheets) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M002", "zh-hans"].pk)
    approval.withdraw(page, by=town.moderator("SGZ"), reason="left")
    reason = (town.members["SGZ-M002"].pk, "is not on the board any more")
    assert wrong() == {kind: [reason] for kind in Kind.values}


@pytest.mark.parametrize("act", ["rotate", "revoke"])
def test_a_link_that_opens_nothing_any_more_spoils_what_has_its_code(
    town, sheets, link, act
) -> None:
    getattr(links, act)(link, by=town.lead, reason="lost")
    reason = (None, "The link in its code was revoked or replaced.")
    assert wrong() == {"board": [reason], "plates": [reason]}


def test_another_link_spoils_nothing(town, sheets) -> None:
    links.revoke(links.issue(town.pilots["SGZ"], by=town.lead), by=town.lead, reason="lost")
    assert wrong() == {}


def test_a_sheet_is_wrong_from_the_day_after_its_last(town, sheets, time_machine) -> None:
    last = sheets["board"].valid_until
    days = (last - timezone.localdate()).days
    now = timezone.now()
    time_machine.move_to(now + timedelta(days=days))
    assert wrong() == {}
    time_machine.move_to(now + timedelta(days=days + 1))
    reason = (None, f"It was valid until {last.isoformat()}.")
    assert wrong() == {"board": [reason], "plates": [reason]}


def test_approval_and_suspension_of_the_pilot_spoil_what_hangs(town, sheets) -> None:
    town.open("SGZ")
    found = wrong()
    assert set(found) == set(Kind.values)
    assert "approved since" in found["board"][0][1]
    assert [len(why) for why in found.values()] == [1, 1, 1], "each change is told of once"
    PrintedSheet.objects.all().delete()
    for wish in KINDS.values():
        printing.print_sheets(Pilot.objects.get(code="SGZ"), wish, by=town.lead)
    assert wrong() == {}
    town.close("SGZ")
    found = wrong()
    assert set(found) == set(Kind.values)
    assert "take it down" in found["board"][0][1]


def test_another_pledge_of_the_branch_spoils_the_board(town, sheets) -> None:
    hold_branch_pledge(town, "把路修好")
    assert wrong() == {"board": [(None, "The pledges of the branch changed.")]}


def test_another_name_of_the_board_spoils_every_sheet(town, sheets) -> None:
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    board.title = "史各庄新村"
    town.hold(board, "SGZ")
    assert wrong() == {kind: [(None, "The name of the board changed.")] for kind in Kind.values}


def test_what_is_said_of_others_spoils_the_board(town, sheets) -> None:
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    board.not_listed = "其余党员长期在外。"
    town.hold(board, "SGZ")
    reason = (None, "What is said of those who are not listed changed.")
    assert wrong() == {"board": [reason]}


def test_a_quiet_sheet_with_the_name_of_a_programme_that_is_quiet_again_is_wrong(
    town, pilot
) -> None:
    town.hold_branch("LSW")
    Pilot.objects.filter(code="LSW").update(wave=pilot.wave)
    town.open("LSW")
    for wish in KINDS.values():
        printing.print_sheets(pilot, wish, by=town.editor("SGZ"))
    assert wrong() == {}
    town.close("LSW")
    reason = (None, "The name of the programme changed.")
    assert wrong() == {"board": [reason], "forms": [reason]}


def test_another_address_of_a_public_board_spoils_what_has_its_code(town) -> None:
    town.open("SGZ")
    for wish in KINDS.values():
        printing.print_sheets(Pilot.objects.get(code="SGZ"), wish, by=town.lead)
    site = Site.objects.get(is_default_site=True)
    site.hostname = "town.example"
    site.save()
    reason = (None, "The board stands at another address than that in its code.")
    assert wrong() == {"board": [reason], "plates": [reason]}


def test_a_settled_sheet_is_not_named_again(town, sheets) -> None:
    withdraw_consent(town.members["SGZ-M002"], by=town.lead, subject="name", scope="village_print")
    printing.settle(sheets["board"], "taken_down", by=town.editor("SGZ"))
    assert set(wrong()) == {"plates", "forms"}
    row = PrintedSheet.objects.get(kind="board")
    assert (row.settled, row.settled_by) == ("taken_down", town.editor("SGZ"))
    line = ModelLogEntry.objects.get(action="pledge_pages.settle_print")
    assert (line.data["as"], line.data["pilot"]) == ("taken_down", "SGZ")
    with pytest.raises(PrintError):
        printing.settle(sheets["board"], "reprinted", by=town.editor("SGZ"))


def test_staff_of_another_branch_settle_nothing(town, sheets) -> None:
    with pytest.raises(PermissionDenied, match="SGZ"):
        printing.settle(sheets["board"], "taken_down", by=town.editor("LSW"))
    assert not PrintedSheet.objects.exclude(settled="").exists()


def test_ten_sheets_cost_no_more_queries_than_one(town, pilot, sheets) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            wrong()
        return len(captured)

    PrintedSheet.objects.exclude(kind="board").delete()
    once = queries()
    for _number in range(9):
        PrintedSheet.objects.create(
            **{
                field.name: getattr(sheets["board"], field.name)
                for field in PrintedSheet._meta.fields
                if not field.primary_key
            }
        )
    assert queries() == once
    assert once <= 13
