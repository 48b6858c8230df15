"""How cards are shared out over sheets: each whole, none alone, whatever their number and length."""

import random
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledge_pages.posters import drawing, fonts
from pledge_pages.posters.sheet import WORDS, Sheet
from pledge_pages.posters.wish import Kind, Orientation, Size, Wish
from tests.posters.reading import (
    beyond_the_paper,
    boxes_of,
    codes_on_sheets,
    overprinted,
    page_words,
)

pytestmark = pytest.mark.once

TEXT = "每周三和周六打扫村口至老槐树一段道路清理沟渠杂物并登记次数请村民监督"


def said(text: str) -> list[dict[str, str]]:
    return [{"l": "zh-hans", "t": text}]


def card(number: int, lengths: list[int]) -> dict:
    """A card with a pledge of each of these lengths, every one with the number of its member."""
    return {
        "id": str(number), "names": said(f"某{number:03}人"), "level": "full", "initials": "某",
        "secretary": number == 0, "office": said("无职党员"), "posts": [said("防汛值守岗")],
        "photo": None, "grade": said("2026：优秀") if number % 2 else [],
        "pledges": [
            {
                "text": said(f"诺{number:03}." + (TEXT * 8)[:length]), "measure": said("有记录"),
                "baseline": [], "due": "2026-12-31", "status": "in_progress",
                "label": said("进行中"), "percent": 40,
                "remark": [] if number % 40 != 3 else said("针对这一结果的申诉正在处理中。"),
            }
            for length in lengths
        ],
    }  # fmt: skip


def sheet(cards: list[dict], wish: Wish, branch: int = 0) -> Sheet:
    width, height = wish.paper
    words = {key: said(key) for key in WORDS}
    pledge = card(999, [40])["pledges"][0]
    own = [{**pledge, "text": said(f"支{number:03}.{TEXT}")} for number in range(branch)]
    return Sheet(
        {
            "titles": said("村"), "programme": said("年度工作安排"), "year": 2026, "counts": [],
            "cards": cards, "branch": own, "not_listed": [],
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
    assert re.findall(r"支(\d{3})", "".join(pages)) == [f"{number:03}" for number in range(branch)]
    for boxes in boxes_of(pdf):
        assert overprinted(boxes) == []
    shares = [len(names) for names in found]
    # Sheets of the branch's pledges alone come first.
    while branch and shares[0] == 0 and len(shares) > 1:
        del shares[0]
    return shares


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


@pytest.mark.parametrize(("number", "branch"), [(12, 30), (0, 60), (3, 13), (12, 9), (1, 31)])
@pytest.mark.parametrize("orientation", Orientation.values)
def test_many_pledges_of_the_branch_flow_over_sheets_of_their_own(
    number, branch, orientation
) -> None:
    cards = [card(n, [30, 20, 25]) for n in range(number)]
    check(cards, Wish(size=Size.A4, orientation=orientation), branch)


def test_a_pledge_of_the_branch_longer_than_a_sheet_is_drawn_smaller() -> None:
    made = sheet([card(0, [10])], Wish(size=Size.A4, orientation=Orientation.LANDSCAPE), branch=2)
    made.values["branch"][0]["text"] = said(TEXT * 150)
    pdf = drawing.pdf(made)
    assert beyond_the_paper(pdf) == []
    assert [overprinted(boxes) for boxes in boxes_of(pdf)] == [[], []]


def test_a_title_as_long_as_titles_may_be_leaves_room_for_the_cards() -> None:
    made = sheet([card(0, [10]), card(1, [10])], Wish(size=Size.A4, orientation="landscape"))
    made.values["titles"] = [{"l": "zh-hans", "t": "村" * 255}, {"l": "en", "t": "town " * 51}]
    pdf = drawing.pdf(made)
    assert len(page_words(pdf)) == 1
    assert beyond_the_paper(pdf) == []
    assert [overprinted(boxes) for boxes in boxes_of(pdf)] == [[]]


WORD = "https://www.example.org/" + "abcdefghij" * 12


@pytest.mark.parametrize("place", ["names", "office", "posts", "pledge", "measure"])
def test_a_word_longer_than_its_line_is_broken_and_stays_in_its_card(place) -> None:
    cards = [card(n, [10]) for n in range(6)]
    long = said(WORD)
    if place == "posts":
        cards[0]["posts"] = [long]
    elif place in ("names", "office"):
        cards[0][place] = long
    else:
        cards[0]["pledges"][0]["text" if place == "pledge" else "measure"] = long
    made = sheet(cards, Wish(size=Size.A4))
    made.values["branch"] = [{**cards[0]["pledges"][0], "text": long}, *cards[1]["pledges"]]
    for kind in Kind.values:
        made.values["kind"] = kind
        pdf = drawing.pdf(made)
        assert beyond_the_paper(pdf) == []
        for boxes in boxes_of(pdf):
            assert overprinted(boxes) == []
        made.values["branch"] = []


# Letters smaller than that are no longer read from where one stands.
LEAST = {Size.A1: 11.5, Size.A3: 8.6, Size.A4: 7.8}


@pytest.mark.parametrize(("size", "number"), [(Size.A1, 200), (Size.A3, 40), (Size.A4, 40)])
def test_the_letters_of_a_full_board_are_no_smaller_than_they_may_be(size, number) -> None:
    cards = [card(n, [30, 20, 25]) for n in range(number)]
    pdf = drawing.pdf(sheet(cards, Wish(size=size), 3))
    heights = {
        round(box.top - box.bottom, 1)
        for boxes in boxes_of(pdf)
        for box in boxes
        if box.sign == "诺"
    }
    # The sign fills nine tenths of its letter.
    assert min(heights) >= LEAST[size] * 0.85, heights


def test_a_board_without_members_is_a_sheet() -> None:
    assert check([], Wish(size=Size.A3)) == [0]


def test_the_code_can_be_read_from_every_sheet_and_every_plate() -> None:
    cards = [card(n, [60, 40]) for n in range(14)]
    address = "http://testserver/v/x/"
    board = codes_on_sheets(drawing.pdf(sheet(cards, Wish(size=Size.A4), branch=40)))
    assert len(board) > 3
    assert board == [[address]] * len(board)
    plates = drawing.pdf(sheet(cards[:4], Wish(kind=Kind.PLATES, size=Size.A4)))
    assert codes_on_sheets(plates) == [[address] * 3, [address]]


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


MILLIMETRE = 72 / 25.4
# What may stand on a plate, also at once.
NAMES = st.sampled_from(
    [
        "张三",
        "阿卜杜拉·吐尔逊",
        "买买提·阿卜杜热合曼·吐尔逊江",
        "欧阳长河",
        "Wolfeschlegelsteinhausen",
        "王",
    ]
)
LATIN = st.sampled_from(["", "Zhang San", "Memet Abdurahman Tursunjan", "Wolfeschlegelsteinhausen"])
WORDS_OF_POST = st.integers(2, 40).map(lambda length: TEXT[:length])


@st.composite
def plates(draw) -> dict:
    """A member with any name, office and posts, in one language or two."""
    english = draw(st.booleans())

    def both(text: str, other: str) -> list[dict[str, str]]:
        return [*said(text), *([{"l": "en", "t": other}] if english and other else [])]

    posts = draw(st.lists(WORDS_OF_POST, max_size=9))
    return {
        **card(0, []),
        "names": both(draw(NAMES), draw(LATIN)),
        "office": both(draw(WORDS_OF_POST), "Deputy secretary and head of the committee"),
        "posts": [both(post, "A post for looking after the roads") for post in posts],
    }


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(plates(), min_size=1, max_size=6), st.integers(1, 60), st.booleans())
def test_whatever_stands_on_a_plate_stands_inside_of_it(cards, title, code) -> None:
    made = sheet(cards, Wish(kind=Kind.PLATES, size=Size.A4))
    made.values["titles"] = [
        *said((TEXT * 2)[:title]),
        {"l": "en", "t": "Party branch of the village"},
    ]
    made.values["code"] = "code.svg" if code else None
    for boxes in boxes_of(drawing.pdf(made)):
        assert overprinted(boxes) == []
        for box in boxes:
            # Plates of 180 by 82 mm, 8 mm apart; below them the foot.
            inside = any(
                box.within(
                    26 * MILLIMETRE,
                    (297 - 92 - 90 * row) * MILLIMETRE,
                    (188 if not code else 158) * MILLIMETRE,
                    (297 - 10 - 90 * row) * MILLIMETRE,
                )
                for row in range(3)
            )
            assert inside or box.top < 17 * MILLIMETRE, box


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
