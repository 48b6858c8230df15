"""The arithmetic of points, by chance: whatever the entries, sums, limits and counter-entries hold."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledge_pages.appraisal.grading import GradeRule, Reason, Standing, grade_all
from pledge_pages.appraisal.scoring import (
    Entry,
    Period,
    Rule,
    Rules,
    Why,
    add_up,
    add_up_under,
    quarter_of,
)

pytestmark = pytest.mark.once

RULES = {
    "A0": Rule("A0", 80),
    "P1": Rule("P1", 5, 15),
    "P4": Rule("P4", -8),
    "D1": Rule("D1", 1, 2, Period.QUARTER),
    "D2": Rule("D2", -2, 8),
    "B1": Rule("B1", -20),
}
BOOKS = {
    "0.2": Rules("0.2", RULES, "A0"),
    "0.3": Rules("0.3", {**RULES, "P1": Rule("P1", 5, 10)}, "A0", quarter_cap=20),
}
CODES = sorted(RULES)


@st.composite
def ledgers(draw, versions=("0.2", "0.3")) -> list[Entry]:
    """Draw entries of a year, some taken back by others, some that nobody confirmed."""
    entries: list[Entry] = []
    for key in range(draw(st.integers(0, 25))):
        code = draw(st.sampled_from(CODES))
        on = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
        entries.append(
            Entry(key, on, code, RULES[code].points, draw(st.sampled_from(versions)),
                  confirmed=draw(st.booleans()))
        )  # fmt: skip
    for taken in draw(st.lists(st.sampled_from(entries), unique=True)) if entries else []:
        entries.append(
            Entry(1000 + taken.key, taken.on, "X1", -taken.points, taken.version, taken.key)
        )
    return entries


def by_key(ledger) -> dict[int, tuple[int, Why]]:
    return {line.entry.key: (line.counted, line.why) for line in ledger.lines}


@given(ledgers(), st.randoms())
def test_the_order_in_which_entries_are_given_does_not_matter(entries, random) -> None:
    mixed = list(entries)
    random.shuffle(mixed)
    assert add_up(mixed, BOOKS) == add_up(entries, BOOKS)


@given(ledgers())
def test_base_and_added_less_deducted_is_what_the_lines_come_to(entries) -> None:
    ledger = add_up(entries, BOOKS)
    assert ledger.total == ledger.base + ledger.added - ledger.deducted
    assert ledger.total == sum(line.counted for line in ledger.lines)
    assert ledger.added >= 0
    assert ledger.deducted >= 0
    assert len(ledger.lines) == len(entries)


@given(ledgers())
def test_no_line_counts_for_more_than_its_points_or_against_them(entries) -> None:
    for line in add_up(entries, BOOKS).lines:
        low, high = sorted((0, line.entry.points))
        assert low <= line.counted <= high
        assert (line.counted == line.entry.points) or line.why != Why.COUNTED


@given(ledgers(versions=("0.3",)))
def test_no_limit_is_ever_passed(entries) -> None:
    lines = add_up(entries, BOOKS).lines
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        rule = BOOKS["0.3"].clauses.get(line.entry.code)
        quarter = quarter_of(line.entry.on)
        if rule and rule.cap:
            period = quarter if rule.period == Period.QUARTER else ""
            sums[rule.code, period] = sums.get((rule.code, period), 0) + abs(line.counted)
            assert sums[rule.code, period] <= rule.cap
        if line.counted < 0:
            sums["-", quarter] = sums.get(("-", quarter), 0) - line.counted
            assert sums["-", quarter] <= 20


@given(ledgers())
def test_what_is_taken_back_leaves_no_trace_in_the_sum(entries) -> None:
    gone = {entry.reverses for entry in entries if entry.reverses is not None}
    left = [entry for entry in entries if entry.reverses is None and entry.key not in gone]
    assert add_up(entries, BOOKS).total == add_up(left, BOOKS).total


@given(ledgers())
def test_what_nobody_confirmed_does_not_count(entries) -> None:
    seen = [entry for entry in entries if entry.confirmed]
    assert (
        add_up(entries, BOOKS).total
        == add_up([e for e in seen if e.reverses in {s.key for s in seen} | {None}], BOOKS).total
    )


@given(ledgers(versions=("0.3",)))
def test_under_the_version_it_was_made_under_a_ledger_stays_as_it_is(entries) -> None:
    assert by_key(add_up_under(entries, BOOKS["0.3"])) == by_key(add_up(entries, BOOKS))


@given(ledgers())
def test_who_is_spared_loses_nothing(entries) -> None:
    ledger = add_up_under(entries, BOOKS["0.3"], spared=True)
    assert ledger.deducted == 0


def on(day: str) -> date:
    return date.fromisoformat(day)


def test_the_fourth_fulfilled_pledge_counts_no_more() -> None:
    entries = [Entry(key, on(f"2025-0{key + 1}-01"), "P1", 5, "0.2") for key in range(4)]
    lines = add_up(entries, BOOKS).lines
    assert [(line.counted, line.why) for line in lines][2:] == [(5, Why.COUNTED), (0, Why.CAPPED)]


def test_once_an_earlier_one_is_taken_back_it_does() -> None:
    entries = [Entry(key, on(f"2025-0{key + 1}-01"), "P1", 5, "0.2") for key in range(4)]
    entries.append(Entry(9, on("2025-09-01"), "X1", -5, "0.2", reverses=0))
    ledger = add_up(entries, BOOKS)
    assert by_key(ledger)[3] == (5, Why.COUNTED)
    assert ledger.total == 15


def test_a_quarter_takes_twenty_points_at_most_from_the_third_version_on() -> None:
    days = ("2025-07-01", "2025-08-01", "2025-09-30", "2025-10-01")
    for version, total in (("0.2", -80), ("0.3", -40)):
        entries = [Entry(n, on(day), "B1", -20, version) for n, day in enumerate(days)]
        assert add_up(entries, BOOKS).total == total


def test_a_clause_that_the_other_version_lacks_does_not_count_there() -> None:
    rules = Rules("0.1", {"A0": Rule("A0", 100), "P4": Rule("P4", -10)}, "A0")
    entries = [
        Entry(1, on("2025-04-01"), "A0", 80, "0.2"), Entry(2, on("2025-06-01"), "P1", 5, "0.2"),
        Entry(3, on("2025-07-01"), "P4", -8, "0.2"),
    ]  # fmt: skip
    ledger = add_up_under(entries, rules)
    assert (ledger.base, ledger.added, ledger.deducted) == (100, 0, 10)
    assert by_key(ledger)[2] == (0, Why.NO_CLAUSE)


# Grades ---------------------------------------------------------------------------------------

GRADES = [
    GradeRule("excellent", 92, 1, 3, 85), GradeRule("qualified", 80), GradeRule("basic", 60),
    GradeRule("unqualified", None),
]  # fmt: skip
STANDINGS = st.lists(
    st.tuples(st.integers(40, 110), st.integers(60, 100), st.integers(0, 3)), max_size=30
).map(lambda rows: [Standing(key, *row) for key, row in enumerate(rows)])


@given(STANDINGS)
def test_no_more_than_a_third_are_excellent(standings) -> None:
    grades = grade_all(standings, GRADES)
    assert set(grades) == {one.key for one in standings}
    best = [key for key, (code, _why) in grades.items() if code == "excellent"]
    assert 3 * len(best) <= len(standings)


@given(STANDINGS)
def test_nobody_with_more_points_has_a_lower_grade_unless_the_villagers_were_dissatisfied(
    standings,
) -> None:
    order = {rule.code: place for place, rule in enumerate(GRADES)}
    grades = grade_all(standings, GRADES)
    for one in standings:
        code, why = grades[one.key]
        for other in standings:
            if other.points < one.points and why != Reason.SATISFACTION:
                assert order[code] <= order[grades[other.key][0]]


@given(STANDINGS, st.randoms())
def test_grades_do_not_depend_on_the_order_either(standings, random) -> None:
    mixed = list(standings)
    random.shuffle(mixed)
    assert grade_all(mixed, GRADES) == grade_all(standings, GRADES)


def test_equals_at_the_edge_of_a_share_are_treated_as_equals() -> None:
    standings = [Standing("a", 98), Standing("b", 93), Standing("c", 93), Standing("d", 80),
                 Standing("e", 80), Standing("f", 80)]  # fmt: skip
    grades = grade_all(standings, GRADES)
    assert grades["a"] == ("excellent", Reason.POINTS)
    assert grades["b"] == grades["c"] == ("qualified", Reason.SHARE)
