"""What stands on printed sheets, read back from the PDF."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from pledge_pages.models import (
    BranchPage,
    BranchPledge,
    Category,
    Consent,
    MemberPledgePage,
    Pilot,
    PrintedSheet,
)
from pledge_pages.people.actions import record_consent, withdraw_consent
from pledge_pages.posters import printing
from pledge_pages.posters.errors import PrintError
from pledge_pages.posters.wish import MILLIMETRES, Kind, Orientation, Size, Wish, a_quarter_after
from pledge_pages.village import links
from tests.posters.reading import code_on, fonts_of, pictures_of, sizes_of, words_of

pytestmark = pytest.mark.django_db

ZH, BOTH = ("zh-hans",), ("zh-hans", "en")
A4 = Wish(size="A4", languages=ZH)


def printed(pilot: Pilot, town, wish: Wish = A4) -> printing.Printed:
    return printing.print_sheets(pilot, wish, by=town.editor("SGZ"))


def made(pilot: Pilot, town, wish: Wish = A4) -> printing.Made:
    return printing.make(pilot, wish, by=town.editor("SGZ"))


def hold_branch_pledge(town, text: str, progress: str = "in_progress") -> None:
    """Have a board approved whose branch makes a pledge of its own."""
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    category = Category.objects.first()
    board.branch_pledges = [
        BranchPledge(
            year=2026, text=text, category=category, progress=progress, locale=board.locale
        )
    ]
    town.hold(board, "SGZ")


def everything_in(pdf: bytes) -> str:
    """Words, metadata and bookmarks of a PDF."""
    reader = PdfReader(io.BytesIO(pdf))
    return words_of(pdf) + repr(reader.metadata) + repr(reader.xmp_metadata and reader.metadata)


# Content --------------------------------------------------------------------------------------


def test_a_quiet_village_prints_what_was_approved_with_its_own_link(town, pilot, link) -> None:
    MemberPledgePage.objects.filter(pk=town.pages["SGZ-M001", "zh-hans"].pk).update(title="draft")
    pdf = printed(pilot, town).content
    words = words_of(pdf)
    for expected in (
        "SGZ村", "2026", "史长SGZ1", "史长SGZ2", "支部书记", "防汛值守岗", "每周三打扫村口SGZ-M001",
        "怎么算办到12", "到期2026-12-31", "已报完成",
    ):  # fmt: skip
        assert expected in words, expected
    assert code_on(made(pilot, town).sheet) == [links.address_of(link)]


def test_what_was_not_approved_is_not_printed(town, pilot) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    pledge = page.pledges.first()
    pledge.text = "没有审过的话"
    page.pledges = [pledge]
    page.save_revision(user=town.editor("SGZ"))
    page.save()
    words = words_of(printed(pilot, town).content)
    assert "没有审过的话" not in words
    assert "每周三打扫村口SGZ-M001" in words


def test_a_public_board_is_printed_with_its_public_address(town, pilot) -> None:
    town.open("SGZ")
    pilot = Pilot.objects.get(pk=pilot.pk)
    words = words_of(printed(pilot, town).content)
    assert "史长SGZ1" in words
    assert "党员承诺制" in words
    board = town.boards["SGZ", "zh-hans"]
    assert code_on(made(pilot, town).sheet) == [type(board).objects.get(pk=board.pk).full_url]
    assert PrintedSheet.objects.get().link is None


def test_the_board_says_how_much_is_done_how_many_stand_how_and_who_is_not_listed(
    town, pilot
) -> None:
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    page = page.get_latest_revision_as_object()
    pledge = page.pledges.first()
    pledge.progress, pledge.percent = "in_progress", 40
    page.pledges = [pledge]
    town.hold(page, "SGZ")
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    board.not_listed = "其余党员长期在外。"
    town.hold(board, "SGZ")
    words = words_of(printed(pilot, town).content)
    assert "进行中40%" in words
    assert "2名党员未办结2其余党员长期在外。" in words.replace("·", "")


def test_the_pledges_of_the_branch_stand_on_the_board_with_their_state(town, pilot) -> None:
    hold_branch_pledge(town, "把老井台的路硬化", "claimed_done")
    words = words_of(printed(pilot, town).content)
    assert "支部承诺把老井台的路硬化" in words
    assert "已报完成,待核" in words.replace("，", ",")
    assert "硬化" not in words_of(printed(pilot, town, Wish(kind="plates", languages=ZH)).content)


def test_both_languages_stand_on_one_sheet(town, pilot) -> None:
    words = words_of(printed(pilot, town, Wish(size="A4", languages=BOTH)).content)
    for expected in (
        "史长SGZ1",
        "ShiChangsgz1",
        "每周三打扫村口",
        "Sweepthevillagegate",
        "Branchsecretary",
    ):
        assert expected in words, expected


def test_until_the_first_approval_only_the_neutral_name_is_in_the_file(town, pilot) -> None:
    done = printed(pilot, town, Wish(size="A4", languages=BOTH))
    everything = everything_in(done.content) + done.file_name
    for secret in ("党员承诺制", "Memberpledgesystem", "Member pledge system"):
        assert secret not in everything
    assert PdfReader(io.BytesIO(done.content)).metadata.title == "村支部年度工作安排 2026"


def test_the_metadata_names_no_author_and_no_member(town, pilot) -> None:
    reader = PdfReader(io.BytesIO(printed(pilot, town).content))
    assert set(reader.metadata) == {"/Title", "/Creator", "/CreationDate", "/ModDate"}
    assert "长SGZ" not in repr(reader.metadata)


@pytest.mark.parametrize("kind", Kind.values)
def test_each_kind_names_the_members(town, pilot, kind) -> None:
    words = words_of(printed(pilot, town, Wish(kind=kind, size="A4", languages=ZH)).content)
    assert words.count("史长SGZ1") == 1
    assert words.count("史长SGZ2") == 1
    assert ("每周三打扫村口SGZ-M002" in words) is (kind != Kind.PLATES)


# Consent --------------------------------------------------------------------------------------


def test_only_what_may_be_printed_of_a_person_is_printed(town, pilot) -> None:
    pdf = printed(pilot, town).content
    assert len(pictures_of(pdf)) == 1
    for subject in Consent.Subject.values:
        withdraw_consent(
            town.members["SGZ-M001"], by=town.editor("SGZ"), subject=subject, scope="village_print"
        )
    pdf = printed(pilot, town).content
    words = words_of(pdf)
    assert "长SGZ1" not in words
    assert "每周三打扫村口SGZ-M001" in words
    assert pictures_of(pdf) == []


def test_what_may_be_shown_elsewhere_may_not_be_printed_by_that(town, pilot) -> None:
    for scope in ("village_qr", "public_web"):
        withdraw_consent(
            town.members["SGZ-M001"], by=town.editor("SGZ"), subject="name", scope=scope
        )
    assert "史长SGZ1" in words_of(printed(pilot, town).content)


def test_the_surname_alone_is_printed_if_that_is_agreed(town, pilot) -> None:
    record_consent(
        town.members["SGZ-M001"], by=town.editor("SGZ"), scope="village_print", subject="name",
        level="surname_only", given_on=date(2025, 3, 24), method="paper",
    )  # fmt: skip
    words = words_of(printed(pilot, town).content)
    assert "长SGZ1" not in words
    assert "史" in words


# Text -----------------------------------------------------------------------------------------


def test_texts_are_printed_as_they_are_written_whatever_signs_are_in_them(town, pilot) -> None:
    member = town.members["SGZ-M002"]
    type(member).objects.filter(pk=member.pk).update(
        surname='#let]"', given_name="*a*$b$_c_\\n@x<l>`q`//y/*z*/"
    )
    words = words_of(printed(pilot, town).content)
    assert '#let]"*a*$b$_c_\\n@x<l>`q`//y/*z*/' in words


def test_a_sign_that_no_font_has_is_named_with_its_place_and_nothing_is_printed(
    town, pilot
) -> None:
    member = town.members["SGZ-M002"]
    type(member).objects.filter(pk=member.pk).update(given_name="长\U0002a6a5")
    with pytest.raises(PrintError) as refused:
        printed(pilot, town)
    message = " ".join(refused.value.messages)
    assert "SGZ-M002" in message
    assert "\U0002a6a5" in message
    assert "U+2A6A5" in message
    assert not PrintedSheet.objects.exists()


def test_rare_signs_of_names_are_printed(town, pilot) -> None:
    member = town.members["SGZ-M002"]
    # Of the Table of General Standard Chinese Characters, beyond the basic plane.
    type(member).objects.filter(pk=member.pk).update(given_name="\U0002b5af\U0002c8e1䶮")
    assert "史\U0002b5af\U0002c8e1䶮" in words_of(printed(pilot, town).content)


def test_signs_that_draw_nothing_stand_in_no_ones_way(town, pilot) -> None:
    member = town.members["SGZ-M002"]
    hidden = "\u200e\u2066\u2069\u202d\ufeff\U000e0101"
    type(member).objects.filter(pk=member.pk).update(given_name=f"葛{hidden}城")
    words = words_of(printed(pilot, town).content)
    assert "史葛城" in "".join(sign for sign in words if sign not in hidden)


def test_numbers_of_people_are_not_printed(town, pilot) -> None:
    member = town.members["SGZ-M002"]
    type(member).objects.filter(pk=member.pk).update(given_name="13812345678")
    with pytest.raises(PrintError, match="13812345678"):
        printed(pilot, town)


def test_a_house_address_is_told_of_and_printed(town, pilot) -> None:
    hold_branch_pledge(town, "打扫建设街35号门口")
    done = printed(pilot, town)
    assert "打扫建设街35号门口" in words_of(done.content)
    (warning,) = done.warnings
    assert "建设街35号" in warning


def test_every_font_is_embedded_and_none_is_the_servers(town, pilot) -> None:
    for kind in Kind.values:
        found = fonts_of(printed(pilot, town, Wish(kind=kind, size="A4", languages=BOTH)).content)
        assert found
        assert all(found.values()), found
        assert all("NotoSansCJK" in name for name in found), found


# Paper ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("size", Size.values)
@pytest.mark.parametrize("orientation", Orientation.values)
def test_the_paper_is_exactly_as_asked_for(town, pilot, kind, size, orientation) -> None:
    wish = Wish(kind=kind, size=size, orientation=orientation, languages=ZH)
    short, long = MILLIMETRES[size]
    asked = (short, long) if orientation == "portrait" else (long, short)
    assert sizes_of(printed(pilot, town, wish).content) == {asked}


# How long it is valid, and with which code ------------------------------------------------------


def test_sheets_are_valid_for_a_quarter_unless_another_day_is_given(town, pilot) -> None:
    quarter = a_quarter_after(timezone.localdate())
    done = printed(pilot, town)
    assert done.row.valid_until == quarter
    assert quarter.isoformat() in words_of(done.content)
    day = timezone.localdate() + timedelta(days=9)
    other = printed(pilot, town, Wish(size="A4", languages=ZH, valid_until=day))
    assert day.isoformat() in words_of(other.content)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 12, 1), date(2027, 3, 1)),
    ],
)
def test_a_quarter_after(day, quarter) -> None:
    assert a_quarter_after(day) == quarter


def test_sheets_are_not_valid_longer_than_the_link_in_their_code(town, pilot, link) -> None:
    end = timezone.now() + timedelta(days=5)
    link.expires_at = end
    link.save()
    assert printed(pilot, town).row.valid_until == link.last_day
    with pytest.raises(PrintError):
        printed(pilot, town, Wish(languages=ZH, valid_until=link.last_day + timedelta(days=1)))


def test_a_day_that_is_over_is_refused(town, pilot) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(PrintError):
        printed(pilot, town, Wish(languages=ZH, valid_until=yesterday))


def test_without_a_valid_link_no_board_of_a_quiet_village_is_printed(town, pilot, link) -> None:
    links.revoke(link, by=town.lead, reason="lost")
    with pytest.raises(PrintError):
        printed(pilot, town)
    assert printed(pilot, town, Wish(kind="forms", languages=ZH)).row.link is None


@pytest.mark.parametrize("stage", ["suspended", "proposed"])
def test_nothing_is_printed_while_the_pilot_does_not_run(town, pilot, stage) -> None:
    if stage == "suspended":
        town.open("SGZ")
        pilot = town.close("SGZ")
    else:
        pilot = Pilot.objects.get(code="LSW")
    with pytest.raises(PrintError):
        printing.print_sheets(pilot, A4, by=town.lead)


# Who, and what is remembered ------------------------------------------------------------------


def test_staff_of_another_branch_may_not_print(town, pilot) -> None:
    for user in (town.editor("LSW"), town.moderator("LSW")):
        with pytest.raises(PermissionDenied, match="SGZ"):
            printing.print_sheets(pilot, A4, by=user)
    assert not PrintedSheet.objects.exists()


def test_a_printing_is_remembered_without_a_name_and_logged(town, pilot, link) -> None:
    done = printed(pilot, town)
    row = PrintedSheet.objects.get()
    assert (row.kind, row.size, row.languages, row.sheets) == ("board", "A4", ["zh-hans"], 1)
    assert (row.link, row.printed_by, row.was_public) == (link, town.editor("SGZ"), False)
    assert set(row.facts["members"]) == {
        str(town.members[code].pk) for code in ("SGZ-M001", "SGZ-M002")
    }
    assert "长" not in repr(row.facts)
    assert row.version in words_of(done.content)
    line = ModelLogEntry.objects.get(action="pledge_pages.print")
    assert line.user == town.editor("SGZ")
    assert line.data["version"] == row.version
    assert (line.data["pilot"], line.data["programme"]) == ("SGZ", "PP")
    assert "长" not in repr((line.data, line.label))


def test_the_same_content_has_the_same_version_and_other_content_another(town, pilot) -> None:
    first = printed(pilot, town).row.version
    day = timezone.localdate() + timedelta(days=9)
    assert printed(pilot, town, Wish(size="A1", languages=ZH, valid_until=day)).row.version == first
    withdraw_consent(town.members["SGZ-M001"], by=town.lead, subject="name", scope="village_print")
    assert printed(pilot, town).row.version != first
