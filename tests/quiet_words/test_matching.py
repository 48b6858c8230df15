"""Terms are found however they are dressed up, and ordinary words are left alone."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.demo.sample import read_sample
from pledge_pages.quiet_words import folding
from pledge_pages.quiet_words.matching import Finder, Term

pytestmark = pytest.mark.once

CHINESE = "党员承诺制"
SAMPLE = read_sample()
TERMS = [Term(row["term"]) for row in SAMPLE["programme"]["embargo"]["terms"]]


def found(text: str, *terms: Term) -> list[str]:
    return [place.term.text for place in Finder(terms or TERMS).places(text)]


@pytest.mark.parametrize(
    "case", SAMPLE["embargo_guard_cases"], ids=[row["why"] for row in SAMPLE["embargo_guard_cases"]]
)
def test_every_case_of_the_sample_comes_out_as_it_says(case: dict) -> None:
    assert found(case["text"]) == case["hits"]
    assert (case["hits"] == []) == case["allowed"]


@pytest.mark.parametrize(
    "text",
    [
        "黨員承諾制", "党 员 承 诺 制", "党\u3164员承诺制", "党-员-承-诺-制", "党,员,承,诺,制", "党·员·承·诺·制",
        "党员\n承诺制", "「党员」承诺制", "党\u200b员\u2060承\ufeff诺\u00ad制", "党員承諾製",
        "⽬党员承诺制", "党员 承诺制", "dangyuan chengnuozhi", "Dǎngyuán Chéngnuòzhì",
        "dang3 yuan2 cheng2 nuo4 zhi4", "dang-yuan-cheng-nuo-zhi", "DangYuanChengNuoZhi",
        "dangyuanchengnuozhi", "2025_dangyuanchengnuozhi_v2.pdf", "shigezhuangdangyuanchengnuozhi",
    ],
)  # fmt: skip
def test_a_chinese_term_is_found_in_every_dress(text: str) -> None:
    assert found(text, Term(CHINESE)) == [CHINESE]


@pytest.mark.parametrize(
    "text",
    [
        "MEMBER PLEDGE SYSTEM", "member-pledge-system", "member_pledge_system.pdf",
        "memberpledgesystem", "Member\u00a0Pledge\u200bSystem", "member pledge systems",
        "the member pledge system's first year", "试行member pledge system的村",
        "m e m b e r  p l e d g e  s y s t e m", "#MemberPledgeSystem2025",
    ],
)  # fmt: skip
def test_a_latin_term_is_found_in_every_dress(text: str) -> None:
    assert found(text, Term("member pledge system")) == ["member pledge system"]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("支部作出承诺,制定了计划。", "承诺制"),
        ("支部作出承诺。制度上墙。", "承诺制"),
        ("Each member made a pledge. Pilots of the drone school landed.", "pledge pilot"),
        ("a pledge piloted by nobody", "pledge pilot"),
        ("He remembered a pledge, systematically.", "member pledge system"),
        ("the liang family", "亮"),
        ("women shared a hushed hall", "我们"),
        ("Every woman nod", "我"),
        ("dang yuan of another sort", CHINESE),
        ("xchengnuozhi", "承诺制"),
        ("chengnuozhing", "承诺制"),
    ],
)
def test_ordinary_words_and_the_ends_of_sentences_are_left_alone(text: str, term: str) -> None:
    assert found(text, Term(term)) == []


@pytest.mark.parametrize(
    "text", ["绿色承诺", "lü se cheng nuo", "lv-se-cheng-nuo", "luse chengnuo"]
)
def test_the_sound_that_latin_letters_lack_is_found_in_each_spelling(text: str) -> None:
    assert found(text, Term("绿色承诺")) == ["绿色承诺"]


def test_an_exact_term_is_found_only_as_it_stands() -> None:
    exact = Term("PP", variants=False)
    assert found("the PP board", exact) == ["PP"]
    assert found("the pp board, an APP, P P and PP2", exact) == []
    assert found("承 诺 制 承諾制", Term("承诺制", variants=False)) == []


def test_a_longer_term_counts_before_a_shorter_one_inside_it() -> None:
    assert found("亮身份亮承诺", Term("亮承诺"), Term("亮身份亮承诺")) == ["亮身份亮承诺"]


@pytest.mark.parametrize("text", ["公开服务承诺制的窗口", "服務承諾制", "服务 承诺 制"])
def test_what_touches_a_phrase_that_is_fine_is_left_alone(text: str) -> None:
    fine = Term("服务承诺", fine=True)
    assert found(text, Term("承诺制"), fine) == []
    assert found(f"{text},党员承诺制", Term("承诺制"), fine) == ["承诺制"]


def test_the_place_is_that_in_the_text_as_it_was_written() -> None:
    text = "①我镇试行 党\u200b員、承—諾 制 了"
    (place,) = Finder([Term("承诺制", suggestion="年度工作安排")]).places(text)
    assert place.quote == text[place.start : place.end] == "承—諾 制"
    assert place.term.suggestion == "年度工作安排"


def test_letters_that_stand_for_several_keep_their_place() -> None:
    (place,) = Finder([Term("member pledge system")]).places("㊊ member pledge system")
    assert (place.start, place.end) == (2, len("㊊ member pledge system"))


def test_nothing_is_found_without_terms_or_by_a_term_without_letters() -> None:
    assert found("党员承诺制", Term("。。")) == []
    assert not Finder([Term("服务承诺", fine=True)])


class Counted(dict):
    """Counts how often a character is looked up."""

    def __init__(self, folds: dict) -> None:
        self.folds, self.count = folds, 0

    def __getitem__(self, sign: str) -> str:
        self.count += 1
        return self.folds[sign]


def test_a_long_text_is_read_once_and_not_again_for_each_find(monkeypatch) -> None:
    counted = Counted(folding.FOLDS)
    monkeypatch.setattr(folding, "FOLDS", counted)
    text = "承诺承诺 制aaaaaaaa" * 80_000
    finder = Finder(TERMS)
    counted.count = 0
    assert len(text) > 1_000_000
    assert len(finder.places(text)) == 80_000
    assert counted.count == len(text)


# By chance -----------------------------------------------------------------------------------

# What a writer could put between two letters, or wrap around them.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\u0301"
FILLERS = " \t\n\u3000-_*·•~|/\\“”‘’()[]《》&#+=<>^`—"
TRADITIONAL = {"党": "黨", "员": "員", "诺": "諾", "制": "製", "亮": "亮", "承": "承"}
# No letter of any term, in any spelling.
OTHERS = "本月村里修路清沟栽树送水1234567890kwxqjf"


def wide(sign: str) -> str:
    return chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign


@st.composite
def dressed(draw: st.DrawFn) -> tuple[str, str]:
    """A term and how somebody might write it to be read by people and not by programs."""
    term = draw(st.sampled_from([term.text for term in TERMS]))
    signs = []
    for sign in term:
        dress = draw(st.sampled_from(["plain", "traditional", "wide", "upper", "hidden", "filled"]))
        sign = TRADITIONAL.get(sign, sign) if dress == "traditional" else sign
        sign = wide(sign) if dress == "wide" else sign
        sign = sign.upper() if dress == "upper" else sign
        signs.append(sign)
        if dress == "hidden":
            signs.append(draw(st.text(INVISIBLE, min_size=1, max_size=3)))
        if dress == "filled":
            signs.append(draw(st.text(FILLERS, min_size=1, max_size=3)))
    while signs[-1] and signs[-1][-1] in INVISIBLE + FILLERS:
        signs.pop()
    return term, "".join(signs)


noise = st.text(OTHERS + " 。,\n", max_size=60)


@given(dressed(), noise, noise)
def test_a_term_hidden_in_noise_is_always_found(
    hidden: tuple[str, str], before: str, after: str
) -> None:
    term, written = hidden
    text = f"{before} {written} {after}"
    places = Finder(TERMS).places(text)
    assert len(places) == 1
    assert len(before) < places[0].end <= len(before) + 1 + len(written)
    # A longer term may hold a shorter one.
    assert places[0].term.text in (term, *(t.text for t in TERMS if term in t.text))


@given(st.text(OTHERS + FILLERS + INVISIBLE + "。,", max_size=400))
def test_a_text_without_any_term_gives_nothing(text: str) -> None:
    assert Finder(TERMS).places(text) == []


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_and_its_places_lie_inside(text: str) -> None:
    for place in Finder(TERMS).places(text):
        assert text[place.start : place.end] == place.quote


def test_the_sample_terms_in_their_traditional_characters_are_what_the_test_takes_them_for() -> (
    None
):
    for plain, traditional in TRADITIONAL.items():
        assert folding.FOLDS[traditional] == plain
    assert unicodedata.normalize("NFKC", wide("a")) == "a"
