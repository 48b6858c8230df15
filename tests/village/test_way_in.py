"""The way in by a printed code: the cookie, what is refused, how much is counted."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from cms.middleware import PrefixMiddleware
from pledge_pages.models import Pilot, VillageLink, VillageVisit
from pledge_pages.village import guesses, links
from pledge_pages.village.admission import COOKIE
from tests.village.conftest import path_of
from tests.village.test_reading import everything, evidence_path, member_path, photo_path

pytestmark = pytest.mark.django_db

UNKNOWN = "/v/222222222222222222222222222/"


def whole(answer) -> tuple:
    """All that can be told of an answer."""
    return answer.status_code, answer.content, dict(answer.headers), answer.cookies.output()


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(link, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    answer = Client().get(path_of(link))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/v/")
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["samesite"]) == ("/v/", "Lax")
    assert cookie["httponly"]
    assert cookie["secure"]
    assert path_of(link).strip("/").split("/")[-1] not in cookie.value


def test_typed_in_capitals_or_without_its_last_slash_it_opens_too(link) -> None:
    path = path_of(link)
    assert Client().get(path.rstrip("/")).status_code == 302
    assert Client().get("/v/" + path[3:].upper()).status_code == 302


@pytest.mark.parametrize("around", ["{}%20", "%20{}", "{}%0A", "{}%C2%A0", "{}%E3%80%80"])
def test_with_blanks_around_the_token_it_opens_nothing(link, around) -> None:
    token = path_of(link).split("/")[2]
    assert Client().get(f"/v/{around.format(token)}/").status_code == 404


def test_every_answer_is_kept_nowhere_found_nowhere_and_tells_nobody(town, link, reader) -> None:
    paths = [*everything(town), path_of(link), UNKNOWN, "/v/photos/x/y.jpg", "/v/a/b/c", "/v/x"]
    for client in (reader, Client()):
        for method in ("get", "head", "post", "options", "put"):
            for path in paths:
                answer = getattr(client, method)(path)
                headers = answer.headers
                assert headers["Cache-Control"] == "no-store", (method, path)
                assert headers["X-Robots-Tag"] == "noindex", (method, path)
                assert headers["Referrer-Policy"] == "no-referrer", (method, path)
                assert "'unsafe" not in headers["Content-Security-Policy"], (method, path)


def test_a_sites_own_cache_keeps_nothing_of_it(town, link, reader, settings) -> None:
    settings.MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *settings.MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    paths = ["/v/", member_path(town), photo_path(town)]
    cookies, reader = reader.cookies, Client()  # with that middleware
    reader.cookies = cookies
    for _again in range(2):
        assert {reader.get(path).status_code for path in paths} == {200}
    links.revoke(link, by=town.lead, reason="lost")
    assert {reader.get(path).status_code for path in paths} == {404}


def test_only_reading_is_possible(town, reader) -> None:
    for path in everything(town):
        assert reader.post(path).status_code == 405, path
        assert Client(enforce_csrf_checks=True).post(path).status_code == 405, path


# What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_opens_nothing_answers_as_what_never_was(town, link, method) -> None:
    revoked, expired, closed = (
        links.issue(town.pilots[code], by=town.lead) for code in ("SGZ", "SGZ", "LSW")
    )
    paths = [path_of(row) for row in (revoked, expired, closed)]
    links.revoke(revoked, by=town.lead, reason="lost")
    VillageLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    nothing = whole(getattr(Client(), method)(UNKNOWN))
    assert nothing[0] == 404
    for path in (*paths, *everything(town), "/v/photos/x/y.jpg", "/v/a/b/c/", "/v/a\0b/"):
        assert whole(getattr(Client(), method)(path)) == nothing, path


def test_its_404_is_that_of_the_site(client) -> None:
    assert client.get(UNKNOWN).content == client.get("/zh-hans/nothing-is-here/").content


def test_with_the_cookie_of_a_link_that_ended_it_is_the_same_404(town, link, reader) -> None:
    nothing = whole(Client().get(UNKNOWN))
    links.revoke(link, by=town.lead, reason="lost")
    for path in (*everything(town), path_of(link)):
        assert whole(reader.get(path)) == nothing, path


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "WyJ4IiwwLCIiXQ:1xVgAv:7tB_Neu0jDNIzxCQU6bR"])
def test_a_made_up_cookie_opens_nothing(town, value) -> None:
    client = Client()
    client.cookies[COOKIE] = value
    assert client.get("/v/").status_code == 404


def test_a_cookie_of_another_key_opens_nothing(town, reader, settings) -> None:
    settings.SECRET_KEY = "another"
    assert reader.get("/v/").status_code == 404


def test_after_thirty_days_unused_the_code_has_to_be_scanned_again(town, reader) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert reader.get("/v/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert reader.get("/v/").status_code == 404


def test_the_cookie_opens_nothing_in_public(town, reader) -> None:
    slug = town.members["SGZ-M001"].public_id
    for path in (
        "/zh-hans/work-plan/",
        "/zh-hans/work-plan/village-1/",
        f"/zh-hans/work-plan/village-1/{slug}/",
        f"/photos/{town.photo.token}/tile.jpg",
        f"/photos/evidence/{town.evidence.token}.jpg",
    ):
        # Even if a browser sent it where it does not belong.
        assert reader.get(path).status_code == 404, path
    assert reader.get("/api/v1/boards/").json()["count"] == 0


# Guesses --------------------------------------------------------------------------------------


def guess(client: Client, number: int, **extra) -> set[int]:
    return {
        client.get(f"/v/{index:027}/".replace("0", "x"), **extra).status_code
        for index in range(number)
    }


def test_after_many_guesses_one_has_to_wait(link, client) -> None:
    assert guess(client, guesses.MOST) == {404}
    answer = client.get(UNKNOWN)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 3600
    assert client.get("/v/an-old-one-or-none/").status_code == 429


def test_who_shares_an_address_with_somebody_who_guesses_is_let_in(town, link, client) -> None:
    old = links.issue(town.pilots["SGZ"], by=town.lead)
    links.revoke(old, by=town.lead, reason="lost")
    guess(client, guesses.MOST + 1)
    assert client.get(path_of(link)).status_code == 302
    assert Client().get(path_of(old)).status_code == 429, "an old one cannot be told from none"
    assert Client().get(UNKNOWN).status_code == 429


def test_from_elsewhere_nobody_has_to_wait(client) -> None:
    guess(client, guesses.MOST + 1)
    assert client.get(UNKNOWN, REMOTE_ADDR="10.1.1.9").status_code == 404


def test_a_right_token_is_no_guess_nor_is_one_that_was_right_once(town, link, client) -> None:
    old = links.issue(town.pilots["SGZ"], by=town.lead)
    path = path_of(old)
    links.revoke(old, by=town.lead, reason="lost")
    for _again in range(guesses.MOST + 5):
        assert client.get(path_of(link)).status_code == 302
        assert Client().get(path).status_code == 404
    assert client.get(path_of(link)).status_code == 302


def test_a_kept_address_of_a_member_is_no_guess(town, link) -> None:
    for _again in range(guesses.MOST + 5):
        assert Client().get(member_path(town)).status_code == 404
    assert Client().get(path_of(link)).status_code == 302


def test_a_reader_who_is_in_is_not_kept_out(town, reader) -> None:
    guess(Client(), guesses.MOST + 1)
    assert reader.get("/v/").status_code == 200
    assert reader.get(member_path(town)).status_code == 200


def test_nothing_of_a_guess_can_be_read_in_the_cache(client) -> None:
    guess(client, 3, REMOTE_ADDR="203.0.113.77")
    kept = [*cache._cache, *map(repr, cache._cache.values())]
    assert kept
    assert not any("203.0" in entry for entry in kept)
    assert max(cache._expire_info.values()) - timezone.now().timestamp() <= 3600


def test_behind_a_proxy_the_address_before_it_counts(link, client, settings) -> None:
    settings.PLEDGE_PAGES_TRUSTED_PROXIES = 1
    one, other = "10.9.9.9, 198.51.100.7", "10.9.9.9, 198.51.100.8"
    guess(client, guesses.MOST + 1, HTTP_X_FORWARDED_FOR=one)
    assert client.get(UNKNOWN, HTTP_X_FORWARDED_FOR=one).status_code == 429
    assert client.get(UNKNOWN, HTTP_X_FORWARDED_FOR=other).status_code == 404


def test_without_a_proxy_a_made_up_header_changes_nothing(link, client) -> None:
    for index in range(guesses.MOST + 1):
        client.get(f"/v/{index:027}/", HTTP_X_FORWARDED_FOR=f"10.0.0.{index}")
    assert client.get(UNKNOWN).status_code == 429


# Counts ---------------------------------------------------------------------------------------


def counted() -> int:
    return sum(VillageVisit.objects.values_list("count", flat=True))


def test_a_browser_counts_once_a_day(town, link, reader) -> None:
    reader.get("/v/")
    for path in everything(town):
        reader.get(path)
    reader.get(path_of(link))
    reader.get("/v/")
    assert counted() == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        reader.get(member_path(town))
        reader.get("/v/")
    assert [row.count for row in VillageVisit.objects.all()] == [1, 1]


def test_two_browsers_count_twice(link, reader_of) -> None:
    for _browser in range(2):
        reader_of(link).get("/v/")
    assert counted() == 2


@pytest.mark.parametrize(
    "headers",
    [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}],
)
def test_what_is_fetched_ahead_does_not_count(reader, headers) -> None:
    assert reader.get("/v/", headers=headers).status_code == 200
    reader.head("/v/")
    assert counted() == 0
    reader.get("/v/")
    assert counted() == 1


def test_the_code_alone_or_a_guess_does_not_count(link, reader_of) -> None:
    reader_of(link)
    Client().get("/v/")
    Client().get(UNKNOWN)
    assert counted() == 0


def test_of_a_visit_the_hour_is_kept_and_nothing_of_the_reader(link, reader) -> None:
    reader.get("/v/", REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Agent/7.7")
    link.refresh_from_db()
    assert link.last_used_at is not None
    assert (link.last_used_at.minute, link.last_used_at.second) == (0, 0)
    fields = {field.name for field in VillageVisit._meta.fields}
    assert fields == {"id", "link", "day", "count"}


def test_old_counts_are_forgotten(link, reader) -> None:
    VillageVisit.objects.create(link=link, day=timezone.localdate() - timedelta(days=500), count=9)
    reader.get("/v/")
    assert [row.count for row in VillageVisit.objects.all()] == [1]


# Where it is not announced ----------------------------------------------------------------------


def test_robots_and_sitemap_do_not_name_it(client, link) -> None:
    for path in ("/robots.txt", "/sitemap.xml"):
        assert "/v/" not in client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/zh-hans/v/", "/en/v/", "/v"])
def test_it_stands_at_no_other_address(link, reader, path) -> None:
    answer = reader.get(path, follow=True)
    assert answer.status_code in (404, 200)
    if answer.status_code == 200:
        assert path == "/v"


def test_old_tokens_do_not_enter_the_log(town, link, caplog) -> None:
    path = path_of(link)
    links.revoke(link, by=town.lead, reason="lost")
    with caplog.at_level("INFO"):
        Client().get(path)
        Client().post(path)
        Client().get(UNKNOWN)
    token = path.strip("/").split("/")[-1]
    assert token not in caplog.text
    assert "22222222" not in caplog.text


def sealed(answer) -> bool:
    headers = answer.headers
    return (headers["Cache-Control"], headers["X-Robots-Tag"], headers["Referrer-Policy"]) == (
        "no-store", "noindex", "no-referrer",
    )  # fmt: skip


def failing(*args, **kwargs):
    raise RuntimeError(f"a mistake about {args}")


@pytest.mark.parametrize("broken", ["find", "by_hash"])
def test_when_it_fails_the_answer_is_the_sites_own_sealed_and_the_log_has_no_token(
    town, link, reader, monkeypatch, caplog, broken
) -> None:
    monkeypatch.setattr(links, broken, failing)
    client = reader if broken == "by_hash" else Client()
    client.raise_request_exception = False
    answer = client.get(path_of(link))
    assert (answer.status_code, sealed(answer)) == (500, True)
    assert answer.content == render_to_string("500.html").encode()
    assert path_of(link).split("/")[2] not in caplog.text
    assert "RuntimeError" in caplog.text
    assert "way_in.py" in caplog.text, "it says where"


def test_what_is_answered_before_the_view_is_sealed_too(link, settings, caplog) -> None:
    plain = Client().get(path_of(link), headers={"host": "elsewhere.example"})
    assert (plain.status_code, sealed(plain)) == (400, True)
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get(path_of(link))
    assert (answer.status_code, sealed(answer)) == (301, True)
    assert not Client().get("/zh-hans/").has_header("X-Robots-Tag")
    assert path_of(link).split("/")[2] not in caplog.text


def test_what_other_parts_of_the_site_log_of_a_request_has_no_token(
    link, monkeypatch, caplog
) -> None:
    monkeypatch.setattr(PrefixMiddleware, "process_request", failing)
    client = Client(raise_request_exception=False)
    assert client.get(path_of(link)).status_code == 500
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    assert record.getMessage() == "Internal Server Error: /…"
    assert not hasattr(record, "request"), "whoever mails it would write the address"
    client.get("/zh-hans/")
    assert "Internal Server Error: /zh-hans/" in caplog.text


def test_an_editors_session_changes_nothing(town, link) -> None:
    client = Client()
    client.force_login(town.editor("SGZ"))
    for path in everything(town):
        assert client.get(path).status_code == 404, path
    client.get(path_of(link))
    assert "wagtail" not in client.get("/v/").content.decode().lower()
    assert Pilot.objects.get(code="SGZ").stage == "quiet"
    assert client.get(photo_path(town)).status_code == 200
    assert client.get(evidence_path(town)).status_code == 200
