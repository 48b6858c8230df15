"""How cards are shared out over sheets: each whole, none alone, whatever their number and length."""

import random
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledge_pages.posters import drawing, fonts
from pledge_pages.posters.sheet import WORDS, Sheet
from pledge_pages.posters.wish import Orientation, Size, Wish
from tests.posters.reading import beyond_the_paper, page_words

pytestmark = pytest.mark.once

TEXT = "每周三和周六打扫村口至老槐树一段道路清理沟渠杂物并登记次数请村民监督"


def said(text: str) -> list[dict[str, str]]:
    return [{"l": "zh-hans", "t": text}]


def card(number: int, lengths: list[int]) -> dict:
    """A card with a pledge of each of these lengths, every one with the number of its member."""
    return {
        "id": str(number), "names": said(f"某{number:03}人"), "level": "full", "initials": "某",
        "secretary": number == 0, "office": said("无职党员"), "posts": [said("防汛值守岗")],
        "photo": None,
        "pledges": [
            {
                "text": said(f"诺{number:03}." + (TEXT * 8)[:length]), "measure": said("有记录"),
                "baseline": [], "due": "2026-12-31", "status": "in_progress",
                "label": said("进行中"), "percent": 40,
            }
            for length in lengths
        ],
    }  # fmt: skip


def sheet(cards: list[dict], wish: Wish, branch: int = 0) -> Sheet:
    width, height = wish.paper
    words = {key: said(key) for key in WORDS}
    pledge = card(999, [40])["pledges"][0]
    return Sheet(
        {
            "titles": said("村"), "programme": said("年度工作安排"), "year": 2026, "counts": [],
            "cards": cards, "branch": [{**pledge, "text": said(TEXT)}] * branch, "not_listed": [],
            "members": said("名"), "address": "http://testserver/v/x/", "kind": wish.kind,
            "width": width, "height": height, "size": wish.size, "fonts": fonts.families(),
            "languages": ["zh-hans"], "words": words, "printed": "2026-01-01",
            "valid_until": "2026-04-01", "version": "0", "document": "x", "preview": False,
            "code": "code.svg",
        }
    )  # fmt: skip


def check(cards: list[dict], wish: Wish, branch: int = 0) -> list[int]:
    """Draw it and check what holds for every board; return how many cards stand on each sheet."""
    pdf = drawing.pdf(sheet(cards, wish, branch))
    assert beyond_the_paper(pdf) == []
    pages = page_words(pdf)
    found = [re.findall(r"某(\d{3})人", page) for page in pages]
    assert [name for names in found for name in names] == [f"{n:03}" for n in range(len(cards))]
    for names, page in zip(found, pages, strict=True):
        pledges = re.findall(r"诺(\d{3})", page)
        expected = [name for name in names for _pledge in cards[int(name)]["pledges"]]
        assert pledges == expected, "a card is torn apart"
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in page
    return [len(names) for names in found]


@pytest.mark.parametrize("orientation", Orientation.values)
@pytest.mark.parametrize("size", Size.values)
@pytest.mark.parametrize("number", [1, 2, 12, 13, 40, 41])
def test_no_card_is_torn_or_left_alone_on_a_sheet(number, size, orientation) -> None:
    chance = random.Random(number)
    cards = [card(n, chance.choices([10, 30, 60], k=chance.randint(1, 4))) for n in range(number)]
    wish = Wish(size=size, orientation=orientation)
    shares = check(cards, wish, branch=3)
    assert number == 1 or 1 not in shares, shares
    assert shares[-1] * 3 >= shares[0], shares


@pytest.mark.parametrize(
    ("number", "pledges", "branch"), [(10, 5, 9), (16, 5, 9), (10, 3, 0), (11, 2, 3), (11, 1, 9)]
)
def test_what_nearly_fits_leaves_no_rest_to_a_sheet_of_its_own(number, pledges, branch) -> None:
    cards = [card(n, [30] * pledges) for n in range(number)]
    shares = check(cards, Wish(size=Size.A4), branch)
    assert 1 not in shares, shares
    assert shares[-1] * 3 >= shares[0], shares


@pytest.mark.parametrize(("number", "size", "most"), [(200, Size.A1, 6), (121, Size.A4, 15)])
def test_many_members_are_shared_out_evenly(number, size, most) -> None:
    shares = check([card(n, [30, 20, 25]) for n in range(number)], Wish(size=size), branch=3)
    assert len(shares) <= most
    assert 1 not in shares
    assert min(shares) * 2 >= max(shares), shares


def test_a_large_sheet_takes_what_takes_many_small_ones() -> None:
    cards = [card(n, [30, 20, 25]) for n in range(40)]
    large, middle, small = (len(check(cards, Wish(size=size))) for size in Size.values)
    assert large <= 2
    assert large < middle < small


def test_a_card_longer_than_a_sheet_is_drawn_smaller() -> None:
    cards = [card(0, [250] * 25), card(1, [10]), card(2, [10])]
    check(cards, Wish(size=Size.A4, orientation=Orientation.LANDSCAPE), branch=3)


def test_a_board_without_members_is_a_sheet() -> None:
    assert check([], Wish(size=Size.A3)) == [0]


def test_a_preview_is_of_the_first_sheet_only() -> None:
    made = sheet([card(n, [30, 20]) for n in range(30)], Wish(size=Size.A4))
    assert len(page_words(drawing.pdf(made))) > 1
    made.values["preview"] = True
    assert len(page_words(drawing.pdf(made))) == 1


@pytest.mark.parametrize("size", Size.values)
@pytest.mark.parametrize("orientation", Orientation.values)
def test_plates_and_forms_have_every_member_once(size, orientation) -> None:
    cards = [card(n, [60] * (n % 9)) for n in range(11)]
    for kind in ("plates", "forms"):
        wish = replace(Wish(size=size, orientation=orientation), kind=kind)
        pdf = drawing.pdf(sheet(cards, wish))
        assert beyond_the_paper(pdf) == []
        pages = page_words(pdf)
        names = re.findall(r"某(\d{3})人", "".join(pages))
        assert names == [f"{n:03}" for n in range(11)]
        if kind == "forms":
            assert len(pages) == 11
            for number, page in enumerate(pages):
                assert set(re.findall(r"诺(\d{3})", page)) <= {f"{number:03}"}
                assert "signature" in page


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.integers(1, 200), max_size=6), min_size=2, max_size=30),
    st.sampled_from(Size.values),
    st.sampled_from(Orientation.values),
    st.integers(0, 5),
)
def test_whatever_they_promise_every_card_is_whole(lengths, size, orientation, branch) -> None:
    cards = [card(number, each) for number, each in enumerate(lengths)]
    check(cards, Wish(size=size, orientation=orientation), branch)
