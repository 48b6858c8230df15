import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.bigrams import fold, is_long_enough, pairs, phrase, starts_with, terms


@given(st.text())
@example("\u1100\u200d\u1161")  # two halves of a syllable, joined once the mark between them goes
@example("İstanbul ﬁne ３０ｋｍ Å")
def test_every_part_of_a_folded_text_is_folded(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert all(fold(folded[start : start + 2]) == folded[start : start + 2] for start in range(20))
    assert folded == "" or folded.isalnum()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Renew the board", "renewtheboard"),
        ("修路、路灯（2026年）", "修路路灯2026年"),
        ("ＡＢＣ１２３", "abc123"),
        ("Straße", "strasse"),
        ("cafe\u0301", "café"),
        ("🎉!?\0\ud800", ""),
    ],
)
def test_folding_keeps_letters_and_digits_in_one_spelling(text, folded):
    assert fold(text) == folded


def test_the_example_of_the_board_is_cut_into_overlapping_pairs():
    spelt = [
        "".join(chr(int(code, 16)) for code in pair.split("x") if code)
        for pair in pairs(fold("Renew the board"))
    ]
    assert " ".join(spelt) == "re en ne ew wt th he eb bo oa ar rd d"


@given(st.text(min_size=1).map(fold).filter(bool))
def test_every_pair_is_one_plain_word_to_any_tokenizer(folded):
    for pair in pairs(folded):
        assert pair.isascii()
        assert pair.isalnum()
        assert len(pair) <= 13


@given(st.text(min_size=2).map(fold).filter(lambda folded: len(folded) > 1), st.data())
def test_the_pairs_of_a_part_stand_next_to_each_other_in_the_whole(folded, data):
    start = data.draw(st.integers(0, len(folded) - 2))
    end = data.draw(st.integers(start + 2, len(folded)))
    whole = f" {' '.join(pairs(folded))} "
    assert f" {' '.join(phrase(folded[start:end]))} " in whole
    assert f" {starts_with(folded[start])}" in whole


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("修路", ["修路"]),
        ("修路 路灯", ["修路", "路灯"]),
        ("修路\u3000路灯", ["修路", "路灯"]),
        ("3 km", ["3km"]),
        ("mend a road", ["mend", "aroad"]),
        ("plan b", ["planb"]),
        ("第 3 条", ["第3条"]),
        ("- & 修 !", ["修"]),
        ("王", ["王"]),
        ("?! …", []),
        ("", []),
    ],
)
def test_a_query_is_cut_into_stretches_that_can_be_found(query, expected):
    assert terms(query) == expected


@given(st.text(alphabet="ab 村路-\t", max_size=30))
def test_the_terms_of_a_query_stand_unbroken_in_it(query):
    assert all(term in fold(query) for term in terms(query))
    assert "".join(terms(query)) == fold(query)


@pytest.mark.parametrize(("query", "enough"), [("路", False), ("路灯", True), ("a!", False)])
def test_two_letters_or_digits_are_enough(query, enough):
    assert is_long_enough(query) is enough
