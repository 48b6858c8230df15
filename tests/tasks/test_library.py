"""The library beside a page's editor: looked through, and what is ticked goes into the draft, no further."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pledge_pages.models import Category, MemberPledgePage, PledgeTemplate, Post
from pledge_pages.tasks.from_library import Choice, add_from_library
from tests.tasks.conftest import CODE, DUE, drafts_of
from tests.tasks.test_office import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(town) -> dict[str, PledgeTemplate]:
    """Two of sanitation, one with numbers; thirty of roads; one that is not offered."""
    sanitation = Category.objects.get(code="sanitation")
    roads = Category.objects.create(code="roads", name={"zh-hans": "修路", "en": "Roads"}, rank=200)
    Post.objects.get(code="flood").categories.add(roads)
    rows = [
        PledgeTemplate(code="T1", category=sanitation, text={"zh-hans": "清扫___户", "en": "Sweep ___ gates"},
                       measure={"zh-hans": "___张照片", "en": "___ photos"},
                       first_task={"zh-hans": "领___把扫帚", "en": "Get ___ brooms"}),
        PledgeTemplate(code="T2", category=sanitation, text={"zh-hans": "看好公厕"},
                       measure={"zh-hans": "抽查"}),
        PledgeTemplate(code="T9", category=sanitation, text={"zh-hans": "不再提供"}, active=False),
        *[PledgeTemplate(code=f"R{n:02}", category=roads, text={"zh-hans": f"修路{n}", "en": f"Road {n}"},
                         measure={"zh-hans": "平整", "en": "level"}) for n in range(30)],
    ]  # fmt: skip
    for row in rows:
        row.full_clean()
        row.save()
    return {row.code: row for row in rows}


def page_of(town, code: str = CODE, language: str = "zh-hans") -> MemberPledgePage:
    return MemberPledgePage.objects.get(pk=town.pages[code, language].pk)


def address(page: MemberPledgePage) -> str:
    return reverse("pledge_boards:library", args=[page.pk])


def codes_in(text: str) -> list[str]:
    return re.findall(r'name="take" value="(\w+)"', text)


def ticked(*codes: str, **changes) -> dict:
    return {"take": codes, "year": "2026", "due": "2026-12-31", "number_T1_number": "4",
            "number_T1_first": "2", "also": ["en"], **changes}  # fmt: skip


def kept(town) -> tuple:
    """What is public of the first member, and how many versions there are of the page."""
    client = Client()
    return (
        client.get(page_of(town).url).content.count(b"pp-pledge"),
        {language: page_of(town, language=language).latest_revision_id for language in ("zh-hans", "en")},
    )  # fmt: skip


def test_what_is_ticked_is_in_the_draft_with_all_that_the_library_says(town, library) -> None:
    page, client = page_of(town), signed_in(town.editor("SGZ"))
    before = Client().get(page.url).content
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert address(page) in client.get(editor).content.decode()
    answer = client.post(address(page), ticked("T1", "T2"), follow=True)
    assert answer.redirect_chain == [(editor, 302)]
    assert "2 pledges from the library are in the draft now" in answer.content.decode()
    drafts = drafts_of(town)
    one, two = list(drafts["zh-hans"].pledges.all())[-2:]
    assert (one.text, one.measure, one.category.code) == ("清扫4户", "4张照片", "sanitation")
    assert (one.year, one.due, one.kind, one.agreed_on) == (2026, DUE, "voluntary", None)
    assert two.text == "看好公厕"
    assert list(drafts["zh-hans"].tasks.all())[-1].text == "领2把扫帚"
    (english,) = [row for row in drafts["en"].pledges.all() if row.key == one.key]
    assert (english.text, english.measure) == ("Sweep 4 gates", "4 photos")
    assert two.key not in [row.key for row in drafts["en"].pledges.all()]  # it has no English
    # Nothing public has changed, and nothing was submitted.
    assert Client().get(page.url).content == before
    fresh = page_of(town)
    assert fresh.has_unpublished_changes
    assert not fresh.workflow_in_progress
    assert "清扫" not in "".join(fresh.pledges.values_list("text", flat=True))


def test_the_other_language_stays_as_it_is_where_nobody_wants_it(town, library) -> None:
    page, client = page_of(town), signed_in(town.editor("SGZ"))
    client.post(address(page), ticked("T1", also=[]))
    drafts = drafts_of(town)
    assert drafts["zh-hans"].pledges.count() == page.pledges.count() + 1
    assert drafts["en"].pledges.count() == page_of(town, language="en").pledges.count()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number_T1_number": ""}, "give a whole number from 1 to 99999"),
        ({"number_T1_number": "0"}, "give a whole number from 1 to 99999"),
        ({"number_T1_first": "x"}, "Enter a whole number"),
        ({"year": "1901"}, "greater than or equal to"),
        ({"due": "2031-01-01"}, "year"),
        ({"take": []}, "Tick what you want to take"),
        ({"take": ["T9"]}, "Select a valid choice"),
        ({"also": ["fr"]}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_taken_says_why_and_nothing_is_written(town, library, changes, said) -> None:
    before, client = kept(town), signed_in(town.editor("SGZ"))
    answer = client.post(address(page_of(town)), ticked("T1", "T2", **changes))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert said in text
    if "take" not in changes:  # what was ticked and typed is kept
        assert len(re.findall(r'value="T[12]" checked', text)) == 2
    assert kept(town) == before


def test_the_same_pledge_is_not_added_twice(town, library) -> None:
    client = signed_in(town.editor("SGZ"))
    client.post(address(page_of(town)), ticked("T1", "T2"))
    before = kept(town)
    answer = client.post(address(page_of(town)), ticked("R01", "T2"))
    assert "T2: the page has this pledge already" in answer.content.decode()
    assert kept(town) == before
    # With other numbers, or for another year, it is another pledge.
    client.post(address(page_of(town)), ticked("T1", number_T1_number="9"))
    client.post(address(page_of(town)), ticked("T2", year="2027", due="2027-12-31"))
    assert [row.text for row in drafts_of(town)["zh-hans"].pledges.all()][-2:] == [
        "清扫9户",
        "看好公厕",
    ]


def test_the_library_is_looked_through_by_words_category_and_post(town, library) -> None:
    page, client = page_of(town), signed_in(town.editor("SGZ"))

    def found(**query) -> list[str]:
        return codes_in(client.get(address(page), query).content.decode())

    assert found()[:2] == ["T1", "T2"]
    assert len(found()) == 20
    assert len(found(p=2)) == 12
    assert found(q="公厕") == ["T2"]
    assert found(q="照片 清扫") == ["T1"]
    assert found(q="t1") == ["T1"]
    assert found(q="%") == []
    assert found(category="sanitation") == ["T1", "T2"]
    assert found(post="flood")[:1] == ["R00"]
    assert found(post="flood", q="修路7") == ["R07"]
    assert found(category="nothing", q="公厕") == ["T2"]
    english = client.get(address(page_of(town, language="en"))).content.decode()
    assert "T2" not in codes_in(english)
    # What a responsibility document asks is assigned, not picked.
    assert "RD-1" not in codes_in(client.get(address(page), {"q": "检查"}).content.decode())
    turned = client.post(f"{address(page)}?p=2&post=flood", ticked("R29", more="1"))
    assert turned["Location"].endswith("?p=2&post=flood")


def test_a_page_in_review_or_locked_is_left_alone(town, library) -> None:
    page, editor = page_of(town), town.editor("SGZ")
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    client, before = signed_in(editor), kept(town)
    for answer in (
        client.get(address(page), follow=True),
        client.post(address(page), ticked("T2"), follow=True),
    ):
        assert "the page is in review" in answer.content.decode()
    beside = client.post(address(page_of(town, language="en")), ticked("T1", also=["zh-hans"]))
    assert "the page is in review" in beside.content.decode()
    assert kept(town) == before
    MemberPledgePage.objects.filter(pk=town.pages[CODE, "en"].pk).update(locked=True)
    answer = client.get(address(page_of(town, language="en")), follow=True)
    assert "the page is locked" in answer.content.decode()


def test_who_may_not_edit_the_page_adds_nothing(town, library, with_account) -> None:
    page, before = page_of(town), kept(town)
    turned = signed_in(town.moderator("SGZ")).post(address(page), ticked("T2"), follow=True)
    assert "Editors of the branch edit this page" in turned.content.decode()
    for user in (town.editor("LSW"), with_account()):
        client = signed_in(user)
        nothing = client.get(reverse("pledge_boards:library", args=[987_654]))
        for answer in (client.get(address(page)), client.post(address(page), ticked("T2"))):
            assert answer.status_code == nothing.status_code
            assert answer.content == nothing.content
    for user in (town.moderator("SGZ"), town.editor("LSW"), town.verifier("SGZ")):
        with pytest.raises(PermissionDenied):
            add_from_library(page, [Choice(library["T2"], {})], by=user, year=2026, due=DUE)
    assert kept(town) == before
    board = town.boards["SGZ", "zh-hans"].pk
    editor = signed_in(town.editor("SGZ"))
    assert editor.get(reverse("pledge_boards:library", args=[board])).status_code == 404


def test_a_program_is_bound_by_the_same_rules(town, library, template) -> None:
    page, editor = page_of(town), town.editor("SGZ")
    common = {"by": editor, "year": 2026, "due": DUE}
    for choices, changes in (
        ([], {}),
        ([Choice(library["T2"], {})] * 21, {}),
        ([Choice(library["T2"], {})], {"year": 1901}),
        ([Choice(library["T2"], {})], {"due": date(2030, 1, 1)}),
        ([Choice(template, {"checks": 4, "days": 3})], {}),
        ([Choice(library["T9"], {})], {}),
        ([Choice(library["T1"], {"number": True, "first": 1})], {}),
        ([Choice(library["T2"], {})] * 2, {}),
    ):
        with pytest.raises(ValidationError):
            add_from_library(page, choices, **{**common, **changes})
    with pytest.raises(ValidationError, match="no text in"):
        add_from_library(page_of(town, language="en"), [Choice(library["T2"], {})], **common)
    assert not page_of(town).has_unpublished_changes


def test_the_list_costs_the_same_however_much_is_in_it(town, library) -> None:
    client = signed_in(town.editor("SGZ"))
    page = page_of(town)
    client.get(address(page))

    def queries(**query) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address(page), query)
        return len(asked)

    assert queries(q="公厕") == queries() <= 40
    with CaptureQueriesContext(connection) as one:
        client.post(address(page), ticked("R01"))
    with CaptureQueriesContext(connection) as many:
        client.post(address(page), ticked("R02", "R03", "R04", "R05", "R06"))
    assert len(many) <= len(one) + 4 * 12  # each row is looked at, in both languages
