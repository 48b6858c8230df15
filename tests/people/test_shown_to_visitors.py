"""Name and photo are shown where, as far as, and as long as the member allows it, and only so."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from home.demo.people import consents_of
from home.demo.sample import read_sample
from pledge_pages.models import Consent, Member
from pledge_pages.people.actions import withdraw_consent
from pledge_pages.people.models import Scope
from pledge_pages.people.naming import photo_allowed, shown_name
from pledge_pages.photos.addresses import PHOTO_VIEW
from pledge_pages.photos.renditions import LARGE, TILE
from tests.people.conftest import CODE, SHANGHAI, TODAY, allow
from tests.people.surfaces import (
    FULL,
    GIVEN,
    GIVEN_LATIN,
    SURNAME,
    SURNAME_LATIN,
    Seen,
    Surfaces,
)
from tests.worlds import LANGUAGES

DAY = timedelta(days=1)
SURNAMES = {"zh-hans": SURNAME, "en": SURNAME_LATIN}
GIVENS = {"zh-hans": GIVEN, "en": GIVEN_LATIN}
WORDS = [*SURNAMES.values(), *GIVENS.values()]
VILLAGE = (Scope.VILLAGE_PRINT, Scope.VILLAGE_QR)

# What was put down -> how much of a name, and whether a photo, may be public on TODAY.
CASES = {
    "granted": ({"state": "granted"}, True),
    "first day is today": ({"given_on": TODAY}, True),
    "last day is today": ({"expires_on": TODAY}, True),
    "withdrawn from tomorrow": ({"state": "withdrawn", "withdrawn_on": TODAY + DAY}, True),
    "not yet given": ({"given_on": TODAY + DAY}, False),
    "expired yesterday": ({"expires_on": TODAY - DAY}, False),
    "withdrawn today": ({"state": "withdrawn", "withdrawn_on": TODAY}, False),
    "withdrawn, no day put down": ({"state": "withdrawn"}, False),
    "pending": ({"state": "pending"}, False),
    "declined": ({"state": "declined", "level": "none"}, False),
    "declined, level left in full": ({"state": "declined"}, False),
    "granted: not at all": ({"level": "none"}, False),
    "nothing put down": ({}, False),
}


def check(surfaces: Surfaces, *, name: str, photo: bool) -> Seen:
    """Check that all surfaces show the secretary's name as far as ``name``, and maybe the photo."""
    seen = surfaces.read()
    check_name(surfaces, seen, name)
    check_photo(surfaces, seen, photo)
    return seen


def check_name(surfaces: Surfaces, seen: Seen, level: str) -> None:
    """Check that every surface shows the name as far as ``level``, and no more of it."""
    for language in LANGUAGES:
        nobody = shown_name(Member(pk=0), Scope.PUBLIC_WEB, language).text
        shown = {"full": FULL, "surname_only": SURNAMES, "none": {language: nobody}}[level]
        for surface, text in seen.naming[language].items():
            assert shown[language] in text, (surface, language)
        for query in (FULL[language], GIVENS[language]):
            assert surfaces.found_by(query, language) is (level == "full"), query
    hidden = {"full": [], "surname_only": GIVENS.values(), "none": WORDS}[level]
    for surface, text in seen.texts.items():
        assert [word for word in hidden if word.lower() in text.lower()] == [], surface
    # It knows addresses only.
    assert [word for word in WORDS if word.lower() in seen.others["sitemap"].lower()] == []


def check_photo(surfaces: Surfaces, seen: Seen, allowed: bool) -> None:
    """Check that every surface shows the photo, or that none does and it cannot be had."""
    photo = surfaces.page("en").photo
    own = {reverse(PHOTO_VIEW, args=[photo.token, spec]) for spec in (TILE, LARGE)}
    assert (own <= seen.photo_addresses) is allowed
    assert any(photo.token in text for text in seen.texts.values()) is allowed
    assert bool(seen.alternative_texts) is allowed
    for address in own:
        assert surfaces.client.get(address).status_code == (200 if allowed else 404)


@pytest.mark.parametrize("case", CASES)
def test_a_name_is_shown_only_while_a_consent_for_the_website_counts(
    surfaces, member, case
) -> None:
    values, counts = CASES[case]
    allow(member, "name", **values)
    check(surfaces, name="full" if counts else "none", photo=True)


@pytest.mark.parametrize("case", CASES)
def test_a_photo_is_shown_only_while_a_consent_for_the_website_counts(
    surfaces, member, case
) -> None:
    values, counts = CASES[case]
    allow(member, "photo", **values)
    check(surfaces, name="full", photo=counts)


def test_who_allows_the_surname_only_is_found_and_named_by_it_alone(surfaces, member) -> None:
    allow(member, "name", level="surname_only")
    seen = check(surfaces, name="surname_only", photo=True)
    assert surfaces.found_by(SURNAME_LATIN, "en")
    for text in seen.alternative_texts:
        assert SURNAME in text or SURNAME_LATIN in text


def test_name_and_photo_show_on_the_last_day_where_the_site_is_and_go_at_its_midnight(
    surfaces, member, clock
) -> None:
    allow(member, "name", expires_on=TODAY)
    allow(member, "photo", expires_on=TODAY)
    clock.move_to(datetime(2026, 10, 1, 23, 59, 59, tzinfo=SHANGHAI))
    check(surfaces, name="full", photo=True)
    clock.move_to(datetime(2026, 10, 2, 0, 0, 1, tzinfo=SHANGHAI))
    check(surfaces, name="none", photo=False)


@pytest.mark.parametrize("scope", VILLAGE)
def test_a_consent_for_the_village_opens_nothing_on_the_website(surfaces, member, scope) -> None:
    for subject in Consent.Subject.values:
        for other in Scope.values:
            allow(member, subject, scope=other)
        allow(member, subject, scope=scope, given_on=None, state="granted")
    check(surfaces, name="none", photo=False)
    assert shown_name(member, scope, "en").text == FULL["en"]
    assert photo_allowed(member, scope)


def test_a_consent_for_the_website_opens_nothing_in_the_village(member) -> None:
    for subject in Consent.Subject.values:
        for scope in VILLAGE:
            allow(member, subject, scope=scope)
    for scope in VILLAGE:
        assert shown_name(member, scope, "en").level == "none"
        assert not photo_allowed(member, scope)
    assert shown_name(member, Scope.PUBLIC_WEB, "en").level == "full"


@pytest.mark.parametrize("newer", ["declined", "pending"])
def test_a_newer_answer_takes_the_place_of_an_older_yes(surfaces, member, newer) -> None:
    for subject in Consent.Subject.values:
        assert member.consents.filter(subject=subject, scope=Scope.PUBLIC_WEB).get().current
        allow(member, subject, state=newer)
    check(surfaces, name="none", photo=False)


def test_an_older_no_does_not_stand_against_a_newer_yes(surfaces, member) -> None:
    for subject in Consent.Subject.values:
        allow(member, subject, state="declined", level="none")
        allow(member, subject, given_on=TODAY)
    check(surfaces, name="full", photo=True)


def test_a_photo_taken_back_is_gone_at_once_also_for_a_browser_that_has_it(
    surfaces, member, town
) -> None:
    address = reverse(PHOTO_VIEW, args=[surfaces.page("en").photo.token, TILE])
    etag = surfaces.client.get(address).headers["ETag"]
    again = {"headers": {"if-none-match": etag}}
    assert surfaces.client.get(address, **again).status_code == 304
    withdraw_consent(member, by=town.editor(CODE), subject="photo")
    assert surfaces.client.get(address, **again).status_code == 404
    check(surfaces, name="full", photo=False)


def test_a_name_taken_back_is_gone_at_once_from_boards_that_were_shown_before(
    surfaces, member, town
) -> None:
    check(surfaces, name="full", photo=True)
    withdraw_consent(member, by=town.editor(CODE), subject="name", scope=Scope.PUBLIC_WEB)
    check(surfaces, name="none", photo=True)
    assert shown_name(member, Scope.VILLAGE_QR, "en").level == "full"


def test_without_name_and_photo_the_pledge_stays(surfaces, member) -> None:
    allow(member, "name")
    allow(member, "photo")
    board = surfaces.text("/en/work-plan/village-1/")
    assert "Sweep the village gate SGZ-M001" in board
    assert "Branch secretary" in board


def of_the_sample() -> dict[str, dict]:
    """Return one record of each kind of consent in the sample town, by what it says."""
    records = [record["consent"] for record in read_sample()["members"]]
    return {f"photo {r['photo_state']}, name {r['name_state']}": r for r in reversed(records)}


SAMPLE = of_the_sample()


def test_the_sample_has_every_kind_of_consent() -> None:
    said = {(record["photo_state"], record["name_state"]) for record in SAMPLE.values()}
    assert {photo for photo, _name in said} == {
        "granted", "granted_village_only", "pending", "declined", "expired", "withdrawn",
    }  # fmt: skip
    assert {name for _photo, name in said} == {"granted", "surname_only"}


@pytest.mark.parametrize("kind", SAMPLE)
def test_members_of_the_sample_are_shown_as_they_allowed(surfaces, member, kind) -> None:
    record = SAMPLE[kind]
    member.consents.all().delete()
    Consent.objects.bulk_create(consents_of(record, member, timedelta(0)))
    name = "surname_only" if record["name_state"] == "surname_only" else "full"
    check(surfaces, name=name, photo=record["photo_state"] == "granted")
