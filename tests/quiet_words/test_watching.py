"""What is held back and what is not: terms, names beside them, links to what is hidden."""

import io
from urllib.parse import quote

import pytest
from django.db import models
from django.test.utils import isolate_apps
from django.utils.translation import override
from wagtail.blocks import PageChooserBlock
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from pledge_pages.embargo.release import plan
from pledge_pages.models import (
    BranchPage,
    EvidenceFile,
    Member,
    MemberPhoto,
    Pilot,
    QuietTerm,
)
from pledge_pages.photos.actions import add_photo
from pledge_pages.pilots.actions import take_step
from pledge_pages.quiet_words.refusing import issues_standing
from pledge_pages.quiet_words.watching import Watch
from pledge_pages.quiet_words.wording import sentence
from tests.photos.pictures import jpeg
from tests.quiet_words.conftest import TERM

pytestmark = pytest.mark.django_db


def found(page) -> list[tuple[str, str, str]]:
    return [(issue.kind, issue.path, issue.quote) for issue in issues_standing(page)]


@pytest.fixture
def one_is_public(town):
    """The first branch is public, and with it the name of the programme; the second is quiet."""
    town.hold_branch("SGZ")
    town.open("SGZ")
    return town


def test_terms_are_free_as_soon_as_one_pilot_is_approved_and_not_after_its_suspension(
    news, one_is_public
) -> None:
    page = news(body=f"<p>{TERM}</p>")
    assert found(page) == []
    one_is_public.close("SGZ")
    assert found(page) == [("term", "body", TERM)]


def test_the_public_name_is_a_term_though_nobody_entered_it(news, town) -> None:
    QuietTerm.objects.all().delete()
    assert found(news(body="<p>The Member-Pledge System</p>")) == [
        ("term", "body", "Member-Pledge System")
    ]


def test_the_neutral_name_is_no_secret_even_if_it_is_the_public_one(news, town) -> None:
    QuietTerm.objects.all().delete()
    programme = town.programme
    programme.public_name = programme.neutral_name
    programme.save()
    assert found(news(body=f"<p>{programme.neutral_name['zh-hans']}</p>")) == []


def test_a_phrase_that_is_fine_excuses_what_it_holds(news, town) -> None:
    page = news(body="<p>卫生室推行服务承诺制。</p>")
    assert found(page) == [("term", "body", "承诺制")]
    QuietTerm.objects.create(programme=town.programme, text="服务承诺", kind="fine")
    assert found(page) == []


def test_what_to_write_instead_is_the_terms_own_or_the_neutral_name(news, town) -> None:
    QuietTerm.objects.filter(text="亮承诺").update(suggestion="年度工作安排")
    page = news(body=f"<p>亮承诺 {TERM}</p>")
    assert [issue.suggestion for issue in issues_standing(page)] == [
        "年度工作安排", "村支部年度工作安排"
    ]  # fmt: skip


# Names ---------------------------------------------------------------------------------------


def test_names_alone_and_notices_about_the_village_are_never_held_back(news, town) -> None:
    member = town.members["SGZ-M001"]
    page = news(
        title="SGZ村道路封闭通知",
        body=f"<p>{member.staff_name}, Shi Changsgz1, 罗静宜, SGZ village, 村务公开目录</p>",
    )
    assert found(page) == []


NAMES = ("史长LSW1", "史 长 LSW1", "Shi Changlsw1", "Changlsw1 SHI")


def test_a_name_of_a_quiet_branch_beside_the_words_is_held_back_when_they_are_long_public(
    news, one_is_public
) -> None:
    page = news()
    for name in NAMES:
        page.body, page.search_description = f"<p>{name}</p>", "各村好人"
        assert found(page) == []
        page.search_description = f"关于{TERM}"
        assert found(page) == [("name", "body", name)]


def test_a_name_of_the_public_branch_beside_the_words_is_fine(news, one_is_public) -> None:
    assert found(news(body=f"<p>史长SGZ1 {TERM}</p>")) == []


def test_a_surname_alone_is_nobodys_name(news, one_is_public) -> None:
    Member.objects.filter(pilot__code="LSW").update(given_name="", given_name_latin="")
    assert found(news(body=f"<p>史 Shi {TERM}</p>")) == []


# Links ---------------------------------------------------------------------------------------


def test_a_link_to_a_hidden_page_is_held_back_and_one_to_a_public_page_is_not(
    news, one_is_public
) -> None:
    hidden, shown = (one_is_public.boards[code, "zh-hans"] for code in ("LSW", "SGZ"))
    page = news(
        body=f'<p>见<a linktype="page" id="{hidden.pk}">那里</a>'
        f'和<a linktype="page" id="{shown.pk}">这里</a></p>'
    )
    (issue,) = issues_standing(page)
    assert (issue.kind, issue.path, issue.start, issue.quote) == ("link", "body", 1, "那里")


BOARD = "/zh-hans/work-plan/village-2/"
ADDRESSES = (
    BOARD, BOARD.rstrip("/"), f"http://testserver{BOARD}", f"https://www.example.org{BOARD}",
    "/ZH-Hans/work-plan/Village-2/?year=2026#top", "/zh%2Dhans/work%2Dplan/village%2D2/",
    f"{BOARD}abc/", "/zh-hans/./work-plan/village-2/", "/zh-hans/../zh-hans/work-plan/x/../village-2/",
    "../../work-plan/village-2/", "./village-2/", "work-plan/village-2/", BOARD.strip("/"),
    f"www.example.org{BOARD}", "/zh-hans//work-plan/village-2@", f"/search?next={quote(BOARD, safe='')}",
    BOARD.replace("/", "\\"), BOARD.replace("/", "／"), f"x/../../..{BOARD}",
)  # fmt: skip


def test_an_address_of_a_hidden_page_is_held_back_as_text_and_as_a_link(
    news, one_is_public
) -> None:
    page = news()
    for address in ADDRESSES:
        for body in (f"<p>看{address} 就有</p>", f'<p><a href="{address}">看</a></p>'):
            page.body = body
            assert [kind for kind, *_rest in found(page)] == ["link"], body


def test_an_address_with_characters_of_its_own_is_found_with_and_without_escapes(
    news, one_is_public
) -> None:
    board = BranchPage.objects.get(pk=one_is_public.boards["LSW", "zh-hans"].pk)
    board.slug = "柳树洼"
    board.save()
    path = "/zh-hans/work-plan/柳树洼/"
    page = news(body=f'<a href="{path}">看</a><a href="{quote(path)}">看</a>')
    assert [where for _kind, where, _quote in found(page)] == ["body.href[0]", "body.href[1]"]
    for text in (path, quote(path)):
        page.body = f"<p>见{text}。</p>"
        assert [kind for kind, *_rest in found(page)] == ["link"]


def test_words_behind_escapes_in_an_address_are_found_where_they_stand(news, town) -> None:
    once, twice = quote(TERM), quote(quote(TERM))
    page = news(body=f'<a href="/search/?q={once}&amp;w={twice}">看</a>')
    issues = issues_standing(page)
    assert [(issue.path, issue.start, issue.quote) for issue in issues] == [
        ("body.href[0]", 11, TERM), ("body.href[0]", 14 + len(once), TERM),
    ]  # fmt: skip


def test_what_a_browser_leaves_out_of_a_link_hides_nothing(news, one_is_public) -> None:
    page = news(body='<a href="/zh-hans/work&#9;-plan/vill\nage-2/">看</a>')
    assert [kind for kind, *_rest in found(page)] == ["link"]


def test_other_addresses_are_not_held_back(news, one_is_public) -> None:
    body = (
        "<p>/zh-hans/work-plan/ /zh-hans/work-plan/village-1/ /v/ https://v.example/v/short 1/2 "
        "village-2 a/village-2 ../work-plan/village-1/ /other/village-2/ 50%/100% v/v/v ...</p>"
    )
    assert found(news(body=body)) == []


TOKEN = "4k2jd8s7f6g5h4j3k2m5n6p7q8r"
# As it is typed, copied, dressed up, or put behind other words.
WALL = (
    "https://testserver/v/{}/ 。", "/v/{}", "testserver/v/{}", "v/{}", "/V/{}", "/v/{}%20/", "/v/{}%0A",
    "/v/{}%C2%A0/", "/v/{}%E3%80%80", "/v/%20{}/", "/v//{}", "/v/./{}/", "/v/x/../{}/", "//h/v/{}",
    "/v/{}:看", "/v/{}：看", "/v/{}@", "/v/{}+abc", "/v/{}.", "/v/{},", "／v／{}／", "\\v\\{}",
    "⁄v⁄{}", "%2Fv%2F{}", "/go?to=%2fv%2f{}", "/go?to=%252Fv%252F{}", "/go%3Fto%3D/v/{}",
    "http:/v/{}", "／ｖ／{}", "/\u200bv/{}",
)  # fmt: skip


@pytest.mark.parametrize("written", WALL)
def test_the_address_on_the_wall_is_held_back_however_it_is_written(news, town, written) -> None:
    page = news()
    address = written.format(TOKEN)
    apart = written.format(f"{TOKEN[:9]}\u200b{TOKEN[9:]}")
    for body in (f"<p>扫码看 {address}</p>", f'<a href="{address}">看</a>', f"<p>{apart}</p>"):
        page.body = body
        assert [kind for kind, *_rest in found(page)] == ["link"], body


def test_evidence_of_a_quiet_branch_is_held_back(news, town) -> None:
    file = EvidenceFile.objects.create(
        pilot=town.pilots["SGZ"], kind="document", file="evidence/a.pdf",
        content_type="application/pdf", size=1, digest="0",
    )  # fmt: skip
    page = news(body=f"<p>/photos/evidence/{file.token}.pdf</p>")
    assert [kind for kind, *_rest in found(page)] == ["link"]


@isolate_apps("home")
def test_a_photo_a_file_or_a_page_of_a_quiet_branch_is_held_back_where_it_was_chosen(
    news, town
) -> None:
    class Story(models.Model):  # noqa: DJ008
        photo = models.ForeignKey(MemberPhoto, models.CASCADE)
        body = StreamField([("page", PageChooserBlock())])

        class Meta:
            app_label = "home"

    photo = add_photo(town.members["SGZ-M001"], io.BytesIO(jpeg()), by=town.editor("SGZ"))
    assert found(news(body=f"<p>/photos/{photo.token}/tile.jpg</p>"))[0][0] == "link"
    hidden = town.boards["SGZ", "zh-hans"]
    story = Story(photo=photo, body=[("page", hidden.page_ptr)])
    issues = Watch().issues_of(story)
    assert sorted((one.kind, one.path.partition(".")[0], one.start) for one in issues) == [
        ("link", "body", -1), ("link", "photo", -1)
    ]  # fmt: skip
    with override("en"):
        assert {sentence(one).partition(":")[0] for one in issues} == {"Body", "Photo"}


def test_pages_that_cannot_be_seen_may_say_what_they_are_about(town) -> None:
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    board.introduction = f"<p>{TERM}</p>"
    board.save()
    town.hold_branch("SGZ")
    pilot = town.to_stage("SGZ", "reviewed")
    take_step(pilot, "concur", by=town.moderator("SGZ"), reason="it works")
    dry_run = plan([Pilot.objects.get(code="SGZ")], by=town.lead)
    assert [item.reason for item in dry_run.stays_back] == []
    assert len(dry_run.goes_live) == 6


def test_a_public_board_cannot_link_to_a_quiet_one_and_the_dry_run_says_so(town) -> None:
    board = BranchPage.objects.get(pk=town.boards["SGZ", "zh-hans"].pk)
    other = town.boards["LSW", "zh-hans"]
    board.introduction = f'<p>see <a linktype="page" id="{other.pk}">them</a></p>'
    board.save()
    town.hold_branch("SGZ")
    pilot = town.to_stage("SGZ", "reviewed")
    take_step(pilot, "concur", by=town.moderator("SGZ"), reason="it works")
    dry_run = plan([Pilot.objects.get(code="SGZ")], by=town.lead)
    assert board.pk in [item.page.pk for item in dry_run.stays_back]
    # Both in one step may name each other.
    town.hold_branch("LSW")
    both = plan(list(Pilot.objects.all()), by=town.lead)
    assert board.pk in [item.page.pk for item in both.goes_live]


def test_what_a_chosen_picture_is_called_is_read_wherever_it_stands(
    news, town, saved_before
) -> None:
    image = Image.objects.create(
        title="史各庄承诺制公开栏",
        description="亮承诺",
        file=get_test_image_file("chengnuozhi.png"),
    )
    image.tags.add("承诺制")
    page = news(body=f'<embed embedtype="image" id="{image.pk}" format="left" alt=""/>')
    assert sorted(path.rpartition(".")[2] for _kind, path, _quote in found(page)) == [
        "description", "file", "tags[0]", "title",
    ]  # fmt: skip
