import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.excerpts import BEFORE, WIDTH, hits, line_around


def shown(text, query):
    return "".join(
        f"[{piece.text}]" if piece.is_hit else piece.text for piece in line_around(text, query)
    )


@pytest.mark.parametrize(
    ("text", "query", "line"),
    [
        ("修好村口的路灯，方便夜行。", "路灯", "修好村口的[路灯]，方便夜行。"),
        ("Renew the board", "NEW T", "Re[new t]he board"),
        ("Ｒｅｎｅｗ the board", "renew", "[Ｒｅｎｅｗ] the board"),
        ("路灯坏了，路、灯修好", "路灯", "[路灯]坏了，[路、灯]修好"),
        ("street lights, village", "village lights", "street [lights], [village]"),
        ("nothing  of\nthe kind", "zz", "nothing of the kind"),
        ("修路", "!?", "修路"),
        ("", "路灯", ""),
    ],
)
def test_hits_are_marked_in_the_line(text, query, line):
    assert shown(text, query) == line


def test_a_late_hit_is_shown_with_what_stands_before_it():
    line = shown("前" * 500 + "路灯" + "后" * 500, "路灯")
    assert line == f"…{'前' * BEFORE}[路灯]{'后' * (WIDTH - BEFORE - 2)}…"


def test_without_a_hit_the_line_is_the_beginning():
    assert shown("前" * 500, "路灯") == "前" * WIDTH + "…"


@given(st.text(max_size=300), st.text(max_size=5))
def test_a_line_is_a_stretch_of_the_text(text, query):
    line = "".join(piece.text for piece in line_around(text, query)).strip("…")
    assert line in " ".join(text.split())
    assert any(piece.is_hit for piece in line_around(text, query)) <= hits(text, query)
