"""On which days the demo may stand, and what its waves had done by then."""

from datetime import date

import pytest

from home.demo.sample import Sample
from home.demo.timeline import DEFAULT, BadDate, parse_day, steps_until


def test_without_a_date_it_stands_on_the_default_day() -> None:
    assert parse_day(None) == DEFAULT == date(2026, 3, 5)


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30", "yesterday", ""])
def test_what_is_no_date_is_named(text: str) -> None:
    with pytest.raises(BadDate, match=f"“{text}” is no date"):
        parse_day(text)


@pytest.mark.parametrize("text", ["2025-03-31", "2028-01-01"])
def test_a_day_on_which_the_town_does_not_live_is_refused(text: str) -> None:
    with pytest.raises(BadDate, match=f"2025-04-01 to 2027-12-31; {text} lies outside"):
        parse_day(text)


@pytest.mark.parametrize("text", ["2025-04-01", "2027-12-31"])
def test_its_first_and_last_day_are_taken(text: str) -> None:
    assert parse_day(text).isoformat() == text


def taken(sample: Sample, text: str) -> list[tuple[int, str]]:
    return [(step.wave, step.verb) for step in steps_until(sample, date.fromisoformat(text))]


FIRST = [(1, verb) for verb in ("agree", "start", "review", "concur", "approve")]


def test_the_steps_stand_in_their_order(sample: Sample) -> None:
    assert taken(sample, "2027-12-31") == FIRST + [
        (2, verb) for verb in ("agree", "start", "review", "concur", "approve")
    ]


def test_the_second_wave_is_agreed_on_the_14th_and_opens_on_the_16th(sample: Sample) -> None:
    assert taken(sample, "2026-03-14")[-1] == (2, "concur")
    assert taken(sample, "2026-03-15")[-1] == (2, "concur")
    assert taken(sample, "2026-03-16")[-1] == (2, "approve")


def test_reasons_are_those_of_the_file_where_it_has_any(sample: Sample) -> None:
    steps = {(step.wave, step.verb): step.reason for step in steps_until(sample, date(2027, 1, 1))}
    assert steps[1, "approve"].startswith(sample["programme"]["waves"][0]["approval_basis_zh"])
    assert all(steps.values())
