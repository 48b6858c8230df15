"""What the database finds by name is what may be shown: one rule, told in SQL and in Python."""

import unicodedata
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledge_pages.models import Consent, Member, Office, Pilot, Programme
from pledge_pages.people.models import Scope
from pledge_pages.people.naming import (
    _effective_consents,
    counts,
    members_named,
    photo_allowed,
    shown_name,
)

pytestmark = pytest.mark.django_db

ON = date(2026, 10, 1)
# Each example replaces the rows of the one before, so one database does for all of them.
examples = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

days = st.none() | st.integers(-2, 2).map(lambda number: ON + timedelta(days=number))
subjects = st.sampled_from(Consent.Subject.values)
scopes = st.sampled_from(Scope.values)


@st.composite
def consents(draw) -> list[Consent]:
    """Any rows that the database takes: at most one current one for a scope and subject."""
    rows, taken = [], set()
    for _number in range(draw(st.integers(0, 5))):
        key = draw(scopes), draw(subjects)
        current = key not in taken and draw(st.booleans())
        taken |= {key} if current else set()
        rows.append(
            Consent(
                scope=key[0],
                subject=key[1],
                level=draw(st.sampled_from(Consent.Level.values)),
                state=draw(st.sampled_from(Consent.State.values)),
                given_on=draw(days),
                expires_on=draw(days),
                withdrawn_on=draw(days),
                current=current,
            )
        )
    return rows


@st.composite
def names(draw) -> dict[str, str]:
    """A name in two scripts, or in one."""
    name = {
        "surname": draw(st.sampled_from(["史", "欧阳", "ab", "Le Roy"])),
        "given_name": draw(st.sampled_from(["", "长顺", "阿依古丽·买买提", "Mary Ann"])),
        "surname_latin": draw(st.sampled_from(["", "Shi", "Le Roy"])),
        "given_name_latin": "",
    }
    if name["surname_latin"]:
        name["given_name_latin"] = draw(st.sampled_from(["", "Changshun", "Mary Ann", "史"]))
    return name


@pytest.fixture
def member(db) -> Member:
    """A member without any consent."""
    programme = Programme.objects.create(code="PP")
    return Member.objects.create(
        code="M1",
        pilot=Pilot.objects.create(programme=programme, code="SGZ"),
        office=Office.objects.create(code="mem"),
        surname="史",
    )


def put_down(member: Member, rows: list[Consent]) -> Member:
    """Replace the consents of ``member`` by ``rows``; return the member as read anew."""
    member.consents.all().delete()
    for row in rows:
        row.member = member
    Consent.objects.bulk_create(rows)
    return Member.objects.get(pk=member.pk)


@examples
@given(rows=consents(), on=days.filter(bool), scope=scopes)
def test_the_database_counts_the_consents_that_python_counts(member, rows, on, scope) -> None:
    put_down(member, rows)
    here = [row for row in rows if row.current and row.scope == scope]
    wanted = {row.pk for row in here if row.subject == "name" and counts(row, on)}
    assert set(_effective_consents(scope, on).values_list("pk", flat=True)) == wanted


@examples
@given(rows=consents(), name=names(), scope=scopes, data=st.data())
def test_a_member_is_found_by_what_may_be_shown_and_by_nothing_else(
    member, rows, name, scope, data
) -> None:
    Member.objects.filter(pk=member.pk).update(**name)
    fresh = put_down(member, rows)
    whole = data.draw(
        st.sampled_from([f"{name['surname']}{name['given_name']}", " ".join(name.values())])
    )
    start = data.draw(st.integers(0, len(whole) - 1))
    query = whole[start : data.draw(st.integers(start + 1, len(whole)))]
    query = data.draw(st.sampled_from([query, query.upper(), f" {query} ", "　".join(query)]))
    shown = [shown_name(fresh, scope, language, ON) for language in ("zh-hans", "en")]
    parts = {
        "full": [one.text for one in shown],
        "surname_only": [name["surname"], name["surname_latin"]],
        "none": [],
    }[shown[0].level]
    wanted = bool(bare(query)) and any(bare(query) in bare(part) for part in parts)
    assert members_named(query, scope, ON).filter(pk=member.pk).exists() is wanted


def bare(text: str) -> str:
    """Return ``text`` without space and case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


@examples
@given(rows=consents(), scope=scopes)
def test_a_name_is_never_shown_further_than_its_one_current_row_says(member, rows, scope) -> None:
    fresh = put_down(member, rows)
    levels = {
        row.level
        for row in rows
        if row.current and (row.scope, row.subject) == (scope, "name") and counts(row, ON)
    }
    assert {shown_name(fresh, scope, "en", ON).level} == (levels or {"none"})
    photos = [
        row
        for row in rows
        if row.current and (row.scope, row.subject, row.level) == (scope, "photo", "full")
    ]
    assert photo_allowed(fresh, scope, ON) is any(counts(row, ON) for row in photos)


def test_an_empty_question_finds_nobody(member) -> None:
    put_down(
        member, [Consent(scope=s, subject="name", level="full", state="granted") for s in Scope]
    )
    for query in ("", " ", "　"):
        assert not members_named(query, Scope.PUBLIC_WEB, ON).exists()
    assert members_named("史", Scope.PUBLIC_WEB, ON).exists()


def test_no_part_of_a_question_is_a_pattern(member) -> None:
    put_down(
        member, [Consent(scope=s, subject="name", level="full", state="granted") for s in Scope]
    )
    for query in ("%", "_", "史%", "\\"):
        assert not members_named(query, Scope.PUBLIC_WEB, ON).exists()


@pytest.mark.parametrize("level", ["surname_only", "none"])
def test_what_stands_for_a_name_is_in_the_language_asked_for(member, level) -> None:
    row = Consent(scope=Scope.PUBLIC_WEB, subject="name", level=level, state="granted")
    fresh = put_down(member, [row])
    texts = {}
    for active in ("en", "zh-hans"):
        with translation.override(active):
            texts[active] = [
                shown_name(fresh, Scope.PUBLIC_WEB, asked).text for asked in ("en", "zh-hans")
            ]
    assert texts["en"] == texts["zh-hans"]
    assert len(set(texts["en"])) == 2
