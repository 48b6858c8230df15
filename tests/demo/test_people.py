"""Whose names and photos may be seen."""

from datetime import date, timedelta

import pytest

from home.demo.names import split_name
from home.demo.people import consents_of, days_to_shift
from home.demo.sample import Sample
from pledge_pages.models import Consent, Member
from pledge_pages.people.models import Scope
from pledge_pages.people.naming import photo_allowed, shown_name

TODAY = date(2026, 11, 23)
VILLAGE = {Scope.VILLAGE_PRINT, Scope.VILLAGE_QR}
EVERYWHERE = {*VILLAGE, Scope.PUBLIC_WEB}


def member_of(sample: Sample, code: str, shift: int = 0) -> Member:
    """An unsaved member with the consents that the file gives."""
    record = next(row for row in sample["members"] if row["id"] == code)
    name = split_name(record["name_zh"], record["name_en"])
    member = Member(pk=1, code=code, **vars(name))
    member._prefetched_objects_cache = {
        "consents": list(consents_of(record["consent"], member, timedelta(shift)))
    }
    # What `consents.all()` gives when it was prefetched.
    for consent in member._prefetched_objects_cache["consents"]:
        consent.clean_fields(exclude=["member"])
    return member


@pytest.mark.parametrize(
    ("code", "scopes"),
    [
        ("SGZ-M01", EVERYWHERE),
        pytest.param("SGZ-M05", VILLAGE, id="village only"),
        pytest.param("SGZ-M09", set(), id="expired"),
        pytest.param("SGZ-M11", set(), id="declined"),
        pytest.param("SGZ-M15", set(), id="pending"),
        pytest.param("XHW-M09", set(), id="withdrawn"),
    ],
)
def test_a_photo_is_shown_where_its_member_consented(sample, code: str, scopes: set) -> None:
    member = member_of(sample, code)
    assert {scope for scope in Scope.values if photo_allowed(member, scope, TODAY)} == scopes
    levels = {shown_name(member, scope, "en", TODAY).level for scope in Scope.values}
    assert levels == {Consent.Level.FULL}


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [("SGZ-M09", "2026-03-24", "2026-03-25"), ("XHW-M09", "2026-08-18", "2026-08-19")],
)
def test_a_consent_ends_on_the_day_that_the_file_says(sample, code, before, after) -> None:
    member = member_of(sample, code)
    assert photo_allowed(member, Scope.PUBLIC_WEB, date.fromisoformat(before))
    assert not photo_allowed(member, Scope.PUBLIC_WEB, date.fromisoformat(after))


def test_of_some_the_surname_alone_is_shown(sample: Sample) -> None:
    codes = [
        row["id"] for row in sample["members"] if row["consent"]["name_state"] == "surname_only"
    ]
    assert len(codes) == 4
    for code in codes:
        member = member_of(sample, code)
        for scope in Scope.values:
            shown = shown_name(member, scope, "en", TODAY)
            assert shown.level == Consent.Level.SURNAME_ONLY
            assert member.given_name_latin not in shown.text


@pytest.mark.parametrize(
    ("today", "moved"),
    [
        (date(2026, 11, 14), -1),
        (date(2026, 11, 15), 0),
        (date(2027, 2, 23), 0),
        (date(2027, 2, 24), 101),
    ],
)
def test_consents_move_only_if_they_would_have_run_out(sample, today: date, moved: int) -> None:
    assert days_to_shift(sample, today).days == moved


def test_moved_consents_show_the_same_people(sample: Sample) -> None:
    years_later = date(2030, 5, 1)
    shift = days_to_shift(sample, years_later).days
    for record in sample["members"]:
        now = photo_allowed(member_of(sample, record["id"]), Scope.PUBLIC_WEB, sample.on)
        member = member_of(sample, record["id"], shift)
        assert photo_allowed(member, Scope.PUBLIC_WEB, years_later) == now


def test_nothing_that_nobody_needs_is_kept_of_a_person() -> None:
    columns = {field.name for field in Member._meta.get_fields()}
    assert not columns & {"sex", "age", "age_band", "group", "occupation"}
