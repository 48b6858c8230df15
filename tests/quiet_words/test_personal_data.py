"""Numbers of people are found by their check digits, and other numbers are left alone."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from home.demo.sample import read_sample
from pledge_pages.quiet_words.personal_data import (
    CHECK_DIGITS,
    PROVINCES,
    WEIGHTS,
    Finding,
    personal_data,
)

pytestmark = pytest.mark.once


def kinds(text: str, **options) -> list[str]:
    return [found.kind for found in personal_data(text, **options)]


def check_digit(number: str) -> str:
    """The last sign of an ID number as GB 11643 computes it."""
    total = sum(int(d) * 2 ** (17 - at) for at, d in enumerate(number))
    return "0123456789X"[(12 - total % 11) % 11]


def luhn(number: str) -> str:
    """The last digit of a bank card."""
    total = 0
    for at, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if at % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


births = st.dates(date(1900, 1, 1), date(2025, 12, 31))


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    start = draw(st.sampled_from(sorted(PROVINCES))) + draw(
        st.from_regex(r"[0-9]{4}", fullmatch=True)
    )
    body = f"{start}{draw(births):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + check_digit(body)


@st.composite
def cards(draw: st.DrawFn) -> str:
    start, length = draw(
        st.sampled_from([("62", 16), ("62", 19), ("4", 16), ("51", 16), ("9558", 19)])
    )
    rest = length - len(start) - 1
    body = start + draw(st.from_regex(rf"[0-9]{{{rest}}}", fullmatch=True))
    return body + luhn(body)


def quoted(text: str) -> list[tuple[str, str]]:
    return [(found.kind, found.quote) for found in personal_data(text)]


@given(id_numbers())
def test_every_id_number_with_the_right_check_digit_is_found(number: str) -> None:
    assert quoted(f"身份证{number}。") == [("id_number", number)]
    assert quoted(number.lower()) == [("id_number", number.lower())]
    parted = f"{number[:6]} {number[6:14]} {number[14:]}"
    assert quoted(parted) == [("id_number", parted)]


@given(id_numbers(), st.sampled_from("0123456789X"))
def test_an_id_number_with_a_wrong_check_digit_is_none(number: str, last: str) -> None:
    assume(last != number[-1])
    # Some are the number of a bank card by chance.
    assert "id_number" not in kinds(number[:-1] + last)


@given(
    st.one_of(id_numbers(), cards(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)),
    st.sampled_from("0123456789"),
)
def test_a_number_inside_a_longer_run_of_digits_is_not_found(number: str, more: str) -> None:
    for text in (f"{more * 9}{number}", f"{number[:-1]}7{more * 9}"):
        assert kinds(text) == []


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_is_found_as_people_write_it(number: str) -> None:
    a, b, c = number[:3], number[3:7], number[7:]
    for written in (number, f"{a} {b} {c}", f"{a}-{b}-{c}", f"86{number}", f"86-{number}"):
        assert quoted(f"电话:{written},请打") == [("mobile", written)]
    assert quoted(f"+86 {number}") == [("mobile", f"86 {number}")]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    assert quoted(wide) == [("mobile", wide)]
    hidden = "\u200b".join(number)
    assert quoted(hidden) == [("mobile", hidden)]


@given(cards())
def test_every_bank_card_with_the_right_last_digit_is_found(number: str) -> None:
    assume(len(set(number)) > 1)
    groups = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    for written in (number, groups):
        found = quoted(f"卡号 {written}")
        assert found == [("bank_card", written)]


@given(cards(), st.integers(1, 9))
def test_a_bank_card_with_a_wrong_last_digit_is_none(number: str, off: int) -> None:
    wrong = number[:-1] + str((int(number[-1]) + off) % 10)
    assert "bank_card" not in kinds(wrong)


def test_old_id_numbers_are_found_by_their_date() -> None:
    assert kinds("110101800229123") == ["id_number"]
    assert kinds("110101810229123") == []
    assert kinds("990101800229123") == []


@pytest.mark.parametrize(
    "text",
    [
        "种了 1500 2000 300 亩", "文号2025110101", "2025-11-05 12:30", "合计13800元", "QS13812345678A",
        "12345678901", "每月15日", "projects 2024 2025 2026", "62", "https://x.cn/_13812345678_",
    ],
)  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "plate",
    [
        "京A12345",
        "鲁B·D1234F",
        "粤AD12345",
        "沪A 12345",
        "京a12345",
        "冀A1234挂",
        "川 A12345",
        "川·A·12345",
        "鲁 BD1234F",
        "粤　AD12345",
    ],
)
def test_plates_are_found_as_people_write_them(plate: str) -> None:
    (found,) = personal_data(f"车牌{plate}的货车")
    assert (found.kind, found.quote, found.blocking) == ("plate", plate, True)


@pytest.mark.parametrize("text", ["京ABCDEF", "青山ABC", "新农村12345", "苏联A1", "最新 Debian12"])
def test_other_words_are_no_plates(text: str) -> None:
    assert "plate" not in kinds(text)


@pytest.mark.parametrize(
    "address",
    [
        "解放路12号",
        "红旗街道12号",
        "朝阳社区7号",
        "建设街三十五号",
        "史各庄村3组12号",
        "五组七号",
        "柳树洼村18号",
        "6栋2单元301室",
        "12 North Gate Road",
    ],
)
def test_house_addresses_are_a_warning(address: str) -> None:
    found = personal_data(f"住 {address},")
    assert [(f.kind, f.blocking) for f in found] == [("address", False)]
    assert found[0].quote.endswith(address)


@pytest.mark.parametrize(
    "text", ["最晚的一期是14号", "第3组负责清沟", "县道修到了村口", "3号楼前", "in 12 weeks"]
)
def test_dates_and_groups_are_no_addresses(text: str) -> None:
    assert kinds(text) == []


def test_illness_is_looked_for_in_a_reason_only() -> None:
    text = "住院手术,几个月干不了重活,支部同意顺延。"
    assert kinds(text) == []
    assert kinds(text, health=True) == ["health", "health"]
    assert kinds("因个人原因,支部同意顺延。", health=True) == []
    assert kinds("A long illness; he was in hospital.", health=True) == ["health", "health"]
    assert kinds("the still mill hill", health=True) == []


@pytest.mark.parametrize(
    "text", ["去年心梗", "母亲卧床,", "年初确诊。", "He is bedridden.", "was diagnosed in May"]
)
def test_further_words_of_illness_are_found(text: str) -> None:
    assert kinds(text, health=True) == ["health"]


@pytest.mark.parametrize(
    "number",
    ["(138)12345678", "(138) 1234-5678", "138(1234)5678", "（138）12345678", "+86 (138)12345678"],
)
def test_a_mobile_number_is_found_in_brackets(number: str) -> None:
    (found,) = personal_data(f"电话{number}。")
    assert (found.kind, found.blocking) == ("mobile", True)
    assert found.quote in number


def test_reasons_of_the_sample_are_found_as_it_marks_them() -> None:
    for pledge in read_sample()["pledges"]:
        outcome = pledge.get("outcome") or {}
        for language in ("zh", "en"):
            marked = "health" in outcome.get("reason_sensitive", [])
            found = kinds(outcome.get(f"reason_{language}") or "", health=True)
            assert bool(found) == marked, pledge["id"]
            assert kinds(outcome.get(f"reason_public_{language}") or "", health=True) == []


def test_the_text_of_no_pledge_of_the_sample_is_taken_for_personal_data() -> None:
    sample = read_sample()
    for pledge in sample["pledges"]:
        texts = [pledge["text_zh"], pledge["measure_zh"], pledge["text_en"], pledge["measure_en"]]
        texts += [update[language] for update in pledge["updates"] for language in ("zh", "en")]
        for text in texts:
            assert personal_data(text) == [], text


def test_a_finding_says_where_in_the_text_as_it_was_written() -> None:
    text = "联系 138\u200b1234 5678 或来访"
    start = text.index("1")
    assert personal_data(text) == [Finding("mobile", start, start + 13, text[start : start + 13])]
    assert len(WEIGHTS) == 17
    assert CHECK_DIGITS[0] == "1"


@given(st.text(max_size=200))
def test_any_text_at_all_is_read(text: str) -> None:
    for found in personal_data(text, health=True):
        assert text[found.start : found.end] == found.quote
