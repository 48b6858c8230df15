"""A roster comes in as drafts: all of it or nothing, once, and by whom it is for."""

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from pledge_pages.models import BranchPage, HeldApproval, Member, MemberPhoto, MemberPledgePage
from pledge_pages.people.actions import record_consent, withdraw_consent
from pledge_pages.people.models import Scope
from pledge_pages.people.naming import photo_allowed, shown_name
from pledge_pages.transfer import draft_pages
from pledge_pages.transfer.roster_photos import photos_in
from pledge_pages.transfer.roster_rows import MOST_SHOWN
from tests.photos.pictures import jpeg
from tests.transfer.rosters import HEADER, LI, OUYANG, imported, roster, text_file, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def everything() -> tuple:
    """Return what an import could have changed."""
    return (
        list(Member.objects.order_by("pk").values()),
        list(MemberPledgePage.objects.order_by("pk").values("pk", "latest_revision", "photo")),
        HeldApproval.objects.count(),
        ModelLogEntry.objects.count(),
    )


def draft_of(code: str, language: str = "zh-hans"):
    page = MemberPledgePage.objects.get(member__code=code, locale__language_code=language)
    return page.get_latest_revision_as_object()


def errors_of(town, *rows, header=HEADER, **options) -> list[str]:
    before = everything()
    with pytest.raises(ValidationError) as caught:
        imported(town, roster(*rows, header=header), **options)
    assert everything() == before
    return caught.value.messages


def test_people_come_in_with_their_pledges_as_drafts(town):
    done = imported(town, roster(LI, OUYANG))
    assert [(line.row, line.code, line.new) for line in done.lines] == [
        (2, "SGZ-M101", True), (3, "SGZ-M102", True),
    ]  # fmt: skip
    li, ouyang = Member.objects.filter(code__in=["SGZ-M101", "SGZ-M102"]).order_by("code")
    assert (li.surname, li.given_name, li.surname_latin, li.given_name_latin) == (
        "李", "明", "Li", "Ming",
    )  # fmt: skip
    assert (ouyang.surname, ouyang.given_name, ouyang.office.code) == ("欧阳", "春", "mem")
    assert [post.code for post in li.posts.all()] == ["flood"]
    pledge = draft_of("SGZ-M101").pledges.get()
    assert (pledge.text, pledge.measure, pledge.year) == ("每月清理一次水渠", "清理十二次", 2026)
    assert (pledge.due, pledge.category.code) == (date(2026, 12, 31), "sanitation")
    assert draft_of("SGZ-M102").pledges.get().due == date(2026, 11, 5)


def test_a_pledge_in_a_language_without_a_board_is_refused_at_its_row(town, monkeypatch):
    monkeypatch.setattr(
        draft_pages.BranchPage,
        "objects",
        BranchPage.objects.filter(locale__language_code="zh-hans"),
    )
    row = ("M109", "何 平", "", "mem", "", "sanitation", "Sweep", "Twelve times", "2026-12-31")
    header = [*HEADER[:6], "Pledge (English)", "Measure (English)", HEADER[-1]]
    (error,) = errors_of(town, row, header=header)
    assert "no board in this language" in error
    assert "2" in error


def test_nobody_is_public_submitted_or_approved_by_an_import(town):
    held = HeldApproval.objects.count()
    imported(town, roster(LI))
    page = MemberPledgePage.objects.get(member__code="SGZ-M101")
    assert not page.live
    assert not page.workflow_in_progress
    assert page.latest_revision.user == page.owner == town.editor("SGZ")
    assert HeldApproval.objects.count() == held
    assert shown_name(page.member, Scope.VILLAGE_QR, "en").text == "Name not shown"


def test_in_a_public_branch_they_are_drafts_too(town):
    town.open("SGZ")
    imported(town, roster(LI))
    assert not MemberPledgePage.objects.get(member__code="SGZ-M101").live


def test_the_same_file_again_changes_nothing(town):
    file = roster(LI, OUYANG)
    imported(town, file)
    before = everything()
    done = imported(town, file)
    assert [line.changes for line in done.lines] == [False, False]
    # One line of the trail says that it was read.
    assert everything()[:3] == before[:3]


def test_the_same_file_again_changes_nothing_without_numbers(town):
    rows = [row[1:] for row in (LI, OUYANG)]
    file = roster(*rows, header=HEADER[1:])
    imported(town, file)
    codes = set(Member.objects.filter(surname__in=["李", "欧阳"]).values_list("code", flat=True))
    assert codes == {"SGZ-M003", "SGZ-M004"}
    before = everything()
    imported(town, file)
    assert everything()[:3] == before[:3]


def test_a_pledge_that_was_edited_since_is_not_brought_in_again(town):
    """Its text is another one now, but its key is that of the roster."""
    imported(town, roster(LI))
    draft = draft_of("SGZ-M101")
    key = draft.pledges.get().key
    imported(town, roster((*LI[:6], "另一件事", *LI[7:])))
    assert [pledge.text for pledge in draft_of("SGZ-M101").pledges.all()] == [LI[6], "另一件事"]
    assert draft_of("SGZ-M101").pledges.all()[0].key == key


def test_a_dry_run_says_the_same_and_does_nothing(town):
    before = everything()
    planned = imported(town, roster(LI, OUYANG), dry_run=True)
    assert everything() == before
    done = imported(town, roster(LI, OUYANG))
    assert [line.text for line in planned.lines] == [line.text for line in done.lines]
    assert planned.summary == done.summary


def test_whom_it_is_not_for_imports_nobody(town):
    for user in (town.editor("LSW"), town.moderator("SGZ"), town.verifier("SGZ")):
        before = everything()
        with pytest.raises(PermissionDenied):
            imported(town, roster(LI), by=user)
        assert everything() == before
    imported(town, roster(LI), by=town.lead)


def test_it_is_written_down_who_imported_and_no_name(town):
    imported(town, roster(LI))
    line = ModelLogEntry.objects.get(action="pledge_pages.import_roster")
    assert line.user == town.editor("SGZ")
    assert line.data["new"] == 1
    lines = ModelLogEntry.objects.filter(action__startswith="pledge_pages.import")
    assert "李" not in repr([(line.label, line.data) for line in lines])


# What is in a row --------------------------------------------------------------------------


def test_columns_stand_in_any_order_and_in_english(town):
    header = (
        "Due date*", "Pledge (English)", "Pledge (Chinese)", "Measure (English)", "measure（中文）",
        "Category", "Position", "FULL NAME", "No.", "Remarks",
    )  # fmt: skip
    row = (
        datetime(2026, 10, 1), "Sweep the square", "打扫广场", "Once a week", "每周一次", "sanitation",
        "Ordinary member", "钱多", 7.0, "left-handed",
    )  # fmt: skip
    done = imported(town, roster(row, header=header))
    assert done.unread == ("Remarks",)
    zh, en = (draft_of("SGZ-7", language).pledges.get() for language in ("zh-hans", "en"))
    assert (zh.text, en.text) == ("打扫广场", "Sweep the square")
    assert (zh.key, zh.translation_key) == (en.key, en.translation_key)
    assert draft_of("SGZ-7").translation_key == draft_of("SGZ-7", "en").translation_key


def test_a_translation_that_comes_later_is_of_the_same_pledge(town):
    imported(town, roster(LI))
    header = (*HEADER, "承诺内容(英文)", "怎么算办到(英文)")
    imported(town, roster((*LI, "Clean the ditch", "Twelve times"), header=header))
    zh, en = (draft_of("SGZ-M101", language).pledges.get() for language in ("zh-hans", "en"))
    assert (en.text, en.key, en.translation_key) == ("Clean the ditch", zh.key, zh.translation_key)


def test_several_rows_with_one_number_are_several_pledges(town):
    more = ("M101", "", "", "", "", "环境卫生", "再做一件", "一件", "2026-09-01")
    imported(town, roster(LI, more))
    assert [pledge.text for pledge in draft_of("SGZ-M101").pledges.all()] == [LI[6], "再做一件"]


def test_a_title_above_the_headings_is_passed_over(town):
    imported(town, workbook(["SGZ 名册"], [], HEADER, LI))
    assert Member.objects.filter(code="SGZ-M101").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_is_read_in_the_encodings_that_people_have(town, encoding):
    imported(town, text_file(HEADER, LI, encoding=encoding), name="名册.CSV")
    assert Member.objects.get(code="SGZ-M101").staff_name == "李明"


def test_a_member_of_whom_nothing_is_approved_gets_another_office(town):
    imported(town, roster(LI))
    done = imported(town, roster((*LI[:3], "支部书记", *LI[4:])))
    assert "Branch secretary" in done.lines[0].text
    assert Member.objects.get(code="SGZ-M101").office.code == "sec"


def test_an_approved_page_is_not_changed_by_an_import_not_even_by_a_lead(town):
    member = town.members["SGZ-M001"]
    row = ("M001", member.staff_name, "", "mem", *[""] * 5)
    for by in (town.editor("SGZ"), town.lead):
        assert "was approved" in errors_of(town, row, by=by)[0]
    assert Member.objects.get(pk=member.pk).office.code == "sec"


def test_a_new_pledge_of_a_member_with_an_approved_page_waits_in_a_draft(town):
    member = town.members["SGZ-M001"]
    approval = HeldApproval.objects.get(page=town.pages["SGZ-M001", "zh-hans"].pk)
    imported(town, roster(("M001", member.staff_name, "", "sec", "", *LI[5:])))
    assert draft_of("SGZ-M001").pledges.count() == 2
    again = HeldApproval.objects.get(pk=approval.pk)
    assert (again.snapshot, again.revision_id) == (approval.snapshot, approval.revision_id)


# What is wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (1, "", "must not be empty"),
        (1, "李" * 80, "64"),
        (3, "", "must not be empty"),
        (3, "村长", "There is no “村长”"),
        (4, "巡逻岗；防汛值守岗", "There is no “巡逻岗”"),
        (5, "", "must not be empty"),
        (5, "种菜", "There is no “种菜”"),
        (6, "", "says more about a pledge"),
        (6, "x" * 501, "500"),
        (6, "打 13812345678 找我", "mobile number"),
        (6, "=1+1", "calculates"),
        (7, "", "blank"),
        (8, "", "must not be empty"),
        (8, "明年", "no date"),
        (8, "2026-02-31", "no date"),
        (8, "2031-01-01", "may fall due"),
        (0, "a b", "letters"),
    ],
)
def test_what_is_wrong_in_a_row_is_named_with_its_column(town, place, value, said):
    row = (*LI[:place], value, *LI[place + 1 :], "2026")
    found = errors_of(town, (*OUYANG, ""), row, header=(*HEADER, "年度"))
    assert len(found) == 1
    assert found[0].startswith(f"Row 3, “{HEADER[place]}”")
    assert said in found[0]


def test_every_row_that_is_wrong_is_listed_and_nobody_comes_in(town):
    found = errors_of(
        town, LI, ("M103", "", *OUYANG[2:]), ("M104", "王五", "", "?", "", *LI[5:8], "?")
    )
    assert [text.split(",")[0] for text in found] == ["Row 3", "Row 4", "Row 4"]


def test_all_that_is_wrong_in_one_row_is_listed(town):
    found = errors_of(town, ("M103", "", "", "村长", "", "种菜", "打13812345678", "", "明年"))
    assert [text.split("”")[0] for text in found] == [
        f"Row 2, “{HEADER[place]}" for place in (6, 1, 3, 5, 8)
    ]


def test_of_very_many_errors_the_first_are_listed_and_the_others_counted(town):
    rows = [(f"M{number}", "", *OUYANG[2:]) for number in range(200, 270)]
    found = errors_of(town, *rows)
    assert len(found) == MOST_SHOWN + 1
    assert found[-1] == "And 20 more are wrong."


def test_errors_are_in_the_language_of_who_reads_them(town):
    with override("zh-hans"):
        found = errors_of(town, (*LI[:8], "明年"))
    assert found[0].startswith("第 2 行“完成时限”")


def test_two_of_one_name_need_a_number(town):
    nameless = lambda row: ("", *row[1:])  # noqa: E731
    assert "same name" in errors_of(town, nameless(LI), nameless(LI))[0]
    imported(town, roster(LI, ("M109", *LI[1:])))
    assert "several of this name: SGZ-M101, SGZ-M109" in errors_of(town, nameless(LI))[0]


def test_a_number_that_is_somebody_elses_is_an_error(town):
    assert "another member" in errors_of(town, ("M001", *LI[1:]))[0]
    member = town.members["LSW-M001"]
    Member.objects.filter(pk=member.pk).update(code="SGZ-X1")
    assert "this code already" in errors_of(town, ("X1", *LI[1:]))[0]
    other = ("M101", "别人", "", "mem", "", *LI[5:])
    assert "another name" in errors_of(town, LI, other)[0]


@pytest.mark.parametrize(
    "code", ["LSW-M01", "SGZ-LSW-M01", "SGZ-SGZ-M01", "XYZ-1", "ＬＳＷ－Ｍ０１"]
)
def test_a_number_with_the_code_of_another_branch_is_an_error(town, code):
    assert "Here it begins with SGZ-" in errors_of(town, (code, *LI[1:]))[0]


def test_a_number_is_read_in_wide_signs(town):
    (line,) = imported(town, roster(("ＳＧＺ－Ｍ１０１", *LI[1:]))).lines
    assert line.code == "SGZ-M101"


def test_a_namesake_under_another_number_is_pointed_out(town):
    imported(town, roster(LI))
    content = roster(("M109", *LI[1:]))
    (line,) = imported(town, content, dry_run=True).lines
    assert "of this name is in the branch already: SGZ-M101" in line.text
    (line,) = [*imported(town, content).lines]
    assert line.new
    assert imported(town, content).lines[0].text == "nothing changes"


def test_what_an_unknown_office_could_be_is_said(town):
    (said,) = errors_of(town, (*LI[:3], "党员", *LI[4:]))
    assert "There is no “党员”. There are: " in said
    assert str(Member.objects.get(code="SGZ-M001").office) in said


def test_one_person_twice_without_another_pledge_is_an_error(town):
    assert "Row 2 has the same number" in errors_of(town, LI, ("M101", *[""] * 8))[0]


def test_a_page_under_review_is_not_written_upon(town):
    page = MemberPledgePage.objects.get(pk=town.pages["SGZ-M001", "zh-hans"].pk)
    town.submit(page, town.editor("SGZ"))
    row = ("M001", town.members["SGZ-M001"].staff_name, "", "sec", "", *LI[5:])
    assert "in review" in errors_of(town, row)[0]


@pytest.mark.parametrize(
    "heading",
    ["出生日期", "出 生 年 月", "联系电话", "手机", "身份证号码", "家庭住址", "年龄", "银行卡号", "Date of birth",
     "Phone", "ID number", "Home address", "E-mail", "Age"],
)  # fmt: skip
def test_a_column_with_what_is_not_kept_is_refused_by_its_name(town, heading):
    found = errors_of(town, (*LI, "x"), header=(*HEADER, heading))
    assert found == [
        f"Column “{heading}”: such data about people is not kept here. Delete the column."
    ]


def test_headings_that_contradict_each_other_are_errors(town):
    assert "another one for the same" in errors_of(town, (*LI, "x"), header=(*HEADER, "Name"))[0]
    assert "for the office" in errors_of(town, ("李明",), header=("姓名",))[0]
    assert (
        "what is pledged"
        in errors_of(town, ("李明", "mem", "x"), header=("姓名", "职务", "类别"))[0]
    )


# Photos ------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for name in ("SGZ-M101.jpg", "ou.png"):
        (tmp_path / name).write_bytes(jpeg())
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff not a picture")
    return tmp_path


def test_photos_come_along_by_file_name_or_number_and_wait_for_consent(town, folder):
    header = (*HEADER, "照片")
    done = imported(
        town, roster((*LI, ""), (*OUYANG, "OU.png"), header=header), photos=photos_in(folder)
    )
    assert all("photo" in line.said for line in done.lines)
    assert MemberPhoto.objects.filter(member__code__in=["SGZ-M101", "SGZ-M102"]).count() == 2
    photo = draft_of("SGZ-M101").photo
    assert photo.member.code == "SGZ-M101"
    assert not any(photo_allowed(photo.member, scope) for scope in Scope.values)
    before = everything()
    imported(town, roster((*LI, ""), (*OUYANG, "OU.png"), header=header), photos=photos_in(folder))
    assert everything()[:3] == before[:3]


def test_photos_that_are_missing_or_refused_are_reported_by_row_and_nobody_comes_in(town, folder):
    header = (*HEADER, "照片")
    rows = [(*LI, "../SGZ-M101.jpg"), (*OUYANG, "broken.jpg")]
    for dry_run in (True, False):
        found = errors_of(town, *rows, header=header, photos=photos_in(folder), dry_run=dry_run)
        assert [text.split(":")[0] for text in found] == ["Row 2, “照片”", "Row 3, “照片”"]
        assert "no file" in found[0]
        assert "damaged" in found[1]
    assert not MemberPhoto.objects.filter(member__code__startswith="SGZ-M10").exists()


def test_a_photo_that_the_member_took_back_is_not_brought_in_again(town, folder):
    header, photos = (*HEADER, "照片"), photos_in(folder)
    imported(town, roster((*OUYANG, "ou.png"), header=header), photos=photos)
    member = Member.objects.get(code="SGZ-M102")
    by = town.editor("SGZ")
    record_consent(
        member, by=by, scope="village_qr", subject="photo", level="full", method="paper",
        given_on=date(2026, 1, 5),
    )  # fmt: skip
    withdraw_consent(member, by=by, subject="photo")
    assert MemberPhoto.objects.get(member=member).file.name == ""
    imported(town, roster((*OUYANG, "ou.png"), header=header), photos=photos)
    assert MemberPhoto.objects.get(member=member).file.name == ""


def test_a_link_in_the_folder_is_not_followed(town, folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "x.jpg"
    elsewhere.write_bytes(jpeg())
    (folder / "SGZ-M102.jpg").symlink_to(elsewhere)
    imported(town, roster(OUYANG), photos=photos_in(folder))
    assert draft_of("SGZ-M102").photo is None


# Numbers -----------------------------------------------------------------------------------


def queries_for(town, count: int) -> tuple[int, int]:
    rows = [(f"M{300 + number}", f"赵{number}", "", *LI[3:]) for number in range(count)]
    content = roster(*rows)
    with CaptureQueriesContext(connection) as asked:
        imported(town, content, dry_run=True)
    dry = len(asked)
    with CaptureQueriesContext(connection) as asked:
        imported(town, content)
    return dry, len(asked)


def test_a_row_takes_so_many_queries_and_a_dry_run_none(town):
    found = []
    for count in (2, 6):
        with transaction.atomic():
            found.append(queries_for(town, count))
            transaction.set_rollback(True)
    assert found[0][0] == found[1][0] <= 20
    assert (found[1][1] - found[0][1]) / 4 <= 110
